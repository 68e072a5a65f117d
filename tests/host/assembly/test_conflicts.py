"""What two modules may not both have, and what they refer to."""

import pytest

from orion_host.assembly import assemble
from tests.host.assembly.examples import PERMISSION, Install, Problems

FEATURE = "@hookimpl\ndef orion_features(): return [Feature(code='{0}', title='')]"
SUBSCRIBER = (
    "@hookimpl\ndef orion_subscribers(): return [Subscriber(id='{0}', event='orders.placed.v1', handler=print)]"
)
MENU = """
@hookimpl
def orion_menus():
    return [MenuItem(id='{0}', area=Area.STORE, section='', label='', route='/{1}', permission={2!r})]
"""
SLOT = """
@hookimpl
def orion_slots(): return [Slot(place='store.dashboard.main', template='{0}', permission={1!r})]
"""
TASKS = """
@hookimpl
def orion_tasks(): return TaskSet(packages=(f'example_{{definition.name}}.tasks',), schedule=({0}))
"""
TASK = "from orion_core.tasks import task\n@task('{0}')\ndef run() -> None: ..."
SETTINGS = """
@hookimpl
def orion_settings():
    from orion_core.settings import ModuleSettings
    class Config(ModuleSettings):
        module = '{0}'
        {1}: int = 1
    return Config
"""
TENANTS = """
@hookimpl
def orion_tenants():
    from unittest.mock import Mock
    from orion_core.tenants import TenantDirectory
    return Mock(spec=TenantDirectory)
"""
AUTHENTICATOR = """
@hookimpl
def orion_authenticators():
    class Door:
        areas, cookie = frozenset({Area.STORE}), 'door'
        def by_cookie(self, session, token, context): ...
        def by_bearer(self, session, token, context): ...
        def login_url(self, context, next_path): ...
    return [Door()]
"""


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (PERMISSION.format("alpha.read"), "permission 'alpha.read' already belongs to module 'alpha'"),
        (FEATURE.format("alpha.reports"), "feature 'alpha.reports' already belongs to module 'alpha'"),
        (SUBSCRIBER.format("alpha.on_order"), "subscriber 'alpha.on_order' already belongs to module 'alpha'"),
        (MENU.format("alpha.list", "", None), "menu item 'alpha.list' already belongs to module 'alpha'"),
        (
            SLOT.format("alpha/tile.html", None),
            "slot 'store.dashboard.main with alpha/tile.html' already belongs to module 'alpha'",
        ),
        (TENANTS, "role 'tenant directory' already belongs to module 'alpha'"),
        (AUTHENTICATOR, "role 'authenticator of store' already belongs to module 'alpha'"),
    ],
)
def test_what_a_module_has_another_cannot_have(body: str, told: str, install: Install, problems: Problems) -> None:
    found = problems(install("alpha", body), install("beta", body), web=False)
    assert [(problem.module, problem.stage, problem.message) for problem in found] == [("beta", "conflict", told)]


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (PERMISSION.format("orders.read"), "permission 'orders.read' is not called after its module"),
        (FEATURE.format("reports"), "feature 'reports' is not called after its module"),
        (SUBSCRIBER.format("on_order"), "subscriber 'on_order' is not called after its module"),
        (MENU.format("list", "", None), "menu item 'list' is not called after its module"),
    ],
)
def test_names_begin_with_the_module(body: str, told: str, install: Install, problems: Problems) -> None:
    (problem,) = problems(install("alpha", body), web=False)
    assert (problem.module, problem.message) == ("alpha", told)


def test_a_task_name_is_taken_once(install: Install, problems: Problems) -> None:
    alpha = install("alpha", TASKS.format(""), files={"tasks.py": TASK.format("alpha.run")})
    beta = install("beta", TASKS.format(""), files={"tasks.py": TASK.format("alpha.run")})
    (problem,) = problems(alpha, beta)
    assert (problem.module, problem.message) == ("beta", "task 'alpha.run' already belongs to module 'alpha'")


def test_a_task_is_called_after_its_module(install: Install, problems: Problems) -> None:
    (problem,) = problems(install("alpha", TASKS.format(""), files={"tasks.py": TASK.format("billing.run")}))
    assert (problem.module, problem.message) == ("alpha", "task 'billing.run' is not called after its module")


@pytest.mark.parametrize(
    ("schedule", "told"),
    [
        ("ScheduledTask(task='alpha.ran', cron='5 0 * * *'),", "schedules task 'alpha.ran', which it does not define"),
        ("ScheduledTask(task='alpha.run', cron='5 0 * *'),", "'alpha.run' at '5 0 * *', which is not a cron"),
        ("ScheduledTask(task='alpha.run', cron='* * * * * *'),", "at '* * * * * *', which is not a cron expression"),
        ("ScheduledTask(task='alpha.run', cron='61 0 * * *'),", "at '61 0 * * *', which is not a cron expression"),
        ("*[ScheduledTask(task='alpha.run', cron='5 0 * * *')] * 2,", "schedule entry 'alpha.run' already belongs to"),
    ],
)
def test_a_schedule_runs_tasks_of_its_module_by_valid_times_under_one_name(
    schedule: str, told: str, install: Install, problems: Problems
) -> None:
    alpha = install("alpha", TASKS.format(schedule), files={"tasks.py": TASK.format("alpha.run")})
    (problem,) = problems(alpha)
    assert (problem.module, problem.stage) == ("alpha", "conflict")
    assert told in problem.message


def test_the_clock_has_no_arguments_to_pass(install: Install, problems: Problems) -> None:
    needy = (
        "from pydantic import BaseModel\nfrom orion_core.tasks import task\n"
        "class Args(BaseModel):\n    number: int\n@task('alpha.run')\ndef run(args: Args) -> None: ..."
    )
    body = TASKS.format("ScheduledTask(task='alpha.run', cron='5 0 * * *'),")
    (problem,) = problems(install("alpha", body, files={"tasks.py": needy}))
    assert (problem.module, problem.message) == ("alpha", "schedules task 'alpha.run', which needs arguments")


def test_a_schedule_key_is_taken_once(install: Install, problems: Problems) -> None:
    body = TASKS.format("ScheduledTask(task=f'{definition.name}.run', cron='5 0 * * *', key='alpha.nightly'),")
    alpha = install("alpha", body, files={"tasks.py": TASK.format("alpha.run")})
    beta = install("beta", body, files={"tasks.py": TASK.format("beta.run")})
    (problem,) = problems(alpha, beta)
    assert problem.module == "beta"
    assert problem.message == "schedule entry 'alpha.nightly' already belongs to module 'alpha'"


def test_a_schedule_key_is_called_after_its_module(install: Install, problems: Problems) -> None:
    body = TASKS.format("ScheduledTask(task='alpha.run', cron='5 0 * * *', key='nightly'),")
    (problem,) = problems(install("alpha", body, files={"tasks.py": TASK.format("alpha.run")}))
    assert problem.message == "schedule entry 'nightly' is not called after its module"


def test_an_environment_variable_that_does_not_fit_its_setting_is_told(
    install: Install, problems: Problems, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ORION_ALPHA_LIMIT", "many")
    (problem,) = problems(install("alpha", SETTINGS.format("alpha", "limit")))
    assert (problem.module, problem.stage) == ("alpha", "settings")
    assert "alpha.limit from environment" in problem.message


def test_settings_of_two_modules_cannot_share_an_environment_variable(install: Install, problems: Problems) -> None:
    left = install("alpha", SETTINGS.format("alpha", "beta_limit"))
    right = install("alpha_beta", SETTINGS.format("alpha_beta", "limit"))
    (problem,) = problems(left, right)
    assert problem.module == "alpha_beta"
    assert problem.message == "environment variable 'ORION_ALPHA_BETA_LIMIT' already belongs to module 'alpha'"


def test_settings_must_be_those_of_their_module(install: Install, problems: Problems) -> None:
    (problem,) = problems(install("alpha", SETTINGS.format("billing", "limit")))
    assert (problem.module, problem.message) == ("alpha", "Config holds settings of module 'billing'")


@pytest.mark.parametrize(
    "body", [MENU.format("alpha.list", "", "alpha.red"), SLOT.format("alpha/tile.html", "alpha.red")]
)
def test_menus_and_slots_ask_for_permissions_that_exist(body: str, install: Install, problems: Problems) -> None:
    (problem,) = problems(install("alpha", body + PERMISSION.format("alpha.read")), web=False)
    assert problem.module == "alpha"
    assert "asks for permission 'alpha.red', which no module defines" in problem.message
    assert problem.hint == "Did you mean 'alpha.read'?"


def test_a_permission_of_a_module_that_is_broken_is_not_called_unknown(install: Install, problems: Problems) -> None:
    alpha = install("alpha", MENU.format("alpha.list", "", "beta.read"))
    found = problems(alpha, install("beta", "1 / 0"), web=False)
    assert [problem.module for problem in found] == ["beta"]


def test_templates_stand_in_a_folder_of_the_module(install: Install, problems: Problems) -> None:
    files = {"templates/alpha/list.html": "", "templates/beta/list.html": "", "templates/page.html": ""}
    found = problems(install("alpha", files=files), install("beta"))
    assert [(problem.module, problem.message) for problem in found] == [
        ("alpha", "has templates/beta, where module 'beta' has its own"),
        ("alpha", "has templates/page.html"),
    ]


def test_without_modules_there_is_no_tenant_directory_and_nothing_is_wrong() -> None:
    assert assemble([]).contributions("orion_tenants") == []


def test_the_core_tier_keeps_its_names_whatever_comes_before_it(install: Install, problems: Problems) -> None:
    found = problems(
        install("alpha", PERMISSION.format("beta.read")),
        install("beta", PERMISSION.format("beta.read"), tier="CORE"),
    )
    assert [(problem.module, problem.message) for problem in found] == [
        ("alpha", "permission 'beta.read' already belongs to module 'beta'")
    ]
