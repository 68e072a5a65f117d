"""Checks what a hook returned against the hook specification's own annotation, the one place that says it."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import is_dataclass
from inspect import formatannotation
from reprlib import repr as brief
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from typer import Typer
from typing_extensions import get_protocol_members, is_protocol

from orion_core import RouteSet, contributions, tenants
from orion_core.db import ModuleTables
from orion_core.events import Event
from orion_core.settings import ModuleSettings
from orion_core.states import StateMachine
from orion_core.tenants import Authenticator, TenantDirectory

# What orion_core imports for type checkers only, so that plugin.py stays cheap.
_CLASSES = (Authenticator, Event, ModuleSettings, ModuleTables, StateMachine, TenantDirectory, Typer)
_NAMES: Mapping[str, Any] = {**vars(contributions), **{cls.__name__: cls for cls in _CLASSES}}

_DESCRIBED = {contributions.__name__, tenants.__name__}


def expected(specification: Callable[..., Any]) -> Any:
    """Return the type that implementations of a hook must return.

    Raises:
        NameError: If the annotation names something that is imported for type checkers only.
    """
    return get_type_hints(specification, localns=dict(_NAMES)).get("return", Any)


def fault(value: Any, wanted: Any) -> str:
    """Return what keeps ``value`` from being a ``wanted``; empty if nothing does."""
    if not _is_a(value, wanted):
        return f"{brief(value)} is not {in_words(wanted)}"
    for name, part, wanted_part in _parts(value, wanted):
        if reason := fault(part, wanted_part):
            return f"{name}: {reason}"
    return ""


def _is_a(value: Any, wanted: Any) -> bool:
    origin, args = get_origin(wanted), get_args(wanted)
    if origin in (Union, UnionType):
        return any(not fault(value, one) for one in args)
    if origin is Literal:
        return value in args
    if origin is type:
        return isinstance(value, type) and issubclass(value, args[0])
    if is_protocol(wanted):
        return all(hasattr(value, member) for member in get_protocol_members(wanted))
    return wanted is Any or isinstance(value, origin or wanted)


def _parts(value: Any, wanted: Any) -> Iterator[tuple[str, Any, Any]]:
    """Yield name, value and wanted type of a list's items, and of the fields of orion-core's own types."""
    if get_origin(wanted) in (list, tuple):
        yield from ((f"item {number}", item, get_args(wanted)[0]) for number, item in enumerate(value, 1))
    elif getattr(wanted, "__module__", "") in _DESCRIBED and (is_dataclass(wanted) or is_protocol(wanted)):
        for name, hint in _fields(wanted).items():
            yield f"{wanted.__name__}.{name}", getattr(value, name), hint


def _fields(cls: Any) -> dict[str, Any]:
    names = dict(_NAMES)
    if cls is RouteSet:
        from fastapi import APIRouter  # noqa: PLC0415 - workers collect no routes and do without FastAPI

        names["APIRouter"] = APIRouter
    return get_type_hints(cls, localns=names)


def in_words(wanted: Any) -> str:
    """Return a type as its author wrote it."""
    return re.sub(r"(?:\w+\.)+", "", formatannotation(wanted))
