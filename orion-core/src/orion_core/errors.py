"""Domain errors: each has a stable code and an HTTP status, and becomes a problem document in one place."""

from typing import Any, ClassVar


class OrionError(Exception):
    """Base of every error that a caller may see.

    Subclasses set ``code``, ``status`` and ``title``; the message says the fact and, where it helps, what to do.

    Args:
        detail: What happened, for the person who caused it. Defaults to the class's title.
        fields: Machine-readable facts that become members of the problem document.
    """

    code: ClassVar[str] = "internal_error"
    status: ClassVar[int] = 500
    title: ClassVar[str] = "Something went wrong"

    def __init__(self, detail: str | None = None, **fields: Any) -> None:
        super().__init__(detail or self.title)
        self.detail = detail or self.title
        self.fields = fields


class NotFound(OrionError):
    """The thing asked for does not exist, or not for this tenant: the two are never told apart."""

    code = "not_found"
    status = 404
    title = "Not found"


class Unauthenticated(OrionError):
    """The caller has to sign in first."""

    code = "unauthenticated"
    status = 401
    title = "Please sign in"


class PermissionDenied(OrionError):
    """The caller is known but may not do this."""

    code = "permission_denied"
    status = 403
    title = "You may not do this"


class Conflict(OrionError):
    """The request contradicts the present state."""

    code = "conflict"
    status = 409
    title = "This conflicts with the present state"


class StaleVersion(Conflict):
    """Somebody changed the record since the caller read it."""

    code = "stale_version"
    status = 412
    title = "Somebody changed this in the meantime; reload and try again"


class InvalidInput(OrionError):
    """The input is well-formed but not acceptable.

    Args:
        detail: What is wrong as a whole.
        errors: Field name to what is wrong with it.
    """

    code = "invalid_input"
    status = 422
    title = "Please correct the marked fields"

    def __init__(self, detail: str | None = None, *, errors: dict[str, str] | None = None, **fields: Any) -> None:
        super().__init__(detail, errors=errors or {}, **fields)
        self.errors = errors or {}


class TooManyRequests(OrionError):
    """The caller has to wait.

    Args:
        retry_after: Seconds until trying again makes sense.
    """

    code = "too_many_requests"
    status = 429
    title = "Too many attempts; please wait and try again"

    def __init__(self, detail: str | None = None, *, retry_after: int) -> None:
        super().__init__(detail, retry_after=retry_after)
        self.retry_after = retry_after


class FeatureNotIncluded(OrionError):
    """The subscription does not include this feature, or its limit is reached."""

    code = "feature_not_included"
    status = 402
    title = "Your subscription does not include this"
