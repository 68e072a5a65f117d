"""What is wrong with modules, distributions, texts and secrets is told, too."""

from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from pydantic import SecretStr

from orion_host.assembly import assemble
from orion_host.assembly.discovery import installed_modules
from orion_host.doctor import modules, secrets
from orion_host.settings import HostSettings
from tests.host.assembly.conftest import install
from tests.host.assembly.examples import Install
from tests.host.assembly.test_hooks import RETIRED

__all__ = ["install"]

PO = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n\nmsgid "Shelf"\nmsgstr "{0}"\n'
METADATA = (
    "Metadata-Version: 2.1\nName: dist-alpha\nVersion: 1.0\nRequires-Dist: pluggy<1\nRequires-Dist: ghost-town>=2\n"
)


def settings(**values: str) -> HostSettings:
    sound = {
        "database_url": "postgresql+psycopg://orion_app:7hGt2b@db/orion",
        "database_platform_url": "postgresql+psycopg://orion_platform:k3Vbx0@db/orion",
        "database_owner_url": "postgresql+psycopg://orion_owner:9sQwe4@db/orion",
        "broker_url": "redis://:s3cr3t-7@broker/0",
        "secret_keys": Fernet.generate_key().decode(),
    }
    return HostSettings().model_copy(update={name: SecretStr(value) for name, value in (sound | values).items()})


def test_the_built_in_modules_are_sound() -> None:
    assert list(modules.examine(assemble(web=False))) == []


def test_a_requirement_that_is_not_met_is_told(install: Install, tmp_path: Path) -> None:
    folder = tmp_path / "dist_alpha-1.0.dist-info"
    folder.mkdir()
    (folder / "METADATA").write_text(METADATA)
    causes = [finding.cause for finding in modules.examine(assemble([install("alpha")]))]
    assert causes[0].startswith("dist-alpha needs pluggy<1, and 1.")
    assert causes[1] == "dist-alpha needs ghost-town, which is not installed"


def test_a_text_that_is_missing_in_a_language_is_told(install: Install) -> None:
    files = {f"locales/{locale}/LC_MESSAGES/alpha.po": PO.format("x") for locale in ("en", "fr", "de")}
    (finding,) = modules.examine(assemble([install("alpha", files=files)]))
    assert finding.cause == "1 texts are missing in 'lb', such as 'Shelf'"


def test_whoever_uses_a_retired_hook_is_told(install: Install) -> None:
    beta = install("beta", "@hookimpl\ndef orion_salutes(): return ['hail']")
    core = [module for module in installed_modules() if module.name == "core"]
    (finding,) = modules.examine(assemble([*core, install("alpha", RETIRED), beta]))
    assert (finding.severity, finding.about) == ("warning", "beta")
    assert "use orion_greetings instead" in finding.cause


def test_secrets_of_ones_own_are_fine() -> None:
    assert list(secrets.examine(settings())) == []


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"database_url": "postgresql+psycopg://orion_app:change-me-2@db/orion"}, "the password of role orion_app"),
        ({"database_owner_url": "postgresql+psycopg://orion_owner@db/orion"}, "the password of role orion_owner"),
        ({"broker_url": "redis://broker/0"}, "the broker on broker takes everybody in"),
        (
            {"database_platform_url": "postgresql+psycopg://orion_app:7hGt2b@db/orion"},
            "use only orion_app, orion_owner",
        ),
        ({"secret_keys": ",".join(Fernet.generate_key().decode() for _ in range(4))}, "more than three keys"),
    ],
)
def test_secrets_that_are_none_are_told(changed: dict[str, str], told: str) -> None:
    (finding,) = secrets.examine(settings(**changed))
    assert told in finding.cause


def test_a_local_broker_needs_no_password() -> None:
    assert list(secrets.examine(settings(broker_url="redis://127.0.0.1:6379/0"))) == []
