"""What the core module's API takes and gives."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

RunStatus = Literal["queued", "running", "succeeded", "failed", "cancelled", "skipped"]
DeliveryStatus = Literal["pending", "failed", "dead", "done", "skipped"]
Queue = Literal["default", "long_running", "scheduled"]


class Out(BaseModel):
    """Read from the attributes of a record."""

    model_config = ConfigDict(from_attributes=True)


class RunOut(Out):
    """A task run as lists show it."""

    id: UUID
    task: str
    queue: str
    status: RunStatus
    attempts: int
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    progress_done: int
    progress_total: int | None
    progress_message: str | None
    cancel_requested: bool
    error: str | None
    platform_id: UUID | None
    merchant_id: UUID | None
    store_id: UUID | None


class RunDetailsOut(RunOut):
    """A task run with all that it was given and left behind."""

    args: dict[str, Any]
    state: dict[str, Any]
    result: dict[str, Any] | None
    not_before: datetime
    max_attempts: int
    locale: str
    request_id: str
    actor_kind: str | None
    actor_id: UUID | None


class RunInput(BaseModel):
    """A run to ask for."""

    task: str = Field(description="Name of an installed task")
    args: dict[str, Any] = Field(default_factory=dict, description="Its arguments; they must fit the task's model")
    platform: str = Field("", description="Code of the platform to work for")
    store: str = Field("", description="Code of the store to work for")


class DeliveryOut(Out):
    """An event on its way to a subscriber."""

    id: UUID
    subscriber: str
    status: DeliveryStatus
    attempts: int
    next_attempt_at: datetime
    sent_at: datetime | None
    done_at: datetime | None
    error: str | None


class EventOut(Out):
    """An event as lists show it."""

    id: UUID
    type: str
    aggregate_id: UUID | None
    published_at: datetime
    relayed_at: datetime | None
    request_id: str
    platform_id: UUID | None
    merchant_id: UUID | None
    store_id: UUID | None
    deliveries: list[DeliveryOut]


class EventDetailsOut(EventOut):
    """An event with its payload."""

    payload: dict[str, Any]


class RetryInput(BaseModel):
    """Which dead deliveries to try again."""

    subscriber: str
    type: str = Field("", description="Only those of this type of event")


class RetriedOut(BaseModel):
    """How many deliveries are tried again."""

    deliveries: int


class ReplayInput(BaseModel):
    """What to deliver to a subscriber that has not had it."""

    subscriber: str
    since: datetime | None = Field(None, description="Only events published then or later")
    again: bool = Field(default=False, description="Also events it has had; its effects then happen again")


class ReplayedOut(Out):
    """What a replay did."""

    made: int
    renewed: int
    overtaken: int


class HourOut(BaseModel):
    """What was asked for in an hour."""

    begin: datetime
    runs: int
    deliveries: int


class FiguresOut(BaseModel):
    """How work in the background stands: what is open, and what ended in the last day."""

    runs: dict[RunStatus, int]
    deliveries: dict[DeliveryStatus, int]
    events_new: int
    oldest_run: datetime | None
    oldest_delivery: datetime | None
    hours: list[HourOut]


class EntryOut(BaseModel):
    """An entry of the schedule and where it stands."""

    name: str
    module: str
    task: str
    cron: str
    per_platform: bool
    next_due: datetime
    marked: datetime | None
    last_run: RunOut | None
