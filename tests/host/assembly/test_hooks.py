"""Tying implementations to the hooks there are."""

import pytest

from orion_host.assembly import assemble, load_modules
from tests.host.assembly.examples import Install, Problems

OFFER = """
class Offers:
    @hookspec
    def orion_greetings() -> list[str]: ...
    @staticmethod
    @hookspec
    def orion_greet(name, loudly): ...

@hookimpl
def orion_hookspecs(): return [Offers]
"""


def test_a_misspelt_hook_asks_whether_another_was_meant(install: Install, problems: Problems) -> None:
    (problem,) = problems(install("alpha", "@hookimpl\ndef orion_permisions(): return []"))
    assert (problem.module, problem.stage) == ("alpha", "hooks")
    assert problem.message == "orion_permisions is not a hook"
    assert problem.hint.startswith("Did you mean 'orion_permissions'?")


def test_a_hook_without_its_mark_is_a_problem(install: Install, problems: Problems) -> None:
    (problem,) = problems(install("alpha", "def orion_menus(): return []"))
    assert (problem.module, problem.message) == ("alpha", "orion_menus is not marked as a hook")


@pytest.mark.parametrize(
    "body",
    [
        "@hookimpl(wrapper=True)\ndef orion_menus(): return (yield)",
        "@hookimpl\ndef orion_menus(): yield 1",
        "@hookimpl\nasync def orion_menus(): return []",
    ],
)
def test_wrappers_generators_and_async_hooks_are_refused(body: str, install: Install, problems: Problems) -> None:
    (problem,) = problems(install("alpha", body))
    assert (problem.module, problem.message) == ("alpha", "orion_menus is a wrapper, a generator or async")


def test_an_argument_the_hook_does_not_have_is_a_problem(install: Install, problems: Problems) -> None:
    (problem,) = problems(install("alpha", "@hookimpl\ndef orion_startup(server): ..."))
    assert problem.module == "alpha"
    assert "server" in problem.message


def test_a_module_can_offer_hooks_to_others(install: Install) -> None:
    body = "@hookimpl\ndef orion_greetings(): return ['hello']\n@hookimpl\ndef orion_greet(name): return name.title()"
    assembly = assemble([install("alpha", OFFER), install("beta", body)])
    assert assembly.contributions("orion_greetings") == [("beta", "hello")]
    [(module, greet)] = assembly.implementations("orion_greet")
    assert (module, greet(name="ann", loudly=True)) == ("beta", "Ann")


def test_a_hook_of_a_module_that_may_be_absent_must_say_so(install: Install, problems: Problems) -> None:
    beta = install("beta", "@hookimpl(optionalhook=True)\ndef orion_greetings(): return ['hello']")
    gamma = install("gamma", "@hookimpl\ndef orion_greetings(): return ['hi']")
    (problem,) = problems(beta, gamma)
    assert (problem.module, problem.message) == ("gamma", "orion_greetings is not a hook")
    assert "optionalhook=True" in problem.hint


def test_two_modules_cannot_offer_the_same_hook(install: Install, problems: Problems) -> None:
    (problem,) = problems(install("alpha", OFFER), install("beta", OFFER))
    assert problem.module == "beta"
    assert "example_alpha.plugin" in problem.message


def test_an_annotation_for_type_checkers_only_is_blamed_on_who_offers_the_hook(
    install: Install, problems: Problems
) -> None:
    (problem,) = problems(install("alpha", OFFER.replace("list[str]", "'list[Unknown]'")), install("beta"))
    assert problem.module == "alpha"
    assert "orion_greetings raised NameError: name 'Unknown' is not defined" in problem.message


def test_modules_with_unknown_hooks_are_still_loaded_for_examination(install: Install) -> None:
    loading = load_modules([install("alpha", "@hookimpl\ndef orion_menu(): ...")])
    assert list(loading.modules) == ["alpha"]
    assert len(loading.problems) == 1


RETIRED = """
from orion_core.markers import retired

class Offer:
    @hookspec(warn_on_impl=retired(since="1.1", gone_in="2.0", instead="orion_greetings"))
    @staticmethod
    def orion_salutes() -> list[str]: ...
    @hookspec
    @staticmethod
    def orion_greetings() -> list[str]: ...
    @hookspec(warn_on_impl_args={"loudly": retired(since="1.2", gone_in="2.0", instead="the volume setting")})
    @staticmethod
    def orion_greet(name: str, loudly: bool) -> str: ...

@hookimpl
def orion_hookspecs(): return [Offer]
"""


def test_what_is_retired_works_on_and_its_users_are_told_what_to_use_instead(install: Install) -> None:
    old = (
        "@hookimpl\ndef orion_salutes(): return ['hail']\n@hookimpl\ndef orion_greet(name, loudly): return name.upper()"
    )
    new = "@hookimpl\ndef orion_greetings(): return ['hello']\n@hookimpl\ndef orion_greet(name): return name.title()"
    assembly = assemble([install("alpha", RETIRED), install("beta", old), install("gamma", new)])
    assert assembly.contributions("orion_salutes") == [("beta", "hail")]
    assert assembly.contributions("orion_greetings") == [("gamma", "hello")]
    assert [greet(name="ann", loudly=True) for _, greet in assembly.implementations("orion_greet")] == ["ANN", "Ann"]
    argument, hook = map(str, assembly.notices)
    assert argument == (
        "beta: argument 'loudly' of orion_greet is retired since contract 1.2 and gone in 2.0; "
        "use the volume setting instead"
    )
    assert hook == "beta: orion_salutes is retired since contract 1.1 and gone in 2.0; use orion_greetings instead"
