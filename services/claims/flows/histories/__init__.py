"""A practice's past over HTTP: its old files are taken one by one, and the worker makes the report.

A report makes no claims: a claim here has a signed note and a coverage behind it, and those of the past have not. What
they still owe is in the report, as opening balances want it.
"""
