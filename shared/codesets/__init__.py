"""Dated code sets: facts of the outside world with a source, a version and days in force, and nothing of our own.

Nothing here decides anything: it answers what a code is, whether it holds on a day, and what stands beside it.
Wording of licensed lists (CPT, CARC, RARC) is never kept; labels are our own.
"""

from shared.codesets.bundle import CodeSets, bundled
from shared.codesets.imports import BadRow, ImportRefused
from shared.codesets.npi import npi_valid, tax_id_valid

__all__ = ["BadRow", "CodeSets", "ImportRefused", "bundled", "npi_valid", "tax_id_valid"]
