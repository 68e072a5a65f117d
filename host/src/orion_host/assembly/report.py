"""What is wrong with the installed modules: every problem with its module, all told at once."""

import traceback
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from difflib import get_close_matches
from textwrap import indent

from orion_core import OrionError


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """A reason why a module cannot take part.

    Args:
        module: The module to blame; in quarantine, the one that is left out.
        stage: When it showed: ``discover``, ``load``, ``requires``, ``hooks``, ``collect`` or ``conflict``.
        message: The fact.
        hint: What to do, or where to look.
        cause: What the module raised.
    """

    module: str
    stage: str
    message: str
    hint: str = ""
    cause: BaseException | None = None

    def __str__(self) -> str:
        lines = [f"{self.module}: {self.message}", *([self.hint] if self.hint else [])]
        return indent("\n".join(lines), "    ").strip()


class AssemblyError(OrionError):
    """The installed modules do not fit together.

    Args:
        problems: Everything that was found; the text lists it all.
    """

    code = "assembly_failed"
    title = "The installed modules do not fit together"

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        count = f"{len(self.problems)} problem{'s' if len(self.problems) > 1 else ''}"
        listing = "\n".join(f"  {problem}" for problem in self.problems)
        super().__init__(f"{self.title} ({count}):\n{listing}")


@contextmanager
def blaming(problems: list[Problem], module: str, package: str, stage: str, doing: str) -> Iterator[None]:
    """Turn whatever a module's code raises into a problem of that module."""
    try:
        yield
    except (Exception, SystemExit) as error:  # noqa: BLE001 - a module may raise anything, and must not stop others
        message = f"{doing} raised {type(error).__name__}: {error}"
        problems.append(Problem(module=module, stage=stage, message=message, hint=_where(error, package), cause=error))


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return the question to ask when ``name`` is not among ``known``; empty if nothing is like it."""
    matches = get_close_matches(name, sorted(known), n=1)
    return f"Did you mean {matches[0]!r}?" if matches else ""


def _where(error: BaseException, package: str) -> str:
    """Return the last line of the module's own code on the way to the error."""
    lines = [
        f"See {frame.f_code.co_filename}:{line}"
        for frame, line in traceback.walk_tb(error.__traceback__)
        if str(frame.f_globals.get("__name__")).startswith(package)
    ]
    return lines[-1] if lines else ""
