"""Tests of the modules, one folder each."""
