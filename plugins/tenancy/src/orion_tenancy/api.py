"""All that other modules may import from tenancy: the events it publishes, and what stores are called."""

from orion_tenancy.events import MerchantStateChanged, ModuleSwitched, StoreCreated
from orion_tenancy.services.naming import StoreName, name_stores

__all__ = ["MerchantStateChanged", "ModuleSwitched", "StoreCreated", "StoreName", "name_stores"]
