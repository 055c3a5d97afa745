"""The use cases of eligibility: `keeping` what callers put, `filing` a coverage with all that belongs to it,
`checking` with the payer. One flow, one transaction; what goes outside goes before it.
"""
