"""Bytes to raw segments: delimiters from each ISA, pieces of a file, positions, and the lossless round trip."""
