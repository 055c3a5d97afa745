"""Bindings of the 837P: CLM, and the fields of subscriber, patient, other payers and service lines."""

# Bindings share one signature, so some of them leave an argument unused.
# ruff: noqa: ARG002

from collections.abc import Iterator
from typing import Any

from shared.x12.model.bindings.binding import Data, Elements, Lists, SegmentTable, at, text
from shared.x12.model.bindings.element_kinds import CODE, COUNT, DATE, INTEGERS, MONEY, NUMBER, PROCEDURE, TEXT, join
from shared.x12.model.envelope import Delimiters
from shared.x12.model.records.claim import ClaimNote, Paperwork
from shared.x12.model.values import CENTS, TEXTS, format_cents


class ClaimBinding:
    """CLM of an 837P: the facility composite and the related causes have fields of their own."""

    PLAIN = (
        (6, "provider_signature"),
        (7, "assignment"),
        (8, "benefits_assigned"),
        (9, "release"),
        (10, "patient_signature"),
        (12, "special_program"),
        (20, "delay_reason"),
    )

    names = (
        *(field for _, field in PLAIN),
        *("claim_number", "charge_cents", "place_of_service", "facility_qualifier", "frequency"),
        *("related_causes", "accident_state", "accident_country"),
    )

    def __init__(self, delimiters: Delimiters) -> None:
        self.component = delimiters.component_separator

    def parse(self, data: Data, lists: Lists, elements: Elements) -> None:
        """Into the fields of the claim."""
        data["claim_number"] = (elements[0] or b"").decode()
        data["charge_cents"] = CENTS[elements[1] or b""]
        place = (elements[4] or b"").split(self.component)
        for field, raw in zip(("place_of_service", "facility_qualifier", "frequency"), place, strict=False):
            data[field] = TEXTS[raw]
        for number, field in self.PLAIN:
            data[field] = text(elements, number)
        causes = at(elements, 11)
        if causes:
            parts = [TEXTS[part] for part in causes.split(self.component)]
            data["related_causes"] = tuple(part for part in parts[:3] if part)
            data["accident_state"] = parts[3] if len(parts) > 3 else ""
            data["accident_country"] = parts[4] if len(parts) > 4 else ""

    def format(self, claim: Any) -> Iterator[list[str]]:
        """The one CLM."""
        elements = [""] * 20
        elements[0], elements[1] = claim.claim_number, format_cents(claim.charge_cents)
        elements[4] = join([claim.place_of_service, claim.facility_qualifier, claim.frequency])
        for number, field in self.PLAIN:
            elements[number - 1] = getattr(claim, field)
        causes = [*claim.related_causes, *[""] * (3 - len(claim.related_causes))]
        elements[10] = join([*causes, claim.accident_state, claim.accident_country])
        yield elements


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
