"""Tests of the customers module."""
