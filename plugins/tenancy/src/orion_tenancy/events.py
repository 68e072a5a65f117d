"""What other modules can react to: merchants, stores and module switches."""

from uuid import UUID

from orion_core.events import Event


class MerchantStateChanged(Event):
    type = "tenancy.merchant_state_changed.v1"

    merchant_id: UUID
    old_state: str
    new_state: str
    reason: str

    @property
    def aggregate_id(self) -> UUID:
        return self.merchant_id


class StoreCreated(Event):
    type = "tenancy.store_created.v1"

    store_id: UUID
    merchant_id: UUID
    platform_id: UUID
    code: str
    name: str
    currency: str

    @property
    def aggregate_id(self) -> UUID:
        return self.store_id


class ModuleSwitched(Event):
    type = "tenancy.module_switched.v1"

    platform_id: UUID
    module: str
    enabled: bool

    @property
    def aggregate_id(self) -> UUID:
        return self.platform_id
