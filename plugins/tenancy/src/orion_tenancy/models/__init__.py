"""The tenancy module's tables; importing this package maps them all."""

from orion_tenancy.models.base import Base
from orion_tenancy.models.teams import Invitation, Membership, MerchantOwner, Role
from orion_tenancy.models.tenants import Domain, Merchant, MerchantStateChange, ModuleSwitch, Platform, Store
from orion_tenancy.models.users import Credential, LoginSession, User

__all__ = [
    "Base",
    "Credential",
    "Domain",
    "Invitation",
    "LoginSession",
    "Membership",
    "Merchant",
    "MerchantOwner",
    "MerchantStateChange",
    "ModuleSwitch",
    "Platform",
    "Role",
    "Store",
    "User",
]
