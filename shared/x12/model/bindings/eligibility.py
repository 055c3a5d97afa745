"""Bindings of the 270 and 271: EB, EQ, INS, and what accompanies a benefit."""

# Bindings share one signature, so some of them leave an argument unused.
# ruff: noqa: ARG002

from collections.abc import Iterator
from typing import Any

from shared.x12.model.bindings.binding import Data, Elements, Lists, SegmentTable, UnparsedBinding
from shared.x12.model.bindings.element_kinds import (
    CODE,
    COUNT,
    INTEGERS,
    MONEY,
    NUMBER,
    PROCEDURE,
    REPEATED,
    TEXT,
)
from shared.x12.model.envelope import Delimiters
from shared.x12.model.records.eligibility import ServiceDelivery


class LoopMarkerBinding:
    """LS and LE around the entities of a benefit: they hold nothing, and are written when there are entities."""

    def __init__(self, delimiters: Delimiters) -> None:
        self.loop = "2120"

    def parse(self, data: Data, lists: Lists, elements: Elements) -> None:
        """Nothing to keep."""

    def format(self, record: Any) -> Iterator[list[str]]:
        """One when needed."""
        if record.entities:
            yield [self.loop]


SEGMENTS = SegmentTable(
    fields={
        "EB": (
            (1, "information", CODE),
            (2, "coverage_level", CODE),
            (3, "service_types", REPEATED),
            (4, "insurance_type", CODE),
            (5, "plan", TEXT),
            (6, "time_period", CODE),
            (7, "amount_cents", MONEY),
            (8, "percent", NUMBER),
            (9, "quantity_qualifier", CODE),
            (10, "quantity", NUMBER),
            (11, "authorization", CODE),
            (12, "in_network", CODE),
            (13, "procedure", PROCEDURE),
            (14, "diagnosis_pointers", INTEGERS),
        ),
        "EQ": (
            (1, "service_types", REPEATED),
            (2, "procedure", PROCEDURE),
            (3, "coverage_level", CODE),
            (5, "diagnosis_pointers", INTEGERS),
        ),
        "INS": (
            (1, "insured", CODE),
            (2, "relationship", CODE),
            (3, "maintenance", CODE),
            (4, "maintenance_reason", CODE),
            (17, "birth_sequence", COUNT),
        ),
        "III@AdditionalInformation": (
            (1, "qualifier", CODE),
            (2, "code", CODE),
            (3, "category", CODE),
            (4, "text", TEXT),
        ),
    },
    items={
        "HSD": (
            "deliveries",
            ServiceDelivery,
            (
                (1, "quantity_qualifier", CODE),
                (2, "quantity", NUMBER),
                (3, "frequency_period", CODE),
                (4, "frequency", NUMBER),
                (5, "period_qualifier", CODE),
                (6, "periods", NUMBER),
                (7, "pattern", CODE),
                (8, "time", CODE),
            ),
        ),
    },
    special={
        "LS": LoopMarkerBinding,
        "LE": LoopMarkerBinding,
        "III": lambda delimiters: UnparsedBinding(delimiters, "III", "information", single=False),
    },
)
