"""A check and what it finds: a promise with a stable code, and each place where it is broken."""

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from orion_host.kit.subject import Subject

Needs = Literal["sources", "assembly", "tables"]
"""What a check looks at: files alone, the assembled module, or its migrated tables. It is skipped without."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A broken promise.

    Args:
        check: Code of the check.
        subject: Where: a file and line, a route, a table, a task.
        fact: What is wrong.
        fix: What to do.
    """

    check: str
    subject: str
    fact: str
    fix: str

    def __str__(self) -> str:
        return f"{self.check}: {self.subject}: {self.fact} {self.fix}".strip()

    def as_dict(self) -> dict[str, str]:
        """Return the finding as plain values."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Found:
    """What a check yields; the code is the check's own."""

    subject: str
    fact: str
    fix: str = ""
    is_note: bool = False
    """Whether it is no fault, only something that could not be proven."""


Look = Callable[["Subject"], Iterable[Found]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """A promise every module keeps. Made by ``@check``.

    Args:
        code: Stable name.
        title: The promise, as a sentence.
        proves: How it is proven, and why it matters.
        needs: What has to be there for it to be looked at.
        look: Yields where it is broken.
    """

    code: str
    title: str
    proves: str
    needs: Needs
    look: Look

    def examine(self, subject: "Subject") -> tuple[list[Finding], list[Finding]]:
        """Return what is wrong with a module, and what could not be proven.

        Args:
            subject: The module.
        """
        findings, notes = list[Finding](), list[Finding]()
        for found in self.look(subject):
            kind = notes if found.is_note else findings
            kind.append(Finding(check=self.code, subject=found.subject, fact=found.fact, fix=found.fix))
        return findings, notes


def check(code: str, title: str, *, needs: Needs = "sources") -> Callable[[Look], Check]:
    """Turn a function into a check; its docstring says what it proves.

    Args:
        code: Stable name, words joined by dashes.
        title: The promise, as a sentence.
        needs: What has to be there.
    """

    def define(look: Look) -> Check:
        proves = " ".join((look.__doc__ or "").split())
        return Check(code=code, title=title, proves=proves, needs=needs, look=look)

    return define
