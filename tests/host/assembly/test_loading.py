"""Importing plugin.py, and what a module says it is."""

import pytest

from orion_core import CONTRACT_VERSION
from orion_host.assembly import load_modules
from tests.host.assembly.examples import Install, Problems


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("import no_such_library", "ModuleNotFoundError: No module named 'no_such_library'"),
        ("def broken(:", "SyntaxError"),
        ("raise SystemExit(3)", "SystemExit: 3"),
        ("1 / 0", "ZeroDivisionError"),
    ],
)
def test_a_plugin_that_cannot_be_imported_is_told_with_its_reason(
    body: str, told: str, install: Install, problems: Problems
) -> None:
    (problem,) = problems(install("alpha", body), install("beta"))
    assert (problem.module, problem.stage) == ("alpha", "load")
    assert told in problem.message
    assert problem.cause is not None


def test_the_hint_is_the_line_of_the_module_that_led_to_the_error(install: Install, problems: Problems) -> None:
    helper = "import json\n\ndef read():\n    return json.loads('{')\n"
    alpha = install("alpha", "from example_alpha.helper import read\nread()", files={"helper.py": helper})
    (problem,) = problems(alpha)
    assert problem.hint.endswith("example_alpha/helper.py:4")


def test_ctrl_c_is_not_swallowed(install: Install) -> None:
    with pytest.raises(KeyboardInterrupt):
        load_modules([install("alpha", "raise KeyboardInterrupt")])


def test_a_plugin_without_a_definition_is_a_problem(install: Install, problems: Problems) -> None:
    (problem,) = problems(install("alpha", "definition = 'alpha'"))
    assert problem.module == "alpha"
    assert "has no ModuleDefinition called 'definition'" in problem.message


def test_a_definition_must_bear_the_name_of_the_entry_point(install: Install, problems: Problems) -> None:
    (problem,) = problems(install("alpha", "definition = ModuleDefinition(name='beta', title='Beta')"))
    assert problem.module == "alpha"
    assert problem.message == "is installed as 'alpha' but defines itself as 'beta'"


def test_a_contract_out_of_range_is_a_problem(install: Install, problems: Problems) -> None:
    (problem,) = problems(install("alpha", contract=">=2,<3"))
    assert problem.module == "alpha"
    assert problem.message == f"was written for contract >=2,<3, and this orion-core offers {CONTRACT_VERSION}"


def test_a_contract_that_is_no_range_is_a_problem(install: Install, problems: Problems) -> None:
    (problem,) = problems(install("alpha", contract="one"))
    assert (problem.module, problem.message) == ("alpha", "gives its contract as 'one'")


def test_a_missing_requirement_is_named(install: Install, problems: Problems) -> None:
    (problem,) = problems(install("alpha", requires=("payments",)))
    assert problem.module == "alpha"
    assert problem.message == "requires module 'payments', which is not installed"


def test_modules_that_require_each_other_are_named_in_a_circle(install: Install, problems: Problems) -> None:
    found = problems(install("alpha", requires=("beta",)), install("beta", requires=("alpha",)))
    assert [problem.module for problem in found] == ["alpha", "beta"]
    assert found[0].message == "stands in a circle: alpha requires beta requires alpha"


def test_whoever_requires_a_broken_module_is_told_to_wait_for_it(install: Install, problems: Problems) -> None:
    found = problems(install("alpha", "1 / 0"), install("beta", requires=("alpha",)))
    assert [problem.module for problem in found] == ["alpha", "beta"]
    assert "because it requires 'alpha'" in found[1].message


def test_loaded_modules_tell_where_they_come_from(install: Install) -> None:
    loading = load_modules([install("beta", requires=("alpha",), files={"locales/en.txt": ""}), install("alpha")])
    assert list(loading.modules) == ["alpha", "beta"]
    beta = loading.modules["beta"]
    assert (beta.name, beta.distribution, beta.version) == ("beta", "dist-beta", "1.0")
    assert beta.package == "example_beta"
    assert 0 < beta.import_seconds < 1
    locales = beta.folder("locales")
    assert locales is not None
    assert locales.joinpath("en.txt").exists()
    assert beta.folder("templates") is None
