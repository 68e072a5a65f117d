"""Findings about installed modules: what they use that is retired, what their distributions lack, missing texts."""

from collections.abc import Iterator
from pathlib import Path

from importlib_metadata import PackageNotFoundError, distribution
from packaging.requirements import Requirement

from orion_core.i18n import LOCALES, texts_of
from orion_host.assembly import Assembly
from orion_host.doctor.finding import Finding, error, warning


def examine(assembly: Assembly) -> Iterator[Finding]:
    """Yield what is wrong with installed modules beyond what keeps them from taking part.

    Args:
        assembly: What is installed.
    """
    for notice in assembly.notices:
        yield warning(notice.module, notice.message, "change it before the next major version of the contract")
    for name, module in assembly.modules.items():
        yield from _unmet(name, module.distribution)
        if folder := module.folder("locales"):
            yield from _untranslated(name, folder)


def _unmet(module: str, distribution_name: str) -> Iterator[Finding]:
    """Compare what a distribution requires with what is really there: pip itself installs over conflicts."""
    try:
        required = [Requirement(line) for line in distribution(distribution_name).requires or ()]
    except PackageNotFoundError:
        return
    for requirement in required:
        if requirement.marker is not None and not requirement.marker.evaluate({"extra": ""}):
            continue
        fix = f"pip install '{requirement.name}{requirement.specifier}'"
        try:
            version = distribution(requirement.name).version
        except PackageNotFoundError:
            yield error(module, f"{distribution_name} needs {requirement.name}, which is not installed", fix)
            continue
        if not requirement.specifier.contains(version, prereleases=True):
            cause = f"{distribution_name} needs {requirement.name}{requirement.specifier}, and {version} is installed"
            yield error(module, cause, fix)


def _untranslated(module: str, folder: Path) -> Iterator[Finding]:
    known = {locale: texts_of(folder, locale).keys() for locale in LOCALES}
    everything = frozenset().union(*known.values())
    for locale, texts in known.items():
        if missing := sorted(everything - texts):
            cause = f"{len(missing)} texts are missing in {locale!r}, such as {missing[0]!r}"
            yield warning(module, cause, f"translate them in {folder / locale / 'LC_MESSAGES'}")
