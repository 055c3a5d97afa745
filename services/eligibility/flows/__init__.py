"""The use cases of eligibility: `records` that callers put, `coverage_bundle`: a coverage with all that belongs to it,
`checking` with the payer. One flow, one transaction; what goes outside goes before it.
"""
