"""Locations: where pieces lie, and from where orders take first."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from orion_core.db import duplicate_key
from orion_core.errors import StaleVersion
from orion_core.services.audit import audit
from orion_inventory.exceptions import LocationCodeTaken, LocationNotFound
from orion_inventory.models import Location
from orion_inventory.schemas import LocationInput


def list_locations(session: Session) -> Sequence[Location]:
    return session.scalars(select(Location).order_by(Location.priority, Location.code).limit(500)).all()


def get_location(session: Session, location_id: UUID) -> Location:
    found = session.scalars(select(Location).where(Location.id == location_id)).one_or_none()
    if found is None:
        raise LocationNotFound
    return found


def create_location(session: Session, given: LocationInput) -> Location:
    location = Location(**given.model_dump())
    session.add(location)
    _flush(session)
    audit(session, "inventory.create_location", location, **given.model_dump())
    return location


def edit_location(session: Session, location_id: UUID, given: LocationInput, version: int | None) -> Location:
    location = get_location(session, location_id)
    if version is not None and location.version != version:
        raise StaleVersion
    for name, value in given.model_dump().items():
        setattr(location, name, value)
    _flush(session)
    audit(session, "inventory.edit_location", location, **given.model_dump())
    return location


def _flush(session: Session) -> None:
    try:
        session.flush()
    except IntegrityError as error:
        if "code" not in duplicate_key(error):
            raise
        raise LocationCodeTaken(errors={"code": "another location has this code"}) from error
