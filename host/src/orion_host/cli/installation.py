"""Where a command works: the configured installation, the running `orion up`, or its resting data folder."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from orion_core.context import RequestContext, use_context
from orion_core.ids import new_id
from orion_core.runtime import Runtime, use_runtime
from orion_host.assembly import Assembly, assemble
from orion_host.logs import configure_logging
from orion_host.process import open_runtime
from orion_host.settings import HostSettings, MissingSetting
from orion_host.up.servers import embedded_servers, running_installation


@contextmanager
def installation() -> Iterator[HostSettings]:
    """Find the installation a command is meant for and keep its database reachable.

    Yields:
        Settings with all addresses set.

    Raises:
        MissingSetting: If there is neither a configured database nor a data folder.
    """
    settings = HostSettings()
    with ExitStack() as stack:
        if found := reachable(settings):
            settings = found
        elif settings.data_dir.is_dir():
            settings = stack.enter_context(embedded_servers(settings))
        else:
            raise MissingSetting(
                "there is no database here: set ORION_DATABASE_URL, or run `orion up` in this folder first"
            )
        configure_logging("WARNING", readable=True)
        yield settings


def reachable(settings: HostSettings) -> HostSettings | None:
    """Return the settings of an installation whose database runs already: the configured one or an ``orion up``.

    Args:
        settings: From the environment.
    """
    return running_installation(settings.data_dir) if settings.database_url is None else settings


@contextmanager
def command_runtime(assembly: Assembly | None = None) -> Iterator[Runtime]:
    """Run a module's command like a request: with a runtime and a context.

    Args:
        assembly: What is installed; assembled anew (strictly) if not given.

    Yields:
        The runtime.
    """
    with installation() as settings:
        assembly = assembly or assemble(policy=settings.on_module_error or "strict", web=False)
        from orion_host.background.sender import CelerySender

        runtime = open_runtime(assembly, settings, CelerySender(settings.require("broker_url")))
        try:
            with use_runtime(runtime), use_context(RequestContext(request_id=new_id().hex)):
                yield runtime
        finally:
            runtime.database.close()
