"""The demo's part of inventory."""
