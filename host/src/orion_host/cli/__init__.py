"""The ``orion`` command. Importing it loads no framework: ``orion --help`` answers in half a second."""

from orion_host.cli.root import main

__all__ = ["main"]
