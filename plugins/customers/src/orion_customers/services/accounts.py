"""Registering, signing in, passwords: answers never tell whether an address has an account."""

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from orion_core.context import current_context
from orion_core.events import publish
from orion_core.ids import new_id
from orion_core.mail import Mail, send_mail
from orion_core.services.limiter import LoginLimiter
from orion_core.services.passwords import check_strength, hash_password, verify_password
from orion_core.services.settings import get_settings
from orion_customers.config import CustomersConfig
from orion_customers.events import CustomerRegistered, EmailVerified
from orion_customers.exceptions import SignInRefused
from orion_customers.models import Credential, Customer
from orion_customers.schemas import RegisterInput
from orion_customers.services.consents import record_consent
from orion_customers.services.customers import find_by_email, get_customer, new_customer
from orion_customers.services.sessions import end_session, make_link, open_session, revoke_sessions, use_link


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Where a sign-in comes from.

    Args:
        ip: Network address.
        user_agent: What the browser calls itself.
        token: The session it had.
    """

    ip: str
    user_agent: str = ""
    token: str = ""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A new session: its token, and the seconds for which the browser keeps it."""

    token: str
    seconds: int


def register(session: Session, given: RegisterInput) -> None:
    """Make an account that counts once its address is proven, or tell the holder of the one there is.

    Either way one mail goes to the address, and the caller learns nothing.

    Raises:
        WeakPassword: The password is too weak.
    """
    check_strength(given.password, given.email)
    hashed = hash_password(given.password)
    customer = find_by_email(session, given.email)
    if customer is not None and customer.email_verified_at is not None:
        _mail_link(session, customer, "reset", "account_exists")
        return
    if customer is None:
        customer = new_customer(session, email=given.email, name=given.name)
        publish(session, CustomerRegistered(customer_id=customer.id))
    customer.name = given.name
    session.merge(Credential(store_id=customer.store_id, customer_id=customer.id, password_hash=hashed))
    if given.newsletter:
        record_consent(session, customer.id, "newsletter", given=True)
    _mail_link(session, customer, "verify", "verify")


def verify_email(session: Session, token: str, user_agent: str = "") -> SignedIn:
    """Take a mailed link as proof of the address, and sign its holder in.

    Raises:
        LinkExpired: The link no longer works.
    """
    customer = use_link(session, token, "verify")
    _prove(session, customer)
    return _open(session, customer, user_agent)


def sign_in(session: Session, email: str, password: str, caller: Caller, limiter: LoginLimiter) -> SignedIn:
    """Open a session and end the one the browser had.

    Raises:
        SignInRefused: Address and password do not fit, or the account may not sign in.
        TooManyRequests: Too many attempts.
    """
    config = get_settings(session, CustomersConfig)
    account = f"{current_context().store_id}:{email.strip().lower()}"
    limiter.check(account, caller.ip, config.login_attempts)
    customer = find_by_email(session, email.strip().lower())
    credential = session.get(Credential, (customer.store_id, customer.id)) if customer else None
    fits = verify_password(password, credential.password_hash if credential else None)
    if customer is None or not fits or not _may_sign_in(customer):
        limiter.failed(caller.ip, config.login_attempts)
        raise SignInRefused
    limiter.succeeded(account, config.login_attempts)
    if caller.token:
        end_session(session, caller.token)
    return _open(session, customer, caller.user_agent)


def forgot_password(session: Session, email: str) -> None:
    """Mail a link to set a new password, if the address has an account."""
    customer = find_by_email(session, email)
    if customer is not None and customer.erased_at is None:
        _mail_link(session, customer, "reset", "password_reset")


def reset_password(session: Session, token: str, password: str, user_agent: str = "") -> SignedIn:
    """Set a new password by a mailed link, end all sessions, and sign its holder in.

    Raises:
        LinkExpired: The link no longer works.
        WeakPassword: The password is too weak; the link is used up only if the transaction commits.
    """
    customer = use_link(session, token, "reset")
    set_password(session, customer, password)
    _prove(session, customer)
    return _open(session, customer, user_agent)


def change_password(session: Session, customer_id: UUID, current: str, password: str, keep: UUID | None) -> None:
    """Replace one's own password; all other sessions end.

    Raises:
        SignInRefused: The present password is wrong.
        WeakPassword: The new one is too weak.
    """
    customer = get_customer(session, customer_id)
    credential = session.get(Credential, (customer.store_id, customer.id))
    if not verify_password(current, credential.password_hash if credential else None):
        raise SignInRefused("The present password is wrong")
    set_password(session, customer, password, keep=keep)


def set_password(session: Session, customer: Customer, password: str, *, keep: UUID | None = None) -> None:
    """Set a customer's password and end the sessions except ``keep``."""
    check_strength(password, customer.email)
    hashed = hash_password(password)
    session.merge(Credential(store_id=customer.store_id, customer_id=customer.id, password_hash=hashed))
    revoke_sessions(session, customer.id, keep=keep)


def _may_sign_in(customer: Customer) -> bool:
    # Unproven, it may have been made by somebody else, to be in when its owner comes.
    return customer.email_verified_at is not None and customer.erased_at is None and not customer.is_blocked


def _prove(session: Session, customer: Customer) -> None:
    if customer.email_verified_at is None:
        customer.email_verified_at = datetime.now(UTC)
    publish(session, EmailVerified(customer_id=customer.id, email=customer.email))


def _open(session: Session, customer: Customer, user_agent: str) -> SignedIn:
    if customer.is_blocked:
        raise SignInRefused
    days = get_settings(session, CustomersConfig).session_days
    return SignedIn(open_session(session, customer.id, days=days, user_agent=user_agent), days * 86_400)


def _mail_link(session: Session, customer: Customer, kind: str, template: str) -> None:
    hours = get_settings(session, CustomersConfig).link_hours
    token = make_link(session, customer, kind, hours)
    send_mail(
        session,
        Mail(
            template=f"customers/mail/{template}.html",
            to=customer.email,
            locale=customer.locale,
            key=str(new_id()),
            variables={"name": customer.name, "token": token, "hours": hours},
            secret=True,
        ),
    )
