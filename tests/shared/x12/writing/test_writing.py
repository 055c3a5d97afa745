"""The writer: what is written is read back the same; what the guide cannot hold is refused without quoting a value."""

# Records and mistakes are laid out as tables, made to be read across.
# ruff: noqa: E501

import datetime
from decimal import Decimal

import msgspec
import pytest

from shared import x12
from tests.shared.x12 import examples

WRITERS = {
    "837P": examples.write_837p, "835": examples.write_835, "270": examples.write_270, "271": examples.write_271,
    "276": examples.write_276, "277": examples.write_277, "278": examples.write_278,
}  # fmt: skip
RECORDS = {
    "837P": examples.claims, "835": lambda: (examples.payment(), examples.denial(), examples.take_back()),
    "270": examples.inquiries, "271": examples.responses, "276": examples.status_inquiries, "277": examples.claim_statuses,
    "278": lambda: (examples.review(),),
}  # fmt: skip


@pytest.mark.parametrize("type_", WRITERS)
def test_what_is_written_is_read_back_the_same(type_):
    file = x12.read_all(WRITERS[type_](), strict=True)
    assert file.findings == ()
    (transaction,) = file.transactions
    assert transaction.opened.type == type_
    assert transaction.records == RECORDS[type_]()


@pytest.mark.parametrize("type_", WRITERS)
def test_the_same_records_make_the_same_bytes(type_):
    assert WRITERS[type_]() == WRITERS[type_]()


@pytest.mark.parametrize("type_", WRITERS)
def test_other_delimiters_and_line_breaks_change_no_meaning(type_):
    delimiters = x12.Delimiters(element="|", component=">", repetition="!", segment="'")
    plain = examples.envelope()
    other = x12.Envelope(
        interchange=msgspec.structs.replace(plain.interchange, delimiters=delimiters), group=plain.group, newline="\n"
    )
    first = x12.read_all(WRITERS[type_]()).transactions[0]
    transaction = x12.Transaction(type=type_, control_number="0001", header=first.header, records=first.records)
    again = x12.read_all(x12.write(other, [transaction]))
    assert [one.code for one in again.findings] == ["line_breaks"]
    assert again.transactions[0].records == first.records
    assert again.transactions[0].opened.interchange.delimiters == delimiters


def refused(function, *arguments):
    with pytest.raises(x12.WriteError) as caught:
        function(*arguments)
    return caught.value


def changed(**changes):
    return examples.claim(**changes)


LONG = examples.line(pointers=(1,), procedure=x12.ProcedureIdentifier(code="9" * 49))
REFUSED = {
    "records/0/CLM01": changed(claim_number=""),
    "records/0/CLM05-1": changed(place_of_service=""),
    "records/0/CLM07": changed(assignment="Q"),
    "records/0/diagnoses/0": changed(diagnoses=(x12.HealthCode(qualifier="ZZ", code="M542"),)),
    "records/0/HI": changed(diagnoses=()),
    "records/0/HI ": changed(diagnoses=(examples.diagnosis("M542"),)),
    "records/0/lines": changed(lines=()),
    "records/0/lines/0/SV101-2": changed(lines=(LONG,)),
    "records/0/lines/0/DTP": changed(lines=(examples.line(dates=()),)),
    "records/0/lines/0/SV107": changed(lines=(examples.line(pointers=()),)),
    "records/0/references/0": changed(references=(examples.ref("QQ", "1"),)),
    "records/0/parties/0": changed(parties=(x12.Party(entity="PR", kind="2", name="X"),)),
    "records/0/dates/0": changed(dates=(examples.day("472"),)),
    "records/0/REF": changed(references=(examples.ref("G1", "1"), examples.ref("G1", "2"))),
    "records/0/parties": changed(parties=(examples.rendering(), examples.rendering())),
    "records/0/parties/0/birth_date": changed(
        parties=(msgspec.structs.replace(examples.rendering(), birth_date=examples.DOS),)
    ),
    "records/0/subscriber/payer/NM101": changed(subscriber=examples.subscriber(payer=x12.Party(entity="IL", kind="2", name="X", id_qualifier="PI", id="12"))),
    "records/0/lines/0/adjudications/0/CAS": changed(
        lines=(
            examples.line(
                adjudications=(
                    x12.LineAdjudication(
                        payer_id="1" * 5, paid_cents=1, procedure=x12.ProcedureIdentifier(code="97124"), quantity=Decimal(1),
                        dates=(examples.day("573"),),
                        adjustments=tuple(examples.adjust(group, "45", 1) for group in ("CO", "PR") * 5),
                    ),
                )
            ),
        )
    ),
}  # fmt: skip


@pytest.mark.parametrize("pointer", REFUSED)
def test_a_record_that_the_guide_cannot_hold_is_refused_at_its_field(pointer):
    error = refused(examples.write_837p, REFUSED[pointer])
    assert error.pointer.startswith(pointer.strip()), (error.pointer, error.message)


@pytest.mark.parametrize("text", ["A*B", "A~B", "A:B", "A^B", "A\nB", "AÉB", "A\x00B"])
def test_characters_that_would_break_the_file_are_refused_and_not_quoted(text):
    error = refused(examples.write_837p, changed(references=(examples.ref("G1", text),)))
    assert error.pointer == "records/0/REF"
    assert text not in str(error)


@pytest.mark.parametrize("mark", ["\x1c", "\x1d", "\x1e"])
def test_no_value_can_smuggle_a_delimiter_into_the_file(mark):
    """The writer's own marks for delimiters, in a value: a code would come out as a code and a modifier."""
    procedure = x12.ProcedureIdentifier(code=f"97124{mark}GP")
    lines = (msgspec.structs.replace(examples.claim().lines[0], procedure=procedure), examples.claim().lines[1])
    assert refused(examples.write_837p, changed(lines=lines)).pointer == "records/0"
    plain = examples.envelope()
    for one, pointer in (("interchange", "interchange/sender"), ("group", "group")):
        part = msgspec.structs.replace(getattr(plain, one), sender=f"HAND{mark}BILL")
        assert refused(x12.write, msgspec.structs.replace(plain, **{one: part}), [transaction()]).pointer == pointer


ENVELOPES = {
    "interchange/date": {"date": None},
    "interchange/control_number": {"control_number": "1"},
    "interchange/sender": {"sender": ""},
    "interchange/time": {"time": "10AM"},
    "interchange/usage": {"usage": ""},
    "interchange/receiver": {"receiver": "R" * 16},
    "interchange/delimiters": {"delimiters": x12.Delimiters(element="*", component="*")},
}


@pytest.mark.parametrize("pointer", ENVELOPES)
def test_an_envelope_that_cannot_be_written_is_refused(pointer):
    envelope = examples.envelope()
    broken = msgspec.structs.replace(
        envelope, interchange=msgspec.structs.replace(envelope.interchange, **ENVELOPES[pointer])
    )
    transaction = x12.Transaction(
        type="837P", control_number="0001", header=examples.submission(), records=examples.claims()
    )
    assert refused(x12.write, broken, [transaction]).pointer == pointer


def test_delimiters_are_single_bytes():
    envelope = examples.envelope(delimiters=x12.Delimiters(element="€"))
    assert refused(x12.write, envelope, []).pointer == "interchange/delimiters"


GROUPS = {
    "group/date": {"date": None},
    "group/control_number": {"control_number": "ABC"},
    "group/sender": {"sender": "S"},
    "group/time": {"time": "1"},
    "group/functional_id": {"functional_id": "HP"},
}


@pytest.mark.parametrize("pointer", GROUPS)
def test_a_group_that_cannot_be_written_is_refused(pointer):
    envelope = examples.envelope()
    broken = msgspec.structs.replace(envelope, group=msgspec.structs.replace(envelope.group, **GROUPS[pointer]))
    transaction = x12.Transaction(
        type="837P", control_number="0001", header=examples.submission(), records=examples.claims()
    )
    assert refused(x12.write, broken, [transaction]).pointer == pointer


def transaction(**changes):
    values = {"type": "837P", "control_number": "0001", "header": examples.submission(), "records": examples.claims()}
    return x12.Transaction(**(values | changes))


TRANSACTIONS = {
    "type": [transaction(type="999X")],
    "control_number": [transaction(control_number="1")],
    "header": [transaction(header=None)],
    "records": [transaction(records=())],
    "records/0": [transaction(records=(examples.payment(),))],
    "transactions": [],
    "records/0 ": [transaction(type="TA1", control_number="", records=(examples.claim(),))],
    "header ": [transaction(header=examples.claim())],
}


@pytest.mark.parametrize("pointer", TRANSACTIONS)
def test_a_transaction_that_cannot_be_written_is_refused(pointer):
    assert refused(x12.write, examples.envelope(), TRANSACTIONS[pointer]).pointer == pointer.strip()


def test_transactions_without_a_group_are_refused():
    envelope = msgspec.structs.replace(examples.envelope(), group=None)
    assert refused(x12.write, envelope, [transaction()]).pointer == "group"


def test_transactions_of_two_kinds_are_refused():
    other = x12.Transaction(type="835", control_number="0002", header=examples.remittance(0), records=())
    assert refused(x12.write, examples.envelope(), [transaction(), other]).pointer == "type"


def test_a_999_holds_exactly_one_record():
    assert refused(x12.write, examples.envelope(), [transaction(type="999", header=None)]).pointer == "records"


def test_a_level_needs_the_levels_above_it():
    alone = x12.Transaction(
        type="277CA", control_number="0001", records=(examples.level("21", "41", "X", "46", "1"),),
        header=x12.StatusHeader(reference="1", created=examples.TODAY, created_time="1000", kind="TH"),
    )  # fmt: skip
    assert refused(x12.write, examples.envelope(), [alone]).pointer == "records/0/parents"


def test_a_missing_part_is_refused():
    claim = examples.secondary_claim()
    other = msgspec.structs.replace(claim.other_payers[0], payer=None)
    error = refused(examples.write_837p, msgspec.structs.replace(claim, other_payers=(other,)))
    assert error.pointer == "records/0/other_payers/0/payer"


def test_a_part_of_the_wrong_class_is_refused():
    claim = changed(lines=(x12.MonetaryAmount(qualifier="F5", amount_cents=1),))
    assert refused(examples.write_837p, claim).message == "has to be a ServiceLine"


def test_neighbours_share_their_levels_and_others_do_not():
    data = examples.write_837p()
    assert data.count(b"*20*1~") == 1
    assert data.count(b"*22*") == 5
    assert data.count(b"*23*0~") == 1
    apart = examples.write_837p(examples.claim(), examples.accident_claim(), examples.claim(claim_number="K8"))
    assert apart.count(b"*22*") == 3


def test_rare_segments_are_kept_and_written_where_they_belong():
    line = examples.line(
        others=(
            x12.Segment(id="K3", elements=("STATE DATA",)),
            x12.Segment(id="PS1", elements=("PS77", "12.5")),
            x12.Segment(id="LIN", elements=("", "N4", "01234567891")),
            x12.Segment(id="CTP", elements=("", "", "", "2", "UN")),
            x12.Segment(id="REF", elements=("XZ", "123")),
            x12.Segment(id="LQ", elements=("UT", "01.02")),
            x12.Segment(id="FRM", elements=("1A", "", "J0234")),
            x12.Segment(id="FRM", elements=("1B", "", "500")),
        ),
        quantities=(x12.Quantity(qualifier="PT", quantity=Decimal(2)),),
        attachments=(x12.Paperwork(report="OZ", transmission="EL", control_number="A1"),),
        notes=(x12.ClaimNote(kind="ADD", text="LEFT SHOULDER"),),
        amounts=(x12.MonetaryAmount(qualifier="T", amount_cents=125),),
        emergency="Y",
    )
    claim = examples.claim(
        charge_cents=12000, lines=(line,),
        others=(x12.Segment(id="CN1", elements=("02", "100")), x12.Segment(id="CRC", elements=("75", "Y", "IH"))),
        conditions=(x12.HealthCode(qualifier="BG", code="17"),),
        anesthesia_procedures=(x12.HealthCode(qualifier="BP", code="33414"),),
        amounts=(x12.MonetaryAmount(qualifier="F5", amount_cents=2500),), notes=(x12.ClaimNote(kind="ADD", text="NOTE"),),
    )  # fmt: skip
    data = examples.write_837p(claim)
    file = x12.read_all(data, strict=True)
    assert file.findings == ()
    assert file.transactions[0].records == (claim,)


def test_a_provider_with_everything_is_read_back_the_same():
    place = examples.address(line1="PO BOX 1")
    provider = examples.provider(
        currency="USD", currency_entity="85",
        pay_to=x12.Party(entity="87", kind="2", **place),
        pay_to_plan=x12.Party(
            entity="PE", kind="2", name="PLAN", id_qualifier="PI", id="12", references=(examples.ref("EI", "123456789"),), **place
        ),
    )  # fmt: skip
    patient = msgspec.structs.replace(
        examples.patient(), death_date=datetime.date(2026, 3, 1), weight_pounds=Decimal("150.5"), pregnant="Y"
    )
    claim = examples.claim(billing_provider=provider, subscriber=examples.subscriber(relationship=""), patient=patient)
    assert x12.read_all(examples.write_837p(claim)).transactions[0].records == (claim,)


def test_a_remittance_with_everything_is_read_back_the_same():
    account = x12.BankAccount(bank_qualifier="01", bank="999999992", account_qualifier="DA", account="123456")
    header = examples.remittance(
        6500, method="ACH", format="CCP", sender=account, receiver=account, originating_company="1512345678",
        originating_supplement="999999999", currency=x12.Segment(id="CUR", elements=("PR", "USD")),
        references=(examples.ref("EV", "HB"), examples.ref("F2", "1.0")),
        remittance_delivery=x12.Segment(id="RDM", elements=("EM", "ADA", "A@B.ORG")),
    )  # fmt: skip
    claim = examples.payment(
        group=x12.ClaimGroup(number=1, others=(x12.Segment(id="TS3", elements=("1234567893", "11", "20261231", "1", "200")),)),
        drg="123", drg_weight=Decimal("1.5"), discharge_fraction=Decimal("0.5"), contacts=(
            x12.Contact(function="CX", name="HELP", numbers=(x12.ContactNumber(qualifier="TE", value="8005550101"),)),
        ),
        amounts=(x12.MonetaryAmount(qualifier="I", amount_cents=-6),), quantities=(x12.Quantity(qualifier="CA", quantity=Decimal("4")),),
        services=(examples.payment().services[0], examples.service(
            "97140", 8000, 0, (examples.adjust("CO", "97", 8000, Decimal(2)),), submitted=x12.ProcedureIdentifier(code="97110"),
            submitted_quantity=Decimal(2), revenue_code="0420",
        )),
    )  # fmt: skip
    records = (claim, examples.take_back(-1500))
    data = x12.write(
        examples.envelope(), [x12.Transaction(type="835", control_number="0001", header=header, records=records)]
    )
    (transaction,) = x12.read_all(data).transactions
    assert transaction.header == header
    assert transaction.records == records


def test_a_claim_payment_without_a_group_goes_into_the_first():
    data = examples.write_835(examples.payment(group=None))
    assert b"~LX*1~CLP*" in data


def test_seven_adjustments_of_a_group_need_two_segments():
    seven = tuple(examples.adjust("CO", str(number), 1000) for number in range(1, 8))
    claim = examples.payment(
        services=(examples.service(adjustments=seven, paid=5000),), charge_cents=12000, paid_cents=5000
    )
    data = examples.write_835(claim)
    assert data.count(b"~CAS*CO*") == 2
    assert x12.read_all(data).transactions[0].records[0].services[0].adjustments == seven


def test_pieces_are_the_file():
    pieces = list(x12.write_pieces(examples.envelope(), [transaction(), transaction(control_number="0002")]))
    assert len(pieces) == 3
    assert x12.check(b"".join(pieces), strict=False).transactions[1].control_number == "0002"


def test_ta1_is_written_behind_the_isa_and_read_back():
    data = examples.write_ta1("R", "018")
    assert data.split(b"~")[1] == b"TA1*000000101*260302*1015*R*018"
    (transaction_,) = x12.read_all(data).transactions
    assert transaction_.opened.type == "TA1"
    assert transaction_.records[0].note == "018"
