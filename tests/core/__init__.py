"""Tests of orion-core."""
