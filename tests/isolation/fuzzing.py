"""Schemathesis over the API as its OpenAPI documents describe it, with real ids of two stores mixed in."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.core.result import Ok
from starlette.testclient import TestClient

from tests.isolation.belongings import Belongings


@dataclass(kw_only=True)
class Caller:
    """Somebody who calls the API.

    Args:
        client: Their browser.
        place: Whose store and merchant they call.
    """

    client: TestClient
    place: Belongings


@dataclass
class Findings:
    """What came back.

    Args:
        statuses: How often each status was answered.
        errors: Requests that met a server error.
    """

    statuses: Counter[int] = field(default_factory=Counter)
    errors: list[str] = field(default_factory=list)

    @property
    def cases(self) -> int:
        """How many requests were made."""
        return self.statuses.total()


def operations(client: TestClient) -> Iterator[Any]:
    """Yield the operations of all modules' documents."""
    for address in client.get("/api/v1/meta/openapi.json").json().values():
        schema = schemathesis.openapi.from_dict(client.get(address).json())
        for found in schema.get_all_operations():
            assert isinstance(found, Ok), f"{address}: {found}"
            yield found.ok()


def fuzz(operation: Any, caller: Caller, records: list[Belongings], examples: int, findings: Findings) -> None:
    """Call an operation with made-up input.

    Args:
        operation: The operation.
        caller: Who calls.
        records: Whose ids are put into paths now and then.
        examples: How many cases.
        findings: Is told what came back.
    """
    ids = st.sampled_from([str(each) for one in records for each in (*one.ids, *one.names)])

    @settings(
        max_examples=examples,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(), known=st.one_of(st.none(), ids))
    def call(case: Any, known: str | None) -> None:
        for name in case.path_parameters:
            place = {"store": caller.place.store, "merchant": caller.place.merchant}.get(name)
            if value := place or known:
                case.path_parameters[name] = value
        asked = case.as_transport_kwargs(base_url="http://testserver")
        answer = caller.client.request(**{**asked, "cookies": None})
        findings.statuses[answer.status_code] += 1
        if answer.status_code >= 500:
            findings.errors.append(f"{asked['method']} {asked['url']} {asked.get('params')} {asked.get('json')}")

    call()
