"""The rules of stock: the ledger, demand of orders, moving and counting by people, lists and proof."""
