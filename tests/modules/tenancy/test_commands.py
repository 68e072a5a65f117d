"""The commands: what they make, what they answer, and how they refuse."""

import json
from typing import Any

from sqlalchemy import func, select
from typer.testing import CliRunner

from orion_host.testing import Stage
from orion_tenancy.commands import app
from orion_tenancy.models import LoginSession, Store, User
from tests.modules.tenancy.tenants import PASSWORD


def run(*arguments: str, typed: str = "") -> Any:
    return CliRunner().invoke(app, list(arguments), input=typed)


def last(answer: Any) -> Any:
    """What the command answered, after the log lines that only the host's command silences."""
    return json.loads(answer.stdout.splitlines()[-1])


def admin(email: str = "ada@example.com", password: str = PASSWORD, *more: str) -> Any:
    return run("create-admin", "--email", email, "--name", "Ada", *more, typed=f"{password}\n{password}\n")


def test_an_installation_is_furnished_by_commands(stage: Stage) -> None:
    assert admin().exit_code == 0
    assert run("create-platform", "--code", "north", "--name", "North").exit_code == 0
    merchant = ["--platform", "north", "--code", "haff", "--name", "Haff", "--email", "h@example.com"]
    answer = run("create-merchant", *merchant, "--activate", "--json")
    assert last(answer)["state"] == "active"
    answer = run("create-store", "--merchant", "haff", "--code", "mugs", "--name", "Mugs", "--locale", "lb")
    assert answer.stdout.splitlines()[-1] == "the shop is at /shop/mugs/"
    listed = last(run("list-stores", "--json"))
    assert listed == [{"code": "mugs", "name": "Mugs", "merchant": "haff", "open": True}]
    assert "mugs" in run("list-stores").stdout
    client = stage.client()
    assert client.post("/login", data={"email": "ada@example.com", "password": PASSWORD}).status_code == 303


def test_a_password_is_never_an_argument(stage: Stage) -> None:
    assert "--password" not in run("create-admin", "--help").stdout
    assert "--password" not in run("reset-password", "--help").stdout


def test_a_forgotten_password_is_replaced_and_sessions_end(stage: Stage) -> None:
    admin()
    client = stage.client()
    client.post("/login", data={"email": "ada@example.com", "password": PASSWORD})
    new = "nine blue saucers"
    assert run("reset-password", "--email", "ada@example.com", typed=f"{new}\n{new}\n").exit_code == 0
    assert client.get("/api/v1/admin/users").status_code == 401
    with stage.runtime.database.platform_session() as session:
        assert session.scalar(select(func.count()).where(LoginSession.revoked_at.is_(None))) == 0
    assert client.post("/login", data={"email": "ada@example.com", "password": new}).status_code == 303


def test_refusals_say_the_fact_and_change_nothing(stage: Stage) -> None:
    refused = {
        "characters": admin(password="short"),
        "e-mail": admin(email="nobody"),
        "no platform": run("create-merchant", "--platform", "x", "--code", "abc", "--name", "A", "--email", "a@b.lu"),
        "no merchant": run("create-store", "--merchant", "x", "--code", "abc", "--name", "A"),
        "no user": run("reset-password", "--email", "x@y.lu", typed=f"{PASSWORD}\n{PASSWORD}\n"),
    }
    for word, answer in refused.items():
        assert answer.exit_code == 1, word
        assert word in answer.stderr
    with stage.runtime.database.platform_session() as session:
        assert session.scalar(select(func.count()).select_from(User)) == 0
        assert session.scalar(select(func.count()).select_from(Store)) == 0
