"""Phrases for the segments that a biller reads most, for explain mode."""

# Phrases share one signature, so some leave the name unused.
# ruff: noqa: ARG001, ARG005

import calendar
from collections.abc import Callable

from shared.x12.explain import code_meanings as meanings
from shared.x12.model.guides.model import Element
from shared.x12.model.values import CENTS, DATES


class Words:
    """The elements of a segment, by number, with their components."""

    def __init__(self, elements: list[str], component: str, repetition: str) -> None:
        self.elements, self.component, self.repetition = elements, component, repetition

    def __call__(self, number: int) -> str:
        """An element; absent is empty."""
        return self.elements[number - 1] if number <= len(self.elements) else ""

    def parts(self, number: int, least: int = 1) -> list[str]:
        """The components of an element, filled up to `least`."""
        found = self(number).split(self.component) if self(number) else []
        return found + [""] * (least - len(found))

    def repeated(self, number: int) -> list[str]:
        """The repetitions of an element."""
        raw = self(number)
        return raw.split(self.repetition) if self.repetition and raw else [raw] if raw else []


Phrase = Callable[[Words, str], str]


def money(raw: str) -> str:
    """`1234.5` as $1,234.50."""
    try:
        cents = CENTS[raw.encode("latin-1", "replace")]
    except ValueError:
        return raw
    sign = "-" if cents < 0 else ""
    return f"{sign}${abs(cents) // 100:,}.{abs(cents) % 100:02d}"


def day(raw: str) -> str:
    """CCYYMMDD (or a period) as 2 March 2026."""
    if len(raw) == 17 and raw[8] == "-":
        return f"{day(raw[:8])} to {day(raw[9:])}"
    try:
        date = DATES[raw[:8].encode("latin-1", "replace")]
    except ValueError:
        return raw
    time = f" {clock(raw[8:])}" if len(raw) == 12 else ""
    return f"{date.day} {calendar.month_name[date.month]} {date.year}{time}"


def clock(raw: str) -> str:
    """HHMM as HH:MM."""
    return f"{raw[:2]}:{raw[2:4]}" if len(raw) >= 4 and raw.isdigit() else raw


def count(raw: str, thing: str) -> str:
    """`1 group`, `2 groups`."""
    return f"{raw} {thing}" if raw == "1" else f"{raw} {thing}s"


def meaning(table: dict[str, str], code: str) -> str:
    """`meaning (code)`, or the code."""
    return f"{table[code]} ({code})" if code in table else code


def element_text(element: Element | None, raw: str, type_: str = "") -> str:
    """A value as its type wants to be read."""
    kind = type_ or (element.type if element is not None else "")
    if kind == "M":
        return money(raw)
    if kind in ("D", "P"):
        return day(raw)
    if kind == "D6":
        return day("20" + raw)
    return clock(raw) if kind == "T" else raw


def listed(parts: list[str]) -> str:
    """Those that are there, with commas."""
    return ", ".join(part for part in parts if part)


def procedure(parts: list[str]) -> str:
    """`97124 with GP, 59`."""
    modifiers = listed(parts[2:6])
    text = parts[1] if len(parts) > 1 and parts[1] else ":".join(parts)
    return f"{text} with modifier {modifiers}" if modifiers else text


def party(words: Words, name: str) -> str:
    """NM1."""
    if words(2) == "1":
        person = " ".join(part for part in (words(6), words(4), words(5), words(3), words(7)) if part)
    else:
        person = words(3)
    known = {
        "XX": "NPI",
        "MI": "member id",
        "PI": "payer id",
        "46": "id",
        "FI": "tax id",
        "XV": "plan id",
        "24": "tax id",
    }
    number = f"{known.get(words(8), 'id')} {words(9)}" if words(9) else ""
    told = listed([person, number])
    return f"{name}: {told}" if told else f"{name} follows" if name.endswith("address") else f"{name} without a name"


def organization(words: Words, name: str) -> str:
    """N1."""
    known = {"XX": "NPI", "XV": "plan id", "FI": "tax id"}
    number = f"{known.get(words(3), 'id')} {words(4)}" if words(4) else ""
    return f"{name}: {listed([words(2), number])}"


def claim(words: Words, name: str) -> str:
    """CLM."""
    place = words.parts(5, 3)
    causes = words.parts(11, 4)
    told = [
        f"claim {words(1)} for {money(words(2))}",
        f"place of service {meaning(meanings.PLACES, place[0])}",
        meaning(meanings.FREQUENCIES, place[2]),
        "assignment accepted" if words(7) == "A" else "assignment not accepted",
        "benefits go to the provider" if words(8) == "Y" else "benefits go to the patient",
    ]
    related = [meanings.CAUSES.get(code, code) for code in causes[:3] if code]
    if related:
        told.append(f"related to {' and '.join(related)}" + (f" in {causes[3]}" if causes[3] else ""))
    return ", ".join(told)


def claim_payment(words: Words, name: str) -> str:
    """CLP."""
    told = [
        f"claim {words(1)}: {meaning(meanings.CLAIM_STATUS, words(2))}",
        f"charged {money(words(3))}",
        f"paid {money(words(4))}",
        f"patient owes {money(words(5))}" if words(5) else "",
        f"payer's number {words(7)}" if words(7) else "",
        f"plan type {meaning(meanings.FILING, words(6))}" if words(6) else "",
    ]
    return listed(told)


def service_payment(words: Words, name: str) -> str:
    """SVC."""
    units = count(words(5), "unit") if words(5) else ""
    billed = f"billed as {procedure(words.parts(6, 2))}" if words(6) else ""
    paid = f"paid {money(words(3))}" if words(3) else ""
    return listed([f"service {procedure(words.parts(1, 2))}", f"charged {money(words(2))}", paid, units, billed])


def service_line(words: Words, name: str) -> str:
    """SV1."""
    pointers = "diagnosis " + " and ".join(words.parts(7)) if words(7) else ""
    unit = {"UN": "unit", "MJ": "minute"}.get(words(3))
    units = count(words(4), unit) if unit else f"{words(4)} {words(3)}".strip()
    about = f"for {pointers}" if pointers else ""
    return listed([f"service {procedure(words.parts(1, 2))}", money(words(2)), units, about])


def adjustment(words: Words, name: str) -> str:
    """CAS."""
    told = []
    for number in range(2, len(words.elements) + 1, 3):
        if words(number):
            reason = f"reason {words(number)}"
            known = meanings.REASONS.get(words(number))
            told.append(f"{money(words(number + 1))} {reason}" + (f" ({known})" if known else ""))
    return f"adjusted, {meaning(meanings.GROUPS, words(1))}: {', '.join(told)}"


def codes(words: Words, name: str) -> str:
    """HI."""
    return f"{name}: " + ", ".join(
        words.parts(number, 2)[1] for number in range(1, len(words.elements) + 1) if words(number)
    )


def date(words: Words, name: str) -> str:
    """DTP, DTM."""
    return f"{name}: {day(words(3) or words(2))}"


def reference(words: Words, name: str) -> str:
    """REF."""
    return f"{name}: {listed([words(2), words(3)])}"


def amount(words: Words, name: str) -> str:
    """AMT."""
    return f"{name}: {money(words(2))}"


def level(words: Words, name: str) -> str:
    """HL."""
    under = f" under level {words(2)}" if words(2) else ""
    return f"level {words(1)}{under}: {name}"


def payment(words: Words, name: str) -> str:
    """BPR."""
    way = meaning(meanings.PAYMENT, words(4))
    return f"payment of {money(words(2))} by {way} on {day(words(16))}"


def subscriber(words: Words, name: str) -> str:
    """SBR."""
    return listed(
        [
            f"{meanings.RESPONSIBILITY.get(words(1), words(1))} payer's subscriber",
            f"patient is {meaning(meanings.RELATIONSHIP, words(2))}" if words(2) else "",
            f"group {words(3)}" if words(3) else "",
            words(4),
            f"plan type {meaning(meanings.FILING, words(9))}" if words(9) else "",
        ]
    )


def person(words: Words, name: str) -> str:
    """DMG."""
    return listed([f"born {day(words(2))}" if words(2) else "", meanings.GENDERS.get(words(3), words(3))])


def contact(words: Words, name: str) -> str:
    """PER."""
    kinds = {"TE": "telephone", "EX": "extension", "FX": "fax", "EM": "mail", "UR": "web"}
    ways = [f"{kinds.get(words(n), words(n))} {words(n + 1)}" for n in (3, 5, 7) if words(n)]
    return f"{name}: {listed([words(2), *ways])}"


def street(words: Words, name: str) -> str:
    """N3."""
    return f"address: {listed([words(1), words(2)])}"


def place(words: Words, name: str) -> str:
    """N4."""
    return f"address: {listed([words(1), ' '.join(part for part in (words(2), words(3)) if part), words(4)])}"


def provider_adjustment(words: Words, name: str) -> str:
    """PLB."""
    told = []
    for number in range(3, len(words.elements) + 1, 2):
        code, number_of = words.parts(number, 2)[:2]
        if code:
            about = f" for {number_of}" if number_of else ""
            told.append(f"{money(words(number + 1))} {meaning(meanings.TAKE_BACKS, code)}{about}")
    return f"taken from (or, if negative, added to) the payment of provider {words(1)}: {', '.join(told)}"


def benefit(words: Words, name: str) -> str:
    """EB."""
    services = [meanings.SERVICES.get(code, code) for code in words.repeated(3)]
    percent = f"{words(8)} as a fraction" if words(8) else ""
    network = {"Y": "in network", "N": "out of network", "W": "in and out of network", "U": "network unknown"}
    wanted = {"Y": "authorization needed", "N": "no authorization needed", "U": "authorization unknown"}
    quantity = f"{words(10)} {'visits' if words(9) == 'VS' else words(9)}" if words(10) else ""
    return listed(
        [
            meanings.BENEFIT.get(words(1), words(1)),
            f"for {' and '.join(services)}" if services else "",
            words(5),
            money(words(7)) if words(7) else "",
            percent,
            quantity,
            f"per {meanings.PERIODS.get(words(6), words(6))}" if words(6) else "",
            wanted.get(words(11), ""),
            network.get(words(12), ""),
        ]
    )


def status(words: Words, name: str) -> str:
    """STC."""
    first = words.parts(1, 2)
    told = [meaning(meanings.CATEGORIES, first[0]), f"status code {first[1]}"]
    told += [
        day(words(2)) if words(2) else "",
        f"charged {money(words(4))}" if words(4) else "",
        f"paid {money(words(5))}" if words(5) else "",
    ]
    return listed([*told, words(12)])


def trace(words: Words, name: str) -> str:
    """TRN."""
    return f"trace number {words(2)}" + (f", given by {words(3)}" if words(3) else "")


def specialty(words: Words, name: str) -> str:
    """PRV."""
    whose = meanings.PROVIDER_ROLES.get(words(1), "provider")
    return f"specialty of the {whose}: taxonomy {words(3)}" if words(3) else f"role: {whose}"


def patient(words: Words, name: str) -> str:
    """PAT."""
    told = [
        f"patient is the subscriber's {meaning(meanings.RELATIONSHIP, words(1))}" if words(1) else "about the patient",
        f"died {day(words(6))}" if words(6) else "",
        f"weight {words(8)} {words(7)}" if words(8) else "",
        "pregnant" if words(9) == "Y" else "",
    ]
    return listed(told)


def result(words: Words, name: str) -> str:
    """AK9, IK5."""
    return f"{name}: {meaning(meanings.RESULTS, words(1))}" + (
        f", reasons {listed(words.elements[1:])}" if words(2) else ""
    )


PHRASES: dict[str, Phrase] = {
    "NM1": party,
    "N1": organization,
    "CLM": claim,
    "CLP": claim_payment,
    "SVC": service_payment,
    "SV1": service_line,
    "CAS": adjustment,
    "HI": codes,
    "DTP": date,
    "DTM": date,
    "REF": reference,
    "AMT": amount,
    "HL": level,
    "BPR": payment,
    "SBR": subscriber,
    "DMG": person,
    "PER": contact,
    "N3": street,
    "N4": place,
    "PLB": provider_adjustment,
    "EB": benefit,
    "STC": status,
    "IK5": result,
    "LX": lambda words, name: f"{name if name.endswith('group') else 'line'} {words(1)}",
    "TRN": trace,
    "PRV": specialty,
    "PAT": patient,
    "BHT": lambda words, name: f"file {words(3)}, made {day(words(4))} {clock(words(5))}",
    "MSG": lambda words, name: f"message: {words(1)}",
}
