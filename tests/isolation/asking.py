"""The requests of the matrix: every route of every module, its path filled with somebody's ids."""

from collections.abc import Iterator
from dataclasses import dataclass

from fastapi import FastAPI
from fastapi.routing import APIRoute

from orion_core import Area
from orion_core.web.routing import guards_of
from orion_host.web.gate import routes_behind_gates
from tests.isolation.belongings import Belongings

TENANTS = ("store", "merchant")


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One request.

    Args:
        method: HTTP method.
        template: The route's path with its parameters.
        path: The path asked for.
        area: Whom the route serves.
        names_record: Whether the path names a record besides the tenant.
        is_public: Whether anybody may ask, such as for a login page.
    """

    method: str
    template: str
    path: str
    area: Area
    names_record: bool
    is_public: bool

    def __str__(self) -> str:
        return f"{self.method} {self.path} ({self.template})"


def requests(app: FastAPI, place: Belongings, records: Belongings) -> Iterator[Asked]:
    """Yield requests at one store's or merchant's addresses for the records of another, or of its own.

    Args:
        app: Whose routes.
        place: Fills the tenant's parameter.
        records: Fills all other parameters, with one record after the other.
    """
    for gate, route in routes_behind_gates(app):
        if not isinstance(route, APIRoute):
            continue
        template = f"{gate.mount_prefix}{route.path}"
        is_public = all(guard.kind == "public" for guard in guards_of(route))
        parameters = {field.alias: field for field in route.dependant.path_params}
        others = [name for name in parameters if name not in TENANTS]
        texts = {name for name in others if parameters[name].field_info.annotation is str}
        for path in _filled(template, place, records, others, texts):
            for method in sorted((route.methods or set()) - {"HEAD"}):
                yield Asked(
                    method=method,
                    template=template,
                    path=path,
                    area=gate.area,
                    names_record=bool(others),
                    is_public=is_public,
                )


def _filled(template: str, place: Belongings, records: Belongings, others: list[str], texts: set[str]) -> Iterator[str]:
    path = template.replace("{store}", place.store).replace("{merchant}", place.merchant)
    if not others:
        yield path
        return
    rounds = max(len(records.ids) if set(others) - texts else 0, len(records.names) if texts else 0)
    for turn in range(rounds):
        filled = path
        for name in others:
            values = records.names if name in texts else records.ids
            for form in (f"{{{name}}}", f"{{{name}:path}}"):
                filled = filled.replace(form, str(values[turn % len(values)]))
        yield filled
