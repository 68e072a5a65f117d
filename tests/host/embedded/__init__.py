"""Tests of the embedded servers, all with real processes."""
