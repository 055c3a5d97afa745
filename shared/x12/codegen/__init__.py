"""Code generation: Python functions written from the guides and compiled, so that reading and writing are fast.

What is generated: a function for each use of a segment (`segment_reader`: its elements to values) and one for each loop
that a record or a level is made of: `loop_reader` (its segments, and the loops inside it, to the typed record),
`straight_reader` (the same for loops like those that came before, without a search) and `loop_writer` (the way back).

From what: the guide (order, usage, codes, repetitions), the binding tables (which element is which field) and the
delimiters of the file. Never from data: nothing that a file holds becomes part of a function's text.

Why: a guide interpreted element by element costs a look-up of its tables for each of them. A generated function has the
tables unrolled into straight lines of code. It decides nothing of its own: where anything is missing, out of order or
malformed, it raises `ValueError` or `LookupError`, and the same segments are read again one by one by
`reading.transaction_reader`, which is slower and says in findings what is wrong. So there are two ways through a guide,
and tests hold that both give the same events (`tests/shared/x12/codegen`).

Writing has two ways too: `loop_writer` checks nothing, its bytes are read back and compared with the record, and where
they differ `writing.transaction_writer` writes with all checks (`tests/shared/x12/writing/test_quick_records.py`).

When: `compiled_guide` puts both together for one guide and one set of delimiters; each function is generated when the
first segment or loop of its kind is read, and kept.

How to look at it: `python -m shared.x12.codegen 835 2100` prints the function that reads a claim payment, and
`python -m shared.x12.codegen 835 2100 CLP` the one that reads its CLP.

A traceback shows the lines of a generated function under a name like `<x12 straight reader of 835 2100>`.

The modules import in one direction: generated, segment_reader, step, loop_reader, straight_reader, loop_writer,
compiled_guide.
"""
