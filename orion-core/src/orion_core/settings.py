"""Typed module settings that inherit: default < environment < platform < merchant < store, with provenance."""

import os
from dataclasses import dataclass
from functools import cache
from typing import Any, ClassVar, TypeVar

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from orion_core.errors import InvalidInput


class ModuleSettings(BaseModel):
    """Base of a module's settings: ``class BillingConfig(ModuleSettings): module = "billing"``.

    Each field needs a default and a description. The environment variable of a field is
    ``ORION_<MODULE>_<FIELD>``; values of platform, merchant and store stand in the database.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    module: ClassVar[str]

    @classmethod
    def variable(cls, field: str) -> str:
        """Return the environment variable of a field."""
        return f"ORION_{cls.module}_{field}".upper()


S = TypeVar("S", bound=ModuleSettings)
Layers = list[tuple[str, dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a setting's value comes from.

    Args:
        field: The field's name.
        value: The value in force.
        source: ``default``, ``environment``, ``platform``, ``merchant`` or ``store``.
    """

    field: str
    value: Any
    source: str


def resolve(cls: type[S], layers: Layers) -> S:
    """Combine the layers of a module's settings.

    Args:
        cls: The settings class.
        layers: Pairs of source name and stored values, weakest first, without defaults and environment.

    Returns:
        The settings in force.

    Raises:
        InvalidInput: If a value does not fit its field; it names the source.
    """
    return _filled(cls, _given(cls, layers))


def explain(cls: type[ModuleSettings], layers: Layers) -> list[Provenance]:
    """Return where each setting's value comes from.

    Args:
        cls: The settings class.
        layers: As for ``resolve``.

    Raises:
        InvalidInput: If a value does not fit its field; it names the source.
    """
    given = _given(cls, layers)
    settings = _filled(cls, given)
    return [
        Provenance(name, getattr(settings, name), given[name][1] if name in given else "default")
        for name in cls.model_fields
    ]


def check(cls: type[ModuleSettings], field: str, value: Any, source: str) -> Any:
    """Return ``value`` as the field's type.

    Args:
        cls: The settings class.
        field: Name of one of its fields.
        value: A plain value or, from the environment, text.
        source: Where it came from, for the message.

    Raises:
        InvalidInput: If there is no such field or the value does not fit it.
    """
    if field not in cls.model_fields:
        raise InvalidInput(f"{cls.module} has no setting {field!r}", errors={field: "unknown setting"})
    try:
        return _adapter(cls, field).validate_python(value)
    except ValidationError as error:
        reason = error.errors()[0]["msg"]
        raise InvalidInput(f"{cls.module}.{field} from {source}: {reason}", errors={field: reason}) from error


def _given(cls: type[ModuleSettings], layers: Layers) -> dict[str, tuple[Any, str]]:
    """Return the values that are not defaults, each with its source."""
    given = {}
    for source, layer in [("environment", _environment(cls)), *layers]:
        for name, value in layer.items():
            if name in cls.model_fields:
                given[name] = check(cls, name, value, source), source
    return given


def _filled(cls: type[S], given: dict[str, tuple[Any, str]]) -> S:
    return cls(**{name: value for name, (value, _) in given.items()})


def _environment(cls: type[ModuleSettings]) -> dict[str, str]:
    return {field: value for field, name in _variables(cls) if (value := os.environ.get(name)) is not None}


@cache
def _variables(cls: type[ModuleSettings]) -> list[tuple[str, str]]:
    return [(field, cls.variable(field)) for field in cls.model_fields]


@cache
def _adapter(cls: type[ModuleSettings], field: str) -> TypeAdapter[Any]:
    return TypeAdapter(cls.model_fields[field].rebuild_annotation())
