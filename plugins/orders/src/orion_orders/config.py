"""Settings of the orders module: how a store sells, and who issues its invoices."""

from pydantic import Field

from orion_core.settings import ModuleSettings

MAX_QUANTITY = 9_999
"""Pieces of one article that a cart takes."""


class OrdersConfig(ModuleSettings):
    """Mostly set per merchant (who sells) and per store (how)."""

    module = "orders"

    require_payment: bool = Field(default=False, description="Confirm an order only once it is paid")
    unpaid_days: int = Field(
        default=14, ge=1, le=365, description="Days after which an unpaid, unconfirmed order expires"
    )
    hold_minutes: int = Field(default=10, ge=1, le=240, description="Minutes for which a checkout holds its goods")
    cart_days: int = Field(
        default=30, ge=1, le=365, description="Days after which an untouched cart counts as abandoned"
    )
    complete_after_days: int = Field(
        default=30, ge=0, le=365, description="Days after delivery at which a settled order is completed"
    )
    withdrawal_days: int = Field(
        default=14, ge=14, le=365, description="Days after delivery in which a buyer may withdraw"
    )
    terms_version: str = Field(default="1", description="Version of the terms a buyer accepts")

    lookup_attempts: int = Field(default=10, ge=1, description="Tries per minute to find an order without signing in")
    payment_text: str = Field(default="", max_length=1_000, description="What buyers read on how to pay")

    seller_country: str = Field(default="LU", pattern="^[A-Z]{2}$", description="Country the seller is taxed in")
    seller_vat_number: str = Field(default="", description="VAT number of the seller")
    seller_oss: bool = Field(default=False, description="Registered for the One-Stop-Shop: destination rates apply")
    seller_small_business: bool = Field(
        default=False, description="Exempt as a small enterprise (Luxembourg: article 57 of the VAT law)"
    )
