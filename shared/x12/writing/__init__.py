"""Typed records to bytes, by the same guides that read them."""
