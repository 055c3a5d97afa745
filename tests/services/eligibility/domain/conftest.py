"""Answers of payers as x12 records."""

from datetime import date
from decimal import Decimal
from typing import Any

from shared import x12

DAY = date(2026, 3, 2)


def row(information: str, *types: str, **elements: Any) -> x12.BenefitInformation:
    """One EB; `percent` and `quantity` may be given as text."""
    for name in ("percent", "quantity"):
        if name in elements:
            elements[name] = Decimal(elements[name])
    return x12.BenefitInformation(information=information, service_types=types, **elements)


def visits_row(count: str, period: str, *types: str, **elements: Any) -> x12.BenefitInformation:
    return row("F", *(types or ("BE",)), quantity_qualifier="VS", quantity=count, time_period=period, **elements)


def answer(*rows: x12.BenefitInformation, **parts: Any) -> x12.BenefitResponse:
    """One patient's answer with these EBs."""
    subscriber = parts.pop("subscriber", x12.Member(party=x12.Party(entity="IL", kind="1")))
    source = parts.pop("source", x12.InformationSource(party=x12.Party(entity="PR", kind="2")))
    return x12.BenefitResponse(source=source, subscriber=subscriber, benefits=rows, **parts)
