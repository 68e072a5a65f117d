"""Files: what was stored is read back by its tenant alone, and can never be changed."""

import hashlib

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from orion_core.context import NOWHERE, use_context
from orion_core.db import platform_scope, unit_of_work
from orion_core.errors import InvalidInput, NotFound
from orion_core.files import MAX_BYTES, list_files, read_file, store_file
from orion_core.ids import new_id
from orion_core.testing import Market


def test_a_file_is_read_back_by_its_tenant_alone(market: Market) -> None:
    content = bytes(range(256))
    with use_context(market.mine), unit_of_work() as session:
        file_id = store_file(session, name="label.png", media_type="image/png", content=content)
    with use_context(market.mine), unit_of_work() as session:
        file = read_file(session, file_id)
        assert (file.name, file.media_type, file.content) == ("label.png", "image/png", content)
        assert file.sha256 == hashlib.sha256(content).digest()
        assert list_files(session, [file_id]) == [(file_id, "label.png", 256)]
    with use_context(market.other), unit_of_work() as session:
        for ask in (lambda: read_file(session, file_id), lambda: list_files(session, [file_id])):
            with pytest.raises(NotFound):
                ask()
    with use_context(NOWHERE), platform_scope("test") as session:
        assert read_file(session, file_id).content == content


@pytest.mark.parametrize("statement", ["UPDATE core.file SET name = 'x'", "DELETE FROM core.file"])
def test_a_file_never_changes(market: Market, statement: str) -> None:
    with use_context(market.mine), unit_of_work() as session:
        store_file(session, name="a.txt", media_type="text/plain", content=b"a")
    with (
        use_context(market.mine),
        pytest.raises(ProgrammingError, match="permission denied"),
        unit_of_work() as session,
    ):
        session.execute(text(statement))
    with (
        use_context(NOWHERE),
        pytest.raises(ProgrammingError, match="permission denied"),
        platform_scope("t") as session,
    ):
        session.execute(text(statement))


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "_.._etc_passwd"),
        ("a\r\nb\0.pdf", "a_b_.pdf"),
        ("...", "file"),
        ("Rechnung für Léa.pdf", "Rechnung für Léa.pdf"),
    ],
)
def test_names_hold_nothing_that_leads_elsewhere(market: Market, given: str, kept: str) -> None:
    with use_context(market.mine), unit_of_work() as session:
        file_id = store_file(session, name=given, media_type="text/plain", content=b"")
        assert read_file(session, file_id).name == kept


def test_what_is_too_large_or_of_no_known_kind_is_refused(market: Market) -> None:
    with use_context(market.mine), unit_of_work() as session:
        with pytest.raises(InvalidInput, match="at most"):
            store_file(session, name="a", media_type="text/plain", content=bytes(MAX_BYTES + 1))
        for kind in ("pdf", "text/html; charset=utf-8", "text/html\r\nx: y"):
            with pytest.raises(ValueError, match="media type"):
                store_file(session, name="a", media_type=kind, content=b"")
        with pytest.raises(NotFound):
            read_file(session, new_id())
