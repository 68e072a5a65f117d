"""The ``orion tenancy`` commands: the first admin, platforms, merchants, stores, and a forgotten password."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any

import typer

from orion_core.errors import NotFound, OrionError

app = typer.Typer(no_args_is_help=True, help="Platforms, merchants, stores and staff users.")

JsonOption = Annotated[bool, typer.Option("--json", help="Answer with JSON.")]
NameOption = Annotated[str, typer.Option(prompt="Name", help="What people call it.")]
CodeOption = Annotated[str, typer.Option(prompt="Code", help="Small letters, digits and dashes; stays for ever.")]
EmailOption = Annotated[str, typer.Option(prompt="E-mail address", help="The person's e-mail address.")]


@app.command()
def create_admin(email: EmailOption, name: NameOption, *, as_json: JsonOption = False) -> None:
    """Make a user who may do everything everywhere; asks for the password."""
    from orion_tenancy.schemas import UserInput
    from orion_tenancy.services.users import create_user

    password = _ask_password()
    with _working("create an admin") as session:
        given = UserInput(email=email, name=name, password=password, is_platform_admin=True)
        user = create_user(session, given)
    _answer(f"{user.email} may now sign in at /login", as_json, id=user.id, email=user.email)


@app.command()
def create_platform(
    code: CodeOption,
    name: NameOption,
    *,
    domain: Annotated[str | None, typer.Option(help="Its main domain.")] = None,
    locale: Annotated[str, typer.Option(help="en, fr, de or lb")] = "en",
    currency: Annotated[str, typer.Option(help="ISO 4217 code")] = "EUR",
    as_json: JsonOption = False,
) -> None:
    """Make a platform."""
    from orion_tenancy.schemas import PlatformInput
    from orion_tenancy.services import platforms

    with _working("create a platform") as session:
        given = PlatformInput(code=code, name=name, domain=domain, locale=locale, currency=currency)
        platform = platforms.create_platform(session, given)
    _answer(f"platform {platform.code} is there", as_json, id=platform.id, code=platform.code)


@app.command()
def create_merchant(
    platform: Annotated[str, typer.Option(prompt="Platform", help="Code of its platform.")],
    code: CodeOption,
    name: NameOption,
    email: EmailOption,
    *,
    activate: Annotated[bool, typer.Option("--activate", help="Skip the review.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Make a merchant; without --activate it starts as an applicant."""
    from orion_tenancy.models import Platform
    from orion_tenancy.schemas import MerchantInput
    from orion_tenancy.services import merchants

    with _working("create a merchant") as session:
        found = _by_code(session, Platform, platform)
        given = MerchantInput(platform_id=found.id, code=code, name=name, contact_email=email)
        merchant = merchants.create_merchant(session, given)
        for state in ("in_review", "active") if activate else ():
            merchants.change_merchant_state(session, merchant.id, state, "by command")
    text = f"merchant {merchant.code} is {merchant.state}"
    _answer(text, as_json, id=merchant.id, code=merchant.code, state=merchant.state)


@app.command()
def create_store(
    merchant: Annotated[str, typer.Option(prompt="Merchant", help="Code of its merchant.")],
    code: CodeOption,
    name: NameOption,
    *,
    locale: Annotated[str, typer.Option(help="en, fr, de or lb")] = "en",
    currency: Annotated[str, typer.Option(help="ISO 4217 code")] = "EUR",
    country: Annotated[str, typer.Option(help="ISO 3166 code")] = "LU",
    as_json: JsonOption = False,
) -> None:
    """Make a store of an active merchant."""
    from orion_tenancy.models import Merchant
    from orion_tenancy.schemas import StoreInput
    from orion_tenancy.services import stores

    with _working("create a store") as session:
        found = _by_code(session, Merchant, merchant)
        given = StoreInput(
            merchant_id=found.id, code=code, name=name, locale=locale, currency=currency, country=country
        )
        store = stores.create_store(session, given)
    _answer(f"the shop is at /shop/{store.code}/", as_json, id=store.id, code=store.code)


@app.command()
def list_stores(*, as_json: JsonOption = False) -> None:
    """List all stores."""
    from sqlalchemy import select

    from orion_tenancy.models import Merchant, Store

    with _working("list stores") as session:
        statement = select(Store, Merchant.code).join(Merchant, Merchant.id == Store.merchant_id)
        rows = [
            {"code": store.code, "name": store.name, "merchant": merchant, "open": store.is_open}
            for store, merchant in session.execute(statement.order_by(Store.code))
        ]
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False))
        return
    for row in rows:
        typer.echo(f"{row['code']:<24} {'open' if row['open'] else 'closed':<7} {row['merchant']}: {row['name']}")


@app.command()
def reset_password(email: EmailOption, *, as_json: JsonOption = False) -> None:
    """Give a user a new password and end all his sessions; asks for the password."""
    from orion_tenancy.services import users

    password = _ask_password()
    with _working("reset a password") as session:
        user = users.find_user(session, email)
        if user is None:
            raise NotFound(f"there is no user {email}; `orion tenancy create-admin` makes one")
        users.reset_password(session, user.id, password)
    _answer(f"{user.email} has a new password", as_json, id=user.id, email=user.email)


def _ask_password() -> str:
    return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True))


@contextmanager
def _working(reason: str) -> Iterator[Any]:
    """Run one platform-wide transaction; what goes wrong is told on stderr, with exit code 1."""
    from pydantic import ValidationError

    from orion_core.db import platform_scope

    try:
        with platform_scope(f"orion tenancy: {reason}") as session:
            yield session
    except ValidationError as error:
        for item in error.errors():
            typer.secho(f"Error: {item['loc'][0]}: {item['msg']}", fg="red", err=True)
        raise typer.Exit(1) from error
    except OrionError as error:
        typer.secho(f"Error: {error.detail}", fg="red", err=True)
        raise typer.Exit(1) from error


def _by_code(session: Any, model: Any, code: str) -> Any:
    from sqlalchemy import select

    found = session.scalars(select(model).filter_by(code=code)).one_or_none()
    if found is None:
        raise NotFound(f"there is no {model.__name__.lower()} with code {code!r}")
    return found


def _answer(text: str, as_json: bool, **values: Any) -> None:  # noqa: FBT001  passed on from the option
    typer.echo(json.dumps(values, default=str) if as_json else text)
