"""The module's templates: they exist, compile, escape what they show, and obey the content security policy."""

import re
from collections.abc import Iterator

from jinja2 import Environment, TemplateSyntaxError, nodes

from orion_host.kit.findings import Found, check
from orion_host.kit.subject import Subject

_INLINE = (
    (re.compile(r"<style\b", re.IGNORECASE), "has a <style> element", "Put it into a file below static/."),
    (
        re.compile(r"<script\b(?![^>]*\bsrc=)", re.IGNORECASE),
        "has an inline script",
        "Put it into a file below static/.",
    ),
    (re.compile(r"<[a-z][^>]*\sstyle\s*=", re.IGNORECASE), "has a style attribute", "Give the element a class."),
    (
        re.compile(r"<[a-z][^>]*\son[a-z]+\s*=", re.IGNORECASE),
        "has an on… attribute",
        "Listen in a file below static/.",
    ),
    (re.compile(r"\bjavascript:", re.IGNORECASE), "has a javascript: address", "Use a link or a form."),
)
_COMMENT = re.compile(r"{#.*?#}", re.DOTALL)
_NAME = re.compile(r"[a-z0-9_]+(/[\w.-]+)+\.html")


def _environment() -> Environment:
    environment = Environment(autoescape=True, extensions=["jinja2.ext.i18n"], trim_blocks=True, lstrip_blocks=True)
    for name in ("money", "date", "datetime", "number", "country", "t"):
        environment.filters[name] = str
    return environment


@check("templates", "Its templates compile, and those it names exist")
def templates(subject: Subject) -> Iterator[Found]:
    """Compiles each as the host does, and looks for every template that the module's own code names."""
    environment = _environment()
    known = set()
    for name, path in subject.templates():
        known.add(name)
        try:
            environment.compile(path.read_text(encoding="utf-8"), name)
        except TemplateSyntaxError as error:
            yield Found(f"templates/{name}:{error.lineno}", f"does not compile: {error.message}.", "Correct it.")
    for source in subject.sources:
        for node, text in source.texts():
            own = _NAME.fullmatch(text) and text.partition("/")[0] == subject.name
            if own and text not in known:
                yield Found(
                    source.at(node), f"names template {text}, which does not exist.", "Write it, or correct it."
                )


@check("escaping", "What it shows is escaped")
def escaping(subject: Subject) -> Iterator[Found]:
    """Looks for every way round autoescape: what a shopper typed would run in a manager's browser."""
    for name, path in subject.templates():
        for line, fact, fix in _unescaped(path.read_text(encoding="utf-8")):
            yield Found(f"templates/{name}:{line}", fact, fix)
    for source in subject.sources:
        for node, module, names in source.imports():
            if module.partition(".")[0] == "markupsafe" and "Markup" in names:
                yield Found(source.at(node), "imports Markup.", "Return values, and let a template show them.")


def _unescaped(text: str) -> Iterator[tuple[int, str, str]]:
    try:
        tree = _environment().parse(text)
    except TemplateSyntaxError:
        return  # the check of templates tells it
    for used in tree.find_all(nodes.Filter):
        if used.name == "safe":
            yield used.lineno, "uses |safe.", "Leave it out, or build it with a macro."
    for scope in tree.find_all(nodes.ScopedEvalContextModifier):
        yield scope.lineno, "switches autoescape.", "Leave it on."


@check("inline-code", "Its templates hold no inline script or style")
def inline_code(subject: Subject) -> Iterator[Found]:
    """Searches for what the content security policy blocks in every browser."""
    for name, path in subject.templates():
        text = _COMMENT.sub(lambda comment: "\n" * comment[0].count("\n"), path.read_text(encoding="utf-8"))
        for pattern, fact, fix in _INLINE:
            for match in pattern.finditer(text):
                yield Found(f"templates/{name}:{text.count(chr(10), 0, match.start()) + 1}", f"{fact}.", fix)


@check("slots", "The templates of its slots exist", needs="assembly")
def slots(subject: Subject) -> Iterator[Found]:
    """Looks for each fragment: a missing one breaks the page of another module."""
    known = {name for name, _ in subject.templates()}
    for slot in subject.items("orion_slots"):
        if slot.template.partition("/")[0] == subject.name and slot.template in known:
            continue
        yield Found(slot.place, f"is filled with {slot.template}, which is not a template of this module.", "Write it.")


CHECKS = (templates, escaping, inline_code, slots)
