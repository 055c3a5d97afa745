"""Segments, qualifiers and codes in plain English, for people and for the sentences of findings."""
