"""Every deliberate fault in a sound plugin is told by its own check, and by no other."""

from collections.abc import Callable
from pathlib import Path

import pytest

from orion_host.kit.findings import Finding
from tests.kit.generated import copied
from tests.kit.mutations import MUTATIONS, Mutation

Examine = Callable[[Path], list[Finding]]


def test_the_generated_plugin_has_no_fault(plugin: Path, examine: Examine) -> None:
    assert examine(plugin) == []


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: mutation.fact.replace(" ", "-"))
def test_a_fault_is_told_by_its_own_check(mutation: Mutation, plugin: Path, examine: Examine, tmp_path: Path) -> None:
    broken = copied(plugin, tmp_path)
    for change in mutation.changes:
        change(broken)
    findings = examine(broken)
    assert {finding.check for finding in findings} == mutation.checks, findings
    assert any(mutation.words in str(finding) for finding in findings), findings


def test_the_faults_are_many_and_various() -> None:
    assert len(MUTATIONS) >= 25
    assert len({code for mutation in MUTATIONS for code in mutation.checks}) >= 20
