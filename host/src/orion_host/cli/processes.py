"""Commands that run Orion: everything in one terminal, or one kind of process for production."""

from pathlib import Path
from typing import Annotated

import typer

Port = Annotated[int, typer.Option(min=1, max=65535, help="Port of the web application.")]


def up(
    *,
    demo: Annotated[bool, typer.Option("--demo", help="Plant a demo marketplace first.")] = False,
    port: Port = 8000,
    data_dir: Annotated[Path | None, typer.Option(help="Folder for database and secrets [default: .orion]")] = None,
) -> None:
    """Run a whole installation here: database, broker, web, worker, beat, relay. Ctrl-C stops it."""
    from orion_host.settings import HostSettings
    from orion_host.up.run import run

    chosen = {} if data_dir is None else {"data_dir": data_dir}
    settings = HostSettings(debug=True).model_copy(update=chosen)
    run(settings.model_copy(update={"data_dir": settings.data_dir.absolute()}), port, demo=demo)


def serve(
    port: Port = 8000,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    proxy: Annotated[str, typer.Option(help="Addresses of proxies whose headers to trust.")] = "127.0.0.1",
) -> None:
    """Run the web application (production: several of these behind a proxy)."""
    from orion_host.serving import serve_web

    serve_web(host, port, trusted_proxies=proxy)


def worker(
    queues: Annotated[
        str, typer.Option(help="Queues to work on, separated by commas.")
    ] = "default,scheduled,long_running",
    concurrency: Annotated[int, typer.Option(min=1, help="Processes.")] = 2,
) -> None:
    """Run background tasks."""
    from orion_host.serving import serve_worker

    serve_worker(queues.split(","), concurrency)


def beat() -> None:
    """Start scheduled tasks when they are due. Running it twice does no harm."""
    from orion_host.serving import serve_beat

    serve_beat()


def relay() -> None:
    """Hand events and queued tasks to the workers. Running it twice does no harm."""
    from orion_host.serving import serve_relay

    serve_relay()
