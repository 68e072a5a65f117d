"""Tests of the doctor: whatever is planted is found, with its cause and what to do."""
