"""Tests of carts, placement and the lives of orders."""
