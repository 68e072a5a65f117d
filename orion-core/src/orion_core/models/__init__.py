"""The core module's tables; importing this package maps them all."""

from orion_core.models.base import Base
from orion_core.models.file import FileRecord
from orion_core.models.fleet import Process, Subscription
from orion_core.models.mail import MailMessage
from orion_core.models.outbox import EventDelivery, OutboxEvent
from orion_core.models.records import ApiKey, AuditEntry, IdempotencyRecord, NumberSeries
from orion_core.models.settings import MenuOverride, SettingValue
from orion_core.models.task_run import ScheduleMark, TaskRun

__all__ = [
    "ApiKey",
    "AuditEntry",
    "Base",
    "EventDelivery",
    "FileRecord",
    "IdempotencyRecord",
    "MailMessage",
    "MenuOverride",
    "NumberSeries",
    "OutboxEvent",
    "Process",
    "ScheduleMark",
    "SettingValue",
    "Subscription",
    "TaskRun",
]
