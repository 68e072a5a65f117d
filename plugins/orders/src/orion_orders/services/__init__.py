"""The rules of the orders module."""
