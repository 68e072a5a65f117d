"""The shop's API for accounts: register, sign in, one's own data. The session's token is the bearer token."""

from uuid import UUID

from fastapi import Request

from orion_core.services.limiter import LoginLimiter
from orion_core.web import Router, SessionDep, customer, public
from orion_customers.models import Customer, CustomerAddress
from orion_customers.routes.common import caller, customer_id
from orion_customers.schemas import (
    AddressInput,
    AddressOut,
    CustomerOut,
    ForgotInput,
    RegisterInput,
    SessionOut,
    SignInInput,
    WishOut,
)
from orion_customers.services import accounts, addresses, wishlist
from orion_customers.services.customers import get_customer

OWN = [customer]


def shop_api(limiter: LoginLimiter) -> Router:
    """Return the routes; sign-ins are counted by ``limiter``."""
    router = Router(prefix="/account")

    @router.post("/registrations", dependencies=[public], status_code=202)
    def register(session: SessionDep, given: RegisterInput) -> None:
        """Ask for an account. A mail follows, whether the address has one already or not."""
        accounts.register(session, given)

    @router.post("/password-resets", dependencies=[public], status_code=202)
    def forgot_password(session: SessionDep, given: ForgotInput) -> None:
        """Ask for a link to set a new password; it is mailed if the address has an account."""
        accounts.forgot_password(session, given.email)

    @router.post("/sessions", dependencies=[public], status_code=201)
    def sign_in(request: Request, session: SessionDep, given: SignInInput) -> SessionOut:
        """Sign in."""
        made = accounts.sign_in(session, given.email, given.password, caller(request), limiter)
        return SessionOut(token=made.token, expires_in=made.seconds)

    router.add_api_route("/me", get_me, dependencies=OWN, response_model=CustomerOut)
    router.add_api_route("/addresses", list_addresses, dependencies=OWN, response_model=list[AddressOut])
    router.add_api_route(
        "/addresses", add_address, methods=["POST"], dependencies=OWN, response_model=AddressOut, status_code=201
    )
    router.add_api_route(
        "/addresses/{address_id}", delete_address, methods=["DELETE"], dependencies=OWN, status_code=204
    )
    router.add_api_route("/wishlist", list_wishlist, dependencies=OWN, response_model=list[WishOut])
    router.add_api_route("/wishlist/{variant_id}", add_wish, methods=["PUT"], dependencies=OWN, status_code=204)
    router.add_api_route("/wishlist/{variant_id}", remove_wish, methods=["DELETE"], dependencies=OWN, status_code=204)
    return router


def get_me(session: SessionDep) -> Customer:
    """Return the account that is signed in."""
    return get_customer(session, customer_id())


def list_addresses(session: SessionDep) -> list[CustomerAddress]:
    """Return one's addresses, the defaults first."""
    return addresses.list_addresses(session, customer_id())


def add_address(session: SessionDep, given: AddressInput) -> CustomerAddress:
    """Add an address."""
    return addresses.save_address(session, customer_id(), given)


def delete_address(session: SessionDep, address_id: UUID) -> None:
    """Remove an address."""
    addresses.delete_address(session, customer_id(), address_id)


def list_wishlist(session: SessionDep) -> list[WishOut]:
    """Return what is on one's wishlist."""
    return [
        WishOut(
            variant_id=item.variant_id,
            title=item.title,
            slug=item.slug,
            price_minor=item.price_minor,
            currency=item.currency,
        )
        for item in wishlist.list_wishes(session, customer_id())
    ]


def add_wish(session: SessionDep, variant_id: UUID) -> None:
    """Put a variant on one's wishlist."""
    wishlist.add_wish(session, customer_id(), variant_id)


def remove_wish(session: SessionDep, variant_id: UUID) -> None:
    """Take a variant off one's wishlist."""
    wishlist.remove_wish(session, customer_id(), variant_id)
