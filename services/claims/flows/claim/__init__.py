"""The biller's acts on one claim: check, create, refresh, override, void; and the one place that moves its state."""
