"""Bindings of the 837P: CLM, and the fields of subscriber, patient, other payers and service lines."""

from collections.abc import Sequence
from typing import Any

from shared.x12.model.bindings.binding import CompositeFields, FieldsBinding, SegmentTable
from shared.x12.model.bindings.element_kinds import (
    CODE,
    COUNT,
    DATE,
    INTEGERS,
    MONEY,
    NUMBER,
    PROCEDURE,
    TEXT,
    ElementKind,
    ElementParser,
    join,
)
from shared.x12.model.envelope import Delimiters
from shared.x12.model.records.claim import ClaimNote, Paperwork
from shared.x12.model.values import TEXTS


def parse_facility(delimiters: Delimiters) -> ElementParser:
    """`11:B:1` -> place of service, qualifier, frequency."""
    component = delimiters.component_separator

    def read(raw: bytes) -> tuple[str, ...]:
        parts = [TEXTS[part] for part in raw.split(component)]
        return (*parts, "", "")[:3]

    return read


def parse_causes(delimiters: Delimiters) -> ElementParser:
    """`AA:EM::WA` -> related causes, state, country."""
    component = delimiters.component_separator

    def read(raw: bytes) -> tuple[tuple[str, ...], str, str]:
        parts = [*(TEXTS[part] for part in raw.split(component)), "", "", "", ""]
        return tuple(part for part in parts[:3] if part), parts[3], parts[4]

    return read


def format_causes(value: Sequence[Any]) -> str:
    """The composite, without empty components at its end."""
    causes, state, country = value
    return join([*causes, *[""] * (3 - len(causes)), state, country])


class ClaimBinding(FieldsBinding):
    """CLM of an 837P: the facility composite and the related causes have fields of their own."""

    composites = (
        CompositeFields(
            5,
            ("place_of_service", "facility_qualifier", "frequency"),
            ElementKind(parse_facility, lambda value: join(list(value)), absent='("", "", "")'),
        ),
        CompositeFields(
            11,
            ("related_causes", "accident_state", "accident_country"),
            ElementKind(parse_causes, format_causes, absent='((), "", "")'),
        ),
    )
    fields = (
        (1, "claim_number", TEXT),
        (2, "charge_cents", MONEY),
        (6, "provider_signature", CODE),
        (7, "assignment", CODE),
        (8, "benefits_assigned", CODE),
        (9, "release", CODE),
        (10, "patient_signature", CODE),
        (12, "special_program", CODE),
        (20, "delay_reason", CODE),
    )

    def __init__(self, delimiters: Delimiters) -> None:
        super().__init__(self.fields, delimiters, ())


SEGMENTS = SegmentTable(
    fields={
        "CUR": ((1, "currency_entity", CODE), (2, "currency", CODE)),
        "SBR": (
            (1, "responsibility", CODE),
            (2, "relationship", CODE),
            (3, "group_number", TEXT),
            (4, "group_name", TEXT),
            (5, "insurance_type", CODE),
            (9, "filing_indicator", CODE),
        ),
        "PAT": (
            (1, "relationship", CODE),
            (6, "death_date", DATE),
            (8, "weight_pounds", NUMBER),
            (9, "pregnant", CODE),
        ),
        "PAT@SubscriberLevel": ((6, "death_date", DATE), (8, "weight_pounds", NUMBER), (9, "pregnant", CODE)),
        "OI": ((3, "benefits_assigned", CODE), (4, "patient_signature", CODE), (6, "release", CODE)),
        "SV1": (
            (1, "procedure", PROCEDURE),
            (2, "charge_cents", MONEY),
            (3, "unit", CODE),
            (4, "quantity", NUMBER),
            (5, "place_of_service", CODE),
            (7, "pointers", INTEGERS),
            (9, "emergency", CODE),
            (11, "epsdt", CODE),
            (12, "family_planning", CODE),
            (15, "copay_exempt", CODE),
        ),
        "SVD": (
            (1, "payer_id", TEXT),
            (2, "paid_cents", MONEY),
            (3, "procedure", PROCEDURE),
            (5, "quantity", NUMBER),
            (6, "bundled_line", COUNT),
        ),
    },
    items={
        "PWK": (
            "attachments",
            Paperwork,
            ((1, "report", CODE), (2, "transmission", CODE), (6, "control_number", TEXT)),
        ),
        "NTE": ("notes", ClaimNote, ((1, "kind", CODE), (2, "text", TEXT))),
    },
    special={"CLM": ClaimBinding},
    qualifiers={"PAT": (7, "01", 8), "PWK": (5, "AC", 6)},
)
