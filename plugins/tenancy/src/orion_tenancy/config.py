"""Settings of staff sign-in and invitations."""

from pydantic import Field

from orion_core.settings import ModuleSettings


class TenancyConfig(ModuleSettings):
    module = "tenancy"

    session_days: int = Field(default=14, ge=1, le=90, description="Days until a staff session ends")
    login_attempts: int = Field(
        default=10,
        ge=1,
        le=1000,
        description="Sign-in attempts per minute, for an account and for an address",
    )
    invitation_days: int = Field(default=7, ge=1, le=60, description="Days an invitation may be accepted")
