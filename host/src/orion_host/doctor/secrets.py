"""Findings about secrets: passwords that stand in the documentation or are common, an open broker, demo logins."""

from collections.abc import Iterator

from sqlalchemy import make_url

from orion_host.doctor.finding import Finding, error, warning
from orion_host.settings import HostSettings

COMMON = frozenset(
    {"", "admin", "change-me-1", "change-me-2", "change-me-3", "orion", "password", "postgres", "secret"}
)
"""Passwords that anybody tries first; those of `orion db roles` are among them."""
LOCAL = frozenset({"", "127.0.0.1", "::1", "localhost"})
ADDRESSES = ("database_url", "database_platform_url", "database_owner_url")


def examine(settings: HostSettings) -> Iterator[Finding]:
    """Yield secrets that are none.

    Args:
        settings: The installation's addresses and secrets.
    """
    for field in ADDRESSES:
        url = make_url(settings.require(field))
        if (url.password or "") in COMMON and url.get_driver_name():
            cause = f"the password of role {url.username} in ORION_{field.upper()} is a common one"
            yield error("secrets", cause, f"ALTER ROLE {url.username} PASSWORD '...', and correct the address")
    broker = make_url(settings.require("broker_url"))
    if not broker.password and (broker.host or "") not in LOCAL:
        cause = f"the broker on {broker.host} takes everybody in without a password"
        yield error("secrets", cause, "set one there and in ORION_BROKER_URL")
    users = {make_url(settings.require(field)).username for field in ADDRESSES}
    if len(users) < len(ADDRESSES):
        cause = f"the three database addresses use only {', '.join(sorted(map(str, users)))}"
        yield error("secrets", cause, "use a role of its own for each, as `orion db roles` prints them")
    if len(settings.require("secret_keys").split(",")) > 3:
        yield warning("secrets", "more than three keys open old secrets", "take the oldest out of ORION_SECRET_KEYS")
