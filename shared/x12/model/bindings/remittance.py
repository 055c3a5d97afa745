"""Bindings of the 835: BPR, PLB, and the fields of claim and service payments."""

# Bindings share one signature, so some of them leave an argument unused.
# ruff: noqa: ARG002

from collections.abc import Iterator
from typing import Any

from shared.x12.model.bindings.binding import Data, Elements, Lists, SegmentTable, UnparsedBinding, at, text
from shared.x12.model.bindings.common import TRACE
from shared.x12.model.bindings.element_kinds import CODE, MONEY, NUMBER, PROCEDURE, TEXT, join
from shared.x12.model.envelope import Delimiters
from shared.x12.model.records.parts import Trace
from shared.x12.model.records.remittance import BankAccount, ProviderAdjustmentItem, Remark
from shared.x12.model.values import CENTS, DATES, TEXTS, format_cents, format_date


class PaymentBinding:
    """BPR of an 835: the two bank accounts are parts of their own."""

    def __init__(self, delimiters: Delimiters) -> None:
        self.plain = ((1, "handling"), (3, "credit_debit"), (4, "method"), (5, "format"))
        self.company = ((10, "originating_company"), (11, "originating_supplement"))
        plain = tuple(field for _, field in (*self.plain, *self.company))
        self.names = (*plain, "payment_cents", "payment_date", "sender", "receiver")

    def parse(self, data: Data, lists: Lists, elements: Elements) -> None:
        """Into the fields of the remittance."""
        for number, field in (*self.plain, *self.company):
            data[field] = text(elements, number)
        data["payment_cents"] = CENTS[elements[1] or b""]
        data["payment_date"] = DATES[elements[15] or b""]
        data["sender"] = self.account(elements, 6)
        data["receiver"] = self.account(elements, 12)

    def account(self, elements: Elements, number: int) -> BankAccount | None:
        """Four elements; none given means no account."""
        bank_qualifier, bank, qualifier, account = (text(elements, number + step) for step in range(4))
        if not (bank or account):
            return None
        return BankAccount(bank_qualifier=bank_qualifier, bank=bank, account_qualifier=qualifier, account=account)

    def format(self, record: Any) -> Iterator[list[str]]:
        """The one BPR."""
        elements = [""] * 16
        for number, field in (*self.plain, *self.company):
            elements[number - 1] = getattr(record, field)
        elements[1] = format_cents(record.payment_cents)
        for start, account in ((5, record.sender), (11, record.receiver)):
            if account is not None:
                elements[start : start + 4] = [
                    account.bank_qualifier,
                    account.bank,
                    account.account_qualifier,
                    account.account,
                ]
        elements[15] = format_date(record.payment_date)
        yield elements


class ProviderAdjustmentBinding:
    """PLB: provider, period, and up to six pairs of reason and amount."""

    names = ("provider_id", "fiscal_period_end", "items")

    def __init__(self, delimiters: Delimiters) -> None:
        self.component = delimiters.component_separator

    def parse(self, data: Data, lists: Lists, elements: Elements) -> None:
        """Into the fields of the provider adjustment."""
        data["provider_id"] = text(elements, 1)
        data["fiscal_period_end"] = DATES[elements[1] or b""]
        items = []
        for number in range(3, 15, 2):
            reason = at(elements, number)
            if reason:
                code, _, reference = reason.partition(self.component)
                amount = CENTS[at(elements, number + 1) or b""]
                items.append(
                    ProviderAdjustmentItem(reason=TEXTS[code], reference=reference.decode(), amount_cents=amount)
                )
        data["items"] = tuple(items)

    def format(self, record: Any) -> Iterator[list[str]]:
        """The one PLB."""
        elements = [record.provider_id, format_date(record.fiscal_period_end)]
        for item in record.items:
            elements += [join([item.reason, item.reference]), format_cents(item.amount_cents)]
        yield elements


SEGMENTS = SegmentTable(
    fields={
        "CLP": (
            (1, "claim_number", TEXT),
            (2, "status", CODE),
            (3, "charge_cents", MONEY),
            (4, "paid_cents", MONEY),
            (5, "patient_responsibility_cents", MONEY),
            (6, "filing_indicator", CODE),
            (7, "payer_claim_number", TEXT),
            (8, "facility_code", CODE),
            (9, "frequency", CODE),
            (11, "drg", CODE),
            (12, "drg_weight", NUMBER),
            (13, "discharge_fraction", NUMBER),
        ),
        "SVC": (
            (1, "procedure", PROCEDURE),
            (2, "charge_cents", MONEY),
            (3, "paid_cents", MONEY),
            (4, "revenue_code", CODE),
            (5, "quantity", NUMBER),
            (6, "submitted", PROCEDURE),
            (7, "submitted_quantity", NUMBER),
        ),
    },
    items={
        "LQ": ("remarks", Remark, ((1, "qualifier", CODE), (2, "code", CODE))),
    },
    parts={"TRN": ("trace", Trace, TRACE)},
    special={
        "BPR": PaymentBinding,
        "PLB": ProviderAdjustmentBinding,
        "CUR": lambda delimiters: UnparsedBinding(delimiters, "CUR", "currency", single=True),
        "RDM": lambda delimiters: UnparsedBinding(delimiters, "RDM", "remittance_delivery", single=True),
    },
)
