"""Typed module settings that inherit: default < environment < platform < merchant < store, with provenance."""

import os
from dataclasses import dataclass
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


def resolve(cls: type[S], layers: list[tuple[str, dict[str, Any]]]) -> tuple[S, list[Provenance]]:
    """Combine the layers of a module's settings.

    Args:
        cls: The settings class.
        layers: Pairs of source name and stored values, weakest first, without defaults and environment.

    Returns:
        The settings in force, and where each value comes from.

    Raises:
        InvalidInput: If a value does not fit its field; it names the source.
    """
    values: dict[str, Any] = {}
    origin = dict.fromkeys(cls.model_fields, "default")
    for source, layer in [("environment", _environment(cls)), *layers]:
        known = {name: value for name, value in layer.items() if name in cls.model_fields}
        values.update({name: check(cls, name, value, source) for name, value in known.items()})
        origin.update(dict.fromkeys(known, source))
    settings = cls(**values)
    return settings, [Provenance(name, getattr(settings, name), origin[name]) for name in cls.model_fields]


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
    info = cls.model_fields[field]
    adapter: TypeAdapter[Any] = TypeAdapter(info.rebuild_annotation())
    try:
        return adapter.validate_python(value)
    except ValidationError as error:
        reason = error.errors()[0]["msg"]
        raise InvalidInput(f"{cls.module}.{field} from {source}: {reason}", errors={field: reason}) from error


def _environment(cls: type[ModuleSettings]) -> dict[str, str]:
    names = {field: cls.variable(field) for field in cls.model_fields}
    return {field: os.environ[name] for field, name in names.items() if name in os.environ}
