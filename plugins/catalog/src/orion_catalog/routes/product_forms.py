"""The product form: fields as people type them, read into what the services take."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any, TypeVar
from uuid import UUID

from pydantic import BaseModel, Field, ValidationError

from orion_catalog.models import Variant
from orion_catalog.schemas import Image, ProductChange, ProductInput, ProductOut, TextInput, VariantInput
from orion_core.context import current_context
from orion_core.errors import InvalidInput
from orion_core.money import Money
from orion_core.web import typed_amount

_PERCENT = re.compile(r"[0-9]{1,7}(\.[0-9]{1,3})?")
LANGUAGES = ("en", "fr", "de", "lb")


M = TypeVar("M", bound=BaseModel)


class ProductForm(BaseModel):
    """Repeated fields belong together by their place: the third ``variant_price`` is the third variant's."""

    title: str = Field(min_length=1, max_length=500)
    description: str = ""
    slug: str | None = None
    brand: str | None = None
    condition: str = "new"
    is_adult: bool = False
    tax_class: str = "standard"
    tax_rate: str = ""
    boost_sort: float = Field(default=0, ge=0, le=10)
    images: str = ""
    category_ids: list[UUID] = []
    title_en: str = ""
    title_fr: str = ""
    title_de: str = ""
    title_lb: str = ""
    description_en: str = ""
    description_fr: str = ""
    description_de: str = ""
    description_lb: str = ""
    slug_en: str | None = None
    slug_fr: str | None = None
    slug_de: str | None = None
    slug_lb: str | None = None
    version: int | None = None
    variant_id: list[str] = []
    variant_sku: list[str] = []
    variant_gtin: list[str] = []
    variant_options: list[str] = []
    variant_price: list[str] = []
    variant_compare_at: list[str] = []
    variant_availability: list[str] = []
    variant_active: list[str] = []

    def change(self) -> ProductChange:
        """Return what the form says of the product itself.

        Raises:
            InvalidInput: Naming the fields.
        """
        return _checked(ProductChange, self._own())

    def product(self) -> ProductInput:
        """Return a new product with its variants."""
        variants = [variant for _, variant in self.variants()]
        if not variants:
            raise InvalidInput(errors={"variant_sku": "Give at least one number and price"})
        return _checked(ProductInput, {**self._own(), "variants": variants})

    def variants(self) -> list[tuple[UUID | None, VariantInput]]:
        """Return the variants in their order with their ids; lines without a number are left out."""
        found = []
        for place, sku in enumerate(self.variant_sku):
            if not sku.strip():
                continue
            known, compare_at = _at(self.variant_id, place), _at(self.variant_compare_at, place)
            given = {
                "sku": sku.strip(),
                "gtin": _at(self.variant_gtin, place) or None,
                "options": read_options(_at(self.variant_options, place)),
                "price_minor": _minor("variant_price", _at(self.variant_price, place)),
                "compare_at_minor": _minor("variant_compare_at", compare_at) if compare_at else None,
                "availability": _at(self.variant_availability, place) or "in_stock",
                "position": place,
            }
            found.append((UUID(known) if known else None, _checked(VariantInput, given)))
        return found

    def is_active(self, variant_id: UUID) -> bool:
        return str(variant_id) in self.variant_active

    def _own(self) -> dict[str, Any]:
        names = ("title", "description", "slug", "brand", "condition", "is_adult", "tax_class", "boost_sort")
        own: dict[str, Any] = {name: getattr(self, name) for name in names}
        own["tax_rate_bp"] = _percent(self.tax_rate)
        own["images"] = [Image(url=url) for url in _lines(self.images)]
        own["category_ids"] = self.category_ids
        own["texts"] = {
            language: TextInput(
                title=title,
                description=getattr(self, f"description_{language}"),
                slug=getattr(self, f"slug_{language}"),
            )
            for language in LANGUAGES
            if (title := getattr(self, f"title_{language}").strip())
        }
        return own


def form_values(product: ProductOut, variants: list[Variant]) -> dict[str, Any]:
    """Return a product as the form's fields."""
    values: dict[str, Any] = product.model_dump(
        include={"title", "description", "slug", "brand", "condition", "is_adult", "tax_class", "boost_sort", "version"}
    )
    values["tax_rate"] = "" if product.tax_rate_bp is None else f"{product.tax_rate_bp / 100:g}"
    values["images"] = "\n".join(image.url for image in product.images)
    values["category_ids"] = [str(category_id) for category_id in product.category_ids]
    for language, text in product.texts.items():
        values |= {f"{name}_{language}": text[name] for name in ("title", "description", "slug")}
    values["variant_id"] = [str(variant.id) for variant in variants]
    values["variant_sku"] = [variant.sku for variant in variants]
    values["variant_gtin"] = [variant.gtin or "" for variant in variants]
    values["variant_options"] = [", ".join(f"{k}: {v}" for k, v in variant.options.items()) for variant in variants]
    values["variant_price"] = [plain(variant.price_minor, variant.currency) for variant in variants]
    values["variant_compare_at"] = [plain(variant.compare_at_minor, variant.currency) for variant in variants]
    values["variant_availability"] = [variant.availability for variant in variants]
    values["variant_active"] = [str(variant.id) for variant in variants if variant.is_active]
    return values


def plain(amount: int | None, currency: str) -> str:
    return "" if amount is None else str(Money(amount, currency).decimal)


def read_options(text: str) -> dict[str, str]:
    """Return ``color: red, size: M`` as pairs."""
    pairs = (part.partition(":") for part in text.split(","))
    return {name.strip(): value.strip() for name, _, value in pairs if name.strip() and value.strip()}


def _minor(field: str, text: str) -> int:
    return typed_amount(text, current_context().store.currency, field)


def _percent(text: str) -> int | None:
    if not text.strip():
        return None
    bare = text.strip().removesuffix("%").rstrip().replace(",", ".")
    if not _PERCENT.fullmatch(bare):
        raise InvalidInput(errors={"tax_rate": "Write a percentage such as 17"})
    return int(Decimal(bare) * 100)


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _at(values: list[str], place: int) -> str:
    return values[place].strip() if place < len(values) else ""


def _checked(model: type[M], values: dict[str, Any]) -> M:
    try:
        return model.model_validate(values)
    except ValidationError as error:
        errors = {str(item["loc"][0]): item["msg"].removeprefix("Value error, ") for item in error.errors()}
        raise InvalidInput(errors=errors) from error
