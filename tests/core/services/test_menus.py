"""Menu overrides: for everybody of a tenant or for one user, and never for another tenant."""

from orion_core.ids import new_id
from orion_core.services.menus import Placing, place_menu_item, placings
from tests.core.services.conftest import Work, a_store


def test_a_users_own_choice_wins_over_everybodys(work: Work) -> None:
    store, ada, bob = a_store(), new_id(), new_id()
    with work(store) as session:
        place_menu_item(session, "tea.list", Placing(hidden=True))
        place_menu_item(session, "tea.list", Placing(order=3), ada)
    with work(store) as session:
        assert placings(session, ada) == {"tea.list": Placing(order=3)}
        assert placings(session, bob) == {"tea.list": Placing(hidden=True)}


def test_a_second_choice_replaces_the_first(work: Work) -> None:
    store = a_store()
    for placing in (Placing(hidden=True), Placing(order=7), Placing()):
        with work(store) as session:
            place_menu_item(session, "tea.list", placing)
        with work(store) as session:
            assert placings(session, None) == {"tea.list": placing}


def test_another_store_keeps_its_menu(work: Work) -> None:
    with work(a_store()) as session:
        place_menu_item(session, "tea.list", Placing(hidden=True))
    with work(a_store()) as session:
        assert placings(session, None) == {}
