"""Work in the background: VAT numbers checked, erasures carried out, old tokens forgotten."""

from uuid import UUID

from pydantic import BaseModel
from sqlalchemy.orm import Session

from orion_core.db import platform_scope, unit_of_work
from orion_core.services.settings import get_settings
from orion_core.stores import at_store
from orion_core.tasks import RunningTask, enqueue, task
from orion_customers.config import CustomersConfig
from orion_customers.services.requests import due_erasures, erase_customer
from orion_customers.services.sessions import forget_old_tokens
from orion_customers.services.tax_numbers import due_checks, record_check, stores_with_due_checks
from orion_customers.services.vies import ask_register


class NumberArgs(BaseModel):
    number_id: UUID
    value: str


class RegisterUnavailable(Exception):
    """The register gave no answer; the run is tried again."""


@task("customers.check_tax_number", title="Check a VAT number", retries=5)
def check_tax_number(args: NumberArgs, run: RunningTask) -> None:  # noqa: ARG001  opens its units of work itself
    with unit_of_work() as session:
        url = get_settings(session, CustomersConfig).vies_url
    if not url:
        return
    answer = ask_register(url, args.value)
    with unit_of_work() as session:
        record_check(session, args.number_id, args.value, answer.status, answer.consultation)
    if answer.status == "unavailable":
        raise RegisterUnavailable("the VAT register gave no answer")


@task("customers.check_due_numbers", queue="scheduled", title="Check VAT numbers again")
def check_due_numbers(run: RunningTask) -> None:  # noqa: ARG001  opens its units of work itself
    with platform_scope("find stores whose VAT numbers are due") as session:
        stores = stores_with_due_checks(session)
    for store_id in stores:
        with at_store(store_id, "customers") as takes_part:
            if takes_part:
                with unit_of_work() as session:
                    days = get_settings(session, CustomersConfig).vies_days
                    for number in due_checks(session, days):
                        enqueue(session, check_tax_number, NumberArgs(number_id=number.id, value=number.value))


@task("customers.erase_due", queue="scheduled", title="Carry out erasures that are due")
def erase_due(run: RunningTask) -> None:  # noqa: ARG001  opens its units of work itself
    with platform_scope("find erasures that are due") as session:
        due = due_erasures(session)
    for store_id, customer_id in due:
        with at_store(store_id, "customers") as takes_part:
            if takes_part:
                with unit_of_work() as session:
                    erase_customer(session, customer_id)


@task("customers.forget_tokens", queue="scheduled", title="Forget old sessions and links")
def forget_tokens(session: Session) -> None:
    forget_old_tokens(session)
