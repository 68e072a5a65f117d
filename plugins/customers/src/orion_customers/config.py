"""Settings of customers' accounts."""

from pydantic import Field

from orion_core.settings import ModuleSettings


class CustomersConfig(ModuleSettings):
    module = "customers"

    session_days: int = Field(default=30, ge=1, le=365, description="Days until a customer's session ends")
    login_attempts: int = Field(
        default=10, ge=1, le=1000, description="Sign-in attempts per minute, for an account and for an address"
    )
    link_hours: int = Field(default=24, ge=1, le=168, description="Hours for which a mailed link is good")
    erasure_days: int = Field(default=7, ge=0, le=28, description="Days in which a customer may cancel an erasure")
    consent_version: str = Field(default="1", description="Version of the wording that consents are given to")
    vies_url: str = Field(
        default="",
        description="Address of the EU's VAT number check (VIES REST service); numbers stay unchecked if empty",
    )
    vies_days: int = Field(default=30, ge=1, le=365, description="Days after which a VAT number is checked again")
