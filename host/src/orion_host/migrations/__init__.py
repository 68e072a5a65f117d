"""Migrations: one Alembic branch and version table per module, ordered by a planner of our own."""
