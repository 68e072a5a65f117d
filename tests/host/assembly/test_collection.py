"""What modules return, and whether it is what the hook asks for."""

import pytest

from orion_host.assembly import assemble
from tests.host.assembly.examples import Install, Problems

PERMISSIONS = "@hookimpl\ndef orion_permissions(): return {}"


@pytest.mark.parametrize(
    ("hook", "returned", "told"),
    [
        ("permissions", "{}", "list[Permission]: {} is not list[Permission]"),
        ("permissions", "None", "list[Permission]: None is not list[Permission]"),
        ("permissions", "['alpha.read']", "list[Permission]: item 1: 'alpha.read' is not Permission"),
        ("permissions", "[Permission(code=5, title='Five')]", "item 1: Permission.code: 5 is not str"),
        ("features", "[Feature(code='alpha.a', title='A', kind='much')]", "Feature.kind: 'much' is not Literal"),
        ("menus", "[MenuItem(id='alpha.a', area='store', section='', label='', route='/')]", "'store' is not Area"),
        ("routes", "[RouteSet(area=Area.STORE, api='/api')]", "RouteSet.api: '/api' is not APIRouter | None"),
        ("tasks", "TaskSet(packages='alpha.tasks')", "TaskSet.packages: 'alpha.tasks' is not tuple[str, ...]"),
        ("subscribers", "[Subscriber(id='alpha.a', event=int, handler=print)]", "is not type[Event] | str"),
        ("models", "int", "type[ModuleTables]: <class 'int'> is not type[ModuleTables]"),
        ("settings", "object()", "is not type[ModuleSettings]"),
        ("commands", "print", "<built-in function print> is not Typer"),
        ("tenants", "'directory'", "'directory' is not TenantDirectory"),
        ("authenticators", "[object()]", "is not Authenticator"),
    ],
)
def test_a_wrong_return_value_is_blamed_on_its_module(
    hook: str, returned: str, told: str, install: Install, problems: Problems
) -> None:
    found = problems(install("alpha", f"@hookimpl\ndef orion_{hook}(): return {returned}"), install("beta"))
    assert [(problem.module, problem.stage) for problem in found] == [("alpha", "collect")]
    assert found[0].message.startswith(f"orion_{hook} returned something else than ")
    assert told in found[0].message


@pytest.mark.parametrize("raised", ["ValueError('no')", "SystemExit(1)"])
def test_a_raising_hook_does_not_lose_what_others_return(raised: str, install: Install, problems: Problems) -> None:
    alpha = install("alpha", f"@hookimpl\ndef orion_menus(): raise {raised}")
    (problem,) = problems(alpha, install("beta", "@hookimpl\ndef orion_menus(): return []"))
    assert problem.module == "alpha"
    assert problem.message.startswith(f"orion_menus raised {raised.partition('(')[0]}")
    assert "example_alpha/plugin.py:" in problem.hint


def test_a_module_whose_hook_raised_is_not_asked_further(install: Install, problems: Problems) -> None:
    body = "@hookimpl\ndef orion_models(): 1 / 0\n@hookimpl\ndef orion_menus(): 1 / 0"
    (problem,) = problems(install("alpha", body))
    assert problem.message.startswith("orion_models raised")


def test_several_wrong_values_of_a_module_are_told_together(install: Install, problems: Problems) -> None:
    found = problems(install("alpha", f"{PERMISSIONS}\n@hookimpl\ndef orion_menus(): return 1"))
    assert [problem.message.split()[0] for problem in found] == ["orion_menus", "orion_permissions"]


def test_contributions_come_in_dependency_order_one_by_one(install: Install) -> None:
    body = """
@hookimpl
def orion_permissions():
    return [Permission(code=f"{definition.name}.{verb}", title=verb) for verb in ("read", "edit")]
"""
    assembly = assemble([install("alpha", body, requires=("beta",)), install("beta", body)])
    codes = [(module, item.code) for module, item in assembly.contributions("orion_permissions")]
    assert codes == [
        ("beta", "beta.read"),
        ("beta", "beta.edit"),
        ("alpha", "alpha.read"),
        ("alpha", "alpha.edit"),
    ]


def test_the_time_of_every_hook_is_known(install: Install) -> None:
    body = "import time\n@hookimpl\ndef orion_menus():\n    time.sleep(0.05)\n    return []"
    assembly = assemble([install("alpha", body)])
    assert 0.05 <= assembly.seconds["alpha", "orion_menus"] < 1


def test_tasks_are_found_in_all_files_of_a_package_and_once_each(install: Install) -> None:
    task = "from orion_core.tasks import task\n@task('alpha.{0}')\ndef {0}() -> None: ...\n"
    body = "@hookimpl\ndef orion_tasks(): return TaskSet(packages=('example_alpha.tasks',))"
    files = {
        "tasks/__init__.py": "from example_alpha.tasks.daily import tidy\n",
        "tasks/daily.py": task.format("tidy"),
        "tasks/hourly.py": task.format("sync"),
    }
    assembly = assemble([install("alpha", body, files=files)])
    assert sorted((module, task.name) for module, task in assembly.tasks) == [
        ("alpha", "alpha.sync"),
        ("alpha", "alpha.tidy"),
    ]


def test_tasks_that_cannot_be_imported_are_a_problem(install: Install, problems: Problems) -> None:
    body = "@hookimpl\ndef orion_tasks(): return TaskSet(packages=('example_alpha.tasks',))"
    (problem,) = problems(install("alpha", body, files={"tasks.py": "import no_such_library"}))
    assert problem.module == "alpha"
    assert problem.message.startswith("importing its tasks raised ModuleNotFoundError")
