"""Reading a product feed: from a binary stream to checked rows, without database or web."""
