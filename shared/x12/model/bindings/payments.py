"""Bindings of the money segments: CAS, BPR, PLB."""

# Bindings share one signature, so some of them leave an argument unused.
# ruff: noqa: ARG002

import itertools
from collections.abc import Iterator
from typing import Any

from shared.x12.model.bindings.common import Data, Groups, Lists, append, at, text
from shared.x12.model.bindings.kinds import join
from shared.x12.model.envelope import Delimiters
from shared.x12.model.records import Adjustment, BankAccount, ProviderAdjustmentItem
from shared.x12.model.values import CENTS, DATES, DECIMALS, TEXTS, format_cents, format_date, format_decimal


class AdjustmentBinding:
    """CAS: one group and up to six triplets; neighbours of one group share a segment when written."""

    def __init__(self, delimiters: Delimiters) -> None:
        self.field = "adjustments"

    def parse_items(self, groups: Groups) -> list[Adjustment]:
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

    def parse(self, data: Data, lists: Lists, groups: Groups) -> None:
        """Into `adjustments`."""
        append(lists, self.field, self.parse_items(groups))

    def format(self, record: Any) -> Iterator[list[str]]:
        """One segment for up to six neighbours of the same group."""
        for group, adjustments in itertools.groupby(record.adjustments, key=lambda item: item.group):
            pending = list(adjustments)
            for start in range(0, len(pending), 6):
                elements = [group]
                for item in pending[start : start + 6]:
                    quantity = "" if item.quantity is None else format_decimal(item.quantity)
                    elements += [item.reason, format_cents(item.amount_cents), quantity]
                yield elements


class PaymentBinding:
    """BPR of an 835: the two bank accounts are parts of their own."""

    def __init__(self, delimiters: Delimiters) -> None:
        self.plain = ((1, "handling"), (3, "credit_debit"), (4, "method"), (5, "format"))
        self.company = ((10, "originating_company"), (11, "originating_supplement"))
        plain = tuple(field for _, field in (*self.plain, *self.company))
        self.names = (*plain, "payment_cents", "payment_date", "sender", "receiver")

    def parse(self, data: Data, lists: Lists, groups: Groups) -> None:
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

    def parse(self, data: Data, lists: Lists, groups: Groups) -> None:
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

    def format(self, record: Any) -> Iterator[list[str]]:
        """The one PLB."""
        elements = [record.provider_id, format_date(record.fiscal_period_end)]
        for item in record.items:
            elements += [join([item.reason, item.reference]), format_cents(item.amount_cents)]
        yield elements
