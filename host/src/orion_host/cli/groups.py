"""Adds the host's own commands to the root."""

from orion_host.cli import background, db, inspect, plugin, processes
from orion_host.cli.root import app

app.command("up")(processes.up)
app.command("serve")(processes.serve)
app.command("worker")(processes.worker)
app.command("beat")(processes.beat)
app.command("relay")(processes.relay)
app.add_typer(db.app, name="db")
app.add_typer(inspect.modules, name="modules")
app.add_typer(background.events, name="events")
app.add_typer(background.tasks, name="tasks")
app.add_typer(plugin.app, name="plugin")
app.command("routes")(inspect.routes)
app.command("schedule")(inspect.schedule)
app.command("hooks")(inspect.hooks)
app.command("doctor")(inspect.doctor)
