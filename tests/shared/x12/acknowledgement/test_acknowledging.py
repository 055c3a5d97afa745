"""Answers to a file: TA1, 999 and 277CA from findings, and read back to the claim."""

import pytest

from shared import x12
from tests.shared.x12 import examples


def broken(old, new):
    return examples.write_837p().replace(old.encode(), new.encode(), 1)


def test_a_good_file_is_accepted():
    answer = x12.acknowledge(examples.write_837p(), strict=True)
    assert answer.ok
    (interchange,) = answer.interchanges
    assert (interchange.control_number, interchange.code, interchange.note) == ("000000101", "A", "000")
    (group,) = answer.groups
    assert (group.functional_id, group.group_control_number, group.result) == ("HC", "101", "A")
    assert (group.included, group.received, group.accepted) == (1, 1, 1)
    assert group.transactions[0].version == "005010X222A1"


def test_an_error_of_an_element_is_told_with_its_claim_segment_and_element():
    data = broken("CLM*K7Q2N0*200***11:B:1*Y*A", "CLM*K7Q2N0*200***11:B:1*Y*Q")
    written = examples.write_999(data)
    (record,) = x12.read_all(written).transactions[0].records
    (answer,) = record.transactions
    assert (answer.result, answer.reasons, record.result, record.accepted) == ("R", ("5",), "R", 0)
    (segment,) = answer.errors
    assert (segment.segment, segment.position, segment.loop, segment.code) == ("CLM", 32, "2300", "8")
    assert segment.contexts == (x12.Context(name="CLM01", value="K7Q2N0"),)
    (element,) = segment.elements
    assert (element.element, element.component, element.code) == (7, None, "7")
    assert written == examples.write_999(data)


def test_a_component_is_told_by_its_number():
    (segment,) = x12.acknowledge(broken("11:B:1*Y*A", "11:X:1*Y*A")).groups[0].transactions[0].errors
    assert (segment.elements[0].element, segment.elements[0].component) == (5, 2)


def test_too_many_components_are_told_as_such_and_not_as_too_many_elements():
    changed = broken("HC:97124:GP*", "HC:97124:GP:59:XS:XU:::C*")
    errors = x12.acknowledge(changed).groups[0].transactions[0].errors
    assert (1, 9, "13") in [(one.element, one.component, one.code) for error in errors for one in error.elements]


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [("SE*162", "SE*161", "4"), ("SE*162*0001", "SE*162*0002", "3"), ("HI*ABK:M542*ABF:M546~", "", "5")],
)
def test_an_error_of_the_transaction_is_told_in_the_ik5(old, new, code):
    assert code in x12.acknowledge(broken(old, new)).groups[0].transactions[0].reasons


def test_a_missing_segment_is_told_with_its_loop():
    errors = x12.acknowledge(broken("HI*ABK:M542*ABF:M546~", "")).groups[0].transactions[0].errors
    assert ("HI", "2300", "3") in [(one.segment, one.loop, one.code) for one in errors]


def test_an_error_of_the_group_is_told_in_the_ak9():
    (group,) = x12.acknowledge(broken("GE*1*", "GE*2*")).groups
    assert (group.result, group.reasons, group.accepted) == ("R", ("5",), 0)
    (group,) = x12.acknowledge(broken("GS*HC", "GS*HP")).groups
    assert group.reasons == ("1",)


def test_an_error_of_the_envelope_is_told_in_the_ta1():
    (interchange,) = x12.acknowledge(broken("IEA*1*000000101", "IEA*1*000000102")).interchanges
    assert (interchange.code, interchange.note) == ("R", "001")
    (interchange,) = x12.acknowledge(broken("*260302*1015*^", "*260302*2515*^")).interchanges
    assert interchange.note == "015"


def test_some_good_transactions_make_a_partly_accepted_group():
    one = x12.Transaction(type="837P", control_number="0001", header=examples.submission(), records=(examples.claim(),))
    two = x12.Transaction(
        type="837P", control_number="0002", header=examples.submission(), records=(examples.claim(claim_number="K8"),)
    )
    data = x12.write(examples.envelope(), [one, two]).replace(b"CLM*K8*200***11:B:1", b"CLM*K8*200***11:B:X1")
    (group,) = x12.acknowledge(data).groups
    assert (group.result, group.received, group.accepted) == ("P", 2, 1)
    assert [one.result for one in group.transactions] == ["A", "R"]
    answers = x12.acknowledge(data).transactions(first_number=7)
    assert [one.control_number for one in answers] == ["0007"]


def test_what_only_a_277ca_can_say_does_not_stand_in_the_999():
    data = broken("CLM*K7Q2M9*200", "CLM*K7Q2M9*201")
    assert x12.acknowledge(data).ok


def test_a_999_is_not_answered_by_a_999():
    assert x12.acknowledge(examples.write_999(examples.write_837p())).groups == ()


def test_what_is_no_x12_is_not_answered():
    assert x12.acknowledge(b"hello") == x12.FileAcknowledgement(interchanges=(), groups=())


def answers(data):
    return x12.acknowledge_claims(
        data, clearinghouse=examples.payer(), reference="R0001", created=examples.TODAY, created_time="1100"
    )


def test_accepted_and_refused_claims_are_told_one_by_one():
    data = broken("CLM*K7Q2N0*200", "CLM*K7Q2N0*205").replace(b"ABK:M542*ABF:M546~NM1*DN", b"ABK:M54.2*ABF:M546~NM1*DN")
    (answer,) = answers(data)
    assert answer.rejected == ("K7Q2N0", "ACC001")
    assert len(answer.accepted) == 5
    written = x12.write(
        examples.envelope(),
        [x12.Transaction(type="277CA", control_number="0001", header=answer.header, records=answer.records)],
    )
    read = x12.read_all(written, strict=True)
    assert read.findings == ()
    records = read.transactions[0].records
    claims = {one.claim_number: one for one in records if isinstance(one, x12.ClaimStatus)}
    assert claims["K7Q2M9"].statuses[0].category == "A2"
    assert claims["K7Q2M9"].statuses[0].action == "WQ"
    assert [(one.category, one.code) for one in claims["K7Q2N0"].statuses[0].codes] == [("A7", "178")]
    assert [(one.category, one.code) for one in claims["ACC001"].statuses[0].codes] == [("A7", "254")]
    assert claims["K7Q2N0"].statuses[0].action == "U"
    receiver = next(one for one in records if isinstance(one, x12.LevelStatus) and one.level == "21")
    assert [(one.qualifier, one.quantity) for one in receiver.quantities] == [("90", 5), ("AA", 2)]
    assert [(one.qualifier, one.amount_cents) for one in receiver.amounts] == [("YU", 100000), ("YY", 40500)]
    assert [one.level for one in receiver.parents] == ["20"]


def test_a_claim_refused_by_syntax_is_told_as_invalid():
    (answer,) = answers(broken("CLM*K7Q2N0*200***11:B:1*Y*A", "CLM*K7Q2N0*200***11:B:1*Y*Q"))
    status = next(one for one in answer.records if one.claim_number == "K7Q2N0")
    assert [(one.category, one.code) for one in status.statuses[0].codes] == [("A7", "21")]


def test_a_claim_spoilt_by_its_subscriber_is_refused_although_it_has_no_finding():
    (answer,) = answers(broken("NM1*IL*1*ALDER*JUNE", "NM1*IL*9*ALDER*JUNE"))
    assert answer.rejected == ("K7Q2M9", "K7Q2N0")


def test_only_an_837p_is_answered_with_a_277ca():
    assert answers(examples.write_835()) == ()


def test_a_provider_without_npi_is_told_by_tax_id_and_a_clearinghouse_number_comes_back():
    party = examples.msgspec_replace(examples.provider().party, id_qualifier="", id="")
    claim = examples.claim(
        billing_provider=examples.provider(party=party), references=(examples.ref("D9", "CH77"),),
        lines=(examples.line(cents=20000, dates=(examples.day("472", examples.DOS, examples.TODAY),)),),
    )  # fmt: skip
    (answer,) = answers(examples.write_837p(claim))
    (status,) = answer.records
    assert (status.provider.party.id_qualifier, status.provider.party.id) == ("FI", "912345678")
    assert status.references == (examples.ref("D9", "CH77"),)


def test_an_element_whose_number_has_three_digits_is_told_by_its_segment_alone():
    data = examples.write_837p().replace(b"LX*1~", b"LX*1" + b"*1" * 120 + b"~", 1)
    (segment,) = x12.acknowledge(data).groups[0].transactions[0].errors
    assert (segment.segment, segment.code) == ("LX", "8")
    assert {one.element for one in segment.elements} == set(range(2, 100))


@pytest.mark.parametrize(("acknowledger", "accepting"), [("AY", "40"), ("PR", "PR")])
def test_who_acknowledges_accepts_at_its_own_level_and_gives_the_numbers_back(acknowledger, accepting):
    claim = examples.claim()
    verdict = x12.ClaimVerdict(claim=claim, clearinghouse_number="CH1", payer_number="P1")
    (status,) = x12.claim_statuses(
        [verdict],
        submission=x12.read_all(examples.write_837p()).transactions[0].header,
        acknowledger=x12.Party(entity=acknowledger, kind="2", name="CLEARING", id_qualifier="46", id="CH01"),
        trace="T1",
        received=examples.DOS,
        created=examples.TODAY,
    )
    levels = (status.receiver.statuses[0], status.provider.statuses[0], status.statuses[0])
    assert [(one.category, one.codes[0].entity, one.action) for one in levels] == [
        ("A1", acknowledger, "WQ"),
        ("A1", accepting, "WQ"),
        ("A2", accepting, "WQ"),
    ]
    assert status.references == (examples.ref("1K", "P1"), examples.ref("D9", "CH1"))
    assert [(one.qualifier, one.start) for one in status.source.dates] == [
        ("050", examples.DOS),
        ("009", examples.TODAY),
    ]
