"""Remittances as a resource: their payments by number, their proofs, what waits, and money that belongs to no claim."""
