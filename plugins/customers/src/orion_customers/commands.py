"""``orion customers``: what the law lets people ask of a store."""

import json
from typing import Annotated

import typer

from orion_core.commands import in_store

app = typer.Typer(help="Customers' data: hand it out, erase it.", no_args_is_help=True)

EmailArgument = Annotated[str, typer.Argument(help="The customer's address.")]
StoreOption = Annotated[str, typer.Option("--store", help="Code of the store.")]


@app.command()
def export(email: EmailArgument, store: StoreOption) -> None:
    """Print everything a store knows about a customer, as JSON."""
    from orion_core.db import unit_of_work
    from orion_customers.api import find_customer_by_email
    from orion_customers.exceptions import CustomerNotFound
    from orion_customers.services.requests import export_customer

    with in_store(store, "customers"), unit_of_work() as session:
        customer = find_customer_by_email(session, email)
        if customer is None:
            raise CustomerNotFound(f"store {store!r} has no customer {email!r}")
        typer.echo(json.dumps(export_customer(session, customer.id), indent=2, ensure_ascii=False, default=str))


@app.command()
def erase(
    email: EmailArgument,
    store: StoreOption,
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Erase a customer's data at once; what the law keeps stays, and is told."""
    from orion_core.db import unit_of_work
    from orion_customers.api import find_customer_by_email
    from orion_customers.exceptions import CustomerNotFound
    from orion_customers.services.requests import erase_customer

    if not yes:
        typer.confirm(f"Erase all data of {email} in store {store}? This cannot be undone.", abort=True)
    with in_store(store, "customers"), unit_of_work() as session:
        customer = find_customer_by_email(session, email)
        if customer is None:
            raise CustomerNotFound(f"store {store!r} has no customer {email!r}")
        report = erase_customer(session, customer.id)
    for module, counts in report.items():
        for what, number in counts.items():
            typer.echo(f"{module}: {number} {what}")
