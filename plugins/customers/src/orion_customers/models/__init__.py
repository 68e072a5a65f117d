"""The customers module's tables; importing this package maps them all."""

from orion_customers.models.accounts import (
    Credential,
    Customer,
    CustomerAddress,
    CustomerGroup,
    CustomerSession,
    GroupMember,
    PasswordResetToken,
)
from orion_customers.models.base import Base
from orion_customers.models.rights import Consent, DataRequest, TaxNumber, WishlistItem

__all__ = [
    "Base",
    "Consent",
    "Credential",
    "Customer",
    "CustomerAddress",
    "CustomerGroup",
    "CustomerSession",
    "DataRequest",
    "GroupMember",
    "PasswordResetToken",
    "TaxNumber",
    "WishlistItem",
]
