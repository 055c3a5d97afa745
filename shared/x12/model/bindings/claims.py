"""Bindings of the segments that say what is claimed or asked: CLM, HI, UM."""

# Bindings share one signature, so some of them leave an argument unused.
# ruff: noqa: ARG002

from collections.abc import Iterator
from typing import Any

from shared.x12.model.bindings.common import Data, Groups, Lists, append, at, text
from shared.x12.model.bindings.kinds import format_period, join
from shared.x12.model.envelope import Delimiters
from shared.x12.model.records import HealthCode, ReviewRequest
from shared.x12.model.values import CENTS, DATES, TEXTS, format_cents


class HealthCodeBinding:
    """HI: up to twelve composites; which list they fill follows from the qualifiers that the guide allows."""

    def __init__(self, delimiters: Delimiters, qualifiers: frozenset[str]) -> None:
        self.component = delimiters.component_separator
        self.field = "diagnoses"
        if "BP" in qualifiers:
            self.field = "anesthesia_procedures"
        elif "BG" in qualifiers:
            self.field = "conditions"

    def parse_items(self, groups: Groups) -> list[HealthCode]:
        """The codes of one segment."""
        return [self.code(raw) for raw in groups if raw]

    def code(self, raw: bytes) -> HealthCode:
        """One composite."""
        parts = raw.split(self.component)
        parts += [b""] * (5 - len(parts))
        return HealthCode(
            qualifier=TEXTS[parts[0]],
            code=TEXTS[parts[1]],
            date=DATES[parts[3]] if parts[3] else None,
            amount_cents=CENTS[parts[4]] if parts[4] else None,
        )

    def parse(self, data: Data, lists: Lists, groups: Groups) -> None:
        """Into the list for these qualifiers."""
        append(lists, self.field, self.parse_items(groups))

    def format(self, record: Any) -> Iterator[list[str]]:
        """Twelve codes a segment."""
        codes = getattr(record, self.field)
        for start in range(0, len(codes), 12):
            yield [self.written(code) for code in codes[start : start + 12]]

    def written(self, code: HealthCode) -> str:
        """One composite as text."""
        form, date = format_period(code.date, None, "")
        amount = "" if code.amount_cents is None else format_cents(code.amount_cents)
        return join([code.qualifier, code.code, form, date, amount])


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

    def parse(self, data: Data, lists: Lists, groups: Groups) -> None:
        """Into the fields of the claim."""
        data["claim_number"] = (groups[0] or b"").decode()
        data["charge_cents"] = CENTS[groups[1] or b""]
        place = (groups[4] or b"").split(self.component)
        for field, raw in zip(("place_of_service", "facility_qualifier", "frequency"), place, strict=False):
            data[field] = TEXTS[raw]
        for number, field in self.PLAIN:
            data[field] = text(groups, number)
        causes = at(groups, 11)
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


class ReviewRequestBinding:
    """UM of a 278: what is asked, with facility and causes."""

    names = ("request",)

    def __init__(self, delimiters: Delimiters) -> None:
        self.component = delimiters.component_separator

    def parse(self, data: Data, lists: Lists, groups: Groups) -> None:
        """Into `request`."""
        facility = self.parts(at(groups, 4), 2)
        causes = self.parts(at(groups, 5), 5)
        data["request"] = ReviewRequest(
            category=text(groups, 1),
            certification=text(groups, 2),
            service_type=text(groups, 3),
            facility_code=facility[0],
            facility_qualifier=facility[1],
            related_causes=tuple(part for part in causes[:3] if part),
            accident_state=causes[3],
            accident_country=causes[4],
            level_of_service=text(groups, 6),
            delay_reason=text(groups, 10),
            release=text(groups, 9),
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
