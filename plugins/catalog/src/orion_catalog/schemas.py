"""What goes in and out of the catalogue: checked input, and the shapes of answers for OpenAPI."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

Language = Literal["en", "fr", "de", "lb"]
Status = Literal["draft", "active", "archived"]
Availability = Literal["in_stock", "out_of_stock", "preorder", "backorder"]
Code = Annotated[str, Field(min_length=1, max_length=100)]
Minor = Annotated[int, Field(ge=0, le=2**31 - 1, description="In the currency's smallest unit")]
Slug = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=100)]


def _picture(url: str) -> str:
    if not url.startswith(("https://", "/")) or url.startswith("//"):
        raise ValueError("write an address that starts with https:// or /")
    return url


Picture = Annotated[str, Field(max_length=2000), AfterValidator(_picture)]


class Image(BaseModel):
    url: Picture
    alt: str = Field(default="", max_length=300)


class TextInput(BaseModel):
    title: str = Field(min_length=1, max_length=500)
    description: str = Field(default="", max_length=100_000)
    slug: Slug | None = None


class VariantInput(BaseModel):
    sku: Code
    price_minor: Minor
    compare_at_minor: Minor | None = Field(default=None, description="Price before the reduction")
    gtin: str | None = Field(default=None, max_length=20)
    mpn: str | None = Field(default=None, max_length=100)
    options: dict[str, str] = Field(default={})
    availability: Availability = "in_stock"
    quantity_hint: int | None = Field(default=None, ge=0, le=2**31 - 1)
    position: int = Field(default=0, ge=0, le=10_000)


class ProductChange(BaseModel):
    title: str = Field(min_length=1, max_length=500)
    description: str = Field(default="", max_length=100_000)
    slug: Slug | None = None
    brand: str | None = Field(default=None, max_length=200)
    condition: Literal["new", "refurbished", "used"] = "new"
    is_adult: bool = False
    tax_class: str = Field(default="standard", pattern=r"^[a-z_]{1,40}$")
    tax_rate_bp: int | None = Field(default=None, ge=0, le=10_000, description="Basis points")
    boost_sort: float = Field(default=0, ge=0, le=10)
    images: list[Image] = Field(default=[], max_length=50)
    category_ids: list[UUID] = Field(default=[], max_length=50)
    texts: dict[Language, TextInput] = Field(default={}, description="In languages other than the store's own")


class ProductInput(ProductChange):
    external_id: Code | None = Field(default=None, description="The first variant's number if not given")
    variants: list[VariantInput] = Field(min_length=1, max_length=500)


class PriceInput(BaseModel):
    price_minor: Minor
    compare_at_minor: Minor | None = None


class CategoryInput(BaseModel):
    name: str = Field(min_length=1, max_length=200)
    slug: Slug | None = None
    parent_id: UUID | None = None
    position: int = Field(default=0, ge=0, le=10_000)
    names: dict[Language, str] = Field(default={})
    image: Picture | None = None


class _Out(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class VariantOut(_Out):
    id: UUID
    sku: str
    gtin: str | None
    mpn: str | None
    options: dict[str, str]
    price_minor: int
    compare_at_minor: int | None
    currency: str
    availability: str
    quantity_hint: int | None
    position: int
    is_active: bool


class ProductOut(_Out):
    id: UUID
    external_id: str
    status: str
    slug: str
    title: str
    description: str
    brand: str | None
    condition: str
    is_adult: bool
    tax_class: str
    tax_rate_bp: int | None
    boost_sort: float
    images: list[Image]
    category_ids: list[UUID]
    texts: dict[str, Any]
    variants: list[VariantOut]
    version: int
    created_at: datetime
    updated_at: datetime


class ProductRow(_Out):
    id: UUID
    external_id: str
    status: str
    title: str
    brand: str | None
    price_minor: int | None
    currency: str
    in_stock: bool
    image: str | None
    updated_at: datetime


class PriceChangeOut(_Out):
    at: datetime
    old_price_minor: int | None
    price_minor: int
    compare_at_minor: int | None
    currency: str
    source: str
    actor_name: str


class CategoryOut(_Out):
    id: UUID
    parent_id: UUID | None
    slug: str
    path: str
    name: str
    names: dict[str, str]
    position: int
    image: str | None
    version: int


class ImportOut(_Out):
    id: UUID
    run_id: UUID | None
    file_name: str
    is_complete: bool
    status: str
    rows: int
    created: int
    updated: int
    unchanged: int
    rejected: int
    archived: int
    warnings: list[dict[str, Any]]
    error: str | None
    started_at: datetime | None
    finished_at: datetime | None


class CardOut(BaseModel):
    """A product in a list of the shop."""

    id: UUID
    slug: str
    title: str
    brand: str | None
    image: str | None
    price_minor: int
    max_price_minor: int
    compare_at_minor: int | None
    currency: str
    in_stock: bool


class CardPageOut(BaseModel):
    items: list[CardOut]
    next_cursor: str | None
    corrected: str | None = Field(description="What was searched for instead of the words given")


class ShopVariantOut(BaseModel):
    id: UUID
    sku: str
    gtin: str | None
    options: dict[str, str]
    price_minor: int
    compare_at_minor: int | None
    currency: str
    availability: str
    preorder_days: int | None


class CategoryLink(BaseModel):
    slug: str
    name: str
    path: str


class DetailOut(CardOut):
    """A product of the shop with all its variants."""

    description: str
    condition: str
    is_adult: bool
    tax_class: str
    tax_rate_bp: int | None
    images: list[Image]
    option_names: list[str]
    variants: list[ShopVariantOut]
    categories: list[CategoryLink]


class CategoryNode(CategoryLink):
    id: UUID
    children: list["CategoryNode"]
