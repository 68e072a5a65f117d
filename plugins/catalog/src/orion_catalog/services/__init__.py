"""Rules and queries of the catalogue; nothing here commits or knows of HTTP."""
