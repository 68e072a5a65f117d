"""Factories of tenants and people, in whatever session a test works with."""

from typing import Any

from sqlalchemy.orm import Session

from orion_tenancy.models import Merchant, Platform, Store, User
from orion_tenancy.schemas import MerchantInput, PlatformInput, StoreInput, UserInput
from orion_tenancy.services.merchants import change_merchant_state, create_merchant
from orion_tenancy.services.platforms import create_platform
from orion_tenancy.services.stores import create_store
from orion_tenancy.services.users import create_user

PASSWORD = "seven green kettles"


class Tenants:
    """Makes tenants in one session; names follow from codes."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def platform(self, code: str = "north", **values: Any) -> Platform:
        return create_platform(self.session, PlatformInput(code=code, name=code.title(), **values))

    def merchant(self, platform: Platform, code: str = "haff", state: str = "active") -> Merchant:
        given = MerchantInput(
            platform_id=platform.id, code=code, name=code.title(), contact_email=f"{code}@example.com"
        )
        merchant = create_merchant(self.session, given)
        steps = {"applied": [], "in_review": ["in_review"], "active": ["in_review", "active"]}
        path = steps.get(state) or ([*steps["active"], state] if state not in steps else [])
        for step in path:
            change_merchant_state(self.session, merchant.id, step)
        return merchant

    def store(self, merchant: Merchant, code: str = "mugs", **values: Any) -> Store:
        return create_store(self.session, StoreInput(merchant_id=merchant.id, code=code, name=code.title(), **values))

    def user(self, email: str = "lena@example.com", **values: Any) -> User:
        return create_user(
            self.session,
            UserInput(email=email, name=email.split("@", maxsplit=1)[0].title(), password=PASSWORD, **values),
        )
