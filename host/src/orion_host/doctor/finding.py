"""What the doctor finds."""

from dataclasses import asdict, dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong.

    Args:
        severity: ``error`` (must be mended) or ``warning``.
        about: What it concerns: a module, or a part of the installation such as ``broker``.
        cause: The fact.
        fix: What to do.
    """

    severity: Literal["error", "warning"]
    about: str
    cause: str
    fix: str

    def as_dict(self) -> dict[str, str]:
        """Return the finding as plain values."""
        return asdict(self)


def error(about: str, cause: str, fix: str) -> Finding:
    """Return a finding that must be mended."""
    return Finding("error", about, cause, fix)


def warning(about: str, cause: str, fix: str) -> Finding:
    """Return a finding to think about."""
    return Finding("warning", about, cause, fix)
