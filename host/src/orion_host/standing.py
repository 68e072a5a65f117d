"""Which modules take part in a process: none whose start-up failed or whose tables are at another revision."""

from collections.abc import Mapping

import structlog

from orion_core.runtime import Standing
from orion_host.assembly import Assembly
from orion_host.migrations.heads import shipped_revisions

log = structlog.get_logger(__name__)


class StandingKeeper:
    """Keeps a process's standing: modules that are out with the reason, and with them whatever requires one.

    Args:
        assembly: The loaded modules.
        standing: What the process asks.
    """

    def __init__(self, assembly: Assembly, standing: Standing) -> None:
        self._standing = standing
        self._requires = {name: module.definition.requires for name, module in assembly.modules.items()}
        self._shipped = {name: shipped_revisions(folder) for name, folder in assembly.folders("migrations").items()}
        self._failed: dict[str, str] = {}
        self._unready: dict[str, str] = {}
        self._stood: set[str] = set()

    def fail(self, module: str, reason: str) -> None:
        """Leave a module out for as long as the process lives.

        Args:
            module: Its name.
            reason: Why, without anything secret: readiness tells it to everybody.
        """
        self._failed[module] = reason
        self._settle()

    def compare(self, applied: Mapping[str, str | None]) -> None:
        """Leave out modules whose tables are not at the revision their code needs, and take back those that are.

        A module that stood stays when newer code migrates its tables: the processes of a rolling upgrade go on
        until they are replaced.

        Args:
            applied: The current revision of every module that has a version table.
        """
        self._unready = {
            module: reason
            for module, shipped in self._shipped.items()
            if shipped and (reason := self._unready_because(module, shipped, applied.get(module)))
        }
        self._stood |= self._shipped.keys() - self._unready.keys()
        self._settle()

    def _unready_because(self, module: str, shipped: list[str], current: str | None) -> str | None:
        head = shipped[-1]
        if current == head:
            return None
        if current is None or current in shipped:
            return f"its tables are at {current or 'nothing'} and its code needs {head}: run `orion db upgrade`"
        if module in self._stood:
            return None
        return f"its tables are at {current}, which is newer than its code ({head}): install the newer version again"

    def _settle(self) -> None:
        before, out = self._standing.out(), {**self._unready, **self._failed}
        for module, requires in self._requires.items():
            missing = next((name for name in requires if name in out), None)
            if missing is not None:
                out.setdefault(module, f"it requires {missing}, which is out")
        for module in out.keys() - before.keys():
            log.error("module_out", module=module, reason=out[module])
        for module in before.keys() - out.keys():
            log.warning("module_back", module=module)
        self._standing.settle({name: out[name] for name in self._requires if name in out})
