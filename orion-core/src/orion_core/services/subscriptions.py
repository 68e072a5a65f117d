"""Remembers who subscribes to what, so that a module that is broken for a while misses nothing."""

from collections.abc import Collection, Mapping

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from orion_core.models.fleet import Subscription


def remember(session: Session, present: Mapping[str, tuple[str, str]], modules: Collection[str]) -> None:
    """Write down the subscribers of the modules that take part, and forget those that they no longer have.

    Args:
        session: A platform-wide session.
        present: Module and event type by subscriber.
        modules: The modules that take part.
    """
    gone = delete(Subscription).where(
        Subscription.module_name.in_(modules), Subscription.subscriber.not_in(list(present))
    )
    session.execute(gone, execution_options={"synchronize_session": False})
    rows = [{"subscriber": name, "module": module, "event": event} for name, (module, event) in present.items()]
    if rows:
        new = insert(Subscription.__table__)  # type: ignore[arg-type]
        changed = {"module": new.excluded.module, "event": new.excluded.event}
        session.execute(new.on_conflict_do_update(index_elements=["subscriber"], set_=changed), rows)


def of_modules(session: Session, modules: Collection[str]) -> list[tuple[str, str, str]]:
    """Return module, subscriber and event type of what modules had subscribed to when they last took part.

    Args:
        session: A platform-wide session.
        modules: Their names.
    """
    columns = (Subscription.module_name, Subscription.subscriber, Subscription.event)
    found = session.execute(select(*columns).where(Subscription.module_name.in_(modules)))
    return [(module, subscriber, event) for module, subscriber, event in found]
