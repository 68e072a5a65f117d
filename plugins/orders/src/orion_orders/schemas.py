"""What buyers and staff hand in and get back."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, HttpUrl

from orion_customers.api import Email, PostalAddress
from orion_orders.config import MAX_QUANTITY

Minor = Annotated[int, Field(description="In the currency's smallest unit")]
Status = Literal["draft", "pending", "confirmed", "completed", "expired", "declined", "cancelled"]
PaymentStatus = Literal["unpaid", "partially_paid", "paid", "overpaid", "partially_refunded", "refunded"]
FulfilmentStatus = Literal["unfulfilled", "partial", "fulfilled", "delivered", "partially_returned", "returned"]
ParcelStatus = Literal[
    "pending", "picking", "packed", "shipped", "delivered", "cancelled", "lost", "returned_to_sender"
]
ReturnStatus = Literal["requested", "approved", "rejected", "in_transit", "received", "refunded", "closed"]
ChangeStatus = Literal["draft", "requested", "confirmed", "declined", "cancelled"]
Condition = Literal["resellable", "damaged", "quarantine"]
CancelReason = Literal["customer", "declined", "fraud", "inventory", "staff", "expired", "other"]


class LineInput(BaseModel):
    variant_id: UUID
    quantity: Annotated[int, Field(ge=1, le=MAX_QUANTITY)] = 1


class QuantityInput(BaseModel):
    quantity: Annotated[int, Field(ge=0, le=MAX_QUANTITY, description="0 takes it out")]


class CheckoutInput(BaseModel):
    """What an order needs beside goods; what is left out is empty afterwards."""

    model_config = ConfigDict(str_strip_whitespace=True)

    email: Email | None = None
    shipping_address: PostalAddress | None = None
    billing_address: Annotated[PostalAddress | None, Field(description="If it is not where the goods go")] = None
    shipping_method_id: UUID | None = None
    tax_number: Annotated[str, Field(max_length=40)] = ""
    promotion_code: Annotated[str, Field(max_length=60)] = ""
    note: Annotated[str, Field(max_length=2_000)] = ""


class PlaceInput(BaseModel):
    cart_id: UUID
    expected_total_minor: Annotated[int, Field(ge=0, le=2**31 - 1, description="The total the buyer has seen")]
    accept_terms: bool = False


class CancelInput(BaseModel):
    reason: CancelReason


Pieces = Annotated[dict[UUID, Annotated[int, Field(ge=0, le=MAX_QUANTITY)]], Field(max_length=200)]
"""Pieces by item of the order."""


class TrackingInput(BaseModel):
    """How a parcel travels."""

    model_config = ConfigDict(str_strip_whitespace=True)

    carrier: Annotated[str, Field(max_length=100)] = ""
    tracking_code: Annotated[str, Field(max_length=100)] = ""
    tracking_url: HttpUrl | None = None


class FulfilmentInput(BaseModel):
    pieces: Pieces


class FulfilmentStepInput(TrackingInput):
    target: ParcelStatus


class PaymentInput(BaseModel):
    model_config = ConfigDict(str_strip_whitespace=True)

    kind: Literal["payment", "refund"] = "payment"
    amount_minor: Annotated[int, Field(ge=1, le=2**31 - 1)]
    method: Annotated[str, Field(min_length=1, max_length=40)] = "transfer"
    reference: Annotated[str, Field(max_length=200)] = ""


class ReturnInput(BaseModel):
    model_config = ConfigDict(str_strip_whitespace=True)

    pieces: Pieces
    kind: Literal["return", "exchange", "withdrawal"] = "return"
    reason: Annotated[str, Field(max_length=2_000)] = ""


class CountedInput(BaseModel):
    pieces: Annotated[int, Field(ge=0, le=MAX_QUANTITY)]
    condition: Condition = "resellable"


class ReturnStepInput(BaseModel):
    model_config = ConfigDict(str_strip_whitespace=True)

    target: Literal["approved", "rejected", "in_transit", "received", "closed"]
    note: Annotated[str, Field(max_length=2_000)] = ""
    counted: Annotated[dict[UUID, CountedInput], Field(max_length=200, description="What came back, by item")] = {}


class RefundInput(BaseModel):
    model_config = ConfigDict(str_strip_whitespace=True)

    method: Annotated[str, Field(min_length=1, max_length=40)] = "transfer"
    reference: Annotated[str, Field(max_length=200)] = ""


class AddedInput(BaseModel):
    variant_id: UUID
    quantity: Annotated[int, Field(ge=1, le=MAX_QUANTITY)] = 1


class ChangeInput(BaseModel):
    """An edit of a placed order."""

    model_config = ConfigDict(str_strip_whitespace=True)

    cancel: Pieces = {}
    add: Annotated[list[AddedInput], Field(max_length=200)] = []
    note: Annotated[str, Field(max_length=2_000)] = ""
    return_id: Annotated[UUID | None, Field(description="The return these goods are exchanged for")] = None


class ChangeStepInput(BaseModel):
    target: Literal["requested", "confirmed", "declined", "cancelled"]


class DraftInput(CheckoutInput):
    """An order that staff take down, by telephone for instance."""

    email: Email
    shipping_address: PostalAddress
    shipping_method_id: UUID
    customer_id: UUID | None = None
    lines: Annotated[list[AddedInput], Field(min_length=1, max_length=200)]


class NoteInput(BaseModel):
    text: Annotated[str, Field(min_length=1, max_length=2_000)]


class CartLineOut(BaseModel):
    variant_id: UUID
    quantity: int
    sku: str = ""
    title: str = ""
    slug: str = ""
    options: dict[str, Any] = {}
    image: str | None = None
    price_minor: Minor | None = None
    is_on_sale: bool


class CartOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: UUID
    currency: str
    email: str | None
    shipping_address: PostalAddress | None
    billing_address: PostalAddress | None
    shipping_method_id: UUID | None
    tax_number: str | None
    promotion_code: str | None
    note: str
    held_until: datetime | None
    lines: list[CartLineOut] = []
    token: Annotated[str | None, Field(description="Of a new cart, once: send it as X-Cart-Token")] = None


class DeliveryOut(BaseModel):
    id: UUID
    code: str
    name: str
    carrier: str
    is_pickup: bool
    price_minor: Minor


class PricedLineOut(BaseModel):
    kind: str
    variant_id: UUID | None
    sku: str
    title: str
    quantity: int
    unit_price_minor: Minor
    discount_minor: Minor
    total_minor: Minor
    net_minor: Minor
    tax_rate_bp: int
    tax_country: str
    tax_reason: str


class QuoteOut(BaseModel):
    cart_id: UUID
    currency: str
    goods_minor: Minor
    discount_minor: Minor
    shipping_minor: Minor
    net_minor: Minor
    tax_minor: Minor
    rounding_minor: Minor
    total_minor: Minor
    promotion: str | None
    terms_version: str
    lines: list[PricedLineOut]
    deliveries: list[DeliveryOut]
    problems: dict[str, str]


class OrderRow(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: UUID
    number: str
    status: Status
    payment_status: PaymentStatus
    fulfilment_status: FulfilmentStatus
    channel: str
    customer_id: UUID | None
    email: str | None
    currency: str
    total_minor: Minor
    placed_at: datetime | None


class ItemOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: UUID
    position: int
    kind: str
    variant_id: UUID | None
    sku: str
    title: str
    options: dict[str, Any]
    image: str | None
    quantity: int
    unit_price_minor: Minor
    discount_minor: Minor
    total_minor: Minor
    net_minor: Minor
    tax_rate_bp: int
    tax_category: str
    tax_reason: str
    tax_country: str
    cancelled: int
    shipped: int
    returned: int


class PlacedOut(OrderRow):
    """An order as its buyer sees it."""

    goods_minor: Minor
    discount_minor: Minor
    shipping_minor: Minor
    net_minor: Minor
    tax_minor: Minor
    rounding_minor: Minor
    credited_minor: Minor
    paid_minor: Minor
    refunded_minor: Minor
    due_minor: Minor
    shipping_address: dict[str, Any] | None
    billing_address: dict[str, Any] | None
    tax_number: str | None
    tax_number_status: str | None
    shipping: dict[str, Any]
    promotion: dict[str, Any] | None
    terms_version: str
    note: str
    confirmed_at: datetime | None
    completed_at: datetime | None
    cancelled_at: datetime | None
    cancel_reason: str | None
    items: list[ItemOut] = []


class EventOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: UUID
    at: datetime
    kind: str
    data: dict[str, Any]
    is_public: bool
    actor_kind: str
    actor_name: str


class OrderOut(PlacedOut):
    """An order as the store's team sees it."""

    version: int
    timeline: list[EventOut] = []
    next_states: list[Status] = []


class FulfilmentOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: UUID
    order_id: UUID
    number: int
    status: ParcelStatus
    carrier: str
    tracking_code: str
    tracking_url: str
    shipped_at: datetime | None
    delivered_at: datetime | None
    version: int
    pieces: dict[UUID, int] = {}
    next_states: list[ParcelStatus] = []


class ReturnItemOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    item_id: UUID
    quantity: int
    received: int
    condition: Condition | None


class ReturnOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: UUID
    order_id: UUID
    number: int
    kind: str
    status: ReturnStatus
    reason: str
    decision_note: str
    received_at: datetime | None
    refund_minor: Minor
    version: int
    items: list[ReturnItemOut] = []
    next_states: list[ReturnStatus] = []


class PaymentOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: UUID
    at: datetime
    kind: str
    amount_minor: Minor
    method: str
    reference: str
    actor_name: str


class ChangeOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: UUID
    order_id: UUID
    return_id: UUID | None
    status: ChangeStatus
    actions: list[dict[str, Any]]
    delta_minor: Annotated[int, Field(description="What the order costs more, or less if negative, in minor units")]
    note: str
    actor_name: str
    version: int
    next_states: list[ChangeStatus] = []


class InvoiceOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: UUID
    order_id: UUID
    kind: Literal["invoice", "credit_note"]
    number: str
    issued_on: date
    currency: str
    net_minor: Minor
    tax_minor: Minor
    rounding_minor: Minor
    total_minor: Minor
    corrects_id: UUID | None
    hash: str
