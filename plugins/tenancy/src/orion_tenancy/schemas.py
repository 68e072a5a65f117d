"""What callers send and receive: inputs of forms and the API, and the API's answers."""

import re
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from orion_core.i18n import LOCALES

_HOST = re.compile(r"(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]")


def _lower_email(value: str) -> str:
    email = value.strip().lower()
    if not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s.]+", email):
        raise ValueError("This is not an e-mail address")
    return email


def _known_locale(value: str) -> str:
    if value not in LOCALES:
        raise ValueError("This language is not offered")
    return value


def _lower_host(value: str) -> str:
    host = value.strip().lower().rstrip(".")
    if not _HOST.fullmatch(host):
        raise ValueError("This is not a domain name")
    return host


Email = Annotated[str, Field(max_length=254), AfterValidator(_lower_email)]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]
Code = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{1,38}[a-z0-9]$")]
Locale = Annotated[str, AfterValidator(_known_locale)]
Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
Country = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
HostName = Annotated[str, AfterValidator(_lower_host)]
Password = Annotated[str, Field(max_length=1000)]
MerchantState = Literal["applied", "in_review", "active", "suspended", "terminated"]


class PlatformChange(BaseModel):
    name: Name
    domain: HostName | None = None
    is_active: bool = False
    locale: Locale = "en"
    currency: Currency = "EUR"


class PlatformInput(PlatformChange):
    code: Code
    is_active: bool = True


class MerchantInput(BaseModel):
    platform_id: UUID
    code: Code
    name: Name
    contact_email: Email


class TransitionInput(BaseModel):
    state: MerchantState
    reason: Annotated[str, Field(max_length=500)] = ""


class StoreChange(BaseModel):
    name: Name
    description: Annotated[str, Field(max_length=2000)] = ""
    locale: Locale = "en"
    locales: list[Locale] = []
    currency: Currency = "EUR"
    country: Country = "LU"


class StoreInput(StoreChange):
    merchant_id: UUID
    code: Code


class DomainInput(BaseModel):
    host: HostName


class UserInput(BaseModel):
    email: Email
    name: Name
    locale: Locale = "en"
    is_platform_admin: bool = False
    password: Password


class SwitchInput(BaseModel):
    enabled: bool
    with_dependents: bool = False


class RoleInput(BaseModel):
    name: Name
    permissions: list[str] = []


class InvitationInput(BaseModel):
    email: Email
    role_id: UUID


class RoleChoice(BaseModel):
    role_id: UUID


class JoinInput(BaseModel):
    name: Name | None = None
    password: Password


class SignInInput(BaseModel):
    email: Annotated[str, Field(max_length=254)]
    password: Password
    next: str = ""


class ProfileInput(BaseModel):
    name: Name
    locale: Locale


class PasswordInput(BaseModel):
    current: Password
    password: Password


class Record(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: UUID


class PlatformOut(Record):
    code: str
    name: str
    domain: str | None
    is_active: bool
    locale: str
    currency: str
    version: int


class MerchantOut(Record):
    platform_id: UUID
    code: str
    name: str
    contact_email: str
    state: str
    created_at: datetime
    version: int


class StoreOut(Record):
    platform_id: UUID
    merchant_id: UUID
    code: str
    name: str
    description: str
    locale: str
    locales: list[str]
    currency: str
    country: str
    is_open: bool
    version: int


class UserOut(Record):
    email: str
    name: str
    locale: str
    is_platform_admin: bool
    is_active: bool
    version: int


class ModuleOut(BaseModel):
    module: str
    title: str
    tier: str
    enabled: bool


class RoleOut(Record):
    code: str
    name: str
    is_preset: bool
    permissions: list[str]
    version: int


class MemberOut(BaseModel):
    user_id: UUID
    name: str
    email: str
    role_id: UUID
    role: str


class InvitationOut(Record):
    email: str
    role_id: UUID
    expires_at: datetime
