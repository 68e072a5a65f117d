"""Run in a fresh interpreter by the checks of start-up: what importing loads, and what assembling needs."""

import json
import os
import sys
from collections.abc import Collection, Sequence
from importlib import import_module
from importlib.abc import MetaPathFinder
from typing import Any


class Hidden(MetaPathFinder):
    """Lets nobody import some packages, as if they were not installed.

    Args:
        packages: Their names.
    """

    def __init__(self, packages: Collection[str]) -> None:
        self._packages = frozenset(packages)

    def find_spec(self, fullname: str, path: Any = None, target: Any = None) -> None:  # noqa: ARG002
        if fullname.partition(".")[0] in self._packages:
            raise ModuleNotFoundError(f"No module named {fullname!r} (it is hidden for this check)", name=fullname)


def loaded(question: dict[str, Any]) -> dict[str, Any]:
    """Return which heavy libraries importing a plugin.py loads."""
    try:
        import_module(question["plugin"])
    except Exception:  # noqa: BLE001  the check of the definition tells it
        return {"loaded": []}
    return {"loaded": [library for library in question["heavy"] if library in sys.modules]}


def without_neighbours(question: dict[str, Any]) -> dict[str, Any]:
    """Return what keeps a module from assembling without some others, in a process of its own for each set of them."""
    # The libraries are loaded before the processes part, so that each of them is cheap.
    import_module("fastapi")
    import_module("orion_core.web")
    assembly = import_module("orion_host.assembly")
    found = [assembly.InstalledModule(**each) for each in question["found"]]
    answers = [(absent, _in_child(assembly, found, set(absent))) for absent in question["sets"]]
    return {"problems": [[" and ".join(absent), problem] for absent, problem in answers if problem]}


def _in_child(assembly: Any, found: Sequence[Any], absent: set[str]) -> str:
    receive, send = os.pipe()
    if os.fork() == 0:
        hidden = [each.package.partition(".")[0] for each in found if each.name in absent]
        sys.meta_path.insert(0, Hidden(hidden))
        try:
            assembly.assemble([each for each in found if each.name not in absent], policy="strict")
        except Exception as error:  # noqa: BLE001  whatever it is, it is the answer
            os.write(send, str(error).encode()[:4000])
        os._exit(0)
    os.close(send)
    with os.fdopen(receive) as answer:
        problem = answer.read()
    os.wait()
    return problem


def main() -> None:
    """Answer the question on standard input."""
    question = json.loads(sys.stdin.read())
    answer = loaded(question) if question["what"] == "light" else without_neighbours(question)
    print(json.dumps(answer))  # noqa: T201  the answer


if __name__ == "__main__":
    main()
