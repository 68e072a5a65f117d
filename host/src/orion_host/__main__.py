"""``python -m orion_host``: the ``orion`` command."""

from orion_host.cli import main

main()
