"""The module's work in the background: tasks that a worker finds, arguments a message can carry, handlers that fit."""

import ast
import inspect
import re
from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin
from uuid import UUID

from pydantic import BaseModel

from orion_core import Subscriber
from orion_core.events import Event
from orion_core.tasks import TaskDefinition
from orion_host.kit.findings import Found, check
from orion_host.kit.subject import Subject

_EVENT = re.compile(r"([a-z][a-z0-9_]*)\.[a-z][a-z0-9_]*\.v[1-9]\d*")
_PLAIN = (str, int, float, bool, bytes, NoneType, UUID, date, datetime, time, timedelta, Decimal, Enum)
_CONTAINERS = (list, tuple, set, frozenset, dict)


def _tasks(subject: Subject) -> list[TaskDefinition]:
    return [task for module, task in subject.assembly.tasks if module == subject.name]


@check("task-registration", "Every task it defines is found by the workers", needs="assembly")
def task_registration(subject: Subject) -> Iterator[Found]:
    """Compares the @task functions in its files with those its TaskSet leads to: others are queued and never run."""
    known = {task.name for task in _tasks(subject)}
    for source in subject.sources:
        for node in ast.walk(source.tree):
            if isinstance(node, ast.FunctionDef):
                for name in _task_names(node):
                    if name not in known:
                        fix = "Name its file in the packages of the TaskSet."
                        yield Found(source.at(node), f"defines task {name!r}, which no worker knows.", fix)


def _task_names(function: ast.FunctionDef) -> Iterator[str]:
    for decorator in function.decorator_list:
        if isinstance(decorator, ast.Call) and ast.unparse(decorator.func).rpartition(".")[2] == "task":
            first = decorator.args[0] if decorator.args else None
            if isinstance(first, ast.Constant):
                yield str(first.value)


@check("task-arguments", "Arguments of tasks are ids and plain values", needs="assembly")
def task_arguments(subject: Subject) -> Iterator[Found]:
    """Walks the types of every argument: they are stored as they are and read again by another process."""
    for task in _tasks(subject):
        for field, info in task.args_model.model_fields.items() if task.args_model else ():
            if wrong := _not_plain(info.annotation):
                fix = "Pass an id, and load the rest in the task."
                yield Found(task.name, f"takes {field}, which is {wrong}.", fix)


def _not_plain(annotation: Any) -> str:
    """Return the name of the first type that is no plain value; empty if all are."""
    origin = get_origin(annotation)
    if origin is Literal:
        return ""
    if origin is Annotated:
        return _not_plain(get_args(annotation)[0])
    if origin in (Union, UnionType) or origin in _CONTAINERS:
        parts = [each for each in get_args(annotation) if each is not Ellipsis]
        return next((wrong for each in parts if (wrong := _not_plain(each))), "")
    if isinstance(annotation, type):
        if issubclass(annotation, BaseModel):
            return next((w for i in annotation.model_fields.values() if (w := _not_plain(i.annotation))), "")
        if annotation in _CONTAINERS or issubclass(annotation, _PLAIN):
            return ""
    return getattr(annotation, "__name__", str(annotation))


@check("event-types", "Its events are named module.name.vN and cannot be changed", needs="assembly")
def event_types(subject: Subject) -> Iterator[Found]:
    """Looks at each class of events: subscribers know it by this name, possibly for years."""
    for event in subject.classes(Event):
        event_type = getattr(event, "type", "")
        match = _EVENT.fullmatch(event_type)
        if match is None or match[1] != subject.name:
            fix = f"Call it '{subject.name}.something_happened.v1'."
            yield Found(event.__name__, f"has type {event_type!r}.", fix)
        if not event.model_config.get("frozen"):
            yield Found(event.__name__, "can be changed after it was published.", "Leave model_config as it is.")


@check("subscribers", "It reacts to events that exist, with functions that fit", needs="assembly")
def subscribers(subject: Subject) -> Iterator[Found]:
    """Looks up each event named by its type in its module, if that is installed, and compares the handler."""
    installed = {module.name: module for module in subject.found}
    for subscriber in subject.items("orion_subscribers"):
        if isinstance(subscriber.event, str):
            yield from _known(subject, subscriber, installed)
        if fact := _unfit(subscriber.handler):
            yield Found(subscriber.id, fact, "Write def handler(session, event) -> None.")


def _known(subject: Subject, subscriber: Subscriber, installed: dict[str, Any]) -> Iterator[Found]:
    event_type = str(subscriber.event)
    match = _EVENT.fullmatch(event_type)
    if match is None:
        yield Found(subscriber.id, f"listens to {event_type!r}.", "Name the event as module.name.vN.")
    elif match[1] in installed:
        known = {each.type for each in subject.classes(Event, installed[match[1]].package)}
        if event_type not in known:
            fix = f"It publishes {', '.join(sorted(known)) or 'nothing'}."
            yield Found(subscriber.id, f"listens to {event_type!r}, which {match[1]} does not publish.", fix)


def _unfit(handler: Callable[..., Any]) -> str:
    if inspect.iscoroutinefunction(handler):
        return "is handled by an asynchronous function, which nobody awaits."
    try:
        inspect.signature(handler).bind(object(), object())
    except TypeError as error:
        return f"is handled by a function that cannot be called with (session, event): {error}."
    return ""


CHECKS = (task_registration, task_arguments, event_types, subscribers)
