"""The core module's health checks."""

from typing import Any

from sqlalchemy import text


def check_database(session: Any) -> None:
    """Raise if the core tables cannot be read."""
    session.execute(text("SELECT 1 FROM core.setting_value LIMIT 1"))
