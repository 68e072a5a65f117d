"""The installation's settings: addresses and secrets, from the environment only."""

from pathlib import Path
from typing import Literal

from cryptography.fernet import Fernet, MultiFernet
from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from orion_core import OrionError


class MissingSetting(OrionError):
    """A process was started without an address or secret it cannot work without."""

    code = "missing_setting"


class HostSettings(BaseSettings):
    """Where the parts of an installation are; each field is the environment variable ``ORION_<FIELD>``."""

    model_config = SettingsConfigDict(env_prefix="ORION_", frozen=True, extra="ignore")

    database_url: SecretStr | None = Field(default=None, description="PostgreSQL as role orion_app")
    database_platform_url: SecretStr | None = Field(default=None, description="PostgreSQL as role orion_platform")
    database_owner_url: SecretStr | None = Field(default=None, description="PostgreSQL as role orion_owner")
    broker_url: SecretStr | None = Field(default=None, description="Valkey, Redis or RabbitMQ")
    secret_keys: SecretStr | None = Field(
        default=None, description="Fernet keys for secrets at rest, newest first, separated by commas"
    )
    smtp_url: SecretStr | None = Field(
        default=None,
        description="Mail server: smtp:// or smtps:// with user and password; without one mail is caught, never sent",
    )
    mail_from: str = Field(default="orion@localhost", description="Address that mail comes from")
    public_url: str = Field(
        default="http://127.0.0.1:8000", description="What absolute links in mails and documents start with"
    )
    on_module_error: Literal["strict", "quarantine"] | None = Field(
        default=None, description="Refuse to start, or leave a broken module out; depends on the command if unset"
    )
    pool_size: int = Field(default=10, ge=1, description="Database connections kept per process and role")
    debug: bool = Field(default=False, description="Development: readable logs, templates reloaded")
    log_level: str = Field(default="INFO", description="DEBUG, INFO, WARNING or ERROR")
    data_dir: Path = Field(default=Path(".orion"), description="Folder of `orion up`")

    def require(self, field: str) -> str:
        """Return the value of a field that must be set.

        Args:
            field: Name of a secret text field.

        Raises:
            MissingSetting: If it is not set; the message names the variable.
        """
        value: SecretStr | None = getattr(self, field)
        if value is None:
            info = type(self).model_fields[field].description
            raise MissingSetting(
                f"ORION_{field.upper()} is not set ({info}). `orion up` brings its own; see docs/how-to/deploy.md"
            )
        return value.get_secret_value()

    def cipher(self) -> MultiFernet:
        """Return the keys for secrets at rest.

        Raises:
            MissingSetting: If there are none, or one is not a Fernet key.
        """
        try:
            return MultiFernet([Fernet(key.strip()) for key in self.require("secret_keys").split(",")])
        except ValueError as error:
            raise MissingSetting("ORION_SECRET_KEYS holds a key that is not a Fernet key") from error
