"""External code sets, SNIP type 5: codes that somebody else keeps and dates, asked of the caller's lists.

Without lists only the form of a diagnosis is checked. A list that cannot tell (None) is no finding.
"""

import re
from collections.abc import Iterator

from shared.x12.model.records.claim import Claim837P
from shared.x12.model.records.parts import ClaimAdjustment
from shared.x12.model.records.remittance import REMARK_ELEMENTS, ClaimPayment, ServicePayment
from shared.x12.validation.check import CheckContext, CheckFailure
from shared.x12.validation.situational import first_service

ICD_10 = re.compile(r"[A-TV-Z]\d[0-9A-Z][0-9A-Z]{0,4}")


def diagnoses(claim: Claim837P, context: CheckContext) -> Iterator[CheckFailure]:
    """Diagnoses have the form of ICD-10-CM and are in force on the date of service."""
    codes = context.codes
    on = first_service(claim) if codes is not None else None
    for index, diagnosis in enumerate(claim.diagnoses):
        if diagnosis.qualifier not in ("ABK", "ABF"):
            continue
        if not ICD_10.fullmatch(diagnosis.code):
            yield CheckFailure("diagnosis_form", "HI", 0, index + 1, 2)
        elif codes is not None and codes.diagnosis(diagnosis.code, on) is False:
            yield CheckFailure("diagnosis_unknown", "HI", 0, index + 1, 2)


def places_of_service(claim: Claim837P, _context: CheckContext) -> Iterator[CheckFailure]:
    """A place of service is a code of two digits."""
    place = claim.place_of_service
    if not (len(place) == 2 and place.isdigit()):
        yield CheckFailure("place_of_service", "CLM", element=5, component=1)
    for index, line in enumerate(claim.lines):
        place = line.place_of_service
        if place and not (len(place) == 2 and place.isdigit()):
            yield CheckFailure("place_of_service", "SV1", index, 5, loop="2400")


def reasons_and_remarks(payment: ClaimPayment, context: CheckContext) -> Iterator[CheckFailure]:
    """Reason and remark codes that are not known on the date of the notice."""
    codes, on = context.codes, context.noticed
    if codes is None:
        return
    sources: list[ClaimPayment | ServicePayment] = [payment, *payment.services]
    nth = 0
    for source in sources:
        for group in cas_segments(source.adjustments):
            for index, adjustment in enumerate(group):
                if codes.adjustment_reason(adjustment.reason, on) is False:
                    yield CheckFailure("reason_unknown", "CAS", nth, 2 + 3 * index)
            nth += 1
    nth = 0
    for service in payment.services:
        for remark in service.remarks:
            if remark.qualifier == "HE" and codes.remark(remark.code, on) is False:
                yield CheckFailure("remark_unknown", "LQ", nth, 2, loop="2110")
            nth += 1
    for segment in payment.others:
        numbers = REMARK_ELEMENTS.get(segment.id, ())
        for number in numbers:
            code = segment.elements[number - 1] if number <= len(segment.elements) else ""
            if code and codes.remark(code, on) is False:
                yield CheckFailure("remark_unknown", segment.id, 0, number)


def cas_segments(adjustments: tuple[ClaimAdjustment, ...]) -> Iterator[list[ClaimAdjustment]]:
    """Adjustments as they are grouped in CAS segments: neighbours of one group, at most six."""
    current: list[ClaimAdjustment] = []
    for adjustment in adjustments:
        if current and (current[-1].group != adjustment.group or len(current) == 6):
            yield current
            current = []
        current.append(adjustment)
    if current:
        yield current
