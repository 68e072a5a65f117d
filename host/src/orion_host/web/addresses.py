"""What a path stands for: its area, whether it is API or page, and the tenant's code in it."""

from dataclasses import dataclass
from urllib.parse import quote

from orion_core import Area

_TENANT_AREAS = {"shop": Area.SHOP, "stores": Area.STORE, "merchants": Area.MERCHANT}
_API = "/api/v1/"


@dataclass(frozen=True, slots=True)
class Address:
    """A request path understood.

    Args:
        area: The area it leads to; ``None`` for the host's own paths.
        api: Whether it is an API path.
        code: Code of the store or merchant in the path, empty elsewhere.
        base_path: What page links inside the area start with.
    """

    area: Area | None
    api: bool = False
    code: str = ""
    base_path: str = ""


_HOST = Address(None)
_HOST_API = Address(None, api=True)


def parse_path(path: str) -> Address:
    """Return what ``path`` stands for.

    Args:
        path: Decoded request path, starting with a slash.
    """
    api = path.startswith(_API)
    first, _, rest = (path[len(_API) :] if api else path[1:]).partition("/")
    if first in _TENANT_AREAS:
        area, code = _TENANT_AREAS[first], rest.partition("/")[0]
        return Address(area, api, code, f"/{first}/{quote(code)}")
    if first == "admin":
        return Address(Area.ADMIN, api, base_path="/admin")
    if api:
        return Address(Area.PUBLIC, api) if first == "public" else _HOST_API
    return _HOST if first in {"static", "health", "metrics"} else Address(Area.PUBLIC)


def on_store_domain(path: str, code: str) -> tuple[str, str]:
    """Return the path form of a path on a store's own domain, and what page links there start with.

    The root is the shop, ``/store/`` is for staff, and API paths leave the store out.

    Args:
        path: Decoded request path.
        code: The store's code.
    """
    if path.startswith("/store/") or path == "/store":
        return f"/stores/{code}{path[len('/store') :]}", "/store"
    for name in ("shop", "stores"):
        prefix = f"{_API}{name}/"
        if path.startswith(prefix):
            return f"{prefix}{code}/{path[len(prefix) :]}", ""
    if path.startswith(("/static/", "/health/", "/api/")):
        return path, ""
    return f"/shop/{code}{path}", ""
