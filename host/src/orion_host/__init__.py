"""Assembles the installed Orion modules into a web app, workers, migrations and a command."""
