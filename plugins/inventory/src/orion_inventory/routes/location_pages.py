"""The store team's pages for locations."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Request

from orion_core.web import (
    FORM_ERRORS,
    Router,
    SessionDep,
    Submitted,
    may,
    redirect,
    render,
    requires,
    show_again,
    submitted,
)
from orion_core.web import translate as _
from orion_inventory.schemas import LocationInput
from orion_inventory.services import locations

router = Router()
VIEW = [requires("inventory.view_stock")]
MANAGE = [requires("inventory.manage_locations")]
FORM = "inventory/store/location_form.html"


class LocationForm(LocationInput):
    is_active: bool = False
    version: int | None = None

    def given(self) -> LocationInput:
        return LocationInput.model_validate(self.model_dump(exclude={"version"}))


LocationFormDep = Annotated[Submitted[LocationForm], submitted(LocationForm)]


@router.get("/inventory/locations", dependencies=VIEW)
def list_locations(request: Request, session: SessionDep) -> Any:
    rows = locations.list_locations(session)
    may_manage = may("inventory.manage_locations")
    return render(request, "inventory/store/locations.html", rows=rows, may_manage=may_manage)


@router.get("/inventory/locations/new", dependencies=MANAGE)
def new_location(request: Request) -> Any:
    return render(request, FORM, location=None, values={"is_active": True, "priority": 10}, errors={})


@router.post("/inventory/locations", dependencies=MANAGE)
def create_location(request: Request, session: SessionDep, form: LocationFormDep) -> Any:
    try:
        locations.create_location(session, form.data.given())
    except FORM_ERRORS as error:
        session.rollback()
        return show_again(request, FORM, form, error, location=None)
    return redirect("/inventory/locations", _("The location was created."))


@router.get("/inventory/locations/{location_id}", dependencies=MANAGE)
def show_location(request: Request, session: SessionDep, location_id: UUID) -> Any:
    location = locations.get_location(session, location_id)
    names = ("code", "name", "kind", "priority", "is_active", "version")
    return render(request, FORM, location=location, values={n: getattr(location, n) for n in names}, errors={})


@router.post("/inventory/locations/{location_id}", dependencies=MANAGE)
def edit_location(request: Request, session: SessionDep, location_id: UUID, form: LocationFormDep) -> Any:
    try:
        locations.edit_location(session, location_id, form.data.given(), form.data.version)
    except FORM_ERRORS as error:
        session.rollback()
        return show_again(request, FORM, form, error, location=locations.get_location(session, location_id))
    return redirect("/inventory/locations", _("The location was saved."))
