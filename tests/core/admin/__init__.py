"""Tests of the core module's pages and API in the admin area."""
