"""Settings inherit from platform to merchant to store, and each value says where it comes from."""

import pytest
from pydantic import Field

from orion_core.context import NOWHERE, use_context
from orion_core.db import platform_scope
from orion_core.errors import InvalidInput
from orion_core.runtime import Runtime, use_runtime
from orion_core.services.settings import change_setting, explain_settings, get_settings
from orion_core.settings import ModuleSettings
from tests.core.services.conftest import Work, a_store, above


class TeaSettings(ModuleSettings):
    """How tea is made."""

    module = "tea"

    minutes: int = Field(default=3, ge=1, le=10, description="Time to brew")
    milk: bool = Field(default=False, description="Whether milk is added")


def sources(work: Work, context: object) -> dict[str, tuple[object, str]]:
    with work(context) as session:  # type: ignore[arg-type]
        return {p.field: (p.value, p.source) for p in explain_settings(session, TeaSettings)}


def test_the_nearest_level_wins(work: Work) -> None:
    store = a_store()
    for level, minutes in (("platform", 4), ("merchant", 5), ("store", 6)):
        place = store if level == "store" else above(store, level)
        with work(place) as session:
            change_setting(session, TeaSettings, "minutes", minutes, level)  # type: ignore[arg-type]
        assert sources(work, store)["minutes"] == (minutes, level)
    assert sources(work, above(store, "platform"))["minutes"] == (4, "platform")
    assert sources(work, store)["milk"] == (False, "default")


def test_environment_is_stronger_than_default_and_weaker_than_stored(
    work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = a_store()
    monkeypatch.setenv("ORION_TEA_MINUTES", "8")
    assert sources(work, store)["minutes"] == (8, "environment")
    with work(store) as session:
        change_setting(session, TeaSettings, "minutes", 2, "store")
    assert sources(work, store)["minutes"] == (2, "store")


def test_a_second_change_replaces_the_first(work: Work) -> None:
    store = a_store()
    for minutes in (2, 7):
        with work(store) as session:
            change_setting(session, TeaSettings, "minutes", minutes, "store")
    with work(store) as session:
        assert get_settings(session, TeaSettings).minutes == 7


def test_another_store_inherits_nothing(work: Work) -> None:
    with work(a_store()) as session:
        change_setting(session, TeaSettings, "minutes", 9, "store")
    assert sources(work, a_store())["minutes"] == (3, "default")


@pytest.mark.parametrize(("field", "value"), [("minutes", 99), ("minutes", "soon"), ("sugar", 1)])
def test_what_does_not_fit_is_refused_by_name(work: Work, field: str, value: object) -> None:
    with pytest.raises(InvalidInput, match=field), work(a_store()) as session:
        change_setting(session, TeaSettings, field, value, "store")


def test_a_merchant_cannot_set_for_a_store(work: Work) -> None:
    with pytest.raises(InvalidInput, match="no store here"), work(above(a_store(), "merchant")) as session:
        change_setting(session, TeaSettings, "minutes", 4, "store")


def test_outside_any_tenant_no_tenants_setting_counts(work: Work, runtime: Runtime) -> None:
    store = a_store()
    for level in ("platform", "merchant", "store"):
        with work(store if level == "store" else above(store, level)) as session:
            change_setting(session, TeaSettings, "minutes", 7, level)
    with use_runtime(runtime), use_context(NOWHERE), platform_scope("test") as session:
        assert get_settings(session, TeaSettings).minutes == 3
