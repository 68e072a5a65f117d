"""The catalogue's part of the demo marketplace."""
