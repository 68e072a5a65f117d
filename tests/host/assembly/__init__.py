"""Tests of the way from installed distributions to an assembly."""
