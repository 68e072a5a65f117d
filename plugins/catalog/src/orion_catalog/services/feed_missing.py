"""Archives what a complete feed leaves out, unless that would be more than a store can mean."""

from collections.abc import Mapping
from itertools import islice
from typing import IO, Any
from uuid import UUID

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from orion_catalog.config import CatalogConfig
from orion_catalog.exceptions import FeedShrinks
from orion_catalog.feed.reader import read_feed
from orion_catalog.models import FeedImport, Variant
from orion_catalog.services.summaries import archive_empty, summarise
from orion_core.db import unit_of_work

_STEP = 20_000
_RETIRE = text("""
    UPDATE catalog.variants SET is_active = false, content_hash = NULL, updated_at = now()
    WHERE sku = ANY(:skus) RETURNING product_id
""")


def archive_missing(import_id: UUID, source: IO[bytes], settings: CatalogConfig, options: Mapping[str, Any]) -> int:
    """Retire imported variants that the file does not name, and return how many products are archived.

    Raises:
        FeedShrinks: More would go than the settings allow; nothing is archived.
    """
    with unit_of_work() as session:
        owned = set(session.scalars(select(Variant.sku).where(Variant.content_hash.is_not(None))))
    missing = owned - _codes(source, options)
    share = 100 * len(missing) / max(len(owned), 1)
    if share > settings.import_shrink_percent:
        _refuse(import_id, len(missing), share, settings.import_shrink_percent)
    with unit_of_work() as session:
        return sum(_retire(session, skus) for skus in _steps(sorted(missing)))


def _codes(source: IO[bytes], options: Mapping[str, Any]) -> set[str]:
    """Return all ids of the file, those of refused rows included: a broken row has not left the file."""
    with read_feed(source, **options) as reader:
        return {item.external_id for item in reader if item.external_id}


def _steps(skus: list[str]) -> list[list[str]]:
    rest = iter(skus)
    return [step for step in iter(lambda: list(islice(rest, _STEP)), [])]  # noqa: C416


def _retire(session: Session, skus: list[str]) -> int:
    product_ids = set(session.scalars(_RETIRE, {"skus": skus}))
    summarise(session, product_ids)
    return archive_empty(session, product_ids)


def _refuse(import_id: UUID, missing: int, share: float, limit: int) -> None:
    reason = (
        f"{missing} products are not in this file, {share:.0f} % of those imported; at most {limit} % may go "
        "at once. Import it without “complete”, or raise the limit in the settings."
    )
    with unit_of_work() as session:
        found = session.scalars(select(FeedImport).where(FeedImport.id == import_id)).one()
        found.status, found.error, found.finished_at = "failed", reason, func.now()
    raise FeedShrinks(reason)
