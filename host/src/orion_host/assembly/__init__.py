"""From installed distributions to one frozen Assembly, or to a report of everything that is in the way."""

from orion_host.assembly.assembly import Assembly, Policy, assemble
from orion_host.assembly.discovery import InstalledModule
from orion_host.assembly.loading import LoadedModule, Loading, load_modules
from orion_host.assembly.report import AssemblyError, Problem, did_you_mean
from orion_host.assembly.routes import PlacedRouter

__all__ = [
    "Assembly",
    "AssemblyError",
    "InstalledModule",
    "LoadedModule",
    "Loading",
    "PlacedRouter",
    "Policy",
    "Problem",
    "assemble",
    "did_you_mean",
    "load_modules",
]
