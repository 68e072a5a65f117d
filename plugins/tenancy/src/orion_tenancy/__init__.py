"""Platforms, merchants, stores, staff users and their permissions."""
