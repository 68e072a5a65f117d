"""A module's own files as the checks read them: parsed once, with the place of everything in them."""

import ast
import gc
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path


def parse(text: str) -> ast.Module:
    """Return the syntax tree of Python code.

    The collector waits meanwhile: in CPython 3.11 what it finalizes may let another thread parse, and then both fail
    with a SystemError (python/cpython#106905).

    Args:
        text: The code.

    Raises:
        SyntaxError: It is none.
    """
    collects = gc.isenabled()
    gc.disable()
    try:
        return ast.parse(text)
    finally:
        if collects:
            gc.enable()


@dataclass(frozen=True)
class Source:
    """A Python file.

    Args:
        path: Where it is.
        folder: The package's folder.
    """

    path: Path
    folder: Path

    @property
    def place(self) -> str:
        """Its path within the package."""
        return self.path.relative_to(self.folder).as_posix()

    @property
    def room(self) -> str:
        """The file or folder of the package it belongs to: ``services`` for ``services/prices.py``."""
        return self.place.partition("/")[0].removesuffix(".py")

    @cached_property
    def tree(self) -> ast.Module:
        """What is written in it; empty if it is no Python, which importing it tells better."""
        try:
            return parse(self.path.read_text(encoding="utf-8"))
        except (SyntaxError, ValueError):
            return ast.Module(body=[], type_ignores=[])

    def at(self, node: ast.AST) -> str:
        """Return the place of a node: file and line."""
        return f"{self.place}:{getattr(node, 'lineno', 1)}"

    def imports(self, *, for_types: bool = True) -> Iterator[tuple[ast.AST, str, tuple[str, ...]]]:
        """Yield each absolute import: its node, the module, and the names taken from it.

        Args:
            for_types: Whether to include what only type checkers import.
        """
        left_out = set() if for_types else self._for_types
        for node in ast.walk(self.tree):
            if node in left_out:
                continue
            if isinstance(node, ast.Import):
                yield from ((node, alias.name, ()) for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
                yield node, node.module, tuple(alias.name for alias in node.names)

    @cached_property
    def _for_types(self) -> set[ast.AST]:
        blocks = [node for node in ast.walk(self.tree) if isinstance(node, ast.If)]
        return {
            node
            for block in blocks
            if ast.unparse(block.test).endswith("TYPE_CHECKING")
            for line in block.body
            for node in ast.walk(line)
        }

    def texts(self) -> Iterator[tuple[ast.AST, str]]:
        """Yield each text that is written out, with its node."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node, node.value


def read_sources(folder: Path) -> list[Source]:
    """Return a package's Python files without its migrations, sorted by path.

    Args:
        folder: The package's folder.
    """
    files = sorted(folder.rglob("*.py"))
    return [Source(path, folder) for path in files if "migrations" not in path.relative_to(folder).parts]
