"""Writes a new plugin: a whole distribution with pages, API, tasks, migrations and tests, from shipped templates."""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from orion_core import OrionError
from orion_host.kit.naming import Names

TEMPLATE = Path(__file__).parent / "template"
_SUFFIX = ".jinja"


class FolderExists(OrionError):
    """A new plugin would be written over something."""

    code = "folder_exists"


def write_plugin(names: Names, output: Path) -> list[Path]:
    """Write the distribution of a new plugin.

    Args:
        names: What it is called.
        output: The folder to make.

    Returns:
        The files written.

    Raises:
        FolderExists: If there is something at ``output``.
    """
    if output.exists() and (not output.is_dir() or any(output.iterdir())):
        raise FolderExists(f"{output} is not empty; name another folder with --output")
    environment = _environment()
    variables = _variables(names)
    written = []
    for template in sorted(path for path in TEMPLATE.rglob(f"*{_SUFFIX}")):
        place = template.relative_to(TEMPLATE).as_posix()
        path = output / _placed(place, names)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(environment.get_template(place).render(variables), encoding="utf-8")
        written.append(path)
    return written


def _environment() -> Environment:
    """Return an environment whose marks are not those of the pages it writes."""
    return Environment(
        loader=FileSystemLoader(TEMPLATE, encoding="utf-8"),
        undefined=StrictUndefined,
        autoescape=False,  # noqa: S701  it writes Python, TOML and templates, not pages
        variable_start_string="[[",
        variable_end_string="]]",
        block_start_string="[%",
        block_end_string="%]",
        comment_start_string="[#",
        comment_end_string="#]",
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def _variables(names: Names) -> dict[str, object]:
    host = next(each for each in names.dependencies if each.startswith("orion-commerce-core"))
    return {
        "name": names.name,
        "title": names.title,
        "package": names.package,
        "slug": names.slug,
        "distribution": names.distribution,
        "requires": names.requires,
        "dependencies": names.dependencies,
        "testing": host.replace("orion-commerce-core", "orion-commerce-host[testing]"),
    }


def _placed(place: str, names: Names) -> str:
    path = place.removesuffix(_SUFFIX)
    return path.replace("__package__", names.package).replace("__name__", names.name)
