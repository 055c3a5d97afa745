"""A biller's operations on one claim: check, create, refresh, override, void; and its state transitions."""
