"""Modules written to a temporary folder, and what the assembly has to say about them."""

import importlib
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from orion_core.db import METADATA
from orion_host.assembly import AssemblyError, InstalledModule, Problem, assemble
from orion_host.assembly.tables import forget
from tests.host.assembly.examples import MODELS, MODELS_HOOK, PLUGIN, Install, Problems, Quarantine


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Install]:
    """Write a module's package and say how it is installed; everything is gone after the test."""
    monkeypatch.syspath_prepend(str(tmp_path))
    written: list[InstalledModule] = []
    before = set(METADATA.tables)

    def install(
        name: str,
        body: str = "",
        *,
        requires: tuple[str, ...] = (),
        tier: str = "OPTIONAL",
        contract: str = ">=1,<2",
        files: Mapping[str, str] | None = None,
    ) -> InstalledModule:
        package = tmp_path / f"example_{name}"
        plugin = PLUGIN.format(name=name, tier=tier, requires=requires, contract=contract, body=body)
        for path, text in {"__init__.py": "", "plugin.py": plugin, **(files or {})}.items():
            package.joinpath(path).parent.mkdir(parents=True, exist_ok=True)
            package.joinpath(path).write_text(text)
        importlib.invalidate_caches()
        module = InstalledModule(name=name, plugin=f"{package.name}.plugin", distribution=f"dist-{name}", version="1.0")
        written.append(module)
        return module

    yield install
    for module in reversed(written):
        forget(module.name, module.package, METADATA.tables.keys() - before)
        for name in [name for name in sys.modules if f"{name}.".startswith(f"{module.package}.")]:
            del sys.modules[name]


@pytest.fixture
def with_models(install: Install) -> Install:
    """Write a module with a table ``thing`` and whatever else its models say."""

    def with_models(
        name: str, more: str = "", *, body: str = "", schema: str = "", requires: tuple[str, ...] = ()
    ) -> InstalledModule:
        files = {"models.py": MODELS.format(schema or name) + more}
        return install(name, MODELS_HOOK.format(name) + body, files=files, requires=requires)

    return with_models


@pytest.fixture
def problems() -> Problems:
    """Assemble strictly and return what is wrong."""

    def problems(*modules: InstalledModule, web: bool = True) -> list[Problem]:
        try:
            assemble(modules, web=web)
        except AssemblyError as error:
            return list(error.problems)
        return []

    return problems


@pytest.fixture
def quarantine() -> Quarantine:
    return lambda *modules: assemble(modules, policy="quarantine")
