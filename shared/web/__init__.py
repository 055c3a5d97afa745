"""HTTP as every service speaks it: problems, request ids, limits, tokens, idempotency, paging, docs."""
