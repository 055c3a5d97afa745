"""Names, numbers and addresses: what the 837P requires, and what it cannot transmit as given."""

from __future__ import annotations

from collections.abc import Iterator

from services.claims.domain.rules.finding import Severity
from services.claims.domain.rules.rule import Rule, RuleMatch, rule
from services.claims.domain.scrubber_input.scrubber_input import ScrubberInput
from shared.plural import counted
from shared.wire.basic_character_set import to_basic, transliteration


@rule(
    "patient_address_missing",
    Severity.BLOCK,
    "The patient has an address",
    fix="Enter the `address` of the patient.",
)
def patient_address_missing(context: ScrubberInput) -> Iterator[RuleMatch]:
    """A claim names the patient's street, city, state and ZIP (N3 and N4), and is refused without them."""
    if not context.patient.has_address:
        yield RuleMatch("The patient's address is missing.", "/patient/address")


@rule(
    "name_not_sendable",
    Severity.BLOCK,
    "Every name has letters that can be sent",
    fix="Enter the `name`, `address` or `payer_identifier` in Latin letters, as it is on the insurance card.",
)
def name_not_sendable(context: ScrubberInput) -> Iterator[RuleMatch]:
    """A name without a letter that can be written in the basic character set would be sent empty; a city and an
    identifier have at least two characters."""
    for sent in context.patient.sent_texts:
        written = to_basic(sent.text, sent.max_length)
        if not written:
            yield RuleMatch(f"No character of the {sent.label} can be sent.", sent.pointer)
        elif len(written) < sent.min_length:
            least = counted(sent.min_length, "character")
            yield RuleMatch(f"The {sent.label} is sent as {written}; it needs at least {least}.", sent.pointer)


@rule(
    "name_changed_on_wire",
    Severity.WARN,
    "Names and addresses go out as they were given",
    fix=(
        "Compare it with the insurance card. If the payer writes it differently, enter it so (`name` or "
        "`address`); if not, acknowledge the warning."
    ),
)
def name_changed_on_wire(context: ScrubberInput) -> Iterator[RuleMatch]:
    """Letters outside the basic character set are transliterated and long names are cut: before and after are shown."""
    for sent in context.patient.sent_texts:
        changed = transliteration(sent.text, sent.max_length)
        if changed is not None and changed.after:
            yield RuleMatch(f'The {sent.label} "{changed.before}" is sent as "{changed.after}".', sent.pointer)


RULES: tuple[Rule, ...] = (patient_address_missing, name_not_sendable, name_changed_on_wire)
