"""A town to look at background work from: people who may and may not, keys, a run, an event nobody could deliver."""

from typing import Any

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from orion_core.events import publish
from orion_core.ids import new_id
from orion_core.models.outbox import EventDelivery, OutboxEvent
from orion_core.services.api_keys import create_api_key
from orion_core.tasks import enqueue
from orion_core.upkeep import forget_old_records
from orion_tenancy.events import StoreCreated
from orion_tenancy.models import Merchant, Store
from orion_tenancy.services.merchants import add_owner
from orion_tenancy.services.roles import list_roles
from orion_tenancy.services.scopes import acting_for, store_tenant
from orion_tenancy.services.team import add_member
from tests.modules.tenancy.tenants import Tenants

SUBSCRIBER = "messaging.greet_store"


def build(session: Session) -> dict[str, Any]:
    """Return ids of a run, an event and its dead delivery, and keys that may view, manage, or neither."""
    tenants = Tenants(session)
    merchant = tenants.merchant(tenants.platform(), "haff")
    store = tenants.store(merchant, "mugs")
    _people(tenants, merchant, store)
    session.execute(text("UPDATE core.outbox_event SET relayed_at = now()"))
    keys = {code: create_api_key(session, code, [f"core.{code}_background"])[1] for code in ("view", "manage")}
    keys["other"] = create_api_key(session, "other", ["tenancy.manage_users"])[1]
    return {**keys, "run": enqueue(session, forget_old_records), **_dead_event(session, store)}


def _people(tenants: Tenants, merchant: Merchant, store: Store) -> None:
    tenants.user("admin@example.com", is_platform_admin=True)
    add_owner(tenants.session, merchant, tenants.user("owner@example.com"))
    with acting_for(tenants.session, store_tenant(tenants.session, store)):
        role = next(role for role in list_roles(tenants.session) if role.code == "manager")
        add_member(tenants.session, tenants.user("manager@example.com"), role)


def _dead_event(session: Session, store: Store) -> dict[str, Any]:
    ids = {"store_id": store.id, "merchant_id": store.merchant_id, "platform_id": new_id()}
    publish(session, StoreCreated(**ids, code=store.code, name="Grandmother's", currency="EUR"))
    event = session.scalars(select(OutboxEvent).order_by(OutboxEvent.position.desc()).limit(1)).one()
    delivery = EventDelivery(event_id=event.id, subscriber=SUBSCRIBER, position=event.position)
    delivery.status, delivery.attempts, delivery.error = "dead", 10, "ConnectionError: no <b>mail</b> server"
    session.add(delivery)
    session.flush()
    return {"event": event.id, "delivery": delivery.id}
