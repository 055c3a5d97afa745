"""Who may be a rendering provider, by provider taxonomy (NUCC): the disciplines that rules distinguish."""

MASSAGE = "225700000X"
CHIROPRACTOR = "111N00000X"
PHYSICAL = "225100000X"
OCCUPATIONAL = "225X00000X"
