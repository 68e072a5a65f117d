"""The whole API fuzzed as people of two stores, and then as the admin: no input is a server error."""

import math

import pytest

from orion_host.testing import Stage
from orion_host.up.demo import Demo
from tests.isolation.belongings import Belongings
from tests.isolation.conftest import SignIn
from tests.isolation.fuzzing import Caller, Findings, fuzz, operations

Market = tuple[Stage, Demo]
FEW, MANY = 300, 10_000


@pytest.mark.parametrize(
    "cases",
    [
        pytest.param(FEW, marks=pytest.mark.timeout(180)),
        pytest.param(MANY, marks=[pytest.mark.slow, pytest.mark.timeout(1800)]),
    ],
)
def test_no_input_is_a_server_error(
    cases: int, market: Market, mine: Belongings, theirs: Belongings, sign_in: SignIn
) -> None:
    findings = Findings()
    manager = Caller(client=sign_in("manager@haff-keramik.example"), place=mine)
    owner = Caller(client=sign_in("owner@maison-verte.example"), place=theirs)
    found = list(operations(manager.client))
    each = math.ceil(cases / (3 * len(found)))
    for caller in (manager, owner):
        for operation in found:
            fuzz(operation, caller, [mine, theirs], each, findings)
    for operation in found:  # last: the admin may close what the others work in
        admin = Caller(client=sign_in("admin@orion.example"), place=mine)
        fuzz(operation, admin, [mine, theirs], each, findings)
    print(f"{findings.cases} cases over {len(found)} operations: {dict(sorted(findings.statuses.items()))}")
    assert findings.cases >= cases
    assert findings.errors == []
    assert findings.statuses[200] > 20, "some of it was really answered"
