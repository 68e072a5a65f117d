"""The core module's rules."""
