"""An invented practice's old files, written record by record: 837P, 277CA and 835 of massages of 135.00 (three units of
97124), of which its payer Cascade allows 96.00 and leaves a copay of 25.00 to the patient.

Every patient is another one, so that no claim is the next of an earlier one unless a test says so.
"""

from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

from msgspec.structs import replace

from shared import x12
from shared.wire.envelope import Route, Usage, envelope
from shared.x12 import Delimiters

NPI, TAX_ID = "1487302659", "914408127"
OTHER_NPI, OTHER_TAX_ID = "1245319599", "911111119"
DAY = date(2026, 4, 20)
SENT_ON, ACCEPTED_ON, PAID_ON = date(2026, 4, 24), date(2026, 4, 26), date(2026, 5, 8)
AS_OF = date(2026, 6, 20)
CASCADE = ("CASCM", "CASCADE MUTUAL HEALTH", "CI")
RAINIER = ("RAINC", "RAINIER CHOICE HEALTH", "CI")
VETERANS = ("VACCN", "VA COMMUNITY CARE", "VA")
ROUTE = Route(sender_id="SALAL", receiver_id="CLEARING", usage=Usage.TEST)


def party(entity: str, name: str, first: str = "", **changes: Any) -> x12.Party:
    return x12.Party(entity=entity, kind="1" if first else "2", name=name, first=first, **changes)


def payer_party(payer: tuple[str, str, str]) -> x12.Party:
    return party("PR", payer[1], id_qualifier="PI", id=payer[0])


def billing(npi: str = NPI, tax_id: str = TAX_ID) -> x12.BillingProvider:
    who = party(
        "85",
        "SALAL STREET BODYWORK PLLC",
        id_qualifier="XX",
        id=npi,
        references=(x12.Reference("EI", tax_id),),
        line1="4127 SALAL STREET NW",
        city="SEATTLE",
        state="WA",
        postal_code="981074812",
    )
    return x12.BillingProvider(party=who, provider_role="BI", taxonomy_qualifier="PXC", taxonomy="225700000X")


def line(number: int, control: str, code: str = "97124", units: int = 3, cents: int = 13500, **changes: Any) -> Any:
    procedure = x12.ProcedureIdentifier(code, modifiers=changes.pop("modifiers", ()))
    days = (x12.DatePeriod("472", changes.pop("day", DAY)),)
    return x12.ServiceLine(
        number=number,
        procedure=procedure,
        charge_cents=cents,
        quantity=Decimal(units),
        pointers=(1,),
        dates=days,
        references=(x12.Reference("6R", control),),
        **changes,
    )


def claim(number: str, payer: tuple[str, str, str] = CASCADE, *, patient: str = "", **changes: Any) -> x12.Claim837P:
    """A massage of three units. Its patient has the claim's number for a name, unless one is given."""
    name = patient or "".join(chr(ord("A") + int(char)) if char.isdigit() else char for char in number)
    insured = party(
        "IL",
        name,
        "NADIA",
        id_qualifier="MI",
        id=f"CMH20{sum(map(ord, name)):05d}A",
        line1="2218 NW 64TH STREET",
        city="SEATTLE",
        state="WA",
        postal_code="98107",
        birth_date=date(1984, 7, 19),
        gender="F",
    )
    lines = changes.pop("lines", None) or (line(1, f"{number}L1"),)
    values: dict[str, Any] = {
        "billing_provider": billing(),
        "subscriber": x12.SubscriberLevel(
            party=insured,
            payer=payer_party(payer),
            relationship="18",
            filing_indicator=payer[2],
            responsibility=changes.pop("responsibility", "P"),
        ),
        "claim_number": number,
        "charge_cents": sum(one.charge_cents for one in lines),
        "place_of_service": "11",
        "diagnoses": (x12.HealthCode("ABK", "M542"),),
        "parties": (
            party("DN", "FELDSTEIN", "MIRIAM", id_qualifier="XX", id="1619048238"),
            party(
                "82",
                "SOLBERG",
                "INGRID",
                id_qualifier="XX",
                id="1398520472",
                provider_role="PE",
                taxonomy_qualifier="PXC",
                taxonomy="225700000X",
            ),
        ),
        "lines": lines,
    }
    return x12.Claim837P(**{**values, **changes})


def other_plan(payer: tuple[str, str, str], sequence: str = "S", **changes: Any) -> x12.OtherPayer:
    return x12.OtherPayer(
        responsibility=sequence,
        relationship="18",
        filing_indicator=payer[2],
        subscriber=party("IL", "WHITLOCK", "NADIA", id_qualifier="MI", id="RCH77120935"),
        payer=payer_party(payer),
        **changes,
    )


def file_837p(*claims: x12.Claim837P, control: int = 1, sent_on: date = SENT_ON) -> bytes:
    contact = x12.Contact(name="BETTINA CRANE", numbers=(x12.ContactNumber("TE", "2065550164"),))
    header = x12.Submission(
        reference=str(control),
        created=sent_on,
        created_time="1500",
        submitter=party("41", "SALAL", id_qualifier="46", id="SALAL", contacts=(contact,)),
        receiver=party("40", "CLEARING", id_qualifier="46", id="CLEARING"),
    )
    return written("837P", header, claims, control, sent_on)


def cas(group: str, reason: str, cents: int) -> x12.ClaimAdjustment:
    return x12.ClaimAdjustment(group, reason, cents)


USUAL = (cas("CO", "45", 3900), cas("PR", "3", 2500))


def service(
    control: str, paid_cents: int = 7100, adjustments: tuple[Any, ...] = USUAL, code: str = "97124", cents: int = 13500
) -> x12.ServicePayment:
    return x12.ServicePayment(
        procedure=x12.ProcedureIdentifier(code),
        charge_cents=cents,
        paid_cents=paid_cents,
        dates=(x12.DatePeriod("472", DAY),),
        adjustments=adjustments,
        references=(x12.Reference("6R", control),),
    )


def payment(
    number: str, paid_cents: int = 7100, adjustments: tuple[Any, ...] = USUAL, **changes: Any
) -> x12.ClaimPayment:
    """The payer's answer to a claim of one line: 96.00 allowed, 71.00 paid, unless it says otherwise."""
    services = changes.pop("services", None) or (service(f"{number}L1", paid_cents, adjustments),)
    values: dict[str, Any] = {
        "claim_number": number,
        "status": "1",
        "charge_cents": sum(one.charge_cents for one in services),
        "paid_cents": paid_cents,
        "filing_indicator": "12",
        "payer_claim_number": f"PCN{number}",
        "group": x12.ClaimGroup(number=1),
        "parties": (party("QC", "WHITLOCK", "NADIA", id_qualifier="MI", id="CMH204417701"),),
        "services": services,
    }
    return x12.ClaimPayment(**{**values, **changes})


def denied(number: str, group: str, reason: str) -> x12.ClaimPayment:
    return payment(number, 0, (cas(group, reason, 13500),))


def reversal(of: x12.ClaimPayment) -> x12.ClaimPayment:
    services = tuple(
        replace(
            one,
            charge_cents=-one.charge_cents,
            paid_cents=-one.paid_cents,
            adjustments=tuple(replace(each, amount_cents=-each.amount_cents) for each in one.adjustments),
        )
        for one in of.services
    )
    return replace(of, status="22", charge_cents=-of.charge_cents, paid_cents=-of.paid_cents, services=services)


def file_835(
    *payments: x12.ClaimPayment,
    trace: str,
    payer: tuple[str, str, str] = CASCADE,
    paid_on: date = PAID_ON,
    plb: tuple[x12.ProviderAdjustmentItem, ...] = (),
    too_much_cents: int = 0,
    payee: str = NPI,
) -> bytes:
    total = sum(one.paid_cents for one in payments) - sum(one.amount_cents for one in plb) + too_much_cents
    header = x12.Remittance(
        payment_cents=total,
        payment_date=paid_on,
        method="CHK" if total else "NON",
        trace=x12.Trace("1", trace, "1912345678"),
        payer=x12.Party(
            entity="PR",
            name=payer[1],
            line1="PO BOX 1",
            city="SEATTLE",
            state="WA",
            postal_code="98101",
            references=(x12.Reference("2U", payer[0]),),
            contacts=(x12.Contact("BL", "REMITS", (x12.ContactNumber("TE", "2065550100"),)),),
        ),
        payee=x12.Party(entity="PE", name="SALAL STREET BODYWORK PLLC", id_qualifier="XX", id=payee),
        dates=(x12.DatePeriod("405", paid_on),),
    )
    adjustments = (x12.ProviderAdjustment(payee, date(2026, 12, 31), plb),) if plb else ()
    return written("835", header, (*payments, *adjustments), int(trace[-6:]), paid_on)


def file_277ca(number: str, category: str, code: str = "20", *, entity: str = "PR", on: date = ACCEPTED_ON) -> bytes:
    """The payer's answer to a claim: A2 accepts it, A3 rejects it."""
    action = "WQ" if category in ("A1", "A2") else "U"
    status = x12.Status((x12.StatusCode(category, code),), effective=on, action=action, charge_cents=13500)
    accepted = x12.Status((x12.StatusCode("A1", "19"),), effective=on, action="WQ", charge_cents=13500)
    source = x12.LevelStatus(
        level="20",
        party=party(entity, "CASCADE MUTUAL HEALTH", id_qualifier="PI", id="CASCM"),
        traces=(x12.Trace("1", f"S{number}"),),
        dates=(x12.DatePeriod("050", on), x12.DatePeriod("009", on)),
    )
    receiver = x12.LevelStatus(
        level="21",
        party=party("41", "SALAL", id_qualifier="46", id="SALAL"),
        traces=(x12.Trace("2", "1"),),
        statuses=(accepted,),
    )
    provider = x12.LevelStatus(
        level="19",
        party=party("85", "SALAL STREET BODYWORK PLLC", id_qualifier="XX", id=NPI),
    )
    answer = x12.ClaimStatus(
        source=source,
        receiver=receiver,
        provider=provider,
        subscriber=party("QC", "WHITLOCK", "NADIA", id_qualifier="MI", id="CMH204417701"),
        trace=x12.Trace("2", number),
        statuses=(status,),
        dates=(x12.DatePeriod("472", DAY),),
    )
    header = x12.StatusHeader(reference="1", created=on, created_time="0900", kind="TH")
    return written("277CA", header, (answer,), 900, on)


def written(
    kind: str, header: Any, records: Any, control: int, on: date, delimiters: Delimiters | None = None
) -> bytes:
    made = envelope(ROUTE, datetime.combine(on, time(15, 0), UTC), control)
    if delimiters is not None:
        made = replace(made, interchange=replace(made.interchange, delimiters=delimiters))
    transaction = x12.Transaction(type=kind, control_number="0001", header=header, records=tuple(records))
    return x12.write(made, [transaction])
