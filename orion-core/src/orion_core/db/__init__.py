"""Tables, sessions and transactions: the database side of the contract."""

from orion_core.db.base import METADATA, ModuleTables, duplicate_key
from orion_core.db.insertion import insert_all, unmanaged
from orion_core.db.locks import advisory_locks
from orion_core.db.mixins import (
    Identified,
    MerchantScoped,
    OwnerScoped,
    PlatformScoped,
    StoreScoped,
    Timestamped,
    Versioned,
)
from orion_core.db.prepared import Prepared, any_of
from orion_core.db.session import Database, platform_scope, unit_of_work
from orion_core.db.types import EncryptedText

__all__ = [
    "METADATA",
    "Database",
    "EncryptedText",
    "Identified",
    "MerchantScoped",
    "ModuleTables",
    "OwnerScoped",
    "PlatformScoped",
    "Prepared",
    "StoreScoped",
    "Timestamped",
    "Versioned",
    "advisory_locks",
    "any_of",
    "duplicate_key",
    "insert_all",
    "platform_scope",
    "unit_of_work",
    "unmanaged",
]
