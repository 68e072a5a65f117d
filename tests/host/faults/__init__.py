"""Tests that a module that is broken, gone, behind or ahead hurts nobody but those that require it."""
