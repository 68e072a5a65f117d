"""The store's pages of promotions and ways of delivery: lists, and a form for each."""

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Any
from uuid import UUID

from fastapi import Request
from pydantic import BaseModel, ConfigDict, Field

from orion_core.context import current_context
from orion_core.errors import InvalidInput
from orion_core.i18n import LOCALES
from orion_core.web import (
    FORM_ERRORS,
    Router,
    SessionDep,
    Submitted,
    may,
    redirect,
    render,
    requires,
    show_again,
    submitted,
    typed_amount,
)
from orion_core.web import translate as _
from orion_orders.models import Promotion, ShippingMethod
from orion_orders.offer_schemas import MethodInput, PromotionInput, PromotionKind, TaxClass
from orion_orders.routes.desk_forms import Short, major
from orion_orders.services import offer_desk as desk

router = Router()
VIEW = [requires("orders.view_orders")]
MANAGE = [requires("orders.manage_offers")]
PROMOTION, METHOD = "orders/store/promotion.html", "orders/store/delivery.html"
COUNTRIES = re.compile(r"([A-Z]{2}([ ,;]+|$))*")
Many = Annotated[int, Field(ge=0, le=1_000_000)]


class PromotionForm(BaseModel):
    """A promotion as it is typed: amounts and percentages in words, days for moments."""

    model_config = ConfigDict(str_strip_whitespace=True)

    code: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{0,40}$")] = ""
    title: Annotated[str, Field(min_length=1, max_length=120)]
    kind: PromotionKind
    value: Short = ""
    min_goods: Short = ""
    starts_at: date | None = None
    ends_at: date | None = None
    usage_limit: Many | None = None
    once_per_customer: bool = False
    is_active: bool = False
    version: int | None = None

    def given(self, currency: str) -> PromotionInput:
        """Return what the promotion shall be."""
        names = {"title", "kind", "usage_limit", "once_per_customer", "is_active"}
        # A percentage is typed like an amount of two decimals, and 12.50 % are 1250 basis points.
        unit = "EUR" if self.kind == "percentage" else currency
        return PromotionInput(
            code=self.code.upper() or None,
            value=0 if self.kind == "free_shipping" else typed_amount(self.value, unit, "value", least=1),
            min_goods_minor=typed_amount(self.min_goods, currency, "min_goods") if self.min_goods else 0,
            starts_at=_midnight(self.starts_at),
            ends_at=_midnight(self.ends_at + timedelta(days=1)) if self.ends_at else None,
            **self.model_dump(include=names),
        )


class MethodForm(BaseModel):
    """A way of delivery as it is typed."""

    model_config = ConfigDict(str_strip_whitespace=True)

    code: Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=40)]
    name: Annotated[str, Field(min_length=1, max_length=120)]
    name_en: Annotated[str, Field(max_length=120)] = ""
    name_fr: Annotated[str, Field(max_length=120)] = ""
    name_de: Annotated[str, Field(max_length=120)] = ""
    name_lb: Annotated[str, Field(max_length=120)] = ""
    carrier: Annotated[str, Field(max_length=100)] = ""
    is_pickup: bool = False
    price: Short = ""
    free_from: Short = ""
    countries: Short = ""
    tax_class: TaxClass = "standard"
    position: Many = 0
    is_active: bool = False
    version: int | None = None

    def given(self, currency: str) -> MethodInput:
        """Return what the way of delivery shall be."""
        codes = self.countries.upper()
        if not COUNTRIES.fullmatch(codes):
            raise InvalidInput(errors={"countries": "Write codes of two letters, such as LU, BE"})
        names = {code: text for code in LOCALES if (text := getattr(self, f"name_{code}"))}
        plain = {"code", "name", "carrier", "is_pickup", "tax_class", "position", "is_active"}
        return MethodInput(
            names=names,
            price_minor=typed_amount(self.price, currency, "price") if self.price else 0,
            free_from_minor=typed_amount(self.free_from, currency, "free_from") if self.free_from else None,
            countries=re.findall(r"[A-Z]{2}", codes),
            **self.model_dump(include=plain),
        )


PromotionDep = Annotated[Submitted[PromotionForm], submitted(PromotionForm)]
MethodDep = Annotated[Submitted[MethodForm], submitted(MethodForm)]


@router.get("/promotions", dependencies=VIEW)
def list_promotions(request: Request, session: SessionDep) -> Any:
    rows = desk.list_promotions(session)
    return _page(request, "orders/store/promotions.html", rows=rows, now=datetime.now(UTC))


@router.get("/promotions/new", dependencies=MANAGE)
def new_promotion(request: Request) -> Any:
    values = {"kind": "percentage", "is_active": True}
    return _page(request, PROMOTION, promotion_id=None, values=values, errors={})


@router.get("/promotions/{promotion_id}", dependencies=MANAGE)
def show_promotion(request: Request, session: SessionDep, promotion_id: UUID) -> Any:
    values = _typed_promotion(desk.get_promotion(session, promotion_id))
    return _page(request, PROMOTION, promotion_id=promotion_id, values=values, errors={})


@router.post("/promotions", dependencies=MANAGE)
def create_promotion(request: Request, session: SessionDep, form: PromotionDep) -> Any:
    return _save_promotion(request, session, form, None)


@router.post("/promotions/{promotion_id}", dependencies=MANAGE)
def edit_promotion(request: Request, session: SessionDep, promotion_id: UUID, form: PromotionDep) -> Any:
    return _save_promotion(request, session, form, promotion_id)


@router.get("/deliveries", dependencies=VIEW)
def list_methods(request: Request, session: SessionDep) -> Any:
    rows = desk.list_methods(session)
    return _page(request, "orders/store/deliveries.html", rows=rows)


@router.get("/deliveries/new", dependencies=MANAGE)
def new_method(request: Request) -> Any:
    return _page(request, METHOD, method_id=None, values={"is_active": True}, errors={})


@router.get("/deliveries/{method_id}", dependencies=MANAGE)
def show_method(request: Request, session: SessionDep, method_id: UUID) -> Any:
    values = _typed_method(desk.get_method(session, method_id))
    return _page(request, METHOD, method_id=method_id, values=values, errors={})


@router.post("/deliveries", dependencies=MANAGE)
def create_method(request: Request, session: SessionDep, form: MethodDep) -> Any:
    return _save_method(request, session, form, None)


@router.post("/deliveries/{method_id}", dependencies=MANAGE)
def edit_method(request: Request, session: SessionDep, method_id: UUID, form: MethodDep) -> Any:
    return _save_method(request, session, form, method_id)


def _save_promotion(request: Request, session: Any, form: Submitted[PromotionForm], promotion_id: UUID | None) -> Any:
    try:
        desk.save_promotion(session, form.data.given(_currency()), promotion_id, form.data.version)
    except FORM_ERRORS as error:
        session.rollback()
        return show_again(request, PROMOTION, form, error, promotion_id=promotion_id, currency=_currency())
    return redirect("/promotions", _("The promotion was saved."))


def _save_method(request: Request, session: Any, form: Submitted[MethodForm], method_id: UUID | None) -> Any:
    try:
        desk.save_method(session, form.data.given(_currency()), method_id, form.data.version)
    except FORM_ERRORS as error:
        session.rollback()
        shown = {"method_id": method_id, "currency": _currency(), "locales": LOCALES}
        return show_again(request, METHOD, form, error, **shown)
    return redirect("/deliveries", _("The way of delivery was saved."))


def _page(request: Request, template: str, **variables: Any) -> Any:
    may_manage = may("orders.manage_offers")
    return render(request, template, currency=_currency(), may_manage=may_manage, locales=LOCALES, **variables)


def _currency() -> str:
    return current_context().store.currency


def _midnight(day: date | None) -> datetime | None:
    return datetime.combine(day, time(), UTC) if day else None


def _typed_promotion(promotion: Promotion) -> dict[str, Any]:
    """Return a promotion as its form shows it."""
    currency = _currency()
    names = ("title", "kind", "usage_limit", "once_per_customer", "is_active", "version")
    last = promotion.ends_at - timedelta(days=1) if promotion.ends_at else None
    return {
        **{name: getattr(promotion, name) for name in names},
        "code": promotion.code or "",
        "value": major(promotion.value, "EUR" if promotion.kind == "percentage" else currency),
        "min_goods": major(promotion.min_goods_minor, currency) if promotion.min_goods_minor else "",
        "starts_at": promotion.starts_at.date().isoformat() if promotion.starts_at else "",
        "ends_at": last.date().isoformat() if last else "",
    }


def _typed_method(method: ShippingMethod) -> dict[str, Any]:
    """Return a way of delivery as its form shows it."""
    currency = _currency()
    names = ("code", "name", "carrier", "is_pickup", "tax_class", "position", "is_active", "version")
    return {
        **{name: getattr(method, name) for name in names},
        **{f"name_{code}": method.names.get(code, "") for code in LOCALES},
        "price": major(method.price_minor, currency),
        "free_from": "" if method.free_from_minor is None else major(method.free_from_minor, currency),
        "countries": ", ".join(method.countries),
    }
