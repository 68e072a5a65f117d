"""The order in which routers are served, and what it makes unreachable."""

import pytest

from orion_host.assembly import assemble
from tests.host.assembly.examples import PERMISSION, Install, Problems


def routes(*paths: str, area: str = "STORE", kind: str = "pages", method: str = "get", guard: str = "public") -> str:
    declared = "\n".join(f"    router.{method}({path!r}, dependencies=[{guard}])(lambda: None)" for path in paths)
    return f"""
@hookimpl
def orion_routes():
    from fastapi import APIRouter
    from orion_core.web import public, requires
    router = APIRouter()
{declared}
    return [RouteSet(area=Area.{area}, {kind}=router)]
"""


def menu(route: str) -> str:
    item = f"MenuItem(id=f'{{definition.name}}.item', area=Area.STORE, section='', label='', route={route!r})"
    return f"\n@hookimpl\ndef orion_menus(): return [{item}]\n"


def test_a_path_is_served_by_one_module(install: Install, problems: Problems) -> None:
    (problem,) = problems(install("alpha", routes("/items/{id}")), install("beta", routes("/items/{key}")))
    assert (problem.module, problem.stage) == ("beta", "conflict")
    assert problem.message == "GET /stores/{store}/items/{key} is already served by module 'alpha'"


def test_a_parameter_hides_the_fixed_path_of_a_later_module(install: Install, problems: Problems) -> None:
    (problem,) = problems(install("alpha", routes("/items/{id}")), install("beta", routes("/items/special")))
    assert problem.module == "beta"
    assert problem.message == (
        "GET /stores/{store}/items/special is hidden by /stores/{store}/items/{id} of module 'alpha', which comes first"
    )


def test_a_parameter_hides_a_later_fixed_path_of_its_own_module(install: Install, problems: Problems) -> None:
    (problem,) = problems(install("alpha", routes("/items/{id}", "/items/special")))
    assert (problem.module, "hidden by" in problem.message) == ("alpha", True)


def test_fixed_paths_before_parameters_and_other_methods_areas_and_kinds_are_fine(
    install: Install, problems: Problems
) -> None:
    found = problems(
        install("alpha", routes("/items/special", "/items/{id}")),
        install("beta", routes("/items/special", method="post")),
        install("gamma", routes("/items/special", area="SHOP")),
        install("delta", routes("/items/special", kind="api")),
    )
    assert found == []


def test_a_number_does_not_hide_words_but_words_hide_a_number(install: Install, problems: Problems) -> None:
    assert problems(install("alpha", routes("/items/{id:int}", "/items/{name}"))) == []
    assert len(problems(install("beta", routes("/items/{name}", "/items/{id:int}")))) == 1


def test_a_public_page_with_parameters_hides_no_other_area(install: Install, problems: Problems) -> None:
    assert problems(install("alpha", routes("/{page}", area="PUBLIC")), install("beta", routes("", area="ADMIN"))) == []


def test_a_public_page_below_another_areas_path_is_found(install: Install, problems: Problems) -> None:
    public = install("alpha", routes("/shop/find", area="PUBLIC"))
    (problem,) = problems(public, install("beta", routes("", area="SHOP")))
    assert (problem.module, problem.message) == (
        "alpha",
        "GET /shop/find is hidden by /shop/{store} of module 'beta', which comes first",
    )


def test_nested_routers_are_walked(install: Install, problems: Problems) -> None:
    nested = """
@hookimpl
def orion_routes():
    from fastapi import APIRouter
    from orion_core.web import public
    inner, outer = APIRouter(), APIRouter()
    inner.get("/{id}", dependencies=[public])(lambda: None)
    outer.include_router(inner, prefix="/items")
    return [RouteSet(area=Area.STORE, pages=outer)]
"""
    (problem,) = problems(install("alpha", nested), install("beta", routes("/items/special")))
    assert problem.module == "beta"


def test_a_path_that_repeats_a_parameter_of_the_area_is_blamed(install: Install, problems: Problems) -> None:
    (problem,) = problems(install("alpha", routes("/of/{store}")), install("beta", routes("/items")))
    assert problem.module == "alpha"
    assert "Duplicated param name store" in problem.message


def test_one_route_set_per_area(install: Install, problems: Problems) -> None:
    body = "@hookimpl\ndef orion_routes(): return [RouteSet(area=Area.SHOP), RouteSet(area=Area.SHOP)]"
    (problem,) = problems(install("alpha", body))
    assert (problem.module, problem.message) == ("alpha", "route set 'alpha shop' already belongs to module 'alpha'")


def test_the_core_tier_keeps_its_routes_whatever_comes_before_it(install: Install, problems: Problems) -> None:
    alpha = install("alpha", routes("/items/{id}"))
    (problem,) = problems(alpha, install("beta", routes("/items/special"), tier="CORE"))
    assert (problem.module, problem.message) == (
        "alpha",
        "GET /stores/{store}/items/{id} hides /stores/{store}/items/special of module 'beta'",
    )


def test_a_menu_item_leads_to_a_page(install: Install, problems: Problems) -> None:
    (problem,) = problems(install("alpha", routes("/orders") + menu("/order")))
    assert (problem.module, problem.stage) == ("alpha", "conflict")
    assert problem.message == "menu item 'alpha.item' leads to '/order', which no store page answers"
    assert problem.hint == "Did you mean '/orders'?"


def test_a_menu_item_may_lead_to_a_page_with_a_parameter_or_to_that_of_another_module(
    install: Install, problems: Problems
) -> None:
    alpha = install("alpha", routes("/settings/{section}"))
    assert problems(alpha, install("beta", menu("/settings/mail"))) == []


def test_neither_an_api_route_nor_a_form_is_a_page(install: Install, problems: Problems) -> None:
    alpha = install("alpha", routes("/orders", kind="api") + menu("/orders"))
    beta = install("beta", routes("/orders", method="post") + menu("/orders"))
    assert [problem.module for problem in problems(alpha, beta)] == ["alpha", "beta"]


def test_the_api_comes_before_pages_and_the_public_area_last(install: Install) -> None:
    alpha = install("alpha", routes("/a", area="PUBLIC"))
    beta = install("beta", routes("/b", area="SHOP"))
    gamma = install("gamma", routes("/c", area="PUBLIC", kind="api"))
    placed = assemble([alpha, beta, gamma]).routers()
    assert [(one.module, one.prefix) for one in placed] == [
        ("gamma", "/api/v1/public"),
        ("beta", "/shop/{store}"),
        ("alpha", ""),
    ]


@pytest.mark.parametrize(
    ("guard", "told"),
    [
        ("", "GET /stores/{store}/items declares 0 guards instead of one"),
        ("public, public", "GET /stores/{store}/items declares 2 guards instead of one"),
        ("requires('alpha.se')", "GET /stores/{store}/items asks for unknown permission 'alpha.se'"),
    ],
)
def test_a_route_says_with_one_known_guard_who_may_call_it(
    guard: str, told: str, install: Install, problems: Problems
) -> None:
    (problem,) = problems(install("alpha", routes("/items", guard=guard) + PERMISSION.format("alpha.see")))
    assert (problem.module, problem.stage, problem.message) == ("alpha", "routes", told)


def test_a_permission_of_a_module_that_cannot_be_examined_is_not_called_unknown(
    install: Install, problems: Problems
) -> None:
    (problem,) = problems(install("alpha", routes("/items", guard="requires('beta.see')")), install("beta", "1 / 0"))
    assert problem.module == "beta"
