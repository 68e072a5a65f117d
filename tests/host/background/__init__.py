"""Tests of workers, relay and beat, with a real database, broker and processes."""
