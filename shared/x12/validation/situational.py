"""Situational requirements, SNIP type 4: what one part of a claim demands of another.

Source: 005010X222A1, the situational rules of the segments that each check names.
"""

# Checks share one signature, so some need nothing of the context.
# ruff: noqa: ARG001

import datetime
from collections.abc import Iterator

from shared.x12.model.records.claim import Claim837P
from shared.x12.model.records.remittance import ClaimPayment
from shared.x12.validation.check import CheckContext, CheckFailure


def claim_number_repeated(claim: Claim837P, context: CheckContext) -> Iterator[CheckFailure]:
    """The same CLM01 twice in a file."""
    # 64-bit digests: see `CheckContext`.
    digest = hash(claim.claim_number)
    if digest in context.seen_claims:
        yield CheckFailure("repeated_claim", "CLM", element=1)
    context.seen_claims.add(digest)


def patient_or_subscriber(claim: Claim837P, context: CheckContext) -> Iterator[CheckFailure]:
    """Who the patient is: the subscriber (with address and birth date) or a patient level, never both or neither."""
    is_patient = claim.subscriber.relationship == "18"
    if claim.patient is None and not is_patient:
        yield CheckFailure("patient_missing", "CLM")
    if claim.patient is not None and is_patient:
        yield CheckFailure("patient_twice", "CLM")
    party = claim.subscriber.party
    if claim.patient is None and is_patient and not (party.line1 and party.city and party.birth_date and party.gender):
        yield CheckFailure("subscriber_address", "CLM")


def born_before_service(claim: Claim837P, context: CheckContext) -> Iterator[CheckFailure]:
    """Nobody is treated, and nobody insured, before birth. The first line's date stands for all: this runs for every
    claim."""
    on = (claim.lines[0].service_date if claim.lines else None) or context.created
    levels = (claim.subscriber, claim.patient)
    born = [level.party.birth_date for level in levels if level is not None and level.party.birth_date is not None]
    if on is not None and born and max(born) > on:
        yield CheckFailure("birth_after_service", "CLM")


def charges_and_units(claim: Claim837P, context: CheckContext) -> Iterator[CheckFailure]:
    """No charge is negative, and every line has units."""
    if claim.charge_cents < 0:
        yield CheckFailure("negative_amount", "CLM", element=2)
    for index, line in enumerate(claim.lines):
        if line.charge_cents < 0:
            yield CheckFailure("negative_amount", "SV1", index, 2, loop="2400")
        if line.quantity <= 0:
            yield CheckFailure("zero_units", "SV1", index, 4, loop="2400")


def accident_details(claim: Claim837P, context: CheckContext) -> Iterator[CheckFailure]:
    """An automobile or other accident has its date, an automobile accident its state; it is not after the service."""
    causes = claim.related_causes
    accident = claim.accident_date
    if ("AA" in causes or "OA" in causes) and accident is None:
        yield CheckFailure("accident_date", "CLM", element=11)
    if "AA" in causes and not claim.accident_state and not claim.accident_country:
        yield CheckFailure("accident_state", "CLM", element=11, component=4)
    on = first_service(claim) if accident is not None else None
    if accident is not None and on is not None and accident > on:
        yield CheckFailure("accident_after_service", "DTP*439", element=3)


def original_reference(claim: Claim837P, context: CheckContext) -> Iterator[CheckFailure]:
    """A replacement or a void names the claim that it replaces."""
    if claim.frequency in ("7", "8") and not claim.reference("F8"):
        yield CheckFailure("original_number", "CLM", element=5, component=3)


def first_diagnosis(claim: Claim837P, context: CheckContext) -> Iterator[CheckFailure]:
    """The first diagnosis is no external cause of injury (V00 to Y99)."""
    first = claim.diagnoses[0] if claim.diagnoses else None
    if first is not None and first.qualifier == "ABK" and first.code[:1] in ("V", "W", "X", "Y"):
        yield CheckFailure("first_diagnosis", "HI", 0, 1, 2)


def payer_ranks(claim: Claim837P, context: CheckContext) -> Iterator[CheckFailure]:
    """Each payer has its own rank (SBR01); several may be of unknown rank."""
    ranks = [claim.subscriber.responsibility, *(other.responsibility for other in claim.other_payers)]
    for index, rank in enumerate(ranks[1:]):
        # Several payers may be of unknown rank.
        if rank != "U" and rank in ranks[: index + 1]:
            yield CheckFailure("responsibility_repeated", "SBR", index, 1, loop="2320")


def line_numbers_and_pointers(claim: Claim837P, context: CheckContext) -> Iterator[CheckFailure]:
    """Lines are numbered from 1, and point to diagnoses that are there."""
    known = len(claim.diagnoses)
    for index, line in enumerate(claim.lines):
        if line.number != index + 1:
            yield CheckFailure("line_number", "LX", index, 1, loop="2400")
        for component, pointer in enumerate(line.pointers, 1):
            if not 1 <= pointer <= known:
                yield CheckFailure("pointer", "SV1", index, 7, component, loop="2400")


# How a document comes that does not come with the claim, so that it needs a number (PWK02).
SENT_APART = frozenset({"BM", "EL", "EM", "FT", "FX"})


def paperwork_numbers(claim: Claim837P, context: CheckContext) -> Iterator[CheckFailure]:
    """A document that comes by another way has a control number (PWK05 and PWK06)."""
    documents = [(document, "2300") for document in claim.attachments]
    documents += [(document, "2400") for line in claim.lines for document in line.attachments]
    for nth, (document, loop) in enumerate(documents):
        if document.transmission in SENT_APART and not document.control_number:
            yield CheckFailure("paperwork_number", "PWK", nth, 6, loop=loop)


def adjudicating_payers(claim: Claim837P, context: CheckContext) -> Iterator[CheckFailure]:
    """What was adjudicated before (SVD01) was so by one of the claim's other payers (2330B NM109)."""
    if not claim.other_payers:
        return
    known = {other.payer.id for other in claim.other_payers if other.payer is not None}
    nth = 0
    for line in claim.lines:
        for adjudication in line.adjudications:
            if adjudication.payer_id not in known:
                yield CheckFailure("adjudicating_payer", "SVD", nth, 1, loop="2430")
            nth += 1


def payment_dates(payment: ClaimPayment, context: CheckContext) -> Iterator[CheckFailure]:
    """A payment has a date of service, on the claim or its lines, and its period does not end before it begins. A
    predetermination (25) is of no service yet.
    """
    start = end = None
    for period in payment.dates:
        if period.qualifier == "232":
            start = period.start
        elif period.qualifier == "233":
            end = period.start
    if start is not None and end is not None and end < start:
        yield CheckFailure("period_order", "DTM*233", element=2)
    if start is None and end is None and payment.status != "25":
        for service in payment.services:
            if service.dates:
                return
        yield CheckFailure("service_date_missing", "CLP")


def reversal_is_negative(payment: ClaimPayment, context: CheckContext) -> Iterator[CheckFailure]:
    """A reversal (22, which alone comes here) takes back what was charged: its charge is below zero, or zero."""
    if payment.charge_cents > 0:
        yield CheckFailure("reversal_amount", "CLP", element=3)


def service_before_file(claim: Claim837P, context: CheckContext) -> Iterator[CheckFailure]:
    """No service after the file was made."""
    for index, line in enumerate(claim.lines):
        on = line.service_date
        if on is not None and context.created is not None and on > context.created:
            yield CheckFailure("service_after_file", "DTP*472", index, 3, loop="2400")


def first_service(claim: Claim837P) -> datetime.date | None:
    """The first day of service."""
    days = [line.service_date for line in claim.lines if line.service_date is not None]
    return min(days) if days else None
