"""The clearinghouse as a port in memory, and the X12 messages that it sends, written from records.

`FakeClearinghouse` keeps every file it took and every message it holds; what it does with the next file is a list of
orders: `take`, `refuse` (connection refused), `refuse_for_good` (HTTP 422), `turn_away` (HTTP 401), `lose_reply` (it
took the file, the answer was lost), `lose_file` (nobody has it), `crash` (this process dies while sending).
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal

from services.claims.clients import Batch, Delivery, Incoming
from services.claims.domain.professional_claim import line_control_number
from shared import x12
from shared.errors import Unavailable
from shared.wire.trading_partner import TradingPartner
from tests.services.claims.factories import CANARY_MEMBER, CANARY_NAME, NPI

TODAY = date(2026, 3, 4)


class Killed(BaseException):
    """The process ends here: not even `except Exception` sees it."""


@dataclass
class FakeClearinghouse:
    """The other side. `taken` are the files it accepted, in order; `tries` every file that reached or missed it."""

    orders: list[str] = field(default_factory=list)
    taken: list[str] = field(default_factory=list)
    tries: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    accounts: list[str] = field(default_factory=list)
    mailboxes: dict[str, list[Incoming]] = field(default_factory=dict)
    silent: bool = False
    statuses: Callable[[str], str] | None = None
    questions: list[str] = field(default_factory=list)
    page: int = 100

    def submit(self, partner: TradingPartner, content: str) -> Delivery:
        self.accounts.append(partner.sender_id)
        order = self.orders.pop(0) if self.orders else "take"
        self.tries.append(content)
        if order == "crash":
            raise Killed
        if order in ("take", "lose_reply"):
            self.taken.append(content)
        answers = {
            "take": Delivery.TAKEN,
            "refuse": Delivery.NOT_TAKEN,
            "refuse_for_good": Delivery.REFUSED,
            "turn_away": Delivery.TURNED_AWAY,
        }
        return answers.get(order, Delivery.UNCLEAR)

    def has_file(self, partner: TradingPartner, interchange_control_number: str) -> bool:
        if self.silent:
            raise Unavailable("silent", code="clearinghouse_unavailable")
        self.asked.append(interchange_control_number)
        return any(interchange_control_number in content[:106] for content in self.taken)

    def fetch(self, partner: TradingPartner, after: str) -> Batch:
        if self.silent:
            raise Unavailable("silent", code="clearinghouse_unavailable")
        start = int(after or 0)
        page = tuple(self.mailboxes.get(partner.sender_id, [])[start : start + self.page])
        return Batch(page, str(start + len(page)))

    def ask(self, partner: TradingPartner, question: str) -> str:
        """What `statuses` answers to a 276; nothing where it is not set."""
        self.questions.append(question)
        if self.silent or self.statuses is None:
            raise Unavailable("silent", code="clearinghouse_unavailable")
        return self.statuses(question)

    @property
    def messages(self) -> list[Incoming]:
        """The installation's own mailbox."""
        return self.mailboxes.setdefault("HANDBILL", [])

    def deliver(self, content: str, kind: str = "277CA", to: str = "HANDBILL") -> str:
        """Put a message in a mailbox; returns its id there."""
        mailbox = self.mailboxes.setdefault(to, [])
        source_id = f"{to.lower()}_{len(mailbox) + 1:06d}"
        mailbox.append(Incoming(source_id, kind, datetime(2026, 3, 4, 17, tzinfo=UTC), content))
        return source_id


def interchange(transactions, number=1, *, grouped=True):
    """One interchange from the clearinghouse to us, as text."""
    envelope = x12.Envelope(
        interchange=x12.Interchange(
            sender="CLEARING",
            receiver="HANDBILL",
            date=TODAY,
            time="0900",
            control_number=f"{number:09d}",
            usage="T",
        ),
        group=x12.Group(sender="CLEARING", receiver="HANDBILL", date=TODAY, time="0900", control_number=str(number))
        if grouped
        else None,
    )
    return x12.write(envelope, transactions).decode()


def ta1(interchange_number, code="A", note="000"):
    record = x12.InterchangeAcknowledgement(
        control_number=interchange_number, date=TODAY, time="0900", code=code, note=note
    )
    return interchange([x12.Transaction(type="TA1", control_number="", records=(record,))], grouped=False)


def ack_999(interchange_number, result="A"):
    return acks_999((interchange_number, result))


def acks_999(*answers):
    """One interchange with a 999 for each (interchange number, result)."""
    return interchange(
        [
            x12.Transaction(type="999", control_number=f"{place:04d}", records=(_acknowledgement(*answer),))
            for place, answer in enumerate(answers, 1)
        ]
    )


def _acknowledgement(interchange_number, result):
    accepted = int(result == "A")
    answer = x12.TransactionAcknowledgement(
        type="837",
        control_number="0001",
        version="005010X222A1",
        result=result,
        reasons=() if accepted else ("5",),
    )
    return x12.Acknowledgement(
        functional_id="HC",
        group_control_number=str(int(interchange_number)),
        version="005010X222A1",
        transactions=(answer,),
        result=result,
        included=1,
        received=1,
        accepted=accepted,
    )


def claim_status(number, category="A2", code="20", by="PR", charge_cents=18_200, payer_claim_number="", on=TODAY):
    """One claim's verdict; `by` PR the payer, AY the clearinghouse."""
    rejected = category in ("A3", "A6", "A7", "A8")
    status = x12.Status(
        codes=(x12.StatusCode(category=category, code=code, entity="PR" if by == "PR" else "40"),),
        effective=on,
        action="U" if rejected else "WQ",
        charge_cents=charge_cents,
    )
    source = x12.LevelStatus(
        level="20",
        party=x12.Party(entity=by, kind="2", name="CASCADE", id_qualifier="PI" if by == "PR" else "46", id="CASCM"),
        traces=(x12.Trace(type="1", value="T1"),),
        dates=(x12.DatePeriod(qualifier="050", start=on), x12.DatePeriod(qualifier="009", start=on)),
    )
    receiver = x12.LevelStatus(
        level="21",
        party=x12.Party(entity="41", kind="2", name="SALAL STREET BODYWORK", id_qualifier="46", id="HANDBILL"),
        traces=(x12.Trace(type="2", value="1"),),
        statuses=(
            x12.Status(
                codes=(x12.StatusCode(category="A1", code="19", entity="PR"),),
                effective=on,
                action="WQ",
                charge_cents=charge_cents,
            ),
        ),
        quantities=(x12.Quantity(qualifier="AA" if rejected else "90", quantity=Decimal(1)),),
        amounts=(x12.MonetaryAmount(qualifier="YY" if rejected else "YU", amount_cents=charge_cents),),
    )
    provider = x12.LevelStatus(
        level="19",
        party=x12.Party(entity="85", kind="2", name="SALAL STREET BODYWORK", id_qualifier="XX", id=NPI),
        traces=(x12.Trace(type="1", value="0"),),
    )
    references = (x12.Reference(qualifier="1K", value=payer_claim_number),) if payer_claim_number else ()
    return x12.ClaimStatus(
        source=source,
        receiver=receiver,
        provider=provider,
        subscriber=x12.Party(
            entity="QC", kind="1", name=CANARY_NAME, first="NADIA", id_qualifier="MI", id=CANARY_MEMBER
        ),
        trace=x12.Trace(type="2", value=number),
        statuses=(status,),
        references=references,
        dates=(x12.DatePeriod(qualifier="472", start=date(2026, 3, 2)),),
    )


def by_provider(status, npi):
    """A claim's status that names another billing provider."""
    return x12_replace(status, provider=x12_replace(status.provider, party=x12_replace(status.provider.party, id=npi)))


def status_277ca(*statuses, number=1):
    header = x12.StatusHeader(reference=f"R{number}", created=TODAY, created_time="0900", kind="TH")
    return interchange(
        [x12.Transaction(type="277CA", control_number="0001", header=header, records=statuses)], number=number
    )


def status_277(number, category, code="20", on=date(2026, 3, 2), control=50):
    """A 277 of one claim."""
    told = claim_status(number, category, code, on=on)
    plain = x12_replace(
        told,
        source=x12_replace(told.source, traces=(), dates=()),
        receiver=x12_replace(told.receiver, traces=(), statuses=(), quantities=(), amounts=()),
        provider=x12_replace(told.provider, traces=(), party=x12_replace(told.provider.party, entity="1P")),
        subscriber=x12_replace(told.subscriber, entity="IL"),
        statuses=tuple(x12_replace(one, action="") for one in told.statuses),
    )
    header = x12.StatusHeader(reference=f"S{control}", created=TODAY, created_time="0900", structure="0010", kind="NO")
    transaction = x12.Transaction(type="277", control_number="0001", header=header, records=(plain,))
    return interchange([transaction], number=control)


def accepted(number, by="PR", **more):
    """A 277CA that accepts one claim."""
    return status_277ca(claim_status(number, "A2", "20", by, **more))


def rejected(number, by="PR", category="A7", code="164", **more):
    """A 277CA that turns one claim back."""
    return status_277ca(claim_status(number, category, code, by, **more))


def cas(group, reason, cents):
    return x12.ClaimAdjustment(group=group, reason=reason, amount_cents=cents)


def service(claim_number, line, code, charge_cents, paid_cents, *adjustments, control=None):
    """One service of a claim payment; a negative charge is a reversal's."""
    return x12.ServicePayment(
        procedure=x12.ProcedureIdentifier(code=code),
        charge_cents=charge_cents,
        paid_cents=paid_cents,
        quantity=Decimal(1),
        dates=(x12.DatePeriod(qualifier="472", start=date(2026, 3, 2)),),
        adjustments=adjustments,
        references=(x12.Reference(qualifier="6R", value=control or line_control_number(claim_number, line)),),
    )


def claim_payment(number, *services, status="1", payer_claim_number="PAYER0001", group=1):
    charge = sum(one.charge_cents for one in services)
    paid = sum(one.paid_cents for one in services)
    patient = sum(a.amount_cents for one in services for a in one.adjustments if a.group == "PR")
    return x12.ClaimPayment(
        claim_number=number,
        status=status,
        charge_cents=charge,
        paid_cents=paid,
        patient_responsibility_cents=patient if status != "22" else None,
        filing_indicator="CI",
        payer_claim_number=payer_claim_number,
        facility_code="11",
        frequency="1",
        group=x12.ClaimGroup(number=group),
        parties=(
            x12.Party(entity="QC", kind="1", name=CANARY_NAME, first="NADIA", id_qualifier="MI", id=CANARY_MEMBER),
        ),
        services=services,
    )


def paid_in_part(number):
    """97124: 135.00 charged, 77.45 paid, 32.55 contract, 25.00 copay; 97110: 47.00, 37.00 paid, 10.00 contract."""
    return claim_payment(
        number,
        service(number, 1, "97124", 13_500, 7_745, cas("CO", "45", 3_255), cas("PR", "3", 2_500)),
        service(number, 2, "97110", 4_700, 3_700, cas("CO", "45", 1_000)),
    )


def denied(number, reason="197"):
    """Nothing paid; the amount waits for an appeal."""
    return claim_payment(
        number,
        service(number, 1, "97124", 13_500, 0, cas("CO", reason, 13_500)),
        service(number, 2, "97110", 4_700, 0, cas("CO", reason, 4_700)),
    )


def reversal_of(payment):
    """The same with every amount the other way round."""
    replace = x12_replace
    services = tuple(
        replace(
            one,
            charge_cents=-one.charge_cents,
            paid_cents=-one.paid_cents,
            adjustments=tuple(replace(a, amount_cents=-a.amount_cents) for a in one.adjustments),
        )
        for one in payment.services
    )
    return claim_payment(payment.claim_number, *services, status="22")


def x12_replace(record, **changed):
    from msgspec.structs import replace

    return replace(record, **changed)


def remittance(*payments, trace="EFT0001", paid_on=TODAY, number=1, total_cents=None, provider=(), payee_npi=NPI):
    """An 835; `total_cents` only to unbalance it, `provider` are PLB items (reason, cents). A payment is never below
    zero: what is missing is carried forward (FB)."""
    missing = sum(one.paid_cents for one in payments)
    provider = (*provider, ("FB", missing)) if missing < 0 else provider
    total = sum(one.paid_cents for one in payments) - sum(cents for _reason, cents in provider)
    header = x12.Remittance(
        payment_cents=total if total_cents is None else total_cents,
        payment_date=paid_on,
        method="CHK",
        trace=x12.Trace(type="1", value=trace, originator="1512345678"),
        payer=x12.Party(
            entity="PR",
            name="CASCADE MUTUAL HEALTH",
            line1="PO BOX 1",
            city="SEATTLE",
            state="WA",
            postal_code="98101",
            contacts=(
                x12.Contact(
                    function="BL", name="EDI", numbers=(x12.ContactNumber(qualifier="TE", value="2065550100"),)
                ),
            ),
        ),
        payee=x12.Party(
            entity="PE",
            name="SALAL STREET BODYWORK PLLC",
            id_qualifier="XX",
            id=payee_npi,
            references=(x12.Reference(qualifier="TJ", value="914408127"),),
        ),
        dates=(x12.DatePeriod(qualifier="405", start=paid_on),),
    )
    records = list(payments)
    if provider:
        items = tuple(
            x12.ProviderAdjustmentItem(reason=reason, reference="REF1", amount_cents=cents)
            for reason, cents in provider
        )
        records.append(x12.ProviderAdjustment(provider_id=payee_npi, fiscal_period_end=date(2026, 12, 31), items=items))
    transaction = x12.Transaction(type="835", control_number=f"{number:04d}", header=header, records=tuple(records))
    return interchange([transaction], number=number)
