"""What can go wrong with customers, each with a stable code."""

from orion_core.errors import Conflict, InvalidInput, NotFound, Unauthenticated


class CustomerNotFound(NotFound):
    """There is no such customer in this store."""

    code = "customer_not_found"
    title = "There is no such customer"


class SignInRefused(Unauthenticated):
    """Address and password do not belong together, or the account may not sign in: the two are never told apart."""

    code = "sign_in_refused"
    title = "This address and password do not fit together"


class LinkExpired(InvalidInput):
    """A mailed link was used before, or is too old."""

    code = "link_expired"
    title = "This link was used already or is too old; ask for a new one"


class InvalidTaxNumber(InvalidInput):
    """The number cannot be a VAT number: its form or check digit is wrong."""

    code = "invalid_tax_number"
    title = "This is not a VAT number"


class RequestIsOpen(Conflict):
    """There is an open request of this kind already."""

    code = "request_is_open"
    title = "You have asked for this already"
