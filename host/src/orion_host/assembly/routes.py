"""All routers in the order in which they are served, and the routes and menus that this order leaves unreachable."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from orion_core import Area, RouteSet
from orion_host.assembly.report import Problem, blaming, did_you_mean

if TYPE_CHECKING:
    from fastapi import APIRouter

    from orion_host.assembly.collection import Collected

Kind = Literal["api", "pages"]
KINDS: tuple[Kind, ...] = ("api", "pages")
AREAS = (Area.ADMIN, Area.MERCHANT, Area.STORE, Area.SHOP, Area.PUBLIC)
"""The public area is last: its pages start at the root, where a parameter matches any other area's first segment."""

# What a parameter of a type may look like: no other type but text takes it.
_SAMPLES = {"int": "1", "float": "1.5", "uuid": "00000000-0000-0000-0000-000000000000", "path": "a/b"}
_PARAMETER = re.compile(r"{\w+(?::(\w+))?}")


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedRouter:
    """A module's router with its place in the web app.

    Args:
        module: Whose it is.
        area: Whom it serves.
        kind: ``api`` or ``pages``.
        router: The router.
    """

    module: str
    area: Area
    kind: Kind
    router: "APIRouter"

    @property
    def prefix(self) -> str:
        """The path under which it is served, without a trailing slash."""
        return self.area.api_prefix if self.kind == "api" else self.area.pages_prefix


def in_serving_order(route_sets: Iterable[tuple[str, RouteSet]]) -> tuple[PlacedRouter, ...]:
    """Return the routers of all modules in the order in which the web app must include them."""
    pairs = list(route_sets)
    return tuple(
        PlacedRouter(module=module, area=area, kind=kind, router=router)
        for kind in KINDS
        for area in AREAS
        for module, routes in pairs
        if routes.area is area and (router := getattr(routes, kind)) is not None
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """A route as it is served.

    Args:
        placed: The router it comes from.
        path: Its whole path, with parameters.
        methods: What it answers to; websockets and mounted apps answer to ``ANY``.
        pattern: The paths it matches.
        sample: One of the paths it is meant for.
        declared: The route as its module declared it.
    """

    placed: PlacedRouter
    path: str
    methods: frozenset[str]
    pattern: re.Pattern[str]
    sample: str
    declared: object


def served(collected: "Mapping[str, Collected]", problems: list[Problem]) -> list[Route]:
    """Return all routes in serving order; a router that cannot be read is a problem of its module."""
    routes: list[Route] = []
    sets = [(name, one) for name, each in collected.items() for one in each.of("orion_routes")]
    for placed in in_serving_order(sets):
        doing = f"reading its {placed.area} {placed.kind} routes"
        with blaming(problems, placed.module, collected[placed.module].module.package, "conflict", doing):
            routes += _walk(placed)
    return routes


def unreachable(routes: Iterable[Route], core: Collection[str]) -> Iterator[Problem]:
    """Find routes that an earlier one keeps requests from.

    Args:
        routes: All routes in serving order.
        core: Modules that are not to blame where another one is concerned.
    """
    earlier: defaultdict[str, list[Route]] = defaultdict(list)
    for route in routes:
        for method in sorted(route.methods - {"HEAD"}):
            first = next((other for other in earlier[method] if other.pattern.match(route.sample)), None)
            if first:
                yield _hidden(method, first, route, core)
                break
        for method in route.methods:
            earlier[method].append(route)


def without_page(routes: Iterable[Route], collected: "Mapping[str, Collected]") -> Iterator[Problem]:
    """Find menu items that lead to no page of their area."""
    pages: defaultdict[Area, list[Route]] = defaultdict(list)
    for route in routes:
        if route.placed.kind == "pages" and "GET" in route.methods:
            pages[route.placed.area].append(route)
    for each in collected.values():
        for item in each.of("orion_menus"):
            prefix = item.area.pages_prefix
            target = _sample(prefix + item.route)
            if not any(page.pattern.match(target) for page in pages[item.area]):
                known = [page.path.removeprefix(prefix) for page in pages[item.area]]
                yield Problem(
                    module=each.name,
                    stage="conflict",
                    message=f"menu item {item.id!r} leads to {item.route!r}, which no {item.area} page answers",
                    hint=did_you_mean(item.route, known),
                )


def _walk(placed: PlacedRouter) -> Iterator[Route]:
    # Workers assemble without routes and do without FastAPI.
    from fastapi.routing import iter_route_contexts  # noqa: PLC0415
    from starlette.routing import compile_path  # noqa: PLC0415

    for context in iter_route_contexts(placed.router.routes):
        path = f"{placed.prefix}{context.path}" or "/"
        methods = frozenset(context.methods or {"ANY"})
        pattern = compile_path(path)[0]
        yield Route(
            placed=placed,
            path=path,
            methods=methods,
            pattern=pattern,
            sample=_sample(path),
            declared=context.original_route,
        )


def _hidden(method: str, first: Route, second: Route, core: Collection[str]) -> Problem:
    spared = second.placed.module in core and first.placed.module not in core
    blamed, other = (first, second) if spared else (second, first)
    owner = f"module {other.placed.module!r}"
    if _PARAMETER.sub("{}", first.path) == _PARAMETER.sub("{}", second.path):
        fact = f"{method} {blamed.path} is already served by {owner}"
    elif spared:
        fact = f"{method} {blamed.path} hides {other.path} of {owner}"
    else:
        fact = f"{method} {blamed.path} is hidden by {other.path} of {owner}, which comes first"
    return Problem(
        module=blamed.placed.module,
        stage="conflict",
        message=fact,
        hint="Change one of the paths; within a router, put fixed paths before those with parameters.",
    )


def _sample(path: str) -> str:
    return _PARAMETER.sub(lambda parameter: _SAMPLES.get(parameter[1] or "str", "x"), path)
