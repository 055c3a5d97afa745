"""Edits before adjudication: why a claim is turned back in a 277CA, first by the clearinghouse, then by the payer.

Each edit is a small function in an ordered list; the first that speaks rejects the claim. A rejected claim was never
adjudicated and uses up nothing. Codes are claim status category and status, with the entity that they speak of.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from services.clearinghouse.domain.payer_configuration import Member, Payer, PayerTransaction, match_key
from services.clearinghouse.domain.submitted_claim import ORIGINAL, REPLACEMENT, VOID, SubmittedClaim
from shared.codesets.npi import npi_valid


@dataclass(frozen=True, slots=True)
class Rejection:
    """Why a claim is turned back; `entity` is the X12 entity code that the status speaks of, or empty."""

    category: str
    status: str
    entity: str = ""


@dataclass(frozen=True, slots=True)
class Arrival:
    """What an edit may look at. `payer` None: nobody here is that payer; `original_known`: F8 names a claim of its.

    `fault` is what the codec found wrong with the claim, as category and status (`A7:254`), or empty.
    """

    claim: SubmittedClaim
    payer: Payer | None
    today: date
    seen_before: bool = False
    original_known: bool = False
    fault: str = ""


Edit = Callable[[Arrival], Rejection | None]


def payer_unknown(arrival: Arrival) -> Rejection | None:
    """The claim names a payer that takes no claims here."""
    known = arrival.payer is not None and arrival.payer.takes(PayerTransaction.CLAIMS)
    return None if known else Rejection("A3", "116", "PR")


def claim_seen_before(arrival: Arrival) -> Rejection | None:
    """The same claim number has been accepted before."""
    return Rejection("A3", "54") if arrival.seen_before else None


def billing_npi_bad(arrival: Arrival) -> Rejection | None:
    """The billing provider's NPI has a wrong check digit."""
    return None if npi_valid(arrival.claim.billing_npi) else Rejection("A7", "562", "85")


def rendering_npi_bad(arrival: Arrival) -> Rejection | None:
    """The rendering provider's NPI has a wrong check digit."""
    return None if npi_valid(arrival.claim.rendering_npi) else Rejection("A7", "562", "82")


def frequency_unknown(arrival: Arrival) -> Rejection | None:
    """Only originals, replacements and voids are taken."""
    return None if arrival.claim.frequency in (ORIGINAL, REPLACEMENT, VOID) else Rejection("A7", "535")


def charge_wrong(arrival: Arrival) -> Rejection | None:
    """A charge is zero, or the lines do not add up to the claim."""
    claim = arrival.claim
    adds_up = sum(line.charge_cents for line in claim.lines) == claim.charge_cents
    positive = claim.lines and all(line.charge_cents > 0 for line in claim.lines)
    return None if adds_up and positive else Rejection("A7", "178")


def units_wrong(arrival: Arrival) -> Rejection | None:
    """Units are missing, zero or not whole."""
    return Rejection("A7", "476") if any(line.units is None for line in arrival.claim.lines) else None


def service_date_wrong(arrival: Arrival) -> Rejection | None:
    """A line has no date of service, or one that is still to come."""
    dates = [line.service_date for line in arrival.claim.lines]
    good = all(day is not None and day <= arrival.today for day in dates)
    return None if good else Rejection("A7", "187")


def accident_incomplete(arrival: Arrival) -> Rejection | None:
    """An accident needs its date, a car accident also its state, and neither comes after the service."""
    claim = arrival.claim
    if not {"AA", "EM", "OA"} & set(claim.related_causes):
        return None
    first = claim.first_service_date
    late = claim.accident_date is not None and first is not None and claim.accident_date > first
    missing = claim.accident_date is None or ("AA" in claim.related_causes and not claim.accident_state)
    return Rejection("A7", "248") if missing or late else None


def content_wrong(arrival: Arrival) -> Rejection | None:
    """The codec found the claim wrong in itself, in a way that no other edit names."""
    category, _colon, status = arrival.fault.partition(":")
    return Rejection(category, status) if status else None


def member_unknown(arrival: Arrival) -> Rejection | None:
    """Nobody has this member id."""
    found = arrival.payer and arrival.payer.members_with_id(arrival.claim.member_id)
    return None if found else Rejection("A3", "33", "IL")


def birth_date_differs(arrival: Arrival) -> Rejection | None:
    """Nobody under the member id was born on that day."""
    born = {member.birth_date for member in _members(arrival)}
    return None if arrival.claim.patient.birth_date in born else Rejection("A7", "158", "QC")


def name_differs(arrival: Arrival) -> Rejection | None:
    """Nobody under the member id who was born on that day has that last name."""
    return None if member_of(arrival) else Rejection("A7", "125", "QC")


def claim_number_wrong(arrival: Arrival) -> Rejection | None:
    """The insurer's own claim number is missing or is another person's."""
    member, payer = member_of(arrival), arrival.payer
    wanted = payer is not None and payer.wants_claim_number and member is not None
    if not wanted or (member and match_key(arrival.claim.insurer_claim_number) == match_key(member.claim_number)):
        return None
    return Rejection("A7", "629")


def referral_missing(arrival: Arrival) -> Rejection | None:
    """The payer wants to know who sent the patient."""
    wanted = arrival.payer is not None and arrival.payer.wants_referral
    return Rejection("A6", "125", "DN") if wanted and not arrival.claim.referring_named else None


def original_unknown(arrival: Arrival) -> Rejection | None:
    """A replacement or void names no claim that this payer has adjudicated."""
    corrects = arrival.claim.frequency in (REPLACEMENT, VOID)
    return Rejection("A7", "464") if corrects and not arrival.original_known else None


CLEARINGHOUSE_EDITS: tuple[Edit, ...] = (
    payer_unknown,
    claim_seen_before,
    billing_npi_bad,
    rendering_npi_bad,
    frequency_unknown,
    charge_wrong,
    units_wrong,
    service_date_wrong,
    accident_incomplete,
    content_wrong,
)
PAYER_EDITS: tuple[Edit, ...] = (
    member_unknown,
    birth_date_differs,
    name_differs,
    claim_number_wrong,
    referral_missing,
    original_unknown,
)


def first_rejection(edits: tuple[Edit, ...], arrival: Arrival) -> Rejection | None:
    """The first edit that speaks, or None when the claim goes on."""
    return next((rejection for edit in edits if (rejection := edit(arrival))), None)


def member_of(arrival: Arrival) -> Member | None:
    """The member of a claim: same id, birth date and last name, whatever the case of letters."""
    name = match_key(arrival.claim.patient.last_name)
    born = arrival.claim.patient.birth_date
    same = (member for member in _members(arrival) if member.birth_date == born and match_key(member.last_name) == name)
    return next(same, None)


def _members(arrival: Arrival) -> tuple[Member, ...]:
    return arrival.payer.members_with_id(arrival.claim.member_id) if arrival.payer else ()
