"""A process of buyers that may be killed at any moment: ``python -m tests.modules.inventory.buyers STORE VARIANT...``.

The database's addresses come in ORION_TEST_APP_URL and ORION_TEST_PLATFORM_URL. It prints a line for each order.
"""

import os
import random
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from uuid import UUID

from cryptography.fernet import Fernet, MultiFernet

from orion_core.context import RequestContext, use_context
from orion_core.db import Database, platform_scope, unit_of_work
from orion_core.ids import new_id
from orion_core.runtime import Runtime, use_runtime
from orion_host.assembly import assemble
from orion_host.testing import SentTasks
from orion_inventory.services import demand as stock
from tests.modules.inventory.shelves import soon

THREADS = 6


def main(code: str, *variants: str) -> None:
    assembly = assemble(policy="strict", web=False)
    database = Database(os.environ["ORION_TEST_APP_URL"], os.environ["ORION_TEST_PLATFORM_URL"])
    cipher = MultiFernet([Fernet(Fernet.generate_key())])
    runtime = Runtime(assembly=assembly, database=database, cipher=cipher, tasks=SentTasks())
    wanted = [UUID(variant) for variant in variants]
    with use_runtime(runtime), use_context(RequestContext()), platform_scope("find the store of a test") as session:
        tenant = assembly.contributions("orion_tenants")[0][1].find_store(session, code)
    with use_runtime(runtime), use_context(RequestContext(tenant=tenant)), ThreadPoolExecutor(THREADS) as threads:
        for number in range(THREADS):
            threads.submit(copy_context().run, buy_for_ever, wanted, random.Random(number))


def buy_for_ever(variants: Sequence[UUID], chance: random.Random) -> None:
    while True:
        demand = {variant: chance.randint(1, 3) for variant in chance.sample(variants, 2)}
        cart, order = new_id(), new_id()
        with unit_of_work() as session:
            stock.hold(session, cart, demand, soon(0.01))
        with unit_of_work() as session:
            if stock.allocate(session, order, cart, demand):
                session.rollback()  # the hold ends by itself
                continue
        print(order, flush=True)
        with unit_of_work() as session:
            if chance.random() < 0.5:
                stock.release(session, order, demand)
            else:
                stock.ship(session, order, new_id(), demand)
                stock.take_back(session, order, new_id(), [(key, count, "resellable") for key, count in demand.items()])


if __name__ == "__main__":
    main(*sys.argv[1:])
