"""Invented records from which the tests write files: one practice, one patient, round amounts."""

# Records and mistakes are laid out as tables, made to be read across.
# ruff: noqa: E501

import datetime
from decimal import Decimal

from shared import x12

TODAY = datetime.date(2026, 3, 2)
DOS = datetime.date(2026, 2, 24)
NPI = "1234567893"
RENDERING_NPI = "1497758544"


def envelope(number="000000101", **changes):
    interchange = x12.Interchange(
        sender="HANDBILL", receiver="CLEARING", date=TODAY, time="1015", control_number=number, usage="T", **changes
    )
    group = x12.Group(sender="HANDBILL", receiver="CLEARING", date=TODAY, time="1015", control_number="101")
    return x12.Envelope(interchange=interchange, group=group)


def address(**changes):
    return {"line1": "1 PINE ST", "city": "SEATTLE", "state": "WA", "postal_code": "981010000"} | changes


def ref(qualifier, value):
    return x12.Reference(qualifier=qualifier, value=value)


def day(qualifier, start=DOS, end=None):
    return x12.DatePeriod(qualifier=qualifier, start=start, end=end)


def provider(**changes):
    party = x12.Party(
        entity="85",
        kind="2",
        name="RAINIER BODYWORK",
        id_qualifier="XX",
        id=NPI,
        references=(ref("EI", "912345678"),),
        **address(),
    )
    values = {"provider_role": "BI", "taxonomy_qualifier": "PXC", "taxonomy": "225700000X", "party": party}
    return x12.BillingProvider(**(values | changes))


def payer(name="CASCADE HEALTH"):
    return x12.Party(entity="PR", kind="2", name=name, id_qualifier="PI", id="60054")


def insured(**changes):
    values = {
        "entity": "IL", "kind": "1", "name": "ALDER", "first": "JUNE", "id_qualifier": "MI", "id": "W100200300",
        "birth_date": datetime.date(1980, 5, 17), "gender": "F",
    } | address(line1="22 ELM AVE")  # fmt: skip
    return x12.Party(**(values | changes))


def subscriber(**changes):
    values = {"relationship": "18", "filing_indicator": "CI", "party": insured(), "payer": payer()}
    return x12.SubscriberLevel(**(values | changes))


def patient():
    party = insured(
        entity="QC", first="ROBIN", id_qualifier="", id="", birth_date=datetime.date(2010, 1, 9), gender="M"
    )
    return x12.PatientLevel(relationship="19", party=party)


def submission():
    contact = x12.Contact(name="BILLING", numbers=(x12.ContactNumber(qualifier="TE", value="2065550100"),))
    sender = x12.Party(
        entity="41", kind="2", name="RAINIER BODYWORK", id_qualifier="46", id="HB01", contacts=(contact,)
    )
    receiver = x12.Party(entity="40", kind="2", name="CLEARING", id_qualifier="46", id="CH01")
    return x12.Submission(reference="B0001", created=TODAY, created_time="1015", submitter=sender, receiver=receiver)


def diagnosis(code, first=False):
    return x12.HealthCode(qualifier="ABK" if first else "ABF", code=code)


def line(number=1, code="97124", cents=12000, units=4, pointers=(1,), **changes):
    values = {
        "number": number, "procedure": x12.ProcedureIdentifier(code=code, modifiers=("GP",)), "charge_cents": cents,
        "quantity": Decimal(units), "pointers": pointers, "dates": (day("472"),), "references": (ref("6R", f"L{number}"),),
    }  # fmt: skip
    return x12.ServiceLine(**(values | changes))


def rendering():
    return x12.Party(
        entity="82", kind="1", name="OAKES", first="WREN", id_qualifier="XX", id=RENDERING_NPI, provider_role="PE",
        taxonomy_qualifier="PXC", taxonomy="225700000X",
    )  # fmt: skip


def claim(**changes):
    values = {
        "billing_provider": provider(), "subscriber": subscriber(), "claim_number": "K7Q2M9", "charge_cents": 20000,
        "place_of_service": "11", "diagnoses": (diagnosis("M542", True), diagnosis("M546")),
        "references": (ref("G1", "AUTH77"),), "parties": (rendering(),),
        "lines": (line(1, pointers=(1, 2)), line(2, "97140", 8000, 2)),
    }  # fmt: skip
    return x12.Claim837P(**(values | changes))


def accident_claim():
    return claim(
        claim_number="ACC001", related_causes=("AA",), accident_state="WA", subscriber=subscriber(filing_indicator="AM"),
        dates=(day("439", datetime.date(2026, 1, 5)),),
        parties=(x12.Party(entity="DN", kind="1", name="FIRTH", first="ADA", id_qualifier="XX", id=NPI), rendering()),
    )  # fmt: skip


def secondary_claim():
    adjudications = [
        x12.LineAdjudication(
            payer_id="60054", paid_cents=paid, procedure=x12.ProcedureIdentifier(code=code, modifiers=("GP",)), quantity=Decimal(units),
            adjustments=(adjust("CO", "45", contract), adjust("PR", "2", share)), dates=(day("573", TODAY),),
        )
        for code, units, paid, contract, share in (("97124", 4, 8000, 2000, 2000), ("97140", 2, 5000, 2000, 1000))
    ]  # fmt: skip
    other = x12.OtherPayer(
        responsibility="P", relationship="18", filing_indicator="CI", subscriber=insured(birth_date=None, gender=""),
        payer=payer(), amounts=(x12.MonetaryAmount(qualifier="D", amount_cents=13000),),
    )  # fmt: skip
    return claim(
        claim_number="SEC001", subscriber=subscriber(responsibility="S", payer=payer("OLYMPIC MUTUAL")), other_payers=(other,),
        lines=(line(1, adjudications=(adjudications[0],)), line(2, "97140", 8000, 2, adjudications=(adjudications[1],))),
    )  # fmt: skip


def adjust(group, reason, cents, quantity=None):
    return x12.ClaimAdjustment(group=group, reason=reason, amount_cents=cents, quantity=quantity)


def claims():
    return (
        claim(), claim(claim_number="K7Q2N0"), accident_claim(),
        claim(claim_number="DEP001", subscriber=subscriber(relationship=""), patient=patient()),
        claim(claim_number="DEP002", subscriber=subscriber(relationship=""), patient=patient()),
        secondary_claim(), claim(claim_number="COR001", frequency="7", references=(ref("F8", "PCN1"), ref("G1", "AUTH77"))),
    )  # fmt: skip


def write_837p(*records, **changes):
    transaction = x12.Transaction(type="837P", control_number="0001", header=submission(), records=records or claims())
    return x12.write(envelope(**changes), [transaction])


def service(code="97124", charge=12000, paid=8000, adjustments=(), **changes):
    values = {
        "procedure": x12.ProcedureIdentifier(code=code, modifiers=("GP",)), "charge_cents": charge, "paid_cents": paid,
        "quantity": Decimal(4), "dates": (day("472"),), "adjustments": adjustments, "references": (ref("6R", "L1"),),
        "amounts": (x12.MonetaryAmount(qualifier="B6", amount_cents=10000),),
    }  # fmt: skip
    return x12.ServicePayment(**(values | changes))


def payment(number="K7Q2M9", **changes):
    services = (
        service(adjustments=(adjust("CO", "45", 2000), adjust("PR", "3", 2000))),
        service("97140", 8000, 0, (adjust("CO", "97", 8000),), references=(ref("6R", "L2"),), amounts=(),
                remarks=(x12.Remark(qualifier="HE", code="N130"),), quantity=Decimal(2)),
    )  # fmt: skip
    values = {
        "claim_number": number, "status": "1", "charge_cents": 20000, "paid_cents": 8000, "patient_responsibility_cents": 2000,
        "filing_indicator": "12", "payer_claim_number": "PCN77", "facility_code": "11", "frequency": "1",
        "group": x12.ClaimGroup(number=1), "services": services, "dates": (day("050", TODAY),),
        "parties": (
            x12.Party(entity="QC", kind="1", name="ALDER", first="JUNE", id_qualifier="MI", id="W100200300"),
            x12.Party(entity="82", kind="1", name="OAKES", first="WREN", id_qualifier="XX", id=RENDERING_NPI),
        ),
    }  # fmt: skip
    return x12.ClaimPayment(**(values | changes))


def denial(number="K7Q2N0"):
    denied = service(paid=0, adjustments=(adjust("CO", "197", 12000),), amounts=())
    return payment(
        number,
        paid_cents=0,
        charge_cents=12000,
        patient_responsibility_cents=None,
        services=(denied,),
        payer_claim_number="PCN78",
    )


def reversal(number="OLD001"):
    service_ = service(
        charge=-12000, paid=-8000, adjustments=(adjust("CO", "45", -2000), adjust("PR", "3", -2000)), amounts=()
    )
    return payment(
        number,
        status="22",
        charge_cents=-12000,
        paid_cents=-8000,
        patient_responsibility_cents=None,
        services=(service_,),
    )


def remittance(cents, **changes):
    contact = x12.Contact(
        function="BL", name="EDI HELP", numbers=(x12.ContactNumber(qualifier="TE", value="8005550100"),)
    )
    values = {
        "payment_cents": cents, "payment_date": TODAY, "method": "CHK" if cents else "NON", "handling": "I" if cents else "H",
        "trace": x12.Trace(type="1", value="EFT0001", originator="1512345678"),
        "payer": x12.Party(entity="PR", name="CASCADE HEALTH", contacts=(contact,), **address(line1="9 LAKE RD")),
        "payee": x12.Party(entity="PE", name="RAINIER BODYWORK", id_qualifier="XX", id=NPI, references=(ref("TJ", "912345678"),)),
        "dates": (day("405", TODAY),),
    }  # fmt: skip
    return x12.Remittance(**(values | changes))


def write_835(*records, cents=None, **changes):
    records = records or (payment(), denial(), take_back())
    if cents is None:
        cents = sum(r.paid_cents for r in records if isinstance(r, x12.ClaimPayment))
        cents -= sum(i.amount_cents for r in records if isinstance(r, x12.ProviderAdjustment) for i in r.items)
    transaction = x12.Transaction(type="835", control_number="0001", header=remittance(cents), records=records)
    return x12.write(envelope(**changes), [transaction])


def take_back(cents=1500):
    item = x12.ProviderAdjustmentItem(reason="WO", reference="OLD001", amount_cents=cents)
    return x12.ProviderAdjustment(provider_id=NPI, fiscal_period_end=datetime.date(2026, 12, 31), items=(item,))


def asker():
    return x12.InformationReceiver(
        party=x12.Party(entity="1P", kind="2", name="RAINIER BODYWORK", id_qualifier="XX", id=NPI)
    )


def member(trace="1", **changes):
    party = x12.Party(
        entity="IL", kind="1", name="ALDER", first="JUNE", id_qualifier="MI", id="W100200300",
        birth_date=datetime.date(1980, 5, 17), gender="F",
    )  # fmt: skip
    values = {
        "party": party,
        "traces": (x12.Trace(type=trace, value="T0001", originator="9HANDBILL0"),),
        "dates": (day("291"),),
    }
    return x12.Member(**(values | changes))


def child(trace="1"):
    party = x12.Party(
        entity="03", kind="1", name="ALDER", first="ROBIN", birth_date=datetime.date(2010, 1, 9), gender="M"
    )
    return member(trace, party=party)


def inquiries():
    ask = x12.InformationSource(party=payer())
    first = x12.EligibilityInquiry(
        source=ask, receiver=asker(), subscriber=member(), questions=(x12.BenefitQuestion(service_types=("BE",)),)
    )
    second = x12.EligibilityInquiry(
        source=ask, receiver=asker(), subscriber=member(traces=(), dates=()), dependent=child(),
        questions=(x12.BenefitQuestion(service_types=("PT",)), x12.BenefitQuestion(service_types=("30",))),
    )  # fmt: skip
    return first, second


def write_270(*records):
    header = x12.EligibilityHeader(reference="Q0001", created=TODAY, created_time="1015")
    transaction = x12.Transaction(type="270", control_number="0001", header=header, records=records or inquiries())
    return x12.write(envelope(), [transaction])


def benefits():
    return (
        x12.BenefitInformation(information="1", service_types=("30",), plan="CASCADE PPO"),
        x12.BenefitInformation(information="B", coverage_level="IND", service_types=("BE", "PT"), time_period="27", amount_cents=2500, in_network="Y"),
        x12.BenefitInformation(
            information="F", service_types=("BE",), time_period="23", quantity_qualifier="VS", quantity=Decimal(12),
            authorization="U", in_network="Y", messages=("COMBINED WITH PT",),
        ),
        x12.BenefitInformation(information="A", service_types=("BE",), percent=Decimal("0.2"), in_network="N"),
        x12.BenefitInformation(
            information="F", service_types=("BE",), time_period="29", quantity_qualifier="VS", quantity=Decimal(5),
            dates=(x12.DatePeriod(qualifier="292", start=DOS, end=TODAY),),
            deliveries=(x12.ServiceDelivery(quantity_qualifier="VS", quantity=Decimal(1), frequency_period="DA"),),
        ),
    )  # fmt: skip


def responses():
    ask = x12.InformationSource(party=payer())
    first = x12.BenefitResponse(
        source=ask, receiver=asker(), subscriber=member("2", dates=(day("346"),)), benefits=benefits()
    )
    second = x12.BenefitResponse(
        source=ask,
        receiver=asker(),
        subscriber=member("2", traces=(), dates=()),
        dependent=child("2"),
        benefits=benefits()[:2],
    )
    return first, second


def refusal(reason="75", followup="C"):
    refused = member("2", dates=(), party=x12.Party(
        entity="IL", kind="1", name="ALDER", id_qualifier="MI", id="W9",
        rejections=(x12.RequestValidation(reason=reason, followup=followup),),
    ))  # fmt: skip
    return x12.BenefitResponse(source=x12.InformationSource(party=payer()), receiver=asker(), subscriber=refused)


def write_271(*records):
    header = x12.EligibilityHeader(reference="Q0001", created=TODAY, created_time="1015", purpose="11")
    transaction = x12.Transaction(type="271", control_number="0001", header=header, records=records or responses())
    return x12.write(envelope(), [transaction])


def level(code, entity, name, qualifier, number, **changes):
    party = x12.Party(entity=entity, kind="2", name=name, id_qualifier=qualifier, id=number)
    return x12.LevelStatus(level=code, party=party, **changes)


def status(category, code, action="", cents=None, paid=None, entity=""):
    return x12.Status(
        codes=(x12.StatusCode(category=category, code=code, entity=entity),), effective=TODAY, action=action,
        charge_cents=cents, paid_cents=paid,
    )  # fmt: skip


def status_levels():
    return {
        "source": level("20", "PR", "CASCADE HEALTH", "PI", "60054"),
        "receiver": level("21", "41", "RAINIER BODYWORK", "46", "HB01"),
        "provider": level("19", "1P", "RAINIER BODYWORK", "XX", NPI),
    }


def write_277ca(source=None):
    answers = x12.acknowledge_claims(
        source or write_837p(), reference="R0001", created=TODAY, created_time="1100",
        clearinghouse=x12.Party(entity="AY", kind="2", name="CLEARING", id_qualifier="46", id="CH01"),
    )  # fmt: skip
    transactions = [
        x12.Transaction(type="277CA", control_number=f"{n:04d}", header=one.header, records=one.records)
        for n, one in enumerate(answers, 1)
    ]
    return x12.write(envelope(), transactions)


def write_999(source):
    return x12.write(envelope(), x12.acknowledge(source, strict=True).transactions())


def status_inquiries():
    party = x12.Party(entity="IL", kind="1", name="ALDER", first="JUNE", id_qualifier="MI", id="W100200300")
    born = datetime.date(1980, 5, 17)
    one = x12.StatusInquiry(
        **status_levels(), subscriber=msgspec_replace(party, birth_date=born, gender="F"),
        trace=x12.Trace(type="1", value="T0001"), references=(ref("EJ", "K7Q2M9"),),
        amounts=(x12.MonetaryAmount(qualifier="T3", amount_cents=20000),), dates=(day("472"),),
    )  # fmt: skip
    dependent = x12.Party(
        entity="QC", kind="1", name="ALDER", first="ROBIN", birth_date=datetime.date(2010, 1, 9), gender="M"
    )
    asked = x12.LineInquiry(
        procedure=x12.ProcedureIdentifier(code="97124"), charge_cents=12000, quantity=Decimal(4), dates=(day("472"),)
    )
    two = x12.StatusInquiry(
        **status_levels(), subscriber=party, dependent=dependent, trace=x12.Trace(type="1", value="T0002"),
        references=(ref("1K", "PCN77"),), dates=(day("472"),), lines=(asked,),
    )  # fmt: skip
    return one, two


def msgspec_replace(record, **changes):
    import msgspec

    return msgspec.structs.replace(record, **changes)


def write_276(*records):
    header = x12.StatusHeader(reference="S0001", created=TODAY, created_time="1015", structure="0010", purpose="13")
    transaction = x12.Transaction(
        type="276", control_number="0001", header=header, records=records or status_inquiries()
    )
    return x12.write(envelope(), [transaction])


def claim_statuses():
    party = x12.Party(entity="IL", kind="1", name="ALDER", first="JUNE", id_qualifier="MI", id="W100200300")
    line = x12.LineStatus(
        procedure=x12.ProcedureIdentifier(code="97124"), charge_cents=12000, paid_cents=8000, quantity=Decimal(4),
        statuses=(status("F1", "65", cents=12000, paid=8000),), dates=(day("472"),),
    )  # fmt: skip
    one = x12.ClaimStatus(
        **status_levels(), subscriber=party, trace=x12.Trace(type="2", value="T0001"),
        statuses=(status("F1", "65", cents=20000, paid=8000),), references=(ref("1K", "PCN77"), ref("EJ", "K7Q2M9")),
        dates=(day("472"),), lines=(line,),
    )  # fmt: skip
    return (one,)


def write_277(*records):
    header = x12.StatusHeader(
        reference="S0001", created=TODAY, created_time="1015", structure="0010", purpose="08", kind="DG"
    )
    transaction = x12.Transaction(type="277", control_number="0001", header=header, records=records or claim_statuses())
    return x12.write(envelope(), [transaction])


def review():
    reviewer = x12.Party(entity="X3", kind="2", name="CASCADE HEALTH", id_qualifier="PI", id="60054")
    requester = x12.Party(entity="1P", kind="2", name="RAINIER BODYWORK", id_qualifier="XX", id=NPI)
    party = x12.Party(entity="IL", kind="1", name="ALDER", first="JUNE", id_qualifier="MI", id="W100200300")
    asked = x12.ReviewService(
        dates=(x12.DatePeriod(qualifier="472", start=DOS, end=TODAY),),
        others=(
            x12.Segment(id="SV1", elements=("HC:97124", "", "UN", "4")),
            x12.Segment(id="HSD", elements=("VS", "12")),
        ),
    )
    return x12.Review(
        reviewer=reviewer, requester=requester, subscriber=x12.ReviewMember(party=party),
        traces=(x12.Trace(type="1", value="T0001", originator="9HANDBILL0"),),
        request=x12.ReviewRequest(category="HS", certification="I", service_type="BE", facility_code="11", facility_qualifier="B"),
        diagnoses=(x12.HealthCode(qualifier="ABK", code="M542"),), services=(asked,),
        parties=(x12.Party(entity="SJ", kind="1", name="OAKES", first="WREN", id_qualifier="XX", id=RENDERING_NPI),),
    )  # fmt: skip


def write_278(*records):
    header = x12.ReviewHeader(reference="A0001", created=TODAY, created_time="1015")
    transaction = x12.Transaction(type="278", control_number="0001", header=header, records=records or (review(),))
    return x12.write(envelope(), [transaction])


def write_ta1(code="A", note="000"):
    record = x12.InterchangeAcknowledgement(control_number="000000101", date=TODAY, time="1015", code=code, note=note)
    transaction = x12.Transaction(type="TA1", control_number="", records=(record,))
    return x12.write(msgspec_replace(envelope(), group=None), [transaction])
