"""A small installation of the sample module: its assembly, its tenants, its runtime; for tests and their processes."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from cryptography.fernet import Fernet, MultiFernet
from sqlalchemy import text
from sqlalchemy.orm import Session

from orion_core import ScheduledTask, TaskSet
from orion_core.context import MerchantRef, PlatformRef, StoreRef, Tenant
from orion_core.db import Database
from orion_core.runtime import Runtime, TaskSender
from orion_core.tasks import TaskDefinition
from tests.host.background import sample

SCHEDULE = (ScheduledTask(task="sample.tick", cron="0 3 * * *"),)


@dataclass
class SampleAssembly:
    schedule: tuple[ScheduledTask, ...] = SCHEDULE
    subscribers: tuple[tuple[str, Any], ...] = sample.SUBSCRIBERS
    modules: dict[str, Any] = field(default_factory=dict)
    quarantined: dict[str, Any] = field(default_factory=dict)

    @property
    def tasks(self) -> tuple[tuple[str, TaskDefinition], ...]:
        return tuple(("sample", value) for value in vars(sample).values() if isinstance(value, TaskDefinition))

    def contributions(self, hook: str) -> list[tuple[str, Any]]:
        return {
            "orion_tasks": [("sample", TaskSet(packages=(sample.__name__,), schedule=self.schedule))],
            "orion_subscribers": list(self.subscribers),
            "orion_tenants": [("tenants", Tenants())],
        }[hook]

    def implementations(self, hook: str) -> list[tuple[str, Any]]:
        return []


class Tenants:
    """Reads the sample module's tables, so that a test can switch a module off in another process."""

    def platforms(self, session: Session) -> list[PlatformRef]:
        rows = session.execute(text("SELECT id, off FROM sample.platform ORDER BY id"))
        return [platform_ref(row.id, frozenset(row.off)) for row in rows]

    def find_tenant(
        self, session: Session, *, platform_id: UUID, merchant_id: UUID | None = None, store_id: UUID | None = None
    ) -> Tenant | None:
        platforms = {platform.id: platform for platform in self.platforms(session)}
        if platform_id not in platforms:
            return None
        return tenant(platforms[platform_id], merchant_id, store_id)


def platform_ref(platform_id: UUID, off: frozenset[str] = frozenset()) -> PlatformRef:
    return PlatformRef(id=platform_id, code="p", name="Platform", modules_off=off)


def tenant(platform: PlatformRef, merchant_id: UUID | None, store_id: UUID | None) -> Tenant:
    return Tenant(
        platform=platform,
        merchant=MerchantRef(id=merchant_id, code="m", name="Merchant") if merchant_id else None,
        store=StoreRef(id=store_id, code="s", name="Store", locale="fr") if store_id else None,
    )


def open_runtime(assembly: SampleAssembly, app_url: str, platform_url: str, tasks: TaskSender) -> Runtime:
    return Runtime(
        assembly=assembly,
        database=Database(app_url, platform_url, pool_size=5),
        cipher=MultiFernet([Fernet(Fernet.generate_key())]),
        tasks=tasks,
    )
