"""Signing in: what is answered, how often it may be tried, where it leads, and when it ends."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from limits.errors import StorageError
from limits.storage import MemoryStorage
from sqlalchemy import select, update

from orion_core.errors import TooManyRequests
from orion_core.models import AuditEntry
from orion_core.services import passwords
from orion_core.services.limiter import LoginLimiter
from orion_core.services.passwords import WeakPassword, check_strength
from orion_host.testing import Stage
from orion_tenancy.models import LoginSession, User
from orion_tenancy.services import sign_in
from orion_tenancy.services.places import local_path
from orion_tenancy.services.users import set_active
from tests.modules.tenancy.tenants import PASSWORD, Tenants

EMAIL = "ada@example.com"


@pytest.fixture
def admin(committed: Callable[..., Any]) -> User:
    user: User = committed(lambda tenants: tenants.user(EMAIL, is_platform_admin=True))
    return user


def enter(stage: Stage, email: str = EMAIL, password: str = PASSWORD, **data: str) -> tuple[Any, Any]:
    client = stage.client()
    return client, client.post("/login", data={"email": email, "password": password, **data})


def with_token(stage: Stage, token: str) -> Any:
    client = stage.client()
    client.cookies.set("orion_staff", token)
    return client


def test_a_sign_in_opens_the_staff_area(stage: Stage, admin: User) -> None:
    client, answer = enter(stage, email="  ADA@Example.com ")
    assert (answer.status_code, answer.headers["location"]) == (303, "/admin/")
    cookie = answer.headers["set-cookie"]
    assert "orion_staff=" in cookie
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Secure" not in cookie
    assert client.get("/admin/").status_code == 200


def test_the_cookie_is_secure_behind_https(stage: Stage, admin: User) -> None:
    client = stage.client()
    answer = client.post("https://testserver/login", data={"email": EMAIL, "password": PASSWORD})
    assert "Secure" in answer.headers["set-cookie"]


def test_only_a_hash_of_the_token_is_kept_and_the_entry_is_audited(stage: Stage, admin: User) -> None:
    client, _ = enter(stage)
    with stage.runtime.database.platform_session() as session:
        kept = session.scalars(select(LoginSession)).one()
        assert client.cookies["orion_staff"].encode() not in kept.token_hash
        assert len(kept.token_hash) == 32
        entry = session.scalars(select(AuditEntry).filter_by(action="tenancy.sign_in")).one()
        assert entry.actor_id == admin.id


def test_unknown_wrong_and_deactivated_are_answered_alike(stage: Stage, admin: User, committed: Any) -> None:
    def make(tenants: Tenants) -> None:
        set_active(tenants.session, tenants.user("gone@example.com").id, active=False)

    committed(make)
    answers = [
        enter(stage, email=EMAIL, password="wrong password")[1],
        enter(stage, email="nobody@example.com")[1],
        enter(stage, email="gone@example.com")[1],
    ]
    assert {answer.status_code for answer in answers} == {401}
    bodies = {
        answer.text.replace(email, "").replace(answer.headers["x-request-id"], "")
        for answer, email in zip(answers, (EMAIL, "nobody@example.com", "gone@example.com"), strict=True)
    }
    assert len(bodies) == 1


def test_a_hash_is_verified_whether_or_not_the_account_exists(
    stage: Stage, admin: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    verified: list[bool] = []

    def counting(password: str, known: str | None) -> bool:
        verified.append(known is not None)
        return passwords.verify_password(password, known)

    monkeypatch.setattr(sign_in, "verify_password", counting)
    enter(stage, password="wrong password")
    enter(stage, email="nobody@example.com")
    assert verified == [True, False]
    assert passwords.verify_password("anything", None) is False


def test_guessing_is_slowed_down_per_account(stage: Stage, admin: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ORION_TENANCY_LOGIN_ATTEMPTS", "7")
    answers = [enter(stage, password=f"guess number {number}")[1] for number in range(8)]
    assert [answer.status_code for answer in answers] == [401] * 7 + [429]
    assert 1 <= int(answers[-1].headers["retry-after"]) <= 60
    assert enter(stage)[1].status_code == 429, "the right password does not help either"


def test_limits_count_accounts_and_addresses_apart() -> None:
    limiter = LoginLimiter(MemoryStorage())
    for _ in range(2):
        limiter.check("a@example.com", "10.0.0.1", 2)
        limiter.failed("10.0.0.1", 2)
    with pytest.raises(TooManyRequests):
        limiter.check(" A@example.com", "10.0.0.2", 2)
    with pytest.raises(TooManyRequests):
        limiter.check("b@example.com", "10.0.0.1", 2)
    limiter.check("c@example.com", "10.0.0.3", 2)


def test_colleagues_who_know_their_passwords_do_not_use_up_their_address() -> None:
    limiter = LoginLimiter(MemoryStorage())
    for number in range(5):
        limiter.check(f"{number}@example.com", "10.0.0.1", 2)
        limiter.succeeded(f"{number}@example.com", 2)


def test_two_processes_count_together() -> None:
    shared = MemoryStorage()
    LoginLimiter(shared).check("a@example.com", "10.0.0.1", 1)
    with pytest.raises(TooManyRequests):
        LoginLimiter(shared).check("a@example.com", "10.0.0.2", 1)


def test_a_dead_shared_storage_does_not_open_the_gate() -> None:
    class Dead(MemoryStorage):
        def acquire_entry(self, *args: Any, **kwargs: Any) -> bool:
            raise StorageError(ConnectionError("gone"))

    limiter = LoginLimiter(Dead())
    limiter.check("a@example.com", "10.0.0.1", 1)
    with pytest.raises(TooManyRequests):
        limiter.check("a@example.com", "10.0.0.1", 1)


@pytest.mark.parametrize(
    "path",
    [
        "//evil.example",
        "https://evil.example/",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "javascript:alert(1)",
        "/ok\r\nSet-Cookie: a=b",
        "",
        "admin/",
    ],
)
def test_only_paths_of_this_site_are_followed(path: str) -> None:
    assert local_path(path) is None


def test_an_open_redirect_is_refused(stage: Stage, admin: User) -> None:
    assert enter(stage, next="//evil.example/")[1].headers["location"] == "/admin/"
    assert enter(stage, next="/admin/users?q=a")[1].headers["location"] == "/admin/users?q=a"
    page = stage.client().get("/login", params={"next": "https://evil.example/"})
    assert "evil.example" not in page.text


def test_an_unknown_caller_is_led_through_the_login_to_the_page(stage: Stage, admin: User) -> None:
    answer = stage.client().get("/admin/users?q=ada", headers={"accept": "text/html"})
    assert answer.status_code == 303
    assert answer.headers["location"] == "/login?next=%2Fadmin%2Fusers%3Fq%3Dada"


def test_a_new_sign_in_ends_the_session_before(stage: Stage, admin: User) -> None:
    client, _ = enter(stage)
    old = client.cookies["orion_staff"]
    client.post("/login", data={"email": EMAIL, "password": PASSWORD})
    assert client.cookies["orion_staff"] != old
    assert with_token(stage, old).get("/api/v1/admin/users").status_code == 401


def test_signing_out_ends_the_session(stage: Stage, admin: User) -> None:
    client, _ = enter(stage)
    token = client.cookies["orion_staff"]
    assert client.post("/logout").headers["location"] == "/login"
    assert with_token(stage, token).get("/api/v1/admin/users").status_code == 401


@pytest.mark.parametrize(
    "change",
    [
        update(LoginSession).values(revoked_at=datetime.now(UTC)),
        update(LoginSession).values(expires_at=datetime.now(UTC) - timedelta(seconds=1)),
        update(User).values(is_active=False),
    ],
    ids=["revoked", "expired", "deactivated"],
)
def test_a_session_ends_with_the_next_request(stage: Stage, admin: User, change: Any) -> None:
    client, _ = enter(stage)
    with stage.runtime.database.platform_session() as session, session.begin():
        session.execute(change)
    assert client.get("/admin/", headers={"accept": "text/html"}).status_code == 303
    assert client.get("/api/v1/admin/users").status_code == 401


@pytest.mark.parametrize("password", ["short", "aaaaaaaaaaaaaa", "long.name@example.com", "long.name1"])
def test_weak_passwords_are_refused(password: str) -> None:
    email = "long.name1@example.com" if password == "long.name1" else "long.name@example.com"
    with pytest.raises(WeakPassword):
        check_strength(password, email)
