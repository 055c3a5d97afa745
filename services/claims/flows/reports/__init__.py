"""The practice's numbers: what ledger and timeline said by the end of a day, counted and answered in three forms."""
