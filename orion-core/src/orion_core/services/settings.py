"""Reading and changing module settings at the level of platform, merchant and store."""

from typing import Any, Literal, TypeVar

from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from orion_core.context import current_context
from orion_core.db import Prepared
from orion_core.db.mixins import OWNER_KEY
from orion_core.errors import InvalidInput
from orion_core.models.settings import SettingValue
from orion_core.settings import Layers, ModuleSettings, Provenance, check, explain, resolve

# Read several times in a request. A tenant that is not there is NULL, which equals nothing.
_STORED = Prepared(
    text("""
        SELECT
            CASE
                WHEN store_id IS NOT NULL THEN 'store' WHEN merchant_id IS NOT NULL THEN 'merchant' ELSE 'platform'
            END,
            field, value
        FROM core.setting_value
        WHERE module = :module AND (
            store_id = CAST(:store_id AS uuid)
            OR merchant_id = CAST(:merchant_id AS uuid) AND store_id IS NULL
            OR platform_id = CAST(:platform_id AS uuid) AND merchant_id IS NULL
        )
    """)
)
S = TypeVar("S", bound=ModuleSettings)
Level = Literal["platform", "merchant", "store"]


def get_settings(session: Session, cls: type[S]) -> S:
    """Return a module's settings in force for the current tenant.

    Args:
        session: Any session; the settings of platform and merchant are read too.
        cls: The module's settings class.
    """
    return resolve(cls, _layers(session, cls.module))


def explain_settings(session: Session, cls: type[ModuleSettings]) -> list[Provenance]:
    """Return each setting's value with the level it comes from.

    Args:
        session: Any session.
        cls: The module's settings class.
    """
    return explain(cls, _layers(session, cls.module))


def change_setting(session: Session, cls: type[ModuleSettings], field: str, value: Any, level: Level) -> None:
    """Store a value at one level of the current tenant.

    Args:
        session: A session that may write at that level.
        cls: The module's settings class.
        field: One of its fields.
        value: The new value, of the field's type.
        level: Where it shall apply.

    Raises:
        InvalidInput: If the field does not exist, the value does not fit, or there is no such tenant here.
    """
    owner = _owner(level)
    clean = check(cls, field, value, level)
    plain = cls.model_construct(**{field: clean}).model_dump(mode="json", include={field})[field]
    statement = insert(SettingValue).values(module_name=cls.module, field=field, value=plain, **owner)
    statement = statement.on_conflict_do_update(
        index_elements=[OWNER_KEY, "module", "field"],
        set_={"value": statement.excluded.value},
    )
    session.execute(statement)


def _owner(level: Level) -> dict[str, Any]:
    context = current_context()
    ids = {
        "platform_id": context.platform_id,
        "merchant_id": context.merchant_id if level != "platform" else None,
        "store_id": context.store_id if level == "store" else None,
    }
    if ids[f"{level}_id"] is None:
        raise InvalidInput(f"there is no {level} here to change a setting of")
    return ids


def _layers(session: Session, module: str) -> Layers:
    context = current_context()
    layers: dict[str, dict[str, Any]] = {"platform": {}, "merchant": {}, "store": {}}
    owner = {"store_id": context.store_id, "merchant_id": context.merchant_id, "platform_id": context.platform_id}
    for level, field, value in _STORED.rows(session, {"module": module, **owner}):
        layers[level][field] = value
    return list(layers.items())
