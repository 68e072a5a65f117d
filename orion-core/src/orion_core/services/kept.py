"""What the core module writes down about other modules: settings, overrides, runs, events, series, mail, rights."""

from orion_core.contributions import Kept
from orion_core.models import (
    ApiKey,
    EventDelivery,
    IdempotencyRecord,
    MailMessage,
    MenuOverride,
    NumberSeries,
    ScheduleMark,
    SettingValue,
    Subscription,
    TaskRun,
)


def kept() -> list[Kept]:
    """Return the columns by which the core module names other modules.

    The audit trail is not among them: who did what is known as long as the installation lives. Nor are the events
    that a module published: others may still be waiting for them, and what is delivered is forgotten after a month.
    """
    return [
        Kept(title="settings", column=SettingValue.module_name),
        Kept(title="menu overrides", column=MenuOverride.item),
        Kept(title="schedule marks", column=ScheduleMark.entry),
        Kept(title="task runs", column=TaskRun.task),
        Kept(title="event deliveries", column=EventDelivery.subscriber),
        Kept(title="event subscriptions", column=Subscription.module_name),
        Kept(title="number series", column=NumberSeries.code),
        Kept(title="idempotency keys", column=IdempotencyRecord.caller),
        Kept(title="mails", column=MailMessage.module_name),
        Kept(title="permissions in API keys", column=ApiKey.permissions),
    ]
