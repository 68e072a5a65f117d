"""What commands of modules share: the store they work for, and a progress bar."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

from orion_core.context import SYSTEM, current_context, use_context
from orion_core.errors import Conflict, NotFound

Progress = Callable[[int, int | None], None]
"""Is told how many items are done, and how many there are if that is known."""


class ModuleIsOff(Conflict):
    """The command's module takes no part where it is to work."""

    code = "module_is_off"


@contextmanager
def in_store(code: str, module: str) -> Iterator[None]:
    """Work for a store inside the block, as the system.

    Args:
        code: Code of the store.
        module: The module whose command this is.

    Raises:
        NotFound: If there is no such store.
        ModuleIsOff: If the module is switched off for the store's platform.
    """
    # Not at the top: a command's help needs no database library.
    from orion_core.db import platform_scope
    from orion_core.runtime import current_runtime

    directories = current_runtime().assembly.contributions("orion_tenants")
    with platform_scope("find the store of a command") as session:
        tenant = directories[0][1].find_store(session, code) if directories else None
    if tenant is None or tenant.store is None:
        raise NotFound(f"there is no store {code!r}; `orion tenancy list-stores` lists them")
    context = replace(current_context(), tenant=tenant, actor=SYSTEM, locale=tenant.store.locale)
    if not context.module_is_on(module):
        platform = tenant.platform.code
        hint = f"switch it on with `orion modules enable {module} --platform {platform}`"
        raise ModuleIsOff(f"{module} is switched off for platform {platform!r}; {hint}")
    with use_context(context):
        yield


@contextmanager
def progress_bar(label: str) -> Iterator[Progress]:
    """Show on stderr how far a command got, if that is a terminal.

    Args:
        label: What is being done.

    Yields:
        What to tell the progress.
    """
    if not sys.stderr.isatty():
        yield lambda _done, _total: None
        return
    from rich import progress as rich
    from rich.console import Console

    columns = (
        rich.TextColumn("{task.description}"),
        rich.BarColumn(),
        rich.MofNCompleteColumn(),
        rich.TimeElapsedColumn(),
    )
    with rich.Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task(label, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
