"""ICD-10-CM with dates: the table, its importer, Excludes1 notes, and the search by words."""

from shared.codesets.icd10.excludes import Excludes1, Exclusion
from shared.codesets.icd10.order_file import read_order_file, with_edition
from shared.codesets.icd10.table import DiagnosisStatus, DiagnosisTable, Validity, dotted, without_dot

__all__ = [
    "DiagnosisStatus",
    "DiagnosisTable",
    "Excludes1",
    "Exclusion",
    "Validity",
    "dotted",
    "read_order_file",
    "with_edition",
    "without_dot",
]
