"""From decisions to X12 records: 277CA (`acceptance`), 835 (`remittance`), 271 (`benefits`).

Records only; `shared.x12` turns them into bytes, and flows say when. Whatever is made here passes the independent
validators, which the tests ask.
"""
