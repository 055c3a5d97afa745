"""The transaction sets that the codec knows: one row each.

A row brings together what makes a transaction set: its guide (which segments and loops it may have), its records (the
typed values that a reader yields and a writer takes) and its bindings (which element is which field). Everything else
in the codec, that is reading, writing, validation, explain mode and the acknowledgements, asks here and knows no
transaction set by name. README.md explains how to add one.
"""

import dataclasses
import functools
from collections.abc import Mapping
from types import MappingProxyType, ModuleType

from shared.x12.model.bindings import acknowledgement as acknowledgement_bindings
from shared.x12.model.bindings import claim as claim_bindings
from shared.x12.model.bindings import common
from shared.x12.model.bindings import eligibility as eligibility_bindings
from shared.x12.model.bindings import remittance as remittance_bindings
from shared.x12.model.bindings import review as review_bindings
from shared.x12.model.bindings import status as status_bindings
from shared.x12.model.bindings.binding import SegmentTable
from shared.x12.model.guides import acknowledgement as acknowledgement_guide
from shared.x12.model.guides import claim as claim_guide
from shared.x12.model.guides import eligibility as eligibility_guide
from shared.x12.model.guides import remittance as remittance_guide
from shared.x12.model.guides import review as review_guide
from shared.x12.model.guides import status as status_guide
from shared.x12.model.guides.grammar import Guide, parse_guide
from shared.x12.model.records import acknowledgement as acknowledgement_records
from shared.x12.model.records import claim as claim_records
from shared.x12.model.records import eligibility as eligibility_records
from shared.x12.model.records import parts
from shared.x12.model.records import remittance as remittance_records
from shared.x12.model.records import review as review_records
from shared.x12.model.records import status as status_records

# The records of all sets are the codec's public names (`x12.Claim837P`): they pass from here into `shared.x12`.
from shared.x12.model.records.acknowledgement import *  # noqa: F403
from shared.x12.model.records.claim import *  # noqa: F403
from shared.x12.model.records.eligibility import *  # noqa: F403
from shared.x12.model.records.parts import *  # noqa: F403
from shared.x12.model.records.remittance import *  # noqa: F403
from shared.x12.model.records.review import *  # noqa: F403
from shared.x12.model.records.status import *  # noqa: F403

RecordClass = type[parts.Part]


@dataclasses.dataclass(frozen=True)
class TransactionSet:
    """One row. `type` is its name here (`277CA`); the first of `versions` is written, all of them are read."""

    type: str
    st01: str
    gs01: str
    versions: tuple[str, ...]
    title: str
    guide_text: str
    records: ModuleType
    bindings: SegmentTable

    @property
    def tables(self) -> tuple[SegmentTable, SegmentTable]:
        """Where the binding of a segment is looked for, in this order."""
        return self.bindings, common.SEGMENTS

    @functools.cached_property
    def guide(self) -> Guide:
        """The guide, parsed when it is first asked for: a command that needs one does not pay for nine."""
        return parse_guide(self.type, self.st01, self.gs01, self.versions, self.title, self.guide_text)

    def record_class(self, name: str) -> RecordClass:
        """The class of a record or part that the guide names. Raises AttributeError where there is none."""
        found: RecordClass = getattr(self.records, name, None) or getattr(parts, name)
        return found


_ROWS = (
    TransactionSet(
        type="837P",
        st01="837",
        gs01="HC",
        versions=("005010X222A1", "005010X222", "005010X222A2"),
        title=claim_guide.TITLE,
        guide_text=claim_guide.TEXT,
        records=claim_records,
        bindings=claim_bindings.SEGMENTS,
    ),
    TransactionSet(
        type="835",
        st01="835",
        gs01="HP",
        versions=("005010X221A1", "005010X221"),
        title=remittance_guide.TITLE,
        guide_text=remittance_guide.TEXT,
        records=remittance_records,
        bindings=remittance_bindings.SEGMENTS,
    ),
    TransactionSet(
        type="270",
        st01="270",
        gs01="HS",
        versions=("005010X279A1", "005010X279"),
        title=eligibility_guide.TITLE_270,
        guide_text=eligibility_guide.TEXT_270,
        records=eligibility_records,
        bindings=eligibility_bindings.SEGMENTS,
    ),
    TransactionSet(
        type="271",
        st01="271",
        gs01="HB",
        versions=("005010X279A1", "005010X279"),
        title=eligibility_guide.TITLE_271,
        guide_text=eligibility_guide.TEXT_271,
        records=eligibility_records,
        bindings=eligibility_bindings.SEGMENTS,
    ),
    TransactionSet(
        type="276",
        st01="276",
        gs01="HR",
        versions=("005010X212", "005010X212E1"),
        title=status_guide.TITLE_276,
        guide_text=status_guide.TEXT_276,
        records=status_records,
        bindings=status_bindings.SEGMENTS,
    ),
    TransactionSet(
        type="277",
        st01="277",
        gs01="HN",
        versions=("005010X212", "005010X212E1"),
        title=status_guide.TITLE_277,
        guide_text=status_guide.TEXT_277,
        records=status_records,
        bindings=status_bindings.SEGMENTS,
    ),
    TransactionSet(
        type="277CA",
        st01="277",
        gs01="HN",
        versions=("005010X214", "005010X214E1", "005010X214E2"),
        title=status_guide.TITLE_277CA,
        guide_text=status_guide.TEXT_277CA,
        records=status_records,
        bindings=status_bindings.SEGMENTS,
    ),
    TransactionSet(
        type="278",
        st01="278",
        gs01="HI",
        versions=("005010X217", "005010X217E1", "005010X217E2"),
        title=review_guide.TITLE,
        guide_text=review_guide.TEXT,
        records=review_records,
        bindings=review_bindings.SEGMENTS,
    ),
    TransactionSet(
        type="999",
        st01="999",
        gs01="FA",
        versions=("005010X231A1", "005010X231"),
        title=acknowledgement_guide.TITLE,
        guide_text=acknowledgement_guide.TEXT,
        records=acknowledgement_records,
        bindings=acknowledgement_bindings.SEGMENTS,
    ),
)
TRANSACTION_SETS: Mapping[str, TransactionSet] = MappingProxyType({row.type: row for row in _ROWS})


def find_type(st01: str, version: str) -> str | None:
    """The type for an ST01 and a version (from ST03, or GS08), or None when there is no guide for it."""
    return next((row.type for row in _ROWS if row.st01 == st01 and version in row.versions), None)


def functional_id(st01: str) -> str:
    """GS01 of the groups that hold transactions with this ST01; empty for one that is not known."""
    return next((row.gs01 for row in _ROWS if row.st01 == st01), "")


def has_header(type_: str) -> bool:
    """Whether the first record of a transaction is its header: not so where the whole transaction is one record."""
    return type_ in TRANSACTION_SETS and TRANSACTION_SETS[type_].guide.root.kind != "whole"
