"""Headers every response carries, and the rule against requests forged by other sites."""

from starlette.datastructures import Headers

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' https: data:; font-src 'self'; "
    "connect-src 'self'; frame-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)

SECURITY_HEADERS = [
    (b"content-security-policy", CONTENT_SECURITY_POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
]

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def is_cross_site(method: str, headers: Headers) -> bool:
    """Tell whether a browser sent this changing request on behalf of another site.

    Browsers name the relation in ``Sec-Fetch-Site``; older ones send ``Origin``. A client that sends neither is
    not a browser and carries no ambient credentials.

    Args:
        method: HTTP method.
        headers: Request headers.
    """
    if method in _SAFE:
        return False
    relation = headers.get("sec-fetch-site")
    if relation is not None:
        return relation not in {"same-origin", "none"}
    origin = headers.get("origin")
    return origin is not None and origin.partition("://")[2] != headers.get("host")
