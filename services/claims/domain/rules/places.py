"""Addresses of the practice, the patient and the visit: streets, states and ZIP codes as the 837P wants them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from services.claims.domain.rules.finding import Severity
from services.claims.domain.rules.rule import NEW_NOTE, Rule, RuleMatch, rule
from services.claims.domain.scrubber_input.scrubber_input import ScrubberInput

NO_STREET = re.compile(
    r"\b(?:p\.?\s*o\.?|post\s*office|postal)\s*(?:box|drawer)\b|^\s*box\s*#?\s*\d|\block\s*-?\s*box\b|\bpmb\b|\bpob\b"
    r"|\bprivate\s+mail\s*box\b",
    re.IGNORECASE,
)
ZIP_LENGTH = 9
NO_DELIVERY = "0000"
"""The last four digits that the Postal Service gives no address: they stand for digits that nobody looked up."""


@rule(
    "billing_address_po_box",
    Severity.BLOCK,
    "The practice's and the visit's addresses are streets",
    fix=("Enter the street in `address`; a box for payments goes into the `pay_to_address` of the practice."),
)
def billing_address_po_box(context: ScrubberInput) -> Iterator[RuleMatch]:
    """The address of the billing provider (2010AA) and of the service location (2310C) is a place; payments may go to a
    box, which is the pay-to address (2010AB)."""
    for address in context.patient.sent_addresses:
        if address.is_location and any(NO_STREET.search(line) for line in address.lines):
            text = (
                f"The address of the {address.whose} is a post office box or a mailbox, which is no place of treatment."
            )
            yield RuleMatch(text, f"{address.pointer}/line1")


@rule(
    "billing_zip_incomplete",
    Severity.BLOCK,
    "The practice's ZIP code has nine digits",
    fix="Enter the ZIP+4 of the practice's `address` (nine digits without a dash; look it up at usps.com).",
)
def billing_zip_incomplete(context: ScrubberInput) -> Iterator[RuleMatch]:
    """The billing provider's ZIP is sent with all nine digits (N403 of 2010AA), and none are made up."""
    zip_code = context.billing.zip
    if len(zip_code) != ZIP_LENGTH:
        yield RuleMatch("The practice's ZIP code has five digits; nine are needed.", "/billing/address/zip")
    elif zip_code.endswith(NO_DELIVERY):
        yield RuleMatch("The practice's ZIP code ends in 0000, which is no address.", "/billing/address/zip")


@rule(
    "address_state_unknown",
    Severity.BLOCK,
    "The state of each person's address exists",
    fix="Correct the `state` of the `address`: two capital letters, such as WA.",
)
def address_state_unknown(context: ScrubberInput) -> Iterator[RuleMatch]:
    """N402 is a postal abbreviation; a claim with one that does not exist is rejected."""
    for address in context.patient.sent_addresses:
        # The practice's own has a rule of its own.
        if address.pointer != "/billing/address" and not context.codes.states.holds(address.state):
            text = f"The state of the address of the {address.whose} does not exist."
            yield RuleMatch(text, f"{address.pointer}/state")


@rule(
    "service_address_missing",
    Severity.BLOCK,
    "Where the visit was has an address",
    fix="Write the `address` of the `place` into the note." + NEW_NOTE,
)
def service_address_missing(context: ScrubberInput) -> Iterator[RuleMatch]:
    """A visit away from the practice goes out with the address where it was (2310C); a home's is the patient's."""
    if not context.patient.has_service_address and context.patient.has_address:
        yield RuleMatch("The visit was not at the practice, and the note does not say where.", "/note/place/address")


RULES: tuple[Rule, ...] = (
    billing_address_po_box,
    billing_zip_incomplete,
    address_state_unknown,
    service_address_missing,
)
