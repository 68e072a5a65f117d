"""The one way in which transfers and stocktakes change their state: checked, written down, published."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from orion_core import StateMachine
from orion_core.context import SYSTEM, current_context
from orion_core.events import publish
from orion_inventory.events import StocktakeChanged, TransferChanged
from orion_inventory.models import Step, Stocktake, Transfer


def take_step(session: Session, machine: StateMachine, record: Transfer | Stocktake, target: str) -> None:
    """Lead a locked record to another state.

    Raises:
        IllegalTransition: If the machine knows no such step.
    """
    source = record.state
    machine.step(source, target)
    actor = current_context().actor or SYSTEM
    record.state = target
    session.add(
        Step(
            machine=machine.name,
            record_id=record.id,
            source=source,
            target=target,
            actor_name=actor.name,
            actor_id=actor.id,
        )
    )
    session.flush()
    event = TransferChanged if isinstance(record, Transfer) else StocktakeChanged
    publish(session, event(record_id=record.id, source=source, state=target))


def list_steps(session: Session, record_id: UUID) -> Sequence[Step]:
    return session.scalars(select(Step).where(Step.record_id == record_id).order_by(Step.at, Step.id).limit(100)).all()
