"""The root of the command: the host's own groups, and one group per module that offers commands."""

import sys
from typing import Any

import typer
from typer.core import TyperGroup

from orion_core import OrionError
from orion_host.assembly.loading import LoadedModule, load_modules
from orion_host.cli.output import fail


class ModuleLeftOut(OrionError):
    """A module's commands cannot be used, because the module is broken."""

    code = "module_left_out"


class ModuleGroup(TyperGroup):
    """A module's commands, imported when they are used or listed; its help line needs only the definition.

    Args:
        module: The module that offers them.
    """

    def __init__(self, module: LoadedModule) -> None:
        definition = module.definition
        super().__init__(name=definition.name.replace("_", "-"), help=definition.summary, no_args_is_help=True)
        self._module = module

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002
        return list(self._loaded())

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ARG002
        return self._loaded().get(cmd_name)

    def invoke(self, ctx: Any) -> Any:
        # Imported here: it loads the database libraries, which help texts do not need.
        from orion_host.cli.installation import command_runtime

        with command_runtime() as runtime:
            if self._module.name in runtime.assembly.quarantined:
                raise ModuleLeftOut(f"left out because of an error: {runtime.assembly.quarantined[self._module.name]}")
            return super().invoke(ctx)

    def _loaded(self) -> Any:
        if not self.commands:
            name = self._module.name
            try:
                self.commands.update(typer.main.get_group(self._module.plugin.orion_commands()).commands)
            except Exception as error:
                raise ModuleLeftOut(f"{name}: orion_commands raised {type(error).__name__}: {error}") from error
        return self.commands


class RootGroup(TyperGroup):
    """The host's groups, then the modules'."""

    def list_commands(self, ctx: Any) -> list[str]:
        return [*super().list_commands(ctx), *self._modules()]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        return super().get_command(ctx, cmd_name) or self._modules().get(cmd_name)

    def _modules(self) -> dict[str, ModuleGroup]:
        return {
            str(group.name): group
            for module in load_modules().modules.values()
            if hasattr(module.plugin, "orion_commands")
            for group in (ModuleGroup(module),)
        }


app = typer.Typer(
    cls=RootGroup,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="Orion: a commerce platform made of plugins.",
)


def main() -> None:
    """Run the command; an error that has a message is told in one line and exits with 1."""
    import orion_host.cli.groups  # noqa: F401  adds the host's groups to `app`

    try:
        app()
    except OrionError as error:
        fail(error)
    except KeyboardInterrupt:
        sys.exit(130)
