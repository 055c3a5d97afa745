"""Provider taxonomies (NUCC) that rules name; what each discipline may bill is in `shared/codesets/scopes`."""

MASSAGE = "225700000X"
ACUPUNCTURIST = "171100000X"
OCCUPATIONAL = "225X"
"""The beginning of every occupational therapist's, whatever she is specialized in."""
