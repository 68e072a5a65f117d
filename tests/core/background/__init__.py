"""Tests of tasks and events as modules use them, on a real database."""
