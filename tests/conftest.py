"""Fixtures for all tests; they come from the kit that is offered to outside authors, too."""

from hypothesis import settings

pytest_plugins = ["orion_core.testing", "tests.browsing"]

# Two busy cores make single examples slow without anything being wrong; the suite's own time-out still holds.
settings.register_profile("orion", deadline=None)
settings.load_profile("orion")
