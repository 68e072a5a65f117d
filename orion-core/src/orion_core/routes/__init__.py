"""The core module's routes."""
