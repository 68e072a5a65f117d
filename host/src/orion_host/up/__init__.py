"""``orion up``: a whole installation in one terminal, with its own database and broker."""
