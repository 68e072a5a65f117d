"""File names alone tell a module's revisions, because the reading of a branch insists on it."""

from pathlib import Path

import pytest

from orion_host.assembly import Assembly
from orion_host.migrations.heads import shipped_revisions
from orion_host.migrations.revisions import Branch, MigrationError


def write(folder: Path, name: str, revision: str, down: str | None = None) -> None:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(
        f"revision = {revision!r}\ndown_revision = {down!r}\ndef upgrade(): pass\ndef downgrade(): pass\n"
    )


def test_file_names_tell_the_revisions_of_every_module(assembly: Assembly) -> None:
    folders = assembly.folders("migrations")
    assert "core" in folders
    for module, folder in folders.items():
        assert shipped_revisions(folder) == [each.id for each in Branch(module, folder).revisions]


def test_other_files_and_an_empty_folder_tell_nothing(tmp_path: Path) -> None:
    assert shipped_revisions(tmp_path) == []
    for name in ("__init__.py", "apples_0001.sql", "apples_1_short.py", "helpers.py"):
        (tmp_path / name).touch()
    assert shipped_revisions(tmp_path) == []


def test_revisions_come_in_the_order_of_their_numbers(tmp_path: Path) -> None:
    for name in ("dev_tools_0002.py", "dev_tools_0001_create_rules.py", "dev_tools_0010_add_2027.py"):
        (tmp_path / name).touch()
    assert shipped_revisions(tmp_path) == ["dev_tools_0001", "dev_tools_0002", "dev_tools_0010"]


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ([("pears_0001_a.py", "pears_0001", None)], "'pears_0001' of apples must be apples_ and four digits"),
        ([("apples_1_a.py", "apples_1", None)], "'apples_1' of apples must be apples_ and four digits"),
        ([("first.py", "apples_0001", None)], "revision apples_0001 must be named after it, not first.py"),
        ([("apples_0001x.py", "apples_0001", None)], "must be named after it, not apples_0001x.py"),
        (
            [("apples_0002_a.py", "apples_0002", None), ("apples_0001_b.py", "apples_0001", "apples_0002")],
            "by name they are apples_0001, apples_0002, by down_revision apples_0002, apples_0001",
        ),
        (
            [
                ("apples_0001_a.py", "apples_0001", None),
                ("apples_0002_b.py", "apples_0002", "apples_0001"),
                ("apples_0003_c.py", "apples_0003", "apples_0001"),
            ],
            "fork at apples_0001",
        ),
    ],
)
def test_a_branch_that_its_file_names_do_not_tell_is_refused(
    files: list[tuple[str, str, str | None]], message: str, tmp_path: Path
) -> None:
    for name, revision, down in files:
        write(tmp_path / "apples", name, revision, down)
    with pytest.raises(MigrationError, match=message):
        Branch("apples", tmp_path / "apples")


def test_a_file_that_cannot_be_imported_is_blamed_on_its_module(tmp_path: Path) -> None:
    (tmp_path / "apples_0001_a.py").write_text("import nowhere_at_all\n")
    with pytest.raises(MigrationError, match="the migrations of apples cannot be read: No module named"):
        Branch("apples", tmp_path)
