"""What the API takes and gives."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

MOST = 1_000_000_000
Code = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,49}$")]
Pieces = Annotated[int, Field(ge=0, le=MOST)]
Some = Annotated[int, Field(ge=1, le=MOST)]
Plain = Annotated[str, StringConstraints(strip_whitespace=True, max_length=500, pattern=r"^[^\x00]*$")]
Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500, pattern=r"^[^\x00]*$")]
LocationKind = Literal["warehouse", "shop", "supplier", "other"]
Adjustment = Literal["set", "write_off", "set_aside", "put_back", "discard"]


class Out(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class LocationInput(BaseModel):
    code: Code
    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
    kind: LocationKind = "warehouse"
    priority: Annotated[int, Field(ge=0, le=10_000, description="Orders take from the smallest first")] = 10
    is_active: bool = True


class LocationOut(Out, LocationInput):
    id: UUID
    version: int


class PlaceOut(Out):
    """The pieces of a variant in one place; ``on_hand`` counts sellable pieces, ``unavailable`` those beside them."""

    id: UUID
    variant_id: UUID
    location_id: UUID
    bin: str
    on_hand: int
    reserved: int
    unavailable: int
    low_stock_at: int | None


class StockRow(Out):
    """A variant over all places; ``available`` leaves out what is promised, held, or at inactive locations."""

    variant_id: UUID
    sku: str
    title: str
    on_hand: int
    reserved: int
    unavailable: int
    available: int
    is_low: bool


class PromiseOut(Out):
    order_id: UUID
    quantity: int


class HoldOut(Out):
    cart_id: UUID
    quantity: int
    expires_at: datetime


class StockDetail(BaseModel):
    """Why the number of available pieces is what it is."""

    variant_id: UUID
    available: int | None = Field(description="Empty if nobody counts this variant")
    places: list[PlaceOut]
    promises: list[PromiseOut]
    holds: list[HoldOut]


class TransactionOut(Out):
    id: UUID
    inventory_id: UUID
    number: int
    kind: str
    on_hand_change: int
    reserved_change: int
    unavailable_change: int
    on_hand_after: int
    reserved_after: int
    unavailable_after: int
    order_id: UUID | None
    fulfilment_id: UUID | None
    return_id: UUID | None
    transfer_id: UUID | None
    stocktake_id: UUID | None
    reason: str
    actor_name: str
    at: datetime


class ReceiptInput(BaseModel):
    location_id: UUID
    bin: Plain = ""
    quantity: Pieces = Field(description="Zero only begins to track the variant there")
    reason: Plain = ""


class AdjustmentInput(BaseModel):
    inventory_id: UUID
    what: Adjustment = Field(
        description="set the sellable pieces; write_off sellable ones; set_aside sellable ones as unavailable; "
        "put_back unavailable ones; discard unavailable ones"
    )
    quantity: Pieces
    reason: Reason


class LowStockInput(BaseModel):
    low_stock_at: Pieces | None = None


class LineInput(BaseModel):
    variant_id: UUID
    quantity: Some


class TransferInput(BaseModel):
    source_id: UUID
    target_id: UUID
    note: Plain = ""
    lines: Annotated[list[LineInput], Field(min_length=1, max_length=500)]


class ReceivedInput(BaseModel):
    lines: Annotated[list[LineInput], Field(max_length=500)] = []
    rest_is_missing: bool = False


class TransferLineOut(Out):
    variant_id: UUID
    quantity: int
    received: int


class TransferRow(Out):
    id: UUID
    source_id: UUID
    target_id: UUID
    state: str
    note: str
    created_at: datetime


class TransferOut(TransferRow):
    lines: list[TransferLineOut]


class StocktakeInput(BaseModel):
    location_id: UUID
    note: Plain = ""


class CountInput(BaseModel):
    inventory_id: UUID
    counted: Pieces


class CountsInput(BaseModel):
    counts: Annotated[list[CountInput], Field(min_length=1, max_length=1000)]


class StepInput(BaseModel):
    state: str = Field(description="The state it shall have")


class StocktakeLineOut(Out):
    inventory_id: UUID
    counted: int | None
    expected: int | None
    counted_by: str


class StocktakeRow(Out):
    id: UUID
    location_id: UUID
    state: str
    note: str
    created_at: datetime


class MismatchOut(Out):
    id: UUID
    inventory_id: UUID
    counter: str
    counted: int
    proven: int
    found_at: datetime


class AdminMismatchOut(MismatchOut):
    store_id: UUID
