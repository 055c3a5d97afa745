"""Bindings of the 278: UM and HCR."""

# Bindings share one signature, so some of them leave an argument unused.
# ruff: noqa: ARG002

from collections.abc import Iterator
from typing import Any

from shared.x12.model.bindings.binding import Data, Elements, Lists, SegmentTable, at, text
from shared.x12.model.bindings.element_kinds import CODE, TEXT, join
from shared.x12.model.envelope import Delimiters
from shared.x12.model.records.review import ReviewDecision, ReviewRequest
from shared.x12.model.values import TEXTS


class ReviewRequestBinding:
    """UM of a 278: what is asked, with facility and causes."""

    names = ("request",)

    def __init__(self, delimiters: Delimiters) -> None:
        self.component = delimiters.component_separator

    def parse(self, data: Data, lists: Lists, elements: Elements) -> None:
        """Into `request`."""
        facility = self.parts(at(elements, 4), 2)
        causes = self.parts(at(elements, 5), 5)
        data["request"] = ReviewRequest(
            category=text(elements, 1),
            certification=text(elements, 2),
            service_type=text(elements, 3),
            facility_code=facility[0],
            facility_qualifier=facility[1],
            related_causes=tuple(part for part in causes[:3] if part),
            accident_state=causes[3],
            accident_country=causes[4],
            level_of_service=text(elements, 6),
            delay_reason=text(elements, 10),
            release=text(elements, 9),
        )

    def parts(self, raw: bytes | None, count: int) -> list[str]:
        """Components as text, filled up to `count`."""
        found = [TEXTS[part] for part in raw.split(self.component)] if raw else []
        return found + [""] * (count - len(found))

    def format(self, record: Any) -> Iterator[list[str]]:
        """The one UM, if anything is asked."""
        request = record.request
        if request is not None:
            causes = [*request.related_causes, *[""] * (3 - len(request.related_causes))]
            yield [
                request.category,
                request.certification,
                request.service_type,
                join([request.facility_code, request.facility_qualifier]),
                join([*causes, request.accident_state, request.accident_country]),
                request.level_of_service,
                "",
                "",
                request.release,
                request.delay_reason,
            ]


SEGMENTS = SegmentTable(
    parts={
        "HCR": (
            "decision",
            ReviewDecision,
            ((1, "action", CODE), (2, "number", TEXT), (3, "reason", CODE), (4, "second_opinion", CODE)),
        ),
    },
    special={"UM": ReviewRequestBinding},
)
