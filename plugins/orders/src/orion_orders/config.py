"""Settings of the orders module: how a store sells, and who issues its invoices."""

from typing import Literal

from pydantic import Field

from orion_core.settings import ModuleSettings

PREFIX = r"^[A-Z0-9-]{0,10}$"
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

    invoice_on: Literal["confirmation", "shipment"] = Field(
        default="confirmation", description="When an order is invoiced: once confirmed, or with its first parcel"
    )
    payment_days: int = Field(default=14, ge=0, le=365, description="Days in which an invoice is to be paid")
    invoice_prefix: str = Field(default="", pattern=PREFIX, description="What numbers of invoices begin with")
    credit_note_prefix: str = Field(default="CN", pattern=PREFIX, description="What numbers of credit notes begin with")

    seller_name: str = Field(default="", max_length=200, description="Company that sells; the merchant's name if empty")
    seller_legal_form: str = Field(default="", max_length=60, description="Such as S.à r.l.")
    seller_street: str = Field(default="", max_length=200, description="Street and number of the seller")
    seller_postcode: str = Field(default="", max_length=20, description="Postcode of the seller")
    seller_city: str = Field(default="", max_length=100, description="Town of the seller")
    seller_register_number: str = Field(default="", max_length=40, description="Number in the trade register")
    seller_permit_number: str = Field(default="", max_length=40, description="Number of the business permit")
    seller_tax_number: str = Field(default="", max_length=40, description="Local tax number, if there is no VAT number")
    seller_iban: str = Field(default="", max_length=40, description="Account that buyers pay to")
    seller_email: str = Field(default="", max_length=200, description="Address for questions about invoices")
    seller_country: str = Field(default="LU", pattern="^[A-Z]{2}$", description="Country the seller is taxed in")
    seller_vat_number: str = Field(default="", description="VAT number of the seller")
    seller_oss: bool = Field(default=False, description="Registered for the One-Stop-Shop: destination rates apply")
    seller_small_business: bool = Field(
        default=False, description="Exempt as a small enterprise (Luxembourg: article 57 of the VAT law)"
    )
