"""Everything that proves the project, as sessions: ``uv run nox`` runs lint, types, imports and tests."""

import os
import shutil
import tomllib
from pathlib import Path

import nox

nox.options.default_venv_backend = "none"  # the workspace's own environment, which `uv run` made
nox.options.sessions = ["lint", "types", "imports", "tests"]

# The tests start hundreds of processes; with this set each would compile all it imports, which doubles the time.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

ROOT = Path(__file__).parent
DIST = ROOT / "dist"
# By file: a marketplace that a file's tests share is planted by one worker instead of both. In the order found: files
# of few tests are not the quick ones, and left to the end they keep a single worker busy.
TWO_WORKERS = ("-n", "2", "--dist", "loadfile", "--no-loadscope-reorder")


def members() -> list[Path]:
    """Return the folders of all distributions."""
    return [ROOT / "orion-core", ROOT / "host", *sorted((ROOT / "plugins").iterdir())]


@nox.session
def lint(session: nox.Session) -> None:
    """Check style with ruff, and that every distribution declares what it imports."""
    session.run("ruff", "check", ".")
    session.run("ruff", "format", "--check", ".")
    for member in members():
        with session.chdir(member):
            session.run("deptry", "src", silent=True)


@nox.session
def types(session: nox.Session) -> None:
    """Check types, strictly."""
    session.run("mypy")


@nox.session
def imports(session: nox.Session) -> None:
    """Check who may import whom."""
    session.run("lint-imports", "--no-cache")


@nox.session
def tests(session: nox.Session) -> None:
    """Run the tests against real servers; arguments go to pytest."""
    session.run("pytest", *TWO_WORKERS, "-m", "not slow", *session.posargs)


@nox.session
def slow(session: nox.Session) -> None:
    """Run the long fault and load tests."""
    session.run("pytest", *TWO_WORKERS, "-m", "slow", "--timeout", "1200", *session.posargs)


@nox.session
def bench(session: nox.Session) -> None:
    """Measure hot paths against their hand-written baselines, then what the kernel costs."""
    session.run("python", "-m", "tests.benchmarks", *session.posargs)
    session.run("python", "-m", "tests.benchmarks.kernel")


@nox.session
def build(session: nox.Session) -> None:
    """Make one wheel per distribution in dist/."""
    shutil.rmtree(DIST, ignore_errors=True)
    session.run("uv", "build", "--all-packages", "--wheel", "--out-dir", str(DIST))


@nox.session
def isolated(session: nox.Session) -> None:
    """Install wheels into clean environments: without catalog, with it, without it again."""
    build(session)
    session.run("pytest", "tests/distribution", "-m", "slow", "--timeout", "600", *session.posargs)


@nox.session
def docs(session: nox.Session) -> None:
    """Build the documentation into site/."""
    session.run("uv", "run", "--with", "zensical==0.0.73", "zensical", "build", "--clean")


@nox.session
def pins(session: nox.Session) -> None:
    """Write the versions installed now into the root pyproject, as what a fresh clone resolves to."""
    out = session.run("uv", "pip", "freeze", "--exclude-editable", silent=True) or ""
    lines = "".join(f'    "{pin}",\n' for pin in sorted(out.splitlines()) if "==" in pin)
    path = ROOT / "pyproject.toml"
    text = path.read_text()
    start = text.index("constraint-dependencies = [\n") + len("constraint-dependencies = [\n")
    path.write_text(text[:start] + lines + text[text.index("]", start) :])
    tomllib.loads(path.read_text())
