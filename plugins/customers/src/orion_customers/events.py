"""What other modules can react to: accounts made, addresses proven, people erased, tax numbers checked."""

from uuid import UUID

from orion_core.events import Event


class CustomerRegistered(Event):
    type = "customers.customer_registered.v1"

    customer_id: UUID

    @property
    def aggregate_id(self) -> UUID:
        return self.customer_id


class EmailVerified(Event):
    """The customer has proven to receive mail at this address: what a guest did under it is theirs."""

    type = "customers.email_verified.v1"

    customer_id: UUID
    email: str

    @property
    def aggregate_id(self) -> UUID:
        return self.customer_id


class CustomerErased(Event):
    type = "customers.customer_erased.v1"

    customer_id: UUID

    @property
    def aggregate_id(self) -> UUID:
        return self.customer_id


class TaxNumberChecked(Event):
    type = "customers.tax_number_checked.v1"

    customer_id: UUID
    value: str
    status: str

    @property
    def aggregate_id(self) -> UUID:
        return self.customer_id
