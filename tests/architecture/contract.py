"""The contract with outside authors as data, one snapshot per version: ``python -m tests.architecture.contract``."""

import dataclasses
import inspect
import json
from dataclasses import is_dataclass
from pathlib import Path
from typing import Any

import orion_core
from orion_core import CONTRACT_VERSION, contributions, hookspecs
from tests.architecture.test_sizes import ROOT

FOLDER = ROOT / "docs/reference/contract"


def contract() -> dict[str, Any]:
    """Return what the present code promises: the front door, the hooks, and the fields of what they return."""
    hooks = {name: value for name, value in vars(hookspecs).items() if name.startswith("orion_")}
    types = [value for value in vars(contributions).values() if isinstance(value, type) and is_dataclass(value)]
    return {
        "front_door": sorted(orion_core.__all__),
        "hooks": {name: list(inspect.signature(hook).parameters) for name, hook in sorted(hooks.items())},
        "types": {
            each.__name__: {field.name: _is_optional(field) for field in dataclasses.fields(each)}
            for each in sorted(types, key=str)
        },
    }


def _is_optional(field: dataclasses.Field[Any]) -> str:
    required = field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING
    return "required" if required else "optional"


def snapshot(version: str) -> Path:
    """Return the file of a version's snapshot."""
    return FOLDER / f"{version}.json"


def main() -> None:
    """Write the snapshot of the present version."""
    FOLDER.mkdir(exist_ok=True)
    snapshot(CONTRACT_VERSION).write_text(json.dumps(contract(), indent=1) + "\n")


if __name__ == "__main__":
    main()
