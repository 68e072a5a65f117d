"""Single deliberate faults in the generated plugin, each with the checks that have to tell it and nothing else."""

from tests.kit.mutations.code import BACKGROUND, CODE
from tests.kit.mutations.making import Mutation
from tests.kit.mutations.pages import PAGES, ROUTES, RUNNING
from tests.kit.mutations.tables import TABLES

__all__ = ["MUTATIONS", "Mutation"]

MUTATIONS = [*TABLES, *ROUTES, *PAGES, *RUNNING, *CODE, *BACKGROUND]
