"""A module for the tests of the web application: shelves of a store, on one page and one API."""

from typing import Annotated, Any

from fastapi import Query
from sqlalchemy import select
from sqlalchemy.orm import DeclarativeBase, Mapped

from orion_core import Area, MenuItem, ModuleDefinition, Permission, RouteSet, Tier, hookimpl
from orion_core.context import Actor, PlatformRef, RequestContext, StoreRef, Tenant, current_context
from orion_core.db import Identified, ModuleTables, StoreScoped
from orion_core.errors import Conflict, TooManyRequests
from orion_core.ids import new_id
from orion_core.web import Router, SessionDep, public, requires

definition = ModuleDefinition(name="shelves", title="Shelves", tier=Tier.OPTIONAL, requires=("core",))

PLATFORM = PlatformRef(id=new_id(), code="north", name="North")
STORES = {code: StoreRef(id=new_id(), code=code, name=code.title(), locales=("en", "fr")) for code in ("red", "blue")}


class Base(ModuleTables, DeclarativeBase):
    module = "shelves"


class Shelf(StoreScoped, Identified, Base):
    __tablename__ = "shelf"

    label: Mapped[str]


class Directory:
    """Two stores of one platform, whose switches a test may change."""

    def __init__(self) -> None:
        self.off: frozenset[str] = frozenset()
        self.asked = 0

    def _tenant(self, code: str) -> Tenant | None:
        self.asked += 1
        platform = PlatformRef(id=PLATFORM.id, code="north", name="North", modules_off=self.off)
        return Tenant(platform=platform, store=STORES[code]) if code in STORES else None

    def platforms(self, session: Any) -> list[PlatformRef]:
        return [PLATFORM]

    def find_store(self, session: Any, code: str) -> Tenant | None:
        return self._tenant(code)

    def find_merchant(self, session: Any, code: str) -> Tenant | None:
        return None

    def find_domain(self, session: Any, host: str) -> Tenant | None:
        return self._tenant("red") if host == "red.example" else None

    def find_tenant(self, session: Any, platform_id: Any, merchant_id: Any, store_id: Any) -> Tenant | None:
        return None

    def switch_module(
        self, session: Any, platform: str, module: str, *, on: bool, with_dependents: bool = False
    ) -> list[str]:
        return []

    def switch_off_effect(self, session: Any, platform: str, module: str) -> list[tuple[str, int]]:
        return []


class Keeper:
    """Knows one member of staff by the token ``keeper``, in the red store only."""

    areas = frozenset({Area.STORE})
    cookie = "keeper"

    def by_cookie(self, session: Any, token: str, context: RequestContext) -> Actor | None:
        return self.by_bearer(session, token, context)

    def by_bearer(self, session: Any, token: str, context: RequestContext) -> Actor | None:
        if token != "keeper" or context.store.code != "red":
            return None
        return Actor(kind="user", permissions=frozenset({"shelves.view"}), areas=self.areas)

    def login_url(self, context: RequestContext, next_path: str) -> str:
        return f"/login?next={next_path}"


shop = Router()
staff = Router()


@shop.get("/shelves", dependencies=[public])
def list_shelves(session: SessionDep) -> dict[str, Any]:
    context = current_context()
    labels = session.scalars(select(Shelf.label).order_by(Shelf.label)).all()
    return {"labels": list(labels), "locale": context.locale, "store": context.store.code}


@shop.post("/shelves", dependencies=[public])
def add_shelf(session: SessionDep, label: str) -> dict[str, str]:
    session.add(Shelf(label=label))
    if label == "refused":
        raise Conflict("no such shelf, please")
    if label == "broken":
        raise RuntimeError("secret detail")
    if label == "often":
        raise TooManyRequests(retry_after=7)
    return {"label": label}


@staff.get("/shelves", dependencies=[requires("shelves.view")])
def staff_shelves(number: Annotated[int, Query()] = 1) -> dict[str, int]:
    return {"number": number}


@staff.get("/attic", dependencies=[requires("shelves.climb")])
def attic() -> dict[str, str]:
    return {}


@hookimpl
def orion_models() -> Any:
    return Base


@hookimpl
def orion_routes() -> list[RouteSet]:
    return [
        RouteSet(area=Area.SHOP, api=shop, pages=shop),
        RouteSet(area=Area.STORE, api=staff, pages=staff),
    ]


@hookimpl
def orion_permissions() -> list[Permission]:
    return [
        Permission(code="shelves.view", title="See shelves"),
        Permission(code="shelves.climb", title="Climb"),
    ]


@hookimpl
def orion_menus() -> list[MenuItem]:
    return [MenuItem(id="shelves.list", area=Area.STORE, section="Goods", label="Shelves", route="/shelves")]


directory = Directory()


@hookimpl
def orion_tenants() -> Any:
    return directory


@hookimpl
def orion_authenticators() -> list[Any]:
    return [Keeper()]
