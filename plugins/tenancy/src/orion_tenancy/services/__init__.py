"""The tenancy module's rules."""
