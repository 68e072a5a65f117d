"""The front door: what a module's plugin.py imports. Importing it loads nothing heavy."""

from orion_core.contributions import (
    Area,
    Feature,
    HealthCheck,
    Kept,
    MenuItem,
    Permission,
    RouteSet,
    ScheduledTask,
    Slot,
    Subscriber,
    TaskSet,
)
from orion_core.definition import CONTRACT_VERSION, ModuleDefinition, Tier
from orion_core.errors import OrionError
from orion_core.markers import hookimpl, hookspec
from orion_core.states import IllegalTransition, StateMachine, Transition

__all__ = [
    "CONTRACT_VERSION",
    "Area",
    "Feature",
    "HealthCheck",
    "IllegalTransition",
    "Kept",
    "MenuItem",
    "ModuleDefinition",
    "OrionError",
    "Permission",
    "RouteSet",
    "ScheduledTask",
    "Slot",
    "StateMachine",
    "Subscriber",
    "TaskSet",
    "Tier",
    "Transition",
    "hookimpl",
    "hookspec",
]
