"""Tests of the tax decision service."""
