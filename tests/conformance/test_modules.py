"""Every built-in module keeps what is asked of anybody's."""

import pytest

from orion_core.testing import Conformance
from orion_host.assembly.discovery import installed_modules


@pytest.mark.conformance(*(module.name for module in installed_modules()))
def test_a_module_keeps_what_modules_promise(conformance: Conformance, conformance_check: str) -> None:
    assert conformance.findings(conformance_check) == []
