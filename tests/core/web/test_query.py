"""Query strings become structs, and what does not fit is refused by its name."""

import contextlib
from typing import Annotated, Literal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from orion_core.errors import InvalidInput
from orion_core.web import query
from orion_core.web.paging import decode_cursor, encode_cursor
from orion_core.web.query import parameters_of, parse_query


class Tea(msgspec.Struct, frozen=True):
    kind: Annotated[str, msgspec.Meta(max_length=5, description="Sort of tea")] = ""
    minutes: Annotated[int, msgspec.Meta(ge=1, le=10)] | None = None
    milk: bool = False
    size: Literal["", "cup", "pot"] = ""


def test_text_becomes_the_type_of_its_field() -> None:
    assert parse_query(Tea, b"kind=mint&minutes=3&milk=true&size=pot") == Tea("mint", 3, True, "pot")


def test_empty_and_unknown_parameters_are_passed_over() -> None:
    assert parse_query(Tea, b"kind=&sugar=2&minutes=") == Tea()
    assert parse_query(Tea, b"") == Tea()


def test_zero_bytes_never_reach_the_database() -> None:
    assert parse_query(Tea, b"kind=m%00int") == Tea(kind="mint")


@pytest.mark.parametrize("raw", [b"minutes=soon", b"minutes=99", b"kind=chamomile", b"size=bucket", b"milk=maybe"])
def test_what_does_not_fit_is_refused_by_name(raw: bytes) -> None:
    with pytest.raises(InvalidInput) as refused:
        parse_query(Tea, raw)
    assert list(refused.value.errors) == [f"query.{raw.partition(b'=')[0].decode()}"]


@given(st.binary(max_size=60))
def test_any_bytes_give_a_struct_or_a_refusal(raw: bytes) -> None:
    with contextlib.suppress(InvalidInput):
        assert isinstance(parse_query(Tea, raw), Tea)


def test_openapi_knows_the_parameters() -> None:
    described = {parameter["name"]: parameter for parameter in parameters_of(query(Tea))}
    assert list(described) == ["kind", "minutes", "milk", "size"]
    assert described["kind"]["description"] == "Sort of tea"
    assert described["milk"]["schema"]["type"] == "boolean"


@given(st.lists(st.integers() | st.text(), min_size=1, max_size=4))
def test_a_cursor_brings_its_key_back(key: list[int | str]) -> None:
    assert decode_cursor(encode_cursor(*key)) == tuple(key)


@given(st.text(max_size=40))
def test_a_made_up_cursor_is_refused_and_never_crashes(text: str) -> None:
    with contextlib.suppress(InvalidInput):
        decode_cursor(text)
