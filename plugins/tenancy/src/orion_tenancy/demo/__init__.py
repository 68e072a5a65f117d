"""Tenancy in the demo marketplace."""
