"""Inventory: stock by location, reservations that expire, a typed ledger, transfers and stocktakes."""
