"""State machines as data: which state may follow which, who may cause it, and under which condition."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from orion_core.errors import Conflict


class IllegalTransition(Conflict):
    """The record cannot go from its state to the one asked for."""

    code = "illegal_transition"
    title = "This step is not possible in the present state"


@dataclass(frozen=True, slots=True, kw_only=True)
class Transition:
    """One legal step.

    Args:
        source: State before.
        target: State after.
        who: Who may cause it: ``staff``, ``customer``, ``system``, ``admin``.
        guard: The condition in words; empty if there is none.
    """

    source: str
    target: str
    who: tuple[str, ...] = ("staff",)
    guard: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StateMachine:
    """The life of a kind of record.

    Args:
        name: ``module.record``, unique.
        title: What people call the record.
        initial: States in which a record may begin.
        transitions: All legal steps.

    Raises:
        ValueError: If a step is named twice.
    """

    name: str
    title: str
    initial: tuple[str, ...]
    transitions: tuple[Transition, ...]

    def __post_init__(self) -> None:
        steps = [(step.source, step.target) for step in self.transitions]
        if len(steps) != len(set(steps)):
            raise ValueError(f"state machine {self.name!r} names a step twice")

    @property
    def states(self) -> tuple[str, ...]:
        """All states, each once, in the order in which they are first named."""
        named = [*self.initial, *(state for step in self.transitions for state in (step.source, step.target))]
        return tuple(dict.fromkeys(named))

    @property
    def final(self) -> tuple[str, ...]:
        """The states nothing follows."""
        left = {step.source for step in self.transitions}
        return tuple(state for state in self.states if state not in left)

    def next(self, state: str) -> tuple[str, ...]:
        """Return the states that may follow ``state``."""
        return tuple(step.target for step in self.transitions if step.source == state)

    def step(self, source: str, target: str) -> Transition:
        """Return the step from one state to another.

        Args:
            source: The record's state.
            target: The state it shall have.

        Raises:
            IllegalTransition: If there is no such step; it names what is possible.
        """
        for step in self.transitions:
            if (step.source, step.target) == (source, target):
                return step
        possible = ", ".join(self.next(source)) or "nothing"
        raise IllegalTransition(
            f"{self.title} is {source} and cannot become {target}; possible from here: {possible}",
            machine=self.name,
            source=source,
            target=target,
        )

    def plain(self) -> dict[str, Any]:
        """Return the machine as plain values, as ``/api/v1/meta/state-machines`` publishes it."""
        return {
            "name": self.name,
            "title": self.title,
            "states": list(self.states),
            "initial": list(self.initial),
            "final": list(self.final),
            "transitions": [
                {"from": step.source, "to": step.target, "who": list(step.who), "guard": step.guard}
                for step in self.transitions
            ],
        }
