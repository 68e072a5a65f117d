"""The page on which a store says who sells: what stands on its invoices, and which tax rules apply to it."""

from typing import Annotated, Any, Literal

from fastapi import Request
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from orion_core.services.settings import get_settings
from orion_core.tasks import enqueue
from orion_core.web import FORM_ERRORS, Router, SessionDep, Submitted, redirect, render, requires, show_again, submitted
from orion_core.web import translate as _
from orion_customers.api import Email
from orion_orders.config import OrdersConfig
from orion_orders.services.seller import change_seller
from orion_orders.tasks import issue_in_store

router = Router()
MANAGE = [requires("orders.manage_seller")]
PAGE = "orders/store/seller.html"
Text = Annotated[str, Field(max_length=200)]
Short = Annotated[str, Field(max_length=40)]


class SellerForm(BaseModel):
    model_config = ConfigDict(str_strip_whitespace=True)

    seller_name: Text = ""
    seller_legal_form: Annotated[str, Field(max_length=60)] = ""
    seller_street: Text
    seller_postcode: Annotated[str, Field(max_length=20)]
    seller_city: Annotated[str, Field(max_length=100)]
    seller_country: Annotated[str, Field(pattern="^[A-Za-z]{2}$"), AfterValidator(str.upper)] = "LU"
    seller_vat_number: Short = ""
    seller_tax_number: Short = ""
    seller_register_number: Short = ""
    seller_permit_number: Short = ""
    seller_iban: Short = ""
    seller_email: Email = ""
    seller_oss: bool = False
    seller_small_business: bool = False
    invoice_on: Literal["confirmation", "shipment"] = "confirmation"


SellerDep = Annotated[Submitted[SellerForm], submitted(SellerForm)]


@router.get("/invoices/seller", dependencies=MANAGE)
def show_seller(request: Request, session: SessionDep) -> Any:
    config = get_settings(session, OrdersConfig)
    values = {name: getattr(config, name) for name in SellerForm.model_fields}
    return render(request, PAGE, values=values, errors={})


@router.post("/invoices/seller", dependencies=MANAGE)
def save_seller(request: Request, session: SessionDep, form: SellerDep) -> Any:
    try:
        change_seller(session, form.data.model_dump())
    except FORM_ERRORS as error:
        session.rollback()
        return show_again(request, PAGE, form, error)
    enqueue(session, issue_in_store)
    return redirect("/invoices", _("It is saved. What waited for it is being issued."))
