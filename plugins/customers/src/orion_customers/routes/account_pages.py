"""The customer's own pages: overview, profile, password, addresses, wishlist."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Request
from pydantic import BaseModel

from orion_core.context import current_context
from orion_core.errors import OrionError
from orion_core.tasks import enqueue
from orion_core.web import (
    FORM_ERRORS,
    Router,
    SessionDep,
    Submitted,
    customer,
    redirect,
    render,
    show_again,
    submitted,
)
from orion_core.web import translate as _
from orion_customers.routes.common import customer_id
from orion_customers.schemas import AddressInput, ChangePasswordInput, ProfileInput
from orion_customers.services import accounts, addresses, wishlist
from orion_customers.services.customers import get_customer
from orion_customers.services.tax_numbers import find_tax_number, set_tax_number
from orion_customers.tasks import NumberArgs, check_tax_number

router = Router(prefix="/account")
OWN = [customer]
PROFILE, ADDRESS = "customers/shop/profile.html", "customers/shop/address.html"


class WishForm(BaseModel):
    variant_id: UUID


ProfileDep = Annotated[Submitted[ProfileInput], submitted(ProfileInput)]
PasswordDep = Annotated[Submitted[ChangePasswordInput], submitted(ChangePasswordInput)]
AddressDep = Annotated[Submitted[AddressInput], submitted(AddressInput)]
WishDep = Annotated[Submitted[WishForm], submitted(WishForm)]


@router.get("", dependencies=OWN)
def home(request: Request, session: SessionDep) -> Any:
    found = get_customer(session, customer_id())
    return render(request, "customers/shop/account.html", customer=found)


@router.get("/profile", dependencies=OWN)
def show_profile(request: Request, session: SessionDep) -> Any:
    return render(request, PROFILE, values=_profile(session), errors={})


@router.post("/profile", dependencies=OWN)
def change_profile(request: Request, session: SessionDep, form: ProfileDep) -> Any:
    try:
        given = form.data
        found = get_customer(session, customer_id())
        found.name, found.company, found.phone = given.name, given.company, given.phone
        if number := set_tax_number(session, found.id, given.tax_number):
            enqueue(session, check_tax_number, NumberArgs(number_id=number.id, value=number.value))
    except FORM_ERRORS as error:
        session.rollback()
        return show_again(request, PROFILE, form, error)
    return redirect("/account/profile", _("Your details are saved."))


@router.get("/password", dependencies=OWN)
def show_password(request: Request) -> Any:
    return render(request, "customers/shop/password.html", values={}, errors={})


@router.post("/password", dependencies=OWN)
def change_password(request: Request, session: SessionDep, form: PasswordDep) -> Any:
    try:
        accounts.change_password(session, customer_id(), form.data.current, form.data.password, _session_id())
    except OrionError as error:
        session.rollback()
        return show_again(request, "customers/shop/password.html", form, error)
    return redirect("/account", _("Your password is set."))


@router.get("/addresses", dependencies=OWN)
def list_addresses(request: Request, session: SessionDep) -> Any:
    found = addresses.list_addresses(session, customer_id())
    return render(request, "customers/shop/addresses.html", addresses=found)


@router.get("/addresses/new", dependencies=OWN)
def new_address(request: Request) -> Any:
    return render(request, ADDRESS, values={"country": "LU"}, errors={}, address_id=None)


@router.post("/addresses", dependencies=OWN)
def add_address(request: Request, session: SessionDep, form: AddressDep) -> Any:
    if form.model is None:
        return show_again(request, ADDRESS, form, address_id=None)
    addresses.save_address(session, customer_id(), form.model)
    return redirect("/account/addresses", _("The address is saved."))


@router.get("/addresses/{address_id}", dependencies=OWN)
def show_address(request: Request, session: SessionDep, address_id: UUID) -> Any:
    saved = addresses.get_address(session, customer_id(), address_id)
    flags = {"is_default_shipping": saved.is_default_shipping, "is_default_billing": saved.is_default_billing}
    return render(request, ADDRESS, values={**saved.address, **flags}, errors={}, address_id=address_id)


@router.post("/addresses/{address_id}", dependencies=OWN)
def change_address(request: Request, session: SessionDep, address_id: UUID, form: AddressDep) -> Any:
    if form.model is None:
        return show_again(request, ADDRESS, form, address_id=address_id)
    addresses.save_address(session, customer_id(), form.model, address_id)
    return redirect("/account/addresses", _("The address is saved."))


@router.post("/addresses/{address_id}/delete", dependencies=OWN)
def delete_address(session: SessionDep, address_id: UUID) -> Any:
    addresses.delete_address(session, customer_id(), address_id)
    return redirect("/account/addresses", _("The address is removed."))


@router.get("/wishlist", dependencies=OWN)
def show_wishlist(request: Request, session: SessionDep) -> Any:
    return render(request, "customers/shop/wishlist.html", wishes=wishlist.list_wishes(session, customer_id()))


@router.post("/wishlist", dependencies=OWN)
def add_wish(session: SessionDep, form: WishDep) -> Any:
    wishlist.add_wish(session, customer_id(), form.data.variant_id)
    return redirect("/account/wishlist", _("It is on your wishlist."))


@router.post("/wishlist/remove", dependencies=OWN)
def remove_wish(session: SessionDep, form: WishDep) -> Any:
    wishlist.remove_wish(session, customer_id(), form.data.variant_id)
    return redirect("/account/wishlist", _("It is no longer on your wishlist."))


def _profile(session: Any) -> dict[str, Any]:
    found = get_customer(session, customer_id())
    number = find_tax_number(session, found.id)
    values = {name: getattr(found, name) for name in ("name", "company", "phone")}
    return {**values, "tax_number": number.value if number else "", "status": number.status if number else ""}


def _session_id() -> UUID | None:
    actor = current_context().actor
    return actor.session_id if actor else None
