"""``orion db``: migrations, and the care of the database they made."""

from orion_host.cli.db import copies, data, schema
from orion_host.cli.db.common import app

for command in (
    schema.plan,
    schema.upgrade,
    schema.downgrade,
    schema.status,
    schema.revision,
    schema.check,
    data.dump,
    data.restore,
    data.purge,
    copies.rehearse,
    copies.neutralize,
    schema.roles,
):
    app.command()(command)

__all__ = ["app"]
