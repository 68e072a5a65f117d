"""Admin pages of stores."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Request

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
from orion_tenancy.schemas import DomainInput, StoreChange, StoreInput
from orion_tenancy.services.merchants import get_merchant, list_merchants
from orion_tenancy.services.stores import (
    add_domain,
    confirm_domain,
    create_store,
    edit_store,
    get_store,
    list_domains,
    list_stores,
    open_or_close,
)

router = Router()
guard = requires("tenancy.manage_stores")
FORM = "tenancy/admin/store_form.html"


class StoreForm(StoreChange):
    version: int


@router.get("/stores", dependencies=[guard])
def show_list(request: Request, session: PlatformSessionDep, cursor: CursorDep, q: str = "") -> Any:
    stores, key = list_stores(session, text=q, after=cursor.after, limit=cursor.limit)
    query, following = dict(request.query_params), next_cursor(key) or ""
    return render(request, "tenancy/admin/stores.html", stores=stores, query=query, next=following)


@router.get("/stores/new", dependencies=[guard])
def show_new(request: Request, session: PlatformSessionDep, merchant: str = "") -> Any:
    values = {"merchant_id": merchant, "locale": "en", "locales": ["en"], "currency": "EUR", "country": "LU"}
    return render(request, FORM, values=values, errors={}, **_new(session))


@router.post("/stores/new", dependencies=[guard])
def create(
    request: Request,
    session: PlatformSessionDep,
    form: Annotated[Submitted[StoreInput], submitted(StoreInput)],
) -> Any:
    try:
        store = create_store(session, form.data)
    except FORM_ERRORS as error:
        return show_again(request, FORM, form, error, **_new(session))
    return redirect(f"/stores/{store.id}", _("The store was created."))


@router.get("/stores/{store_id}", dependencies=[guard])
def show(request: Request, session: PlatformSessionDep, store_id: UUID) -> Any:
    existing = _existing(session, store_id)
    return render(request, FORM, values=vars(existing["store"]), errors={}, **existing)


@router.post("/stores/{store_id}", dependencies=[guard])
def edit(
    request: Request,
    session: PlatformSessionDep,
    store_id: UUID,
    form: Annotated[Submitted[StoreForm], submitted(StoreForm)],
) -> Any:
    try:
        given = StoreChange(**form.data.model_dump(exclude={"version"}))
        edit_store(session, store_id, given, form.data.version)
    except FORM_ERRORS as error:
        return show_again(request, FORM, form, error, **_existing(session, store_id))
    return redirect(f"/stores/{store_id}", _("The store was saved."))


@router.post("/stores/{store_id}/open", dependencies=[guard])
def open_shop(session: PlatformSessionDep, store_id: UUID) -> Any:
    open_or_close(session, store_id, is_open=True)
    return redirect(f"/stores/{store_id}", _("The shop is open."))


@router.post("/stores/{store_id}/close", dependencies=[guard])
def close_shop(session: PlatformSessionDep, store_id: UUID) -> Any:
    open_or_close(session, store_id, is_open=False)
    return redirect(f"/stores/{store_id}", _("The shop is closed. Its team can still enter."))


@router.post("/stores/{store_id}/domains", dependencies=[guard])
def wish_domain(
    session: PlatformSessionDep,
    store_id: UUID,
    form: Annotated[Submitted[DomainInput], submitted(DomainInput)],
) -> Any:
    try:
        add_domain(session, get_store(session, store_id), form.data.host)
    except FORM_ERRORS as error:
        return redirect(f"/stores/{store_id}", _(form.errors.get("host", error.detail)), level="danger")
    return redirect(f"/stores/{store_id}", _("The domain was noted. Confirm it once its record is published."))


@router.post("/stores/{store_id}/domains/{domain_id}/confirm", dependencies=[guard])
def confirm(session: PlatformSessionDep, store_id: UUID, domain_id: UUID) -> Any:
    confirm_domain(session, domain_id)
    return redirect(f"/stores/{store_id}", _("The domain now leads to the shop."))


def _new(session: Any) -> dict[str, Any]:
    merchants = list_merchants(session, state="active", limit=500)[0]
    return {"store": None, "merchants": merchants, "domains": [], "merchant": None}


def _existing(session: Any, store_id: UUID) -> dict[str, Any]:
    store = get_store(session, store_id)
    merchant = get_merchant(session, store.merchant_id)
    return {"store": store, "merchants": [], "domains": list_domains(session, store_id), "merchant": merchant}
