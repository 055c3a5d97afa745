"""Bindings of segments whose elements do not map one to one: adjustments, health codes, contacts, claims, statuses.

Each class has `take(data, groups)`, which fills the fields of a record being read (raising `ValueError` on what cannot
be), and `give(record)`, which yields the element lists of the segments to write.
"""

import itertools
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from shared.x12.bindings.kinds import COMPONENT, REPETITION, join, read_period, write_period
from shared.x12.dialect import Dialect
from shared.x12.records import (
    Adjustment,
    BankAccount,
    Contact,
    ContactNumber,
    Context,
    DatePeriod,
    HealthCode,
    ProviderAdjustmentItem,
    ReviewRequest,
    Segment,
    Status,
    StatusCode,
)
from shared.x12.values import CENTS, DATES, DECIMALS, TEXTS, write_cents, write_date, write_decimal

Groups = tuple[bytes | None, ...]
Data = dict[str, Any]
Lists = dict[str, list[Any]]


def at(groups: Groups, number: int) -> bytes | None:
    """The element with this number, or None where the segment is shorter."""
    return groups[number - 1] if len(groups) >= number else None


def text(groups: Groups, number: int) -> str:
    """The element as text; absent is empty."""
    raw = at(groups, number)
    return TEXTS[raw] if raw else ""


def append(lists: Lists, field: str, items: Iterable[Any]) -> None:
    """Add to a list field of the record being read."""
    found = lists.get(field)
    if found is None:
        lists[field] = list(items)
    else:
        found.extend(items)


class Adjustments:
    """CAS: one group and up to six triplets; neighbours of one group share a segment when written."""

    def __init__(self, dialect: Dialect) -> None:
        self.field = "adjustments"

    def items(self, groups: Groups) -> list[Adjustment]:
        """The triplets of one segment."""
        found = []
        group = TEXTS[groups[0] or b""]
        for index in range(1, len(groups), 3):
            reason = groups[index]
            if reason:
                amount, quantity = groups[index + 1] or b"", groups[index + 2]
                found.append(
                    Adjustment(
                        group=group,
                        reason=TEXTS[reason],
                        amount_cents=CENTS[amount],
                        quantity=DECIMALS[quantity] if quantity else None,
                    )
                )
        return found

    def take(self, data: Data, lists: Lists, groups: Groups) -> None:
        """Into `adjustments`."""
        append(lists, self.field, self.items(groups))

    def give(self, record: Any) -> Iterator[list[str]]:
        """One segment for up to six neighbours of the same group."""
        for group, adjustments in itertools.groupby(record.adjustments, key=lambda item: item.group):
            pending = list(adjustments)
            for start in range(0, len(pending), 6):
                elements = [group]
                for item in pending[start : start + 6]:
                    quantity = "" if item.quantity is None else write_decimal(item.quantity)
                    elements += [item.reason, write_cents(item.amount_cents), quantity]
                yield elements


class Dates:
    """DTP (with its format) or DTM (always a day)."""

    def __init__(self, dialect: Dialect, with_format: bool) -> None:
        self.field = "dates"
        self.with_format = with_format

    def items(self, groups: Groups) -> list[DatePeriod]:
        """The one period of the segment."""
        raw = groups[2] if self.with_format else groups[1]
        start, end, time = read_period(raw or b"")
        return [DatePeriod(qualifier=TEXTS[groups[0] or b""], start=start, end=end, time=time)]

    def take(self, data: Data, lists: Lists, groups: Groups) -> None:
        """Into `dates`."""
        append(lists, self.field, self.items(groups))

    def give(self, record: Any) -> Iterator[list[str]]:
        """One segment a period."""
        for period in record.dates:
            if self.with_format:
                yield [period.qualifier, *write_period(period.start, period.end, period.time)]
            else:
                yield [period.qualifier, "" if period.start is None else write_date(period.start)]


class Contacts:
    """PER: name and up to three numbers."""

    def __init__(self, dialect: Dialect) -> None:
        self.field = "contacts"

    def items(self, groups: Groups) -> list[Contact]:
        """The one contact of the segment."""
        numbers = tuple(
            ContactNumber(qualifier=text(groups, number), value=text(groups, number + 1))
            for number in (3, 5, 7)
            if at(groups, number)
        )
        return [Contact(function=text(groups, 1), name=text(groups, 2), numbers=numbers)]

    def take(self, data: Data, lists: Lists, groups: Groups) -> None:
        """Into `contacts`."""
        append(lists, self.field, self.items(groups))

    def give(self, record: Any) -> Iterator[list[str]]:
        """One segment a contact."""
        for contact in record.contacts:
            pairs = [part for number in contact.numbers for part in (number.qualifier, number.value)]
            yield [contact.function, contact.name, *pairs]


class HealthCodes:
    """HI: up to twelve composites; which list they fill follows from the qualifiers that the guide allows."""

    def __init__(self, dialect: Dialect, qualifiers: frozenset[str]) -> None:
        self.component = dialect.component
        self.field = "diagnoses"
        if "BP" in qualifiers:
            self.field = "anesthesia_procedures"
        elif "BG" in qualifiers:
            self.field = "conditions"

    def items(self, groups: Groups) -> list[HealthCode]:
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

    def take(self, data: Data, lists: Lists, groups: Groups) -> None:
        """Into the list for these qualifiers."""
        append(lists, self.field, self.items(groups))

    def give(self, record: Any) -> Iterator[list[str]]:
        """Twelve codes a segment."""
        codes = getattr(record, self.field)
        for start in range(0, len(codes), 12):
            yield [self.written(code) for code in codes[start : start + 12]]

    def written(self, code: HealthCode) -> str:
        """One composite as text."""
        form, date = write_period(code.date, None, "")
        amount = "" if code.amount_cents is None else write_cents(code.amount_cents)
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

    def __init__(self, dialect: Dialect) -> None:
        self.component = dialect.component

    def take(self, data: Data, lists: Lists, groups: Groups) -> None:
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

    def give(self, claim: Any) -> Iterator[list[str]]:
        """The one CLM."""
        elements = [""] * 20
        elements[0], elements[1] = claim.claim_number, write_cents(claim.charge_cents)
        elements[4] = join([claim.place_of_service, claim.facility_qualifier, claim.frequency])
        for number, field in self.PLAIN:
            elements[number - 1] = getattr(claim, field)
        causes = [*claim.related_causes, *[""] * (3 - len(claim.related_causes))]
        elements[10] = join([*causes, claim.accident_state, claim.accident_country])
        yield elements


class Payment:
    """BPR of an 835: the two bank accounts are parts of their own."""

    def __init__(self, dialect: Dialect) -> None:
        self.plain = ((1, "handling"), (3, "credit_debit"), (4, "method"), (5, "format"))
        self.company = ((10, "originating_company"), (11, "originating_supplement"))
        plain = tuple(field for _, field in (*self.plain, *self.company))
        self.names = (*plain, "payment_cents", "payment_date", "sender", "receiver")

    def take(self, data: Data, lists: Lists, groups: Groups) -> None:
        """Into the fields of the remittance."""
        for number, field in (*self.plain, *self.company):
            data[field] = text(groups, number)
        data["payment_cents"] = CENTS[groups[1] or b""]
        data["payment_date"] = DATES[groups[15] or b""]
        data["sender"] = self.account(groups, 6)
        data["receiver"] = self.account(groups, 12)

    def account(self, groups: Groups, number: int) -> BankAccount | None:
        """Four elements; none given means no account."""
        bank_qualifier, bank, qualifier, account = (text(groups, number + step) for step in range(4))
        if not (bank or account):
            return None
        return BankAccount(bank_qualifier=bank_qualifier, bank=bank, account_qualifier=qualifier, account=account)

    def give(self, record: Any) -> Iterator[list[str]]:
        """The one BPR."""
        elements = [""] * 16
        for number, field in (*self.plain, *self.company):
            elements[number - 1] = getattr(record, field)
        elements[1] = write_cents(record.payment_cents)
        for start, account in ((5, record.sender), (11, record.receiver)):
            if account is not None:
                elements[start : start + 4] = [
                    account.bank_qualifier,
                    account.bank,
                    account.account_qualifier,
                    account.account,
                ]
        elements[15] = write_date(record.payment_date)
        yield elements


class ProviderAdjustments:
    """PLB: provider, period, and up to six pairs of reason and amount."""

    names = ("provider_id", "fiscal_period_end", "items")

    def __init__(self, dialect: Dialect) -> None:
        self.component = dialect.component

    def take(self, data: Data, lists: Lists, groups: Groups) -> None:
        """Into the fields of the provider adjustment."""
        data["provider_id"] = text(groups, 1)
        data["fiscal_period_end"] = DATES[groups[1] or b""]
        items = []
        for number in range(3, 15, 2):
            reason = at(groups, number)
            if reason:
                code, _, reference = reason.partition(self.component)
                amount = CENTS[at(groups, number + 1) or b""]
                items.append(
                    ProviderAdjustmentItem(reason=TEXTS[code], reference=reference.decode(), amount_cents=amount)
                )
        data["items"] = tuple(items)

    def give(self, record: Any) -> Iterator[list[str]]:
        """The one PLB."""
        elements = [record.provider_id, write_date(record.fiscal_period_end)]
        for item in record.items:
            elements += [join([item.reason, item.reference]), write_cents(item.amount_cents)]
        yield elements


class Statuses:
    """STC: one to three composites, dates and amounts."""

    def __init__(self, dialect: Dialect) -> None:
        self.field = "statuses"
        self.component = dialect.component

    def items(self, groups: Groups) -> list[Status]:
        """The one status of the segment."""
        codes = tuple(self.code(raw) for raw in (at(groups, 1), at(groups, 10), at(groups, 11)) if raw)
        dates = [at(groups, number) for number in (2, 6, 8)]
        effective, finalized, check = (DATES[raw] if raw else None for raw in dates)
        charge, paid = (CENTS[raw] if raw else None for raw in (at(groups, 4), at(groups, 5)))
        return [
            Status(
                codes=codes,
                effective=effective,
                action=text(groups, 3),
                charge_cents=charge,
                paid_cents=paid,
                finalized=finalized,
                method=text(groups, 7),
                check_date=check,
                check_number=text(groups, 9),
                message=text(groups, 12),
            )
        ]

    def code(self, raw: bytes) -> StatusCode:
        """One composite."""
        parts = [TEXTS[part] for part in raw.split(self.component)]
        parts += [""] * (4 - len(parts))
        return StatusCode(category=parts[0], code=parts[1], entity=parts[2], code_list=parts[3])

    def take(self, data: Data, lists: Lists, groups: Groups) -> None:
        """Into `statuses`."""
        append(lists, self.field, self.items(groups))

    def give(self, record: Any) -> Iterator[list[str]]:
        """One segment a status."""
        for status in record.statuses:
            codes = [join([code.category, code.code, code.entity, code.code_list]) for code in status.codes]
            codes += [""] * (3 - len(codes))
            dates = [status.effective, status.finalized, status.check_date]
            effective, finalized, check = ("" if date is None else write_date(date) for date in dates)
            amounts = [status.charge_cents, status.paid_cents]
            charge, paid = ("" if cents is None else write_cents(cents) for cents in amounts)
            head = [codes[0], effective, status.action, charge, paid, finalized, status.method, check]
            yield [*head, status.check_number, codes[1], codes[2], status.message]


class Review:
    """UM of a 278: what is asked, with facility and causes."""

    names = ("request",)

    def __init__(self, dialect: Dialect) -> None:
        self.component = dialect.component

    def take(self, data: Data, lists: Lists, groups: Groups) -> None:
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

    def give(self, record: Any) -> Iterator[list[str]]:
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


class GroupResult:
    """AK9 and IK5: a result, counts in the AK9, and up to five reasons."""

    def __init__(self, dialect: Dialect, counts: tuple[str, ...]) -> None:
        self.counts = counts
        self.names = ("result", "reasons", *counts)

    def take(self, data: Data, lists: Lists, groups: Groups) -> None:
        """Into `result`, counts and `reasons`."""
        data["result"] = text(groups, 1)
        for number, field in enumerate(self.counts, 2):
            data[field] = int(at(groups, number) or b"0")
        rest = groups[1 + len(self.counts) :]
        data["reasons"] = tuple(TEXTS[raw] for raw in rest if raw)

    def give(self, record: Any) -> Iterator[list[str]]:
        """The one segment."""
        yield [record.result, *(str(getattr(record, field)) for field in self.counts), *record.reasons[:5]]


class ElementInError:
    """IK4: position as a composite."""

    names = ("element", "component", "repetition", "reference", "code", "bad_value")

    def __init__(self, dialect: Dialect) -> None:
        self.component = dialect.component

    def take(self, data: Data, lists: Lists, groups: Groups) -> None:
        """Into the fields of the element error."""
        where = [int(part) if part else None for part in (groups[0] or b"").split(self.component)]
        where += [None] * (3 - len(where))
        data["element"], data["component"], data["repetition"] = where[:3]
        data["reference"], data["code"], data["bad_value"] = (text(groups, number) for number in (2, 3, 4))

    def give(self, record: Any) -> Iterator[list[str]]:
        """The one IK4."""
        yield [
            place(record.element, record.component, record.repetition),
            record.reference,
            record.code,
            record.bad_value,
        ]


def place(*numbers: int | None) -> str:
    """Element, component, repetition as a composite."""
    return join(["" if number is None else str(number) for number in numbers])


class Contexts:
    """CTX of a 999: the trigger, or the business unit (the claim) that the error belongs to."""

    def __init__(self, dialect: Dialect) -> None:
        self.field = "contexts"
        self.component = dialect.component

    def items(self, groups: Groups) -> list[Context]:
        """The one context of the segment (the first repetition names it)."""
        name, _, value = (groups[0] or b"").partition(self.component)
        where = [int(part) if part else None for part in (at(groups, 5) or b"").split(self.component)]
        position = at(groups, 3)
        return [
            Context(
                name=name.decode(),
                value=value.decode(),
                segment=text(groups, 2),
                position=int(position) if position else None,
                loop=text(groups, 4),
                element=where[0],
                component=where[1] if len(where) > 1 else None,
            )
        ]

    def take(self, data: Data, lists: Lists, groups: Groups) -> None:
        """Into `contexts`."""
        append(lists, self.field, self.items(groups))

    def give(self, record: Any) -> Iterator[list[str]]:
        """One segment a context; the value follows the name as a component."""
        for context in record.contexts:
            position = "" if context.position is None else str(context.position)
            where = place(context.element, context.component)
            yield [join([context.name, context.value]), context.segment, position, context.loop, where]


class Messages:
    """MSG: free text."""

    def __init__(self, dialect: Dialect) -> None:
        self.field = "messages"

    def items(self, groups: Groups) -> list[str]:
        """The one text of the segment."""
        return [(groups[0] or b"").decode()]

    def take(self, data: Data, lists: Lists, groups: Groups) -> None:
        """Into `messages`."""
        append(lists, self.field, self.items(groups))

    def give(self, record: Any) -> Iterator[list[str]]:
        """One segment a text."""
        return ([message] for message in record.messages)


class Others:
    """Segments without typed fields: kept as text in a list, or in one field of their own."""

    def __init__(self, dialect: Dialect, identifier: str, field: str, single: bool) -> None:
        self.dialect = dialect
        self.identifier = identifier
        self.field = field
        self.single = single

    def items(self, groups: Groups) -> list[Segment]:
        """The segment with `:` and `^` inside its elements."""
        return [Segment(id=self.identifier, elements=plain_elements(groups, self.dialect))]

    def take(self, data: Data, lists: Lists, groups: Groups) -> None:
        """Into the list or the field."""
        if self.single:
            data[self.field] = self.items(groups)[0]
        else:
            append(lists, self.field, self.items(groups))

    def give(self, record: Any) -> Iterator[list[str]]:
        """The kept segments of this id."""
        found = getattr(record, self.field)
        segments = ((found,) if found is not None else ()) if self.single else found
        for segment in segments:
            if segment.id == self.identifier:
                yield written_elements(segment)


def plain_elements(groups: Groups, dialect: Dialect) -> tuple[str, ...]:
    """Elements as text with `:` and `^` for whatever the file used, and nothing empty at the end."""
    found = []
    for raw in groups:
        value = raw or b""
        value = value.replace(dialect.component, b":") if dialect.component != b":" else value
        if dialect.repetition and dialect.repetition != b"^":
            value = value.replace(dialect.repetition, b"^")
        found.append(value.decode())
    while found and not found[-1]:
        found.pop()
    return tuple(found)


def written_elements(segment: Segment) -> list[str]:
    """The way back."""
    return [element.replace(":", COMPONENT).replace("^", REPETITION) for element in segment.elements]


class Marker:
    """LS and LE around the entities of a benefit: they say nothing, and stand when there are entities."""

    def __init__(self, dialect: Dialect) -> None:
        self.loop = "2120"

    def take(self, data: Data, lists: Lists, groups: Groups) -> None:
        """Nothing to keep."""

    def give(self, record: Any) -> Iterator[list[str]]:
        """One when needed."""
        if record.entities:
            yield [self.loop]


class Level:
    """HL, ST: counted by the reader and made by the writer."""

    def __init__(self, dialect: Dialect) -> None:
        self.dialect = dialect

    def take(self, data: Data, lists: Lists, groups: Groups) -> None:
        """Nothing to keep."""

    def give(self, record: Any) -> Iterator[list[str]]:
        """The writer makes these itself."""
        return iter(())


Special = Callable[[Dialect], Any]
SPECIAL: dict[str, Special] = {
    "CAS": Adjustments,
    "DTP": lambda dialect: Dates(dialect, with_format=True),
    "DTM": lambda dialect: Dates(dialect, with_format=False),
    "PER": Contacts,
    "CLM": ClaimBinding,
    "BPR": Payment,
    "PLB": ProviderAdjustments,
    "STC": Statuses,
    "UM": Review,
    "AK9": lambda dialect: GroupResult(dialect, ("included", "received", "accepted")),
    "IK5": lambda dialect: GroupResult(dialect, ()),
    "IK4": ElementInError,
    "CTX": Contexts,
    "MSG": Messages,
    "LS": Marker,
    "LE": Marker,
    "HL": Level,
    "ST": Level,
    "CUR@Remittance": lambda dialect: Others(dialect, "CUR", "currency", single=True),
    "RDM": lambda dialect: Others(dialect, "RDM", "remittance_delivery", single=True),
    "III": lambda dialect: Others(dialect, "III", "information", single=False),
}
