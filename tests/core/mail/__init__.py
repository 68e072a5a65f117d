"""Tests of mail and files."""
