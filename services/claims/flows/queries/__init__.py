"""Queries for callers; nothing here writes."""
