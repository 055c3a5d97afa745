"""Remittances: recorded as they are read, their payments posted or waiting, and what a person decides of those."""
