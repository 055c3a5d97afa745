"""The claims service's tables and every query on them."""
