"""The practice's numbers: pure arithmetic over what ledger and timeline said by the end of a day.

`history` is a claim as it was by then, `report` how items become groups and figures; every other module has the
definitions of a few reports.
"""
