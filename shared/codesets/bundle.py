"""All code sets in one frozen value: what rules ask, and what the codec asks through its own protocol.

Everything is read lazily from the packaged files at the first use, so a command that asks for none pays for none.
An operator's imported files take the place of the packaged ones by ``CodeSets(pairs=..., ...)``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from copy import copy
from datetime import date
from functools import cached_property, lru_cache
from typing import TypeVar

from shared.codesets.adjustments import reason_codes, reason_label, remark_codes
from shared.codesets.body_regions import BodyRegions, read_regions
from shared.codesets.dated_list import DatedList, read_list
from shared.codesets.icd10.edits import DiagnosisEdits
from shared.codesets.icd10.excludes import Excludes1, unpack_notes
from shared.codesets.icd10.search import DiagnosisSearch, read_synonyms
from shared.codesets.icd10.table import DiagnosisTable, Validity, unpack
from shared.codesets.npi import npi_valid
from shared.codesets.packaged import data_bytes, data_text, data_toml
from shared.codesets.pair_edits import PairEdits, read_pairs, unpack_pairs
from shared.codesets.procedures import Procedure, Procedures, read_procedures
from shared.codesets.scopes import Scopes, read_scopes
from shared.codesets.unit_limits import UnitLimits, read_limits, unpack_limits

T = TypeVar("T")


class CodeSets:
    """Every code set. Give ``diagnoses``, ``pairs`` or ``limits`` to put an imported edition in place of ours."""

    def __init__(
        self,
        diagnoses: DiagnosisTable | None = None,
        pairs: PairEdits | None = None,
        limits: UnitLimits | None = None,
        own_procedures: str = "",
    ) -> None:
        self._diagnoses = diagnoses
        self._pairs = pairs
        self._limits = limits
        self._own_procedures = own_procedures

    @classmethod
    def of_files(cls, files: Mapping[str, bytes]) -> CodeSets:
        """Code sets with an operator's imported editions: ``icd10``, ``ncci`` and ``mue`` as they were packed.

        ``procedures`` is TOML in the layout of ours and adds to them.

        What is not among ``files`` stays the packaged edition.
        """
        return cls(
            unpack(files["icd10"]) if "icd10" in files else None,
            unpack_pairs(files["ncci"]) if "ncci" in files else None,
            unpack_limits(files["mue"]) if "mue" in files else None,
            files["procedures"].decode("utf-8") if "procedures" in files else "",
        )

    def with_own_procedures(self, own: Iterable[Procedure]) -> CodeSets:
        """The same sets, with procedures that a practice or a payer has added for itself."""
        procedures = self.procedures.with_own(own)
        if procedures is self.procedures:
            return self
        for name, member in vars(CodeSets).items():
            if isinstance(member, cached_property):
                getattr(self, name)  # read here, once, and not by every copy for itself
        more = copy(self)
        more.__dict__["procedures"] = procedures
        return more

    def with_files(self, files: Mapping[str, bytes]) -> CodeSets:
        """The same with other imported editions in place of these; what was read already is not read again."""
        given = CodeSets.of_files(files)
        return CodeSets(
            given._diagnoses or self._read("diagnoses", self._diagnoses),
            given._pairs or self._read("pairs", self._pairs),
            given._limits or self._read("limits", self._limits),
            given._own_procedures or self._own_procedures,
        )

    def without(self, kinds: Collection[str], base: CodeSets) -> CodeSets:
        """The same with the editions of these kinds as ``base`` has them."""
        of = {kind: base if kind in kinds else self for kind in ("icd10", "ncci", "mue")}
        return CodeSets(
            of["icd10"]._read("diagnoses", of["icd10"]._diagnoses),
            of["ncci"]._read("pairs", of["ncci"]._pairs),
            of["mue"]._read("limits", of["mue"]._limits),
            self._own_procedures,
        )

    def _read(self, name: str, given: T | None) -> T | None:
        """An edition that was given or is read already; None leaves the packaged one to its first use."""
        return given or self.__dict__.get(name)

    @cached_property
    def diagnoses(self) -> DiagnosisTable:
        """ICD-10-CM with dates."""
        return self._diagnoses or unpack(data_bytes("icd10.gz"))

    @cached_property
    def excludes(self) -> Excludes1:
        """Excludes1 notes."""
        return unpack_notes(data_bytes("icd10_excludes1.json.gz"))

    @cached_property
    def diagnosis_edits(self) -> DiagnosisEdits:
        """What diagnoses say of age, sex and side, and of their place on a claim."""
        return DiagnosisEdits(data_toml("icd10_edits.toml"), self.diagnoses)

    @cached_property
    def search(self) -> DiagnosisSearch:
        """Diagnoses by words."""
        return DiagnosisSearch(self.diagnoses, read_synonyms(data_text("icd10_synonyms.toml")))

    @cached_property
    def procedures(self) -> Procedures:
        """Procedures we know."""
        ours = read_procedures(data_toml("procedures.toml"))
        return ours.with_more(self._own_procedures) if self._own_procedures else ours

    @cached_property
    def pairs(self) -> PairEdits:
        """Edits between two procedures."""
        return self._pairs or read_pairs(data_toml("ncci_pairs.toml"))

    @cached_property
    def limits(self) -> UnitLimits:
        """Unlikely units a day."""
        return self._limits or read_limits(data_toml("mue.toml"))

    @cached_property
    def body_regions(self) -> BodyRegions:
        """Regions of the body and the words for them."""
        return read_regions(data_toml("body_regions.toml"))

    @cached_property
    def modifiers(self) -> DatedList:
        """Modifiers."""
        return read_list("modifiers", data_toml("modifiers.toml"))

    @cached_property
    def places(self) -> DatedList:
        """Places of service."""
        return read_list("places", data_toml("places.toml"))

    @cached_property
    def taxonomies(self) -> DatedList:
        """Provider taxonomies."""
        return read_list("taxonomies", data_toml("taxonomies.toml"))

    @cached_property
    def telehealth(self) -> DatedList:
        """Procedures that may be done by telehealth."""
        return read_list("telehealth", data_toml("telehealth.toml"))

    @cached_property
    def scopes(self) -> Scopes:
        """What each discipline may bill."""
        return read_scopes(data_toml("scopes.toml"))

    @cached_property
    def states(self) -> DatedList:
        """States and territories."""
        return read_list("states", data_toml("states.toml"))

    @cached_property
    def filing_indicators(self) -> DatedList:
        """Claim filing indicators (SBR09)."""
        return read_list("filing_indicators", data_toml("filing_indicators.toml"))

    @cached_property
    def related_causes(self) -> DatedList:
        """Related causes (CLM11)."""
        return read_list("related_causes", data_toml("related_causes.toml"))

    def npi_valid(self, number: str) -> bool:
        """True for a national provider identifier with the right check digit."""
        return npi_valid(number)

    def label(self, code_set: str, code: str) -> str:
        """Our label of a code, or "" (the codec's CodeLabels protocol)."""
        if code_set == "adjustment_reason":
            return reason_label(code)
        lists = {
            "filing_indicator": self.filing_indicators,
            "place_of_service": self.places,
            "related_cause": self.related_causes,
        }
        return lists[code_set].label(code)

    # What the codec's CodeLists protocol asks: True, False, or None where the list cannot tell.

    def diagnosis(self, code: str, on: date | None) -> bool | None:
        """Billable on that day; without a day, on any."""
        table = self.diagnoses
        if on is None:
            row = table.row(code)
            return row is not None and table.term_at(row) is not None
        row = table.row(code)
        if row is not None and table.is_valid(code, on):
            return True
        validity = table.status(code, on).validity
        return None if validity in {Validity.UNCERTAIN, Validity.OUTSIDE_EDITION} else False

    def adjustment_reason(self, code: str, on: date | None) -> bool | None:
        """A reason code that exists and had not ended."""
        return reason_codes().holds(code, on)

    def remark(self, code: str, on: date | None) -> bool | None:
        """A remark code that exists."""
        return remark_codes().holds(code, on)

    def state(self, code: str, on: date | None = None) -> bool | None:
        """A postal state or territory."""
        return self.states.holds(code, on)

    def place_of_service(self, code: str, on: date | None = None) -> bool | None:
        """A place of service."""
        return self.places.holds(code, on)


@lru_cache(maxsize=1)
def bundled() -> CodeSets:
    """The packaged code sets, one value for the process; each set is read at its first use."""
    return CodeSets()
