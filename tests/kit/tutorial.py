"""Works through a tutorial as a reader does: writes its files, applies its changes, runs its commands."""

import os
import re
import shlex
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.kit.generated import note_installation
from tests.running import ORION, clean_environment

_BLOCK = re.compile(r'^```(\w+)(?: title="([^"]+)")?( append)?\n(.*?)^```$', re.MULTILINE | re.DOTALL)
PROGRAMS = {"orion": ORION, **{name: (sys.executable, "-m", name) for name in ("pytest", "ruff", "mypy")}}


@dataclass(frozen=True)
class Block:
    """A fenced block: a file, a change to one, or commands; what has no title and is not ``sh`` is only shown."""

    language: str
    title: str
    appends: bool
    body: str


def blocks_of(page: Path) -> Iterator[Block]:
    """Yield a page's blocks in order."""
    for language, title, append, body in _BLOCK.findall(page.read_text()):
        yield Block(language, title, bool(append), body)


class Reader:
    """Somebody who works through a tutorial.

    Args:
        folder: Where they begin.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / ".orion").mkdir()  # as if `orion up` had run here once
        self._data = folder / ".orion"

    def follow(self, block: Block) -> None:
        """Do what a block says."""
        if block.language == "sh":
            for line in block.body.splitlines():
                self._run(shlex.split(line, comments=True))
        elif block.language == "diff":
            path = self.folder / block.title
            path.write_text(changed(path.read_text(), block))
        elif block.title:
            path = self.folder / block.title
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(f"{path.read_text().rstrip()}\n\n{block.body}" if block.appends else block.body)

    def _run(self, words: list[str]) -> None:
        if words[:1] == ["cd"]:
            self.folder /= words[1]
        elif words[:3] == ["pip", "install", "-e"]:
            self._install()
        else:
            command = [*PROGRAMS[words[0]], *words[1:]]
            answer = subprocess.run(
                command, cwd=self.folder, env=self._environment(), capture_output=True, text=True, check=False
            )
            assert answer.returncode == 0, f"{shlex.join(words)}\n{answer.stdout[-6000:]}{answer.stderr[-3000:]}"

    def _install(self) -> None:
        """Leave what an editable installation would, without touching the environment of the tests."""
        project = tomllib.loads((self.folder / "pyproject.toml").read_text())["project"]
        ((name, _),) = project["entry-points"]["orion.modules"].items()
        note_installation(self.folder, name, project["name"], tuple(project["dependencies"]))

    def _environment(self) -> dict[str, str]:
        path = os.pathsep.join([str(self.folder / "src"), os.environ.get("PYTHONPATH", "")])
        return {**clean_environment(self._data), "PYTHONPATH": path.rstrip(os.pathsep)}


def changed(text: str, block: Block) -> str:
    """Return a file's text after the changes of a ``diff`` block; each of its parts must stand there exactly once."""
    for part in re.split(r"^\.\.\.\n", block.body, flags=re.MULTILINE):
        lines = part.splitlines(keepends=True)
        old = "".join(line[1:] or "\n" for line in lines if line[0] in " -\n")
        new = "".join(line[1:] or "\n" for line in lines if line[0] in " +\n")
        assert text.count(old) == 1, f"{block.title} does not hold this once:\n{old}"
        text = text.replace(old, new)
    return text
