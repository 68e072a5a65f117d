"""Background work: what is over is removed after a while."""

from sqlalchemy.orm import Session

from orion_core.tasks import task
from orion_tenancy.services import invitations, sessions


@task("tenancy.expire_invitations", queue="scheduled", title="Remove old invitations")
def expire_invitations(session: Session) -> None:
    invitations.expire_invitations(session)


@task("tenancy.forget_sessions", queue="scheduled", title="Remove old staff sessions")
def forget_sessions(session: Session) -> None:
    sessions.forget_old_sessions(session)
