"""Products, variants, prices, categories, search and the product feed import."""
