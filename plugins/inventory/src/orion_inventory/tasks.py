"""Background work: ended holds are removed each minute, the ledger is proven each night."""

from sqlalchemy.orm import Session

from orion_core.tasks import task
from orion_inventory.services import holds, proof


@task("inventory.sweep_reservations", queue="scheduled", title="Remove reservations that have ended")
def sweep_reservations(session: Session) -> None:
    holds.sweep(session)


@task("inventory.prove_ledger", queue="scheduled", title="Prove the stock ledger", time_limit=1800, exclusive=True)
def prove_ledger(session: Session) -> None:
    proof.prove(session)
