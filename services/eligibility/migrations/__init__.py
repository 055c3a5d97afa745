"""The history of the eligibility database."""
