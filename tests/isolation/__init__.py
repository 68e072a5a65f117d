"""Tests that no caller gets what belongs to another tenant, over every route of every module."""
