"""The order of modules: what is required comes first, ties go by name; circles and gaps are named."""

from collections.abc import Iterable, Mapping
from graphlib import CycleError, TopologicalSorter
from heapq import heappop, heappush

from orion_host.assembly.report import Problem, did_you_mean

Requires = Mapping[str, tuple[str, ...]]
"""Names of the modules that each module requires."""


def in_order(requires: Requires) -> list[str]:
    """Return the names so that each comes after what it requires; names it does not know are ignored.

    Raises:
        CycleError: If modules require each other in a circle.
    """
    sorter = TopologicalSorter(_within(requires))
    sorter.prepare()
    order: list[str] = []
    ready: list[str] = []
    while sorter.is_active():
        for name in sorter.get_ready():
            heappush(ready, name)
        order.append(heappop(ready))
        sorter.done(order[-1])
    return order


def missing(requires: Requires, installed: Iterable[str]) -> list[Problem]:
    """Return a problem for each requirement that is not installed at all."""
    installed = set(installed)
    return [
        Problem(
            module=name,
            stage="requires",
            message=f"requires module {required!r}, which is not installed",
            hint=did_you_mean(required, installed - {name}) or f"Install the distribution that ships {required!r}.",
        )
        for name, requirements in requires.items()
        for required in requirements
        if required not in installed
    ]


def circles(requires: Requires) -> list[Problem]:
    """Return a problem for each circle, blamed on its first module by name."""
    problems: list[Problem] = []
    remaining = dict(requires)
    while True:
        try:
            in_order(remaining)
        except CycleError as error:
            circle = _read_aloud(error.args[1])
            problems.append(
                Problem(
                    module=circle[0],
                    stage="requires",
                    message=f"stands in a circle: {' requires '.join(circle)}",
                    hint="Let one of them listen to events or offer a hook instead.",
                )
            )
            remaining = {name: needs for name, needs in remaining.items() if name not in circle}
        else:
            return problems


def dependents(requires: Requires, broken: Iterable[str]) -> list[Problem]:
    """Return a problem for each sound module that needs a broken one, directly or through others."""
    out = set(broken)
    problems: list[Problem] = []
    while True:
        affected = {
            name: next(required for required in requirements if required in out)
            for name, requirements in sorted(requires.items())
            if name not in out and not out.isdisjoint(requirements)
        }
        if not affected:
            return problems
        problems += [
            Problem(
                module=name,
                stage="requires",
                message=f"cannot be used or examined further, because it requires {required!r}",
                hint=f"Repair {required!r} first.",
            )
            for name, required in affected.items()
        ]
        out |= affected.keys()


def _read_aloud(cycle: list[str]) -> list[str]:
    """Turn graphlib's cycle round, which lists what is required first, and start it with the first name."""
    names = cycle[:0:-1]
    start = names.index(min(names))
    return [*names[start:], *names[:start], names[start]]


def _within(requires: Requires) -> dict[str, list[str]]:
    return {name: [other for other in needs if other in requires] for name, needs in requires.items()}
