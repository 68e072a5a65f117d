"""The customer's own data: consents, a copy of everything, erasure with days to think again."""

from typing import Annotated, Any

from fastapi import Request
from pydantic import BaseModel
from starlette.responses import JSONResponse

from orion_core.web import Router, SessionDep, Submitted, customer, redirect, render, submitted
from orion_core.web import translate as _
from orion_customers.exceptions import RequestIsOpen
from orion_customers.routes.common import customer_id
from orion_customers.services import consents, requests

router = Router(prefix="/account/privacy")
OWN = [customer]


class ConsentForm(BaseModel):
    newsletter: bool = False


ConsentDep = Annotated[Submitted[ConsentForm], submitted(ConsentForm)]


@router.get("", dependencies=OWN)
def show(request: Request, session: SessionDep) -> Any:
    own = customer_id()
    given, erasure = consents.present_consents(session, own), requests.open_erasure(session, own)
    return render(request, "customers/shop/privacy.html", consents=given, erasure=erasure)


@router.post("/consents", dependencies=OWN)
def change_consents(session: SessionDep, form: ConsentDep) -> Any:
    consents.record_consent(session, customer_id(), "newsletter", given=form.data.newsletter)
    return redirect("/account/privacy", _("Your choice is saved."))


@router.post("/export", dependencies=OWN)
def export(session: SessionDep) -> Any:
    data = requests.export_customer(session, customer_id())
    return JSONResponse(data, headers={"content-disposition": 'attachment; filename="my-data.json"'})


@router.get("/erase", dependencies=OWN)
def ask_to_erase(request: Request) -> Any:
    return render(request, "customers/shop/erase.html")


@router.post("/erase", dependencies=OWN)
def erase(session: SessionDep) -> Any:
    try:
        requests.request_erasure(session, customer_id())
    except RequestIsOpen as error:
        session.rollback()
        return redirect("/account/privacy", _(error.title), level="warning")
    return redirect("/account/privacy", _("Your request is recorded."))


@router.post("/erase/cancel", dependencies=OWN)
def cancel(session: SessionDep) -> Any:
    requests.cancel_erasure(session, customer_id())
    return redirect("/account/privacy", _("Your account stays."))
