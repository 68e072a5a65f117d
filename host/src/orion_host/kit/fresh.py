"""Run in a fresh interpreter by the checks of start-up: what importing loads, and what assembling needs."""

import json
import os
import sys
from collections.abc import Collection, Iterator, Sequence
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
    plugin = next(each["plugin"] for each in question["found"] if each["name"] == question["name"])
    try:
        import_module(plugin)
    except Exception:  # noqa: BLE001  the check of the definition tells it
        return {"loaded": []}
    return {"loaded": [library for library in question["heavy"] if library in sys.modules]}


def without_neighbours(question: dict[str, Any]) -> dict[str, Any]:
    """Return what keeps a module from assembling without its optional neighbours, in a process for each set."""
    # The libraries are loaded before the processes part, so that each of them is cheap.
    import_module("fastapi")
    import_module("orion_core.web")
    assembly = import_module("orion_host.assembly")
    found = [assembly.InstalledModule(**each) for each in question["found"]]
    problems = []
    for absent in _sets(question["name"], _requirements(found), found):
        problem = _in_child(assembly, found, absent)
        if problem:
            problems.append([" and ".join(sorted(absent)) or "any of them", problem])
    return {"problems": problems}


def _requirements(found: Sequence[Any]) -> dict[str, tuple[str, ...]]:
    """Ask another process, because reading the definitions imports every plugin.py."""
    receive, send = os.pipe()
    if os.fork() == 0:
        from orion_host.assembly import load_modules  # noqa: PLC0415  only in this process

        modules = load_modules(found).modules.values()
        os.write(send, json.dumps({each.name: each.definition.requires for each in modules}).encode())
        os._exit(0)
    os.close(send)
    with os.fdopen(receive) as answer:
        requires: dict[str, tuple[str, ...]] = json.loads(answer.read() or "{}")
    os.wait()
    return requires


def _sets(name: str, requires: dict[str, tuple[str, ...]], found: Sequence[Any]) -> Iterator[set[str]]:
    """Yield sets of modules to do without: each optional one with all that needs it, then all of them."""
    optional = {each.name for each in found} - _reach(name, requires)
    sets = [frozenset(other for other in requires if each in _reach(other, requires)) for each in sorted(optional)]
    yield from (set(each) for each in dict.fromkeys([*sets, frozenset(optional)]) if each)


def _reach(name: str, requires: dict[str, tuple[str, ...]]) -> set[str]:
    return {name}.union(*(_reach(other, requires) for other in requires.get(name, ())))


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
