"""Admin pages of merchants: list, new, detail, and the steps of their lives."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Request
from pydantic import BaseModel

from orion_core.web import (
    FORM_ERRORS,
    CursorDep,
    PlatformSessionDep,
    Router,
    Submitted,
    next_cursor,
    redirect,
    render,
    requires,
    show_again,
    submitted,
)
from orion_core.web import translate as _
from orion_tenancy.models.tenants import STATES
from orion_tenancy.schemas import Email, MerchantInput, MerchantState
from orion_tenancy.services.merchants import (
    TRANSITIONS,
    add_owner,
    change_merchant_state,
    create_merchant,
    get_merchant,
    list_merchants,
    list_owners,
    list_state_changes,
)
from orion_tenancy.services.platforms import get_platform, list_platforms
from orion_tenancy.services.stores import list_stores
from orion_tenancy.services.users import find_user

router = Router()
guard = requires("tenancy.manage_merchants")
FORM = "tenancy/admin/merchant_form.html"


class OwnerForm(BaseModel):
    email: Email


class StepForm(BaseModel):
    reason: str = ""


@router.get("/merchants", dependencies=[guard])
def show_list(request: Request, session: PlatformSessionDep, cursor: CursorDep, q: str = "", state: str = "") -> Any:
    merchants, key = list_merchants(session, state=state, text=q, after=cursor.after, limit=cursor.limit)
    return render(
        request,
        "tenancy/admin/merchants.html",
        merchants=merchants,
        states=STATES,
        query=dict(request.query_params),
        next=next_cursor(key) or "",
    )


@router.get("/merchants/new", dependencies=[guard])
def show_new(request: Request, session: PlatformSessionDep) -> Any:
    return render(request, FORM, platforms=list_platforms(session)[0], values={}, errors={})


@router.post("/merchants/new", dependencies=[guard])
def create(
    request: Request,
    session: PlatformSessionDep,
    form: Annotated[Submitted[MerchantInput], submitted(MerchantInput)],
) -> Any:
    try:
        merchant = create_merchant(session, form.data)
    except FORM_ERRORS as error:
        return show_again(request, FORM, form, error, platforms=list_platforms(session)[0])
    return redirect(f"/merchants/{merchant.id}", _("The merchant was created."))


@router.get("/merchants/{merchant_id}", dependencies=[guard])
def show(request: Request, session: PlatformSessionDep, merchant_id: UUID) -> Any:
    merchant = get_merchant(session, merchant_id)
    return render(
        request,
        "tenancy/admin/merchant.html",
        merchant=merchant,
        platform=get_platform(session, merchant.platform_id),
        steps=[state for state in STATES if state in TRANSITIONS[merchant.state]],
        changes=list_state_changes(session, merchant_id),
        owners=list_owners(session, merchant_id),
        stores=list_stores(session, merchant_id=merchant_id, limit=100)[0],
    )


@router.get("/merchants/{merchant_id}/to/{state}", dependencies=[guard])
def ask(request: Request, session: PlatformSessionDep, merchant_id: UUID, state: MerchantState) -> Any:
    merchant = get_merchant(session, merchant_id)
    return render(request, "tenancy/admin/merchant_step.html", merchant=merchant, state=state)


@router.post("/merchants/{merchant_id}/to/{state}", dependencies=[guard])
def step(
    session: PlatformSessionDep,
    merchant_id: UUID,
    state: MerchantState,
    form: Annotated[Submitted[StepForm], submitted(StepForm)],
) -> Any:
    change_merchant_state(session, merchant_id, state, form.data.reason)
    return redirect(f"/merchants/{merchant_id}", _("The merchant's state was changed."))


@router.post("/merchants/{merchant_id}/owners", dependencies=[guard])
def appoint(
    session: PlatformSessionDep,
    merchant_id: UUID,
    form: Annotated[Submitted[OwnerForm], submitted(OwnerForm)],
) -> Any:
    user = find_user(session, form.data.email)
    if user is None:
        text = _("There is no user with this e-mail address.")
        return redirect(f"/merchants/{merchant_id}", text, level="danger")
    add_owner(session, get_merchant(session, merchant_id), user)
    return redirect(f"/merchants/{merchant_id}", _("The owner was added."))
