"""The ``orion core`` commands: which tax a sale would bear, and why."""

from datetime import date, datetime
from typing import Annotated

import typer

from orion_core.tax.amounts import GrossLine, split_gross
from orion_core.tax.decision import Buyer, Seller, decide_tax

app = typer.Typer(no_args_is_help=True, help="What the core module can be asked.")

Country = Annotated[str, typer.Option(help="Country, ISO 3166-1 alpha-2.")]


@app.callback()
def group() -> None:
    """What the core module can be asked."""


@app.command()
def tax(
    seller: Country,
    buyer: Country,
    *,
    tax_class: Annotated[str, typer.Option("--class", help="The article's tax class.")] = "standard",
    vat_number: Annotated[str, typer.Option(help="The buyer's VAT number, taken for valid.")] = "",
    oss: Annotated[bool, typer.Option("--oss", help="The seller uses the One-Stop-Shop.")] = False,
    small: Annotated[bool, typer.Option("--small", help="The seller is in the small enterprise scheme.")] = False,
    services: Annotated[bool, typer.Option("--services", help="Services instead of goods.")] = False,
    on: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Day of the supply [default: today]")
    ] = None,
    gross: Annotated[int, typer.Option(min=0, help="An amount with tax, in cents, to take apart.")] = 0,
) -> None:
    """Tell which tax a sale would bear, and why ("why 0 %?")."""
    found = decide_tax(
        Seller(seller.upper(), oss=oss, small_business=small),
        Buyer(buyer.upper(), vat_number or None, vat_number_valid=bool(vat_number)),
        tax_class=tax_class,
        on=on.date() if on else date.today(),  # noqa: DTZ011  where the person is
        goods=not services,
    )
    typer.echo(f"{found.rate_bp / 100:g} % of {found.country} ({found.reason}, category {found.category})")
    typer.echo(f"because: {found.note}; rate table {found.table_version}")
    if found.text:
        typer.echo(f"on the invoice: {found.text} {found.vatex or ''}".rstrip())
    if gross:
        (group,) = split_gross([GrossLine(0, gross, found.category, found.rate_bp)]).groups
        rest = gross - group.net_minor - group.tax_minor
        typer.echo(
            f"of {gross / 100:.2f}: {group.net_minor / 100:.2f} net, {group.tax_minor / 100:.2f} tax, {rest} cent"
        )
