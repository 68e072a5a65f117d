"""All that other modules may import from tenancy: the events it publishes."""

from orion_tenancy.events import MerchantStateChanged, ModuleSwitched, StoreCreated

__all__ = ["MerchantStateChanged", "ModuleSwitched", "StoreCreated"]
