"""Files and functions stay small: the tail is what rots."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from orion_host.kit.sources import parse

ROOT = Path(__file__).parents[2]
MAX_FILE = 400
MAX_FUNCTION = 50
MAX_CONFTEST = 80
REVISION = re.compile(r"[a-z_]+_\d{4}_\w+\.py")
"""Revisions are written once and never grow."""


def sources() -> list[Path]:
    folders = [ROOT / "orion-core/src", ROOT / "host/src", *sorted(ROOT.glob("plugins/*/src"))]
    return [path for folder in folders for path in sorted(folder.rglob("*.py")) if not REVISION.fullmatch(path.name)]


def functions(path: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, (node.end_lineno or node.lineno) - node.lineno + 1


def test_no_file_is_longer_than_a_room() -> None:
    long = {str(p.relative_to(ROOT)): n for p in sources() if (n := len(p.read_text().splitlines())) > MAX_FILE}
    assert not long


def test_no_function_is_longer_than_a_screen() -> None:
    long = [
        f"{path.relative_to(ROOT)}:{name} {length}"
        for path in sources()
        for name, length in functions(path)
        if length > MAX_FUNCTION
    ]
    assert not long


def test_no_conftest_becomes_a_god() -> None:
    long = [path for path in ROOT.glob("tests/**/conftest.py") if len(path.read_text().splitlines()) > MAX_CONFTEST]
    assert not long


@pytest.mark.parametrize("path", sources(), ids=lambda path: str(path.relative_to(ROOT)))
def test_a_file_says_why_it_exists(path: Path) -> None:
    assert ast.get_docstring(parse(path.read_text())), "the first line of a file is a docstring"
