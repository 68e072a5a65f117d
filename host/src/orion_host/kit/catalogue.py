"""All checks in the order in which they are looked at, and the run of them over one module."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from time import perf_counter

from orion_core import OrionError
from orion_host.assembly import did_you_mean
from orion_host.kit.checks import (
    background,
    definition,
    migrations,
    models,
    pages,
    rooms,
    routes,
    running,
    startup,
    surface,
    tenants,
    texts,
)
from orion_host.kit.findings import Check, Finding
from orion_host.kit.subject import Subject

THEMES = (definition, startup, rooms, routes, pages, texts, background, surface, models, migrations, tenants, running)
CHECKS: tuple[Check, ...] = tuple(each for theme in THEMES for each in theme.CHECKS)


class UnknownCheck(OrionError):
    """There is no check of that code."""

    code = "unknown_check"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of a check.

    Args:
        check: The check.
        findings: What it found; nothing is good.
        notes: What it could not prove.
        skipped: Why it could not be looked at; empty if it was.
        seconds: How long it took.
    """

    check: Check
    findings: tuple[Finding, ...] = ()
    notes: tuple[Finding, ...] = ()
    skipped: str = ""
    seconds: float = 0.0


def find_check(code: str) -> Check:
    """Return a check by its code.

    Args:
        code: The code.

    Raises:
        UnknownCheck: If there is none.
    """
    known = {each.code: each for each in CHECKS}
    if code not in known:
        raise UnknownCheck(f"there is no check {code!r}. {did_you_mean(code, known)}".strip())
    return known[code]


def run_checks(subject: Subject, checks: Sequence[Check] = CHECKS) -> Iterator[Outcome]:
    """Look at a module, one check after another.

    Args:
        subject: The module.
        checks: Which checks.

    Yields:
        What became of each.
    """
    for each in checks:
        started = perf_counter()
        skipped = _missing(subject, each)
        findings, notes = ([], []) if skipped else each.examine(subject)
        yield Outcome(
            check=each,
            findings=tuple(findings),
            notes=tuple(notes),
            skipped=skipped,
            seconds=perf_counter() - started,
        )


def _missing(subject: Subject, each: Check) -> str:
    """Return what a check needs and the module does not have yet."""
    if each.needs != "sources" and subject.problems:
        return "the module does not assemble"
    if each.needs == "tables" and subject.trial.error:
        return "its migrations do not run"
    return ""
