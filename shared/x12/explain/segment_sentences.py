"""Sentences for the segments that a biller reads most, for explain mode."""

# Sentences share one signature, so some leave the name unused.
# ruff: noqa: ARG001, ARG005

import calendar
from collections.abc import Callable

from shared.plural import counted
from shared.x12.explain import code_meanings
from shared.x12.explain.code_labels import CodeLabels
from shared.x12.model.guides.grammar import Element
from shared.x12.model.values import CENTS, DATES


class SegmentElements:
    """The elements of a segment, by number, with their components."""

    def __init__(self, elements: list[str], component: str, repetition: str, labels: CodeLabels) -> None:
        self.elements, self.component, self.repetition = elements, component, repetition
        self.labels = labels

    def labelled(self, code_set: str, code: str) -> str:
        """`label (code)`, or the code."""
        label = self.labels.label(code_set, code)
        return f"{label} ({code})" if label else code

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


Sentence = Callable[[SegmentElements, str], str]


def money(raw: str) -> str:
    """`1234.5` as $1,234.50."""
    try:
        cents = CENTS[raw.encode("latin-1", "replace")]
    except ValueError:
        return raw
    minus = "-" if cents < 0 else ""
    return f"{minus}${abs(cents) // 100:,}.{abs(cents) % 100:02d}"


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


def party(elements: SegmentElements, name: str) -> str:
    """NM1."""
    if elements(2) == "1":
        person = " ".join(part for part in (elements(6), elements(4), elements(5), elements(3), elements(7)) if part)
    else:
        person = elements(3)
    known = {
        "XX": "NPI",
        "MI": "member id",
        "PI": "payer id",
        "46": "id",
        "FI": "tax id",
        "XV": "plan id",
        "24": "tax id",
    }
    number = f"{known.get(elements(8), 'id')} {elements(9)}" if elements(9) else ""
    parts = listed([person, number])
    return f"{name}: {parts}" if parts else f"{name} follows" if name.endswith("address") else f"{name} without a name"


def organization(elements: SegmentElements, name: str) -> str:
    """N1."""
    known = {"XX": "NPI", "XV": "plan id", "FI": "tax id"}
    number = f"{known.get(elements(3), 'id')} {elements(4)}" if elements(4) else ""
    return f"{name}: {listed([elements(2), number])}"


def claim(elements: SegmentElements, name: str) -> str:
    """CLM."""
    place = elements.parts(5, 3)
    causes = elements.parts(11, 4)
    parts = [
        f"claim {elements(1)} for {money(elements(2))}",
        f"place of service {elements.labelled('place_of_service', place[0])}",
        meaning(code_meanings.FREQUENCIES, place[2]),
        "assignment accepted" if elements(7) == "A" else "assignment not accepted",
        "benefits go to the provider" if elements(8) == "Y" else "benefits go to the patient",
    ]
    related = [elements.labelled("related_cause", code) for code in causes[:3] if code]
    if related:
        parts.append(f"related to {' and '.join(related)}" + (f" in {causes[3]}" if causes[3] else ""))
    return ", ".join(parts)


def claim_payment(elements: SegmentElements, name: str) -> str:
    """CLP."""
    parts = [
        f"claim {elements(1)}: {meaning(code_meanings.CLAIM_STATUS, elements(2))}",
        f"charged {money(elements(3))}",
        f"paid {money(elements(4))}",
        f"patient owes {money(elements(5))}" if elements(5) else "",
        f"payer's number {elements(7)}" if elements(7) else "",
        f"plan type {elements.labelled('filing_indicator', elements(6))}" if elements(6) else "",
    ]
    return listed(parts)


def service_payment(elements: SegmentElements, name: str) -> str:
    """SVC."""
    units = counted(elements(5), "unit") if elements(5) else ""
    billed = f"billed as {procedure(elements.parts(6, 2))}" if elements(6) else ""
    paid = f"paid {money(elements(3))}" if elements(3) else ""
    return listed([f"service {procedure(elements.parts(1, 2))}", f"charged {money(elements(2))}", paid, units, billed])


def service_line(elements: SegmentElements, name: str) -> str:
    """SV1."""
    pointers = "diagnosis " + " and ".join(elements.parts(7)) if elements(7) else ""
    unit = {"UN": "unit", "MJ": "minute"}.get(elements(3))
    units = counted(elements(4), unit) if unit else f"{elements(4)} {elements(3)}".strip()
    about = f"for {pointers}" if pointers else ""
    return listed([f"service {procedure(elements.parts(1, 2))}", money(elements(2)), units, about])


def adjustment(elements: SegmentElements, name: str) -> str:
    """CAS."""
    parts = []
    for number in range(2, len(elements.elements) + 1, 3):
        if elements(number):
            reason = elements.labelled("adjustment_reason", elements(number))
            parts.append(f"{money(elements(number + 1))} reason {reason}")
    return f"adjusted, {meaning(code_meanings.GROUPS, elements(1))}: {', '.join(parts)}"


def codes(elements: SegmentElements, name: str) -> str:
    """HI."""
    return f"{name}: " + ", ".join(
        elements.parts(number, 2)[1] for number in range(1, len(elements.elements) + 1) if elements(number)
    )


def date(elements: SegmentElements, name: str) -> str:
    """DTP, DTM."""
    return f"{name}: {day(elements(3) or elements(2))}"


def reference(elements: SegmentElements, name: str) -> str:
    """REF."""
    return f"{name}: {listed([elements(2), elements(3)])}"


def amount(elements: SegmentElements, name: str) -> str:
    """AMT."""
    return f"{name}: {money(elements(2))}"


def level(elements: SegmentElements, name: str) -> str:
    """HL."""
    under = f" under level {elements(2)}" if elements(2) else ""
    return f"level {elements(1)}{under}: {name}"


def payment(elements: SegmentElements, name: str) -> str:
    """BPR."""
    way = meaning(code_meanings.PAYMENT, elements(4))
    return f"payment of {money(elements(2))} by {way} on {day(elements(16))}"


def subscriber(elements: SegmentElements, name: str) -> str:
    """SBR."""
    return listed(
        [
            f"{code_meanings.RESPONSIBILITY.get(elements(1), elements(1))} payer's subscriber",
            f"patient is {meaning(code_meanings.RELATIONSHIP, elements(2))}" if elements(2) else "",
            f"group {elements(3)}" if elements(3) else "",
            elements(4),
            f"plan type {elements.labelled('filing_indicator', elements(9))}" if elements(9) else "",
        ]
    )


def person(elements: SegmentElements, name: str) -> str:
    """DMG."""
    return listed(
        [f"born {day(elements(2))}" if elements(2) else "", code_meanings.GENDERS.get(elements(3), elements(3))]
    )


def contact(elements: SegmentElements, name: str) -> str:
    """PER."""
    kinds = {"TE": "telephone", "EX": "extension", "FX": "fax", "EM": "mail", "UR": "web"}
    ways = [f"{kinds.get(elements(n), elements(n))} {elements(n + 1)}" for n in (3, 5, 7) if elements(n)]
    return f"{name}: {listed([elements(2), *ways])}"


def street(elements: SegmentElements, name: str) -> str:
    """N3."""
    return f"address: {listed([elements(1), elements(2)])}"


def place(elements: SegmentElements, name: str) -> str:
    """N4."""
    return (
        f"address: {listed([elements(1), ' '.join(part for part in (elements(2), elements(3)) if part), elements(4)])}"
    )


def provider_adjustment(elements: SegmentElements, name: str) -> str:
    """PLB."""
    parts = []
    for number in range(3, len(elements.elements) + 1, 2):
        code, number_of = elements.parts(number, 2)[:2]
        if code:
            about = f" for {number_of}" if number_of else ""
            parts.append(f"{money(elements(number + 1))} {meaning(code_meanings.TAKE_BACKS, code)}{about}")
    return f"taken from (or, if negative, added to) the payment of provider {elements(1)}: {', '.join(parts)}"


def benefit(elements: SegmentElements, name: str) -> str:
    """EB."""
    services = [code_meanings.SERVICES.get(code, code) for code in elements.repeated(3)]
    percent = f"{elements(8)} as a fraction" if elements(8) else ""
    network = {"Y": "in network", "N": "out of network", "W": "in and out of network", "U": "network unknown"}
    wanted = {"Y": "authorization needed", "N": "no authorization needed", "U": "authorization unknown"}
    quantity = f"{elements(10)} {'visits' if elements(9) == 'VS' else elements(9)}" if elements(10) else ""
    return listed(
        [
            code_meanings.BENEFIT.get(elements(1), elements(1)),
            f"for {' and '.join(services)}" if services else "",
            elements(5),
            money(elements(7)) if elements(7) else "",
            percent,
            quantity,
            f"per {code_meanings.PERIODS.get(elements(6), elements(6))}" if elements(6) else "",
            wanted.get(elements(11), ""),
            network.get(elements(12), ""),
        ]
    )


def status(elements: SegmentElements, name: str) -> str:
    """STC."""
    first = elements.parts(1, 2)
    parts = [meaning(code_meanings.CATEGORIES, first[0]), f"status code {first[1]}"]
    parts += [
        day(elements(2)) if elements(2) else "",
        f"charged {money(elements(4))}" if elements(4) else "",
        f"paid {money(elements(5))}" if elements(5) else "",
    ]
    return listed([*parts, elements(12)])


def trace(elements: SegmentElements, name: str) -> str:
    """TRN."""
    return f"trace number {elements(2)}" + (f", given by {elements(3)}" if elements(3) else "")


def specialty(elements: SegmentElements, name: str) -> str:
    """PRV."""
    whose = code_meanings.PROVIDER_ROLES.get(elements(1), "provider")
    return f"specialty of the {whose}: taxonomy {elements(3)}" if elements(3) else f"role: {whose}"


def patient(elements: SegmentElements, name: str) -> str:
    """PAT."""
    parts = [
        f"patient is the subscriber's {meaning(code_meanings.RELATIONSHIP, elements(1))}"
        if elements(1)
        else "about the patient",
        f"died {day(elements(6))}" if elements(6) else "",
        f"weight {elements(8)} {elements(7)}" if elements(8) else "",
        "pregnant" if elements(9) == "Y" else "",
    ]
    return listed(parts)


def result(elements: SegmentElements, name: str) -> str:
    """AK9, IK5."""
    return f"{name}: {meaning(code_meanings.RESULTS, elements(1))}" + (
        f", reasons {listed(elements.elements[1:])}" if elements(2) else ""
    )


SENTENCES: dict[str, Sentence] = {
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
    "LX": lambda elements, name: f"{name if name.endswith('group') else 'line'} {elements(1)}",
    "TRN": trace,
    "PRV": specialty,
    "PAT": patient,
    "BHT": lambda elements, name: f"file {elements(3)}, made {day(elements(4))} {clock(elements(5))}",
    "MSG": lambda elements, name: f"message: {elements(1)}",
}
