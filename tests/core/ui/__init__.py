"""Tests of the page frames, macros, texts and browser files of orion-core."""
