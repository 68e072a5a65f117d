"""Tests of the feed reader; none needs a database."""
