"""Promotions and ways of delivery, as the store's team hands them in and gets them back."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

Amount = Annotated[int, Field(ge=0, le=2**31 - 1, description="In the smallest unit of the store's currency")]
Count = Annotated[int, Field(ge=0, le=1_000_000)]
Name = Annotated[str, Field(min_length=1, max_length=120)]
Country = Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
PromotionKind = Literal["percentage", "amount", "free_shipping"]
TaxClass = Literal["standard", "intermediate", "reduced", "super_reduced", "zero"]
PromotionCode = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,40}$", to_upper=True)]
MethodCode = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=40)]


class PromotionInput(BaseModel):
    """What a promotion shall be; what is left out is empty afterwards."""

    model_config = ConfigDict(str_strip_whitespace=True)

    code: Annotated[PromotionCode | None, Field(description="Without one everybody gets it")] = None
    title: Name
    kind: PromotionKind
    value: Annotated[int, Field(ge=0, le=2**31 - 1, description="Basis points of the goods, or minor units")] = 0
    min_goods_minor: Amount = 0
    starts_at: AwareDatetime | None = None
    ends_at: AwareDatetime | None = None
    usage_limit: Annotated[Count | None, Field(description="How often in all")] = None
    once_per_customer: Annotated[bool, Field(description="Only for customers who are signed in")] = False
    is_active: bool = True


class PromotionOut(PromotionInput):
    model_config = ConfigDict(from_attributes=True)

    id: UUID
    times_used: int
    version: int


class MethodInput(BaseModel):
    """What a way of delivery shall be; what is left out is empty afterwards."""

    model_config = ConfigDict(str_strip_whitespace=True)

    code: MethodCode
    name: Name
    names: Annotated[dict[Literal["en", "fr", "de", "lb"], Name], Field(description="Where it differs")] = {}
    carrier: Annotated[str, Field(max_length=100)] = ""
    is_pickup: bool = False
    price_minor: Amount
    free_from_minor: Annotated[Amount | None, Field(description="Value of goods from which it is free")] = None
    countries: Annotated[list[Country], Field(max_length=250, description="Where to; empty means everywhere")] = []
    tax_class: TaxClass = "standard"
    position: Annotated[Count, Field(description="Buyers see the smallest first")] = 0
    is_active: bool = True


class MethodOut(MethodInput):
    model_config = ConfigDict(from_attributes=True)

    id: UUID
    version: int
