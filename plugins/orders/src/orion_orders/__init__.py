"""Orders: carts, checkout, promotions, orders, fulfilments, returns, withdrawals and invoices."""
