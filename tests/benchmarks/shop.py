"""Orion's side of the benchmarks: one store with the products of a generated feed."""

import csv
from collections.abc import Iterator
from pathlib import Path

from cryptography.fernet import Fernet, MultiFernet

from orion_catalog.services.imports import record_import, run_import
from orion_core.context import NOWHERE, RequestContext, Tenant, use_context
from orion_core.db import Database, platform_scope, unit_of_work
from orion_core.runtime import Runtime, use_runtime
from orion_host.assembly import Assembly
from orion_host.embedded import PostgresUrls
from orion_host.testing import SentTasks
from tests.modules.tenancy.tenants import Tenants

STORE = "mugs"
COLUMNS = [
    "id",
    "title",
    "description",
    "link",
    "image_link",
    "availability",
    "price",
    "condition",
    "identifier_exists",
    "product_type",
    "atalanda:quantity",
    "atalanda:tax_rate",
    "atalanda:delivery_method",
]


def feed_file(path: Path, rows: int) -> Path:
    """Write a feed of ``rows`` products in the marketplace's format."""
    with path.open("w", newline="") as file:
        writer = csv.writer(file, delimiter="\t", lineterminator="\n")
        writer.writerow(COLUMNS)
        for number in range(rows):
            code, title = f"SKU{number:07d}", f"Hand made article number {number}"
            page, picture = f"https://shop.example/{code}", f"https://shop.example/img/{code}.jpg"
            price, quantity = f"{number % 90 + 1}.{number % 100:02d} EUR", str(number % 50)
            availability = "in stock" if number % 50 else "out of stock"
            kind = f"Home > Room {number % 40}"
            writer.writerow([code, title, f"{title}, described.", page, picture, availability, price, "new", "false",
                             kind, quantity, "17", "package_delivery"])  # fmt: skip
    return path


def feed_rows(path: Path) -> Iterator[tuple[str, str, str, int, int, str]]:
    """Yield the columns the baseline keeps, read the way a script would."""
    with path.open(newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            cents = round(float(row["price"].split()[0]) * 100)
            quantity = int(row["atalanda:quantity"])
            yield row["id"], row["title"], row["description"], cents, quantity, row["product_type"]


def runtime_of(urls: PostgresUrls, assembly: Assembly) -> Runtime:
    """Return a runtime on a database."""
    cipher = MultiFernet([Fernet(Fernet.generate_key())])
    return Runtime(assembly=assembly, database=Database(urls.app, urls.platform), cipher=cipher, tasks=SentTasks())


def make_store(urls: PostgresUrls, assembly: Assembly) -> None:
    """Make a platform, an active merchant and an open store."""
    runtime = runtime_of(urls, assembly)
    with use_runtime(runtime), use_context(NOWHERE), platform_scope("benchmark") as session:
        tenants = Tenants(session)
        tenants.store(tenants.merchant(tenants.platform()), STORE)
    runtime.database.close()


def import_feed(urls: PostgresUrls, assembly: Assembly, path: Path) -> dict[str, int]:
    """Import a file into the store and return how many rows were created, updated, unchanged and rejected."""
    runtime = runtime_of(urls, assembly)
    with use_runtime(runtime):
        with use_context(RequestContext(tenant=tenant_of(assembly))):
            with unit_of_work() as session:
                import_id = record_import(session, path.name, path.stat().st_size).id
            with path.open("rb") as stream:
                done = run_import(import_id, lambda _done, _total: None, stream)
        report = {name: getattr(done, name) for name in ("created", "updated", "unchanged", "rejected")}
    runtime.database.close()
    return report


def tenant_of(assembly: Assembly) -> Tenant:
    """Return the store's tenant."""
    directory = assembly.contributions("orion_tenants")[0][1]
    with use_context(NOWHERE), platform_scope("benchmark") as session:
        tenant: Tenant = directory.find_store(session, STORE)
        return tenant


def orion_environment(urls: PostgresUrls, broker: str) -> dict[str, str]:
    """Return the settings of an ``orion serve`` on a database."""
    return {
        "ORION_DATABASE_URL": urls.app,
        "ORION_DATABASE_PLATFORM_URL": urls.platform,
        "ORION_DATABASE_OWNER_URL": urls.owner,
        "ORION_BROKER_URL": broker,
        "ORION_SECRET_KEYS": Fernet.generate_key().decode(),
        "ORION_LOG_LEVEL": "WARNING",
    }
