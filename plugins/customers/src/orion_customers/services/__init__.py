"""The rules of the customers module."""
