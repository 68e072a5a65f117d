"""Platforms: the marketplaces of this installation."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from orion_core.services.audit import audit
from orion_tenancy.exceptions import CodeTaken, DomainTaken
from orion_tenancy.models import Platform
from orion_tenancy.schemas import PlatformChange, PlatformInput
from orion_tenancy.services.listing import Key, take
from orion_tenancy.services.records import add_unique, get, get_locked


def create_platform(session: Session, given: PlatformInput) -> Platform:
    _refuse_taken_domain(session, given.domain, None)
    platform = Platform(**given.model_dump())
    add_unique(session, platform, CodeTaken(errors={"code": CodeTaken.title}))
    audit(session, "tenancy.create_platform", platform, **given.model_dump())
    return platform


def edit_platform(session: Session, platform_id: UUID, given: PlatformChange, version: int | None) -> Platform:
    platform = get_locked(session, Platform, platform_id, version)
    _refuse_taken_domain(session, given.domain, platform_id)
    for name, value in given.model_dump(exclude={"code"}).items():
        setattr(platform, name, value)
    audit(session, "tenancy.edit_platform", platform, **given.model_dump())
    return platform


def get_platform(session: Session, platform_id: UUID) -> Platform:
    return get(session, Platform, platform_id)


def list_platforms(
    session: Session, *, after: Key | None = None, limit: int = 100
) -> tuple[list[Platform], Key | None]:
    return take(session, select(Platform), Platform, after=after, limit=limit)


def _refuse_taken_domain(session: Session, domain: str | None, own_id: UUID | None) -> None:
    other = session.scalar(select(Platform.id).where(Platform.domain == domain)) if domain else None
    if other not in {None, own_id}:
        raise DomainTaken(errors={"domain": DomainTaken.title})
