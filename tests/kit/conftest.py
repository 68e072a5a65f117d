"""A plugin generated once, and what the conformance suite says of copies of it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from orion_host.embedded import EmbeddedPostgres
from orion_host.kit.catalogue import run_checks
from orion_host.kit.findings import Finding
from orion_host.kit.subject import Subject
from tests.kit.generated import NAME, generate, installed


@pytest.fixture(scope="session")
def plugin(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a generated plugin that nobody changes."""
    folder = tmp_path_factory.mktemp("generated") / "orion-gadgets"
    generate(folder)
    return folder


@pytest.fixture
def examine(postgres: EmbeddedPostgres) -> Callable[[Path], list[Finding]]:
    """Return a function that runs every check over the plugin in a folder."""

    def examine(folder: Path) -> list[Finding]:
        with installed(folder) as found:
            subject = Subject(NAME, found, postgres)
            try:
                return [finding for outcome in run_checks(subject) for finding in outcome.findings]
            finally:
                subject.close()

    return examine
