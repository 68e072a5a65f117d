"""Customers: a store's customers: accounts, addresses, groups, consents, wishlist, export and erasure."""
