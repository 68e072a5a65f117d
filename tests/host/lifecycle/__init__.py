"""Tests of processes from start to end, and of what they know of each other."""
