"""Reading payer files: TOML text in, a `Payer` or a list of everything that is wrong with it out.

A payer file is written by a person, so all its mistakes are reported at once, each with the file, the key, what is
wrong and how to fix it. Keys that nobody reads are mistakes too: a misspelt `copay_cent` must not become a free visit.
"""

from services.clearinghouse.domain.payer_file.payers import read_payer, read_payers
from services.clearinghouse.domain.payer_file.reading import PayerFileError, Problem

__all__ = ["PayerFileError", "Problem", "read_payer", "read_payers"]
