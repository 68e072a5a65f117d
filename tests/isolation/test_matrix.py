"""Every route x own, other, none, staff: not one byte of another tenant comes out, not one goes in."""

import re
from collections import Counter
from collections.abc import Callable

import pytest
from httpx2 import Response
from starlette.testclient import TestClient

from orion_core import Area
from orion_host.testing import Stage
from orion_host.up.demo import Demo
from tests.isolation.asking import Asked, requests
from tests.isolation.belongings import Belongings, fewer, fingerprint, foreign_words, only
from tests.isolation.conftest import SignIn

Market = tuple[Stage, Demo]
STAFF_AREAS = (Area.STORE, Area.MERCHANT, Area.ADMIN)

Chosen = Callable[[Belongings], Belongings]

pytestmark = pytest.mark.timeout(300)


@pytest.fixture(scope="module")
def foreign(mine: Belongings, theirs: Belongings) -> re.Pattern[str]:
    return foreign_words(theirs, mine)


@pytest.fixture(params=[1, pytest.param(2, marks=pytest.mark.slow)])
def chosen(request: pytest.FixtureRequest) -> Chosen:
    """Return what says how many records of each table are asked for."""
    return fewer if request.param == 1 else lambda belongings: belongings


@pytest.fixture(scope="module")
def manager(sign_in: SignIn) -> TestClient:
    return sign_in("manager@haff-keramik.example")


def ask(client: TestClient, asked: Asked) -> Response:
    return client.request(asked.method, asked.path, headers={"accept": "text/html, application/json"})


def leaks(answer: Response, asked: Asked, foreign: re.Pattern[str]) -> list[str]:
    """Return what an answer says of the other tenant, apart from what the question itself said."""
    said = f"{answer.text} {answer.headers.get('location', '')}"
    return [word for word in set(foreign.findall(said)) if word not in asked.path]


def test_own_answers_say_nothing_of_others(
    market: Market, mine: Belongings, foreign: re.Pattern[str], manager: TestClient, chosen: Chosen
) -> None:
    statuses: Counter[int] = Counter()
    for asked in requests(market[0].app, mine, chosen(mine)):
        if asked.method == "GET" and asked.area is not Area.PUBLIC:
            answer = ask(manager, asked)
            statuses[answer.status_code] += 1
            assert answer.status_code < 500, asked
            assert leaks(answer, asked, foreign) == [], asked
    assert statuses[200] > 20, "many pages were really shown"


def test_records_of_others_are_neither_shown_nor_changed(
    *,
    market: Market,
    mine: Belongings,
    theirs: Belongings,
    foreign: re.Pattern[str],
    manager: TestClient,
    chosen: Chosen,
) -> None:
    place = market[0].urls.owner, theirs.store, market[0].assembly.modules
    before = fingerprint(*place)
    for asked in requests(market[0].app, mine, only(chosen(theirs), mine)):
        if not asked.names_record or asked.area is Area.PUBLIC:
            continue
        answer = ask(manager, asked)
        assert answer.status_code < 500, asked
        assert answer.status_code >= 300 or (asked.is_public and asked.method == "GET"), asked
        assert leaks(answer, asked, foreign) == [], asked
    assert fingerprint(*place) == before


@pytest.fixture(params=["manager of another store", "nobody"])
def outsider(request: pytest.FixtureRequest, market: Market, manager: TestClient) -> TestClient:
    return market[0].client() if request.param == "nobody" else manager


def test_the_places_of_others_are_closed(
    market: Market, theirs: Belongings, foreign: re.Pattern[str], outsider: TestClient, chosen: Chosen
) -> None:
    place = market[0].urls.owner, theirs.store, market[0].assembly.modules
    before = fingerprint(*place)
    refused = 0
    for asked in requests(market[0].app, theirs, chosen(theirs)):
        if asked.area not in STAFF_AREAS:
            continue
        answer = ask(outsider, asked)
        assert leaks(answer, asked, foreign) == [], asked
        if not asked.is_public:
            assert answer.status_code in {303, 401, 403, 404}, (asked, answer.status_code)
            refused += 1
    assert refused > 100
    assert fingerprint(*place) == before


def test_the_shop_of_another_says_nothing_of_mine(
    market: Market, mine: Belongings, theirs: Belongings, chosen: Chosen
) -> None:
    nobody, words = market[0].client(), foreign_words(mine, theirs)
    shown = 0
    for asked in requests(market[0].app, theirs, chosen(mine)):
        if asked.method == "GET" and asked.area is Area.SHOP:
            answer = ask(nobody, asked)
            assert answer.status_code < 500, asked
            assert leaks(answer, asked, words) == [], asked
            shown += answer.status_code == 200
    assert shown > 3


def test_the_admin_meets_no_error(market: Market, mine: Belongings, sign_in: SignIn, chosen: Chosen) -> None:
    admin = sign_in("admin@orion.example")
    shown = 0
    for asked in requests(market[0].app, mine, chosen(mine)):
        if asked.method == "GET":
            answer = ask(admin, asked)
            assert answer.status_code < 500, asked
            shown += answer.status_code == 200
    assert shown > 60
