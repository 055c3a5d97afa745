"""The parts of a message: together they are the whole, and none has a byte of another's."""

import re
import sys
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.claims.domain.message_parts import UnitKind, View, outline_of, write_part
from services.claims.domain.message_parts.x12_text import cents
from shared import x12
from tests.services.claims.factories import NPI, OTHER_NPI
from tests.services.claims.fake_clearinghouse import (
    acks_999,
    cas,
    claim_payment,
    claim_status,
    remittance,
    reversal_of,
    service,
    status_277ca,
    ta1,
    x12_replace,
)

OWNERS = ("ANN", "BEA", "CAT")
ACCOUNT = "HANDBILL"


def named_after(owner, place):
    """A claim number that says whose it is."""
    return f"K{owner}{place:04d}"


def payment(owner, place, cents=5_000, group=1):
    """A claim payment in which everything that names somebody has the owner's name in it."""
    number = named_after(owner, place)
    line = service(number, 1, "97124", 10_000, cents, cas("CO", "45", 10_000 - cents))
    made = claim_payment(number, line, payer_claim_number=f"ICN{owner}{place}", group=group)
    patient = x12_replace(made.parties[0], name=f"PATIENTOF{owner}", id=f"MEMBER{owner}{place}")
    return x12_replace(made, parties=(patient,))


def status(owner, place, npi=NPI, category="A2"):
    made = claim_status(named_after(owner, place), category)
    return x12_replace(
        made,
        subscriber=x12_replace(made.subscriber, name=f"PATIENTOF{owner}", id=f"MEMBER{owner}{place}"),
        provider=x12_replace(made.provider, party=x12_replace(made.provider.party, name=f"CLINIC{npi}", id=npi)),
    )


def part_of(outline, owner, *, shows=()):
    """The part of whom the claim numbers name; provider units are those of whom `shows` their NPI."""

    def mine(unit):
        return f"K{owner}" in unit.claim_number if unit.kind is UnitKind.CLAIM else unit.npi in shows

    return write_part(outline, View(mine, lambda npi: npi in shows, ACCOUNT))


def errors(content):
    found = x12.read_all(content.encode(), strict=True).findings
    return [one.code for one in found if one.severity is x12.Severity.ERROR]


def claim_segments(content, first="CLP"):
    """The claim payments of an 835, each as the text of its segments."""
    return re.findall(rf"(?<=~){first}\*.*?(?=~(?:CLP|LX|PLB|SE)\*)", content)


amounts = st.integers(0, 10_000)
groups = st.lists(st.lists(st.tuples(st.sampled_from(OWNERS), amounts), min_size=1, max_size=4), min_size=1, max_size=4)


@settings(max_examples=60, deadline=None)
@given(groups=groups, provider=st.lists(st.integers(-5_000, 5_000).filter(bool), max_size=2), gap=st.integers(-3, 3))
def test_the_parts_of_a_remittance_are_the_whole_and_none_has_anything_of_another(groups, provider, gap):
    placed = [(owner, cents, group) for group, one in enumerate(groups, 1) for owner, cents in one]
    payments = [payment(owner, at, cents, group) for at, (owner, cents, group) in enumerate(placed)]
    total = sum(one.paid_cents for one in payments) - sum(provider) + gap
    if total < 0:
        return
    whole = remittance(*payments, provider=[("WO", cents) for cents in provider], total_cents=total)
    outline = outline_of(whole)
    owners = sorted({owner for owner, _cents, _group in placed})
    parts = {owner: part_of(outline, owner, shows=(NPI,) if owner == "ANN" else ()) for owner in owners}
    kept = sorted(one for part in parts.values() for one in claim_segments(part.content))
    assert kept == sorted(claim_segments(whole)), "every claim payment is in one part, byte for byte"
    for owner, part in parts.items():
        others = [one for one in OWNERS if one != owner]
        assert [one for one in others if one in part.content] == []
        assert ("PLB*" + NPI in part.content) == (owner == "ANN" and bool(provider))
        assert (NPI in part.content, "SALAL" in part.content, "914408127" in part.content) == (owner == "ANN",) * 3
        assert part.claims == len(claim_segments(part.content))
        # By the very cents by which the whole is out of balance.
        assert errors(part.content) == (["remittance_balance"] if gap else [])


@pytest.mark.parametrize("gap", [0, 1, -250])
def test_a_part_is_out_of_balance_by_the_cents_by_which_the_whole_is(gap):
    payments = [payment("ANN", 1, 5_000), payment("BEA", 2, 7_000)]
    part = part_of(outline_of(remittance(*payments, total_cents=12_000 + gap)), "BEA")
    (read,) = x12.read_all(part.content.encode()).transactions
    assert read.header.payment_cents - 7_000 == gap
    assert errors(part.content) == (["remittance_balance"] if gap else [])


def test_a_remittance_of_one_owner_who_may_see_the_payee_is_left_as_it_is_byte_for_byte():
    whole = remittance(payment("ANN", 1), payment("ANN", 2), provider=[("WO", 100)]).replace("~", "~\r\n")
    part = part_of(outline_of(whole), "ANN", shows=(NPI,))
    assert (part.content, part.shared, part.hidden, part.claims, part.paid_cents) == (whole, False, False, 2, None)


def test_the_part_of_whom_the_payee_is_not_confirmed_has_this_header():
    whole = remittance(payment("ANN", 1), payment("BEA", 2, 7_000))
    whole = whole.replace("BPR*I*120*C*CHK************", "BPR*C*120*C*ACH*CCP*01*PAYERBANK*DA*PAYERACC*1512345678**01*")
    whole = whole.replace("*01*20260304~", "*01*ANNSBANK*DA*ANNSACCOUNT*20260304~").replace(
        "*00*          *ZZ", "*01*SECRETWORD*ZZ"
    )
    part = part_of(outline_of(whole), "BEA")
    head = part.content[: part.content.index("CLP*")].split("~")
    assert head == [
        "ISA*00*          *01*          *ZZ*CLEARING       *ZZ*HANDBILL       *260304*0900*^*00501*000000001*0*T*:",
        "GS*HP*CLEARING*HANDBILL*20260304*0900*1*X*005010X221A1",
        "ST*835*0001",
        "BPR*I*70*C*CHK************20260304",
        "TRN*1*EFT0001*1512345678",
        "DTM*405*20260304",
        "N1*PR*CASCADE MUTUAL HEALTH",
        "N3*PO BOX 1",
        "N4*SEATTLE*WA*98101",
        "PER*BL*EDI*TE*2065550100",
        "N1*PE*NOT SHOWN*FI*000000000",
        "LX*1",
        "",
    ]
    assert (errors(part.content), part.shared, part.hidden, part.paid_cents) == ([], True, True, 7_000)


def test_a_part_that_takes_back_more_than_it_pays_carries_the_rest_forward_and_balances():
    taken_back = reversal_of(payment("BEA", 2, 7_000))
    part = part_of(outline_of(remittance(payment("ANN", 1, 9_000), taken_back)), "BEA")
    assert "PLB*000000000*20261231*FB:PART*-70~" in part.content
    assert (errors(part.content), part.paid_cents) == ([], -7_000)


def test_totals_of_a_group_are_in_a_part_only_where_the_whole_group_is_its_own():
    totals = "TS3*1487302659*11*20261231*2*200"
    payments = [payment("ANN", 1), payment("ANN", 2), payment("BEA", 3, group=2), payment("ANN", 4, group=2)]
    whole = remittance(*payments)
    for group in (1, 2):
        whole = whole.replace(f"LX*{group}~", f"LX*{group}~{totals}{group}~")
    parts = [part_of(outline_of(whole), "ANN", shows=(NPI,)).content, part_of(outline_of(whole), "BEA").content]
    assert [re.findall(r"TS3[^~]*", one) for one in parts] == [[totals + "1"], []]


def test_a_part_of_many_groups_asks_of_each_unit_whose_it_is_a_few_times():
    asked = 0

    def mine(unit):
        nonlocal asked
        asked += 1
        return "KANN" in unit.claim_number

    payments = [payment("ANN" if place % 2 else "BEA", place, group=place) for place in range(1, 201)]
    part = write_part(outline_of(remittance(*payments)), View(mine, lambda _npi: True, ACCOUNT))
    assert (part.claims, part.content.count("LX*")) == (100, 100)
    assert asked <= 10 * len(payments)


@pytest.mark.parametrize("paid", ["1E999999", "-1E999999", "1E9999999999", "NaN", "Infinity", "1_0", "", "-", "."])
def test_an_amount_that_is_none_is_not_worked_out(paid):
    assert cents(paid.encode()) is None
    whole = remittance(payment("ANN", 1), payment("BEA", 2)).replace("KANN0001*1*100*50*", f"KANN0001*1*100*{paid}*")
    parts = [part_of(outline_of(whole), owner).paid_cents for owner in ("ANN", "BEA")]
    assert parts == [0, 5_000]


def test_an_amount_is_read_to_the_cent():
    amounts = (b"50", b"-50.5", b".05", b"50.", b"0050.10", b"1.239")
    assert [cents(one) for one in amounts] == [5_000, -5_050, 5, 5_000, 5_010, 123]


def test_a_receiver_and_a_group_receiver_of_another_are_written_as_the_account():
    whole = remittance(payment("ANN", 1), payment("BEA", 2))
    whole = whole.replace("*ZZ*HANDBILL       *", "*ZZ*ANNSTAXID      *").replace(
        "CLEARING*HANDBILL*2026", "CLEARING*ANNSTAXID*2026"
    )
    part = part_of(outline_of(whole), "BEA")
    assert "ANNSTAXID" not in part.content
    assert part.content.count("*HANDBILL") == 2


rows = st.lists(st.tuples(st.sampled_from(OWNERS), st.sampled_from((NPI, OTHER_NPI))), min_size=1, max_size=6)


@settings(max_examples=60, deadline=None)
@given(rows=rows)
def test_the_parts_of_a_277ca_are_the_whole_and_none_has_anything_of_another(rows):
    whole = status_277ca(*(status(owner, at, npi) for at, (owner, npi) in enumerate(rows)))
    outline = outline_of(whole)
    parts = {owner: part_of(outline, owner) for owner, _npi in rows}
    found = r"(?<=~)TRN\*2\*K.*?(?=~(?:HL|SE)\*)"
    kept = sorted(one for part in parts.values() for one in re.findall(found, part.content))
    assert kept == sorted(re.findall(found, whole)), "every status is in one part, byte for byte"
    for owner, part in parts.items():
        assert [one for one in OWNERS if one != owner and one in part.content] == []
        assert [one for one in (NPI, OTHER_NPI) if one in part.content] == []
        assert (errors(part.content), part.hidden, part.shared) == ([], True, len(parts) > 1)
        read = x12.read_all(part.content.encode(), strict=True)
        claims = [one for one in read.transactions[0].records if isinstance(one, x12.ClaimStatus)]
        assert [one.claim_number for one in claims] == [
            named_after(owner, at) for at, (whose, _npi) in enumerate(rows) if whose == owner
        ]


def test_a_level_that_is_rejected_is_its_providers_and_the_claims_below_stay_their_owners():
    whole = status_277ca(status("ANN", 1)).replace("TRN*1*0~HL*4", "TRN*1*0~STC*A7:562:85*20260304*U*182~HL*4")
    outline = outline_of(whole)
    assert [(unit.kind, unit.npi) for unit in outline.units] == [(UnitKind.CLAIM, NPI), (UnitKind.PROVIDER, NPI)]
    claims = part_of(outline, "ANN").content
    level = part_of(outline, "NOBODY", shows=(NPI,)).content
    assert ("A7:562" in claims, "KANN" in claims) == (False, True)
    assert ("A7:562" in level, "KANN" in level) == (True, False)
    assert "HL*1**20*1~" in level
    assert "HL*3*2*19*0~" in level


def levels_of_two(providers):
    """A 277CA of as many providers, of whom two organizations have every other one."""
    one = status_277ca(status("ANN", 0))
    begin, level, end = re.fullmatch(r"(.*?)(HL\*3\*.*?~)(SE\*.*)", one).groups()
    levels = "".join(level.replace("ANN", "BEA" if place % 2 else "ANN") for place in range(providers))
    return outline_of(begin + levels + end)


def calls(run):
    """How many functions are called, as a measure of work that does not depend on the machine."""
    counted = 0

    def count(_frame, event, _argument):
        nonlocal counted
        counted += event == "call"

    sys.setprofile(count)
    try:
        run()
    finally:
        sys.setprofile(None)
    return counted


def test_a_part_of_many_levels_takes_no_longer_for_each_of_them():
    few, many = levels_of_two(200), levels_of_two(800)
    part = part_of(many, "ANN")
    assert (part.claims, part.content.count("NM1*85*"), "BEA" in part.content) == (400, 400, False)
    assert calls(lambda: part_of(many, "ANN")) < 5 * calls(lambda: part_of(few, "ANN"))


def test_acknowledgements_are_parted_by_the_file_that_each_answers():
    whole = acks_999(("000000001", "A"), ("000000002", "R"))
    outline = outline_of(whole)
    assert [unit.interchange for unit in outline.units] == ["000000001", "000000002"]
    part = write_part(outline, View(lambda unit: unit.interchange == "000000002", lambda _npi: False, ACCOUNT))
    assert ("AK1*HC*2" in part.content, "AK1*HC*1*" in part.content, errors(part.content)) == (True, False, [])
    both = ta1("000000001").replace("~IEA", "~TA1*000000002*260304*0900*R*020~IEA")
    outline = outline_of(both)
    part = write_part(outline, View(lambda unit: unit.interchange == "000000002", lambda _npi: False, ACCOUNT))
    assert re.findall(r"TA1\*[^~]*", part.content) == ["TA1*000000002*260304*0900*R*020"]


def test_a_file_that_was_cut_off_does_not_look_whole_in_any_part():
    whole = remittance(payment("ANN", 1), payment("BEA", 2))
    cut = whole[: whole.index("SE*")]
    assert "SE*" not in part_of(outline_of(cut), "BEA").content
    fewer = re.sub(r"SE\*(\d+)\*", lambda found: f"SE*{int(found[1]) + 3}*", whole)
    assert errors(part_of(outline_of(fewer), "BEA").content) == ["se_count"]


@pytest.mark.parametrize(
    "content",
    [
        "",
        "no X12 at all",
        ta1("000000001").replace("TA1*000000001*260304*0900*A*000~", ""),
        remittance(payment("ANN", 1)).replace("~GE*", "~CLP*KANN0002*1*1*1~GE*"),
        remittance(payment("ANN", 1)) + "CLP*KANN0002*1*1*1~",
        remittance(payment("ANN", 1)).replace("GS*HP", "XX*HP"),
    ],
)
def test_a_message_whose_frame_cannot_be_followed_has_no_outline(content):
    assert outline_of(content) is None


def test_a_payee_without_an_npi_is_shown_to_nobody():
    whole = remittance(payment("ANN", 1)).replace(f"*XX*{NPI}", "*FI*914408127")
    part = part_of(outline_of(whole), "ANN", shows=(NPI,))
    assert (part.hidden, "914408127" in part.content, "SALAL" in part.content) == (True, False, False)
    assert date(2026, 3, 4).strftime("%Y%m%d") in part.content
