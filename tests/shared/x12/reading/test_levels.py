"""A level that is damaged, or missing, gives its records to nobody else; those before and after it are delivered."""

import pytest

from shared import x12
from shared.x12.reading.level_recovery import SEGMENTS_PER_EVENT
from tests.shared.x12 import examples
from tests.shared.x12.fuzz.owners import CROWDS, owner

CLAIMS = CROWDS["837P"]


def delivered(data):
    """Mark of each record that is ok, and (code, segment, element) of every finding."""
    marks, findings = [], []
    for event in x12.read(data, strict=True):
        if isinstance(event, x12.Record) and event.ok and owner(event.record):
            marks.append(int(owner(event.record)[0][-2:]))
        if not isinstance(event, x12.Opened):
            findings += [(one.code, one.segment, one.element) for one in event.findings if one.code != "se_count"]
    return marks, findings


def all_but(*left_out):
    return [number for number in range(1, 16) if number not in left_out]


@pytest.mark.parametrize(
    ("old", "new", "lost", "finding"),
    [
        # The subscriber of records 4 and 5 is HL 6 under HL 1; that of records 2 and 3 is HL 3, its dependents 4 and 5.
        (b"HL*6*1*22*0", b"HL*6*1*99*0", (4, 5), ("element_code", "HL", 3)),
        (b"HL*6*1*22*0", b"HL*6*1*20*0", (4, 5), ("element_code", "HL", 3)),
        (b"HL*6*1*22*0", b"HL*6*1**0", (4, 5), ("element_missing", "HL", 3)),
        (b"HL*6*1*22*0", b"HL*6*77*99*0", (4, 5), ("level_lost", "HL", 0)),
        (b"HL*6*1*22*0", b"HL*6*77*22*0", (4, 5), ("hl_parent", "HL", 2)),
        (b"HL*6*1*22*0", b"HL*6**22*0", (4, 5), ("hl_parent", "HL", 2)),
        (b"HL*6*1*22*0", b"HL*6*1*23*0", (4, 5), ("hl_parent", "HL", 2)),
        (b"HL*6*1*22*0", b"HL*66*1*22*0", (4, 5), ("hl_number", "HL", 1)),
        (b"HL*6*1*22*0~", b"", (4, 5), ("level_lost", "SBR", 0)),
        (b"HL*5*3*23*0~", b"", (3,), ("level_lost", "PAT", 0)),
        (b"HL*5*3*23*0", b"HL*5*1*23*0", (3,), ("hl_parent", "HL", 2)),
        (b"HL*5*3*23*0", b"HL*5*3*22*0", (3,), ("hl_parent", "HL", 2)),
        (b"HL*3*1*22*1", b"HL*3*7*22*1", (2, 3), ("hl_parent", "HL", 2)),
        (b"HL*7**20*1", b"HL*7**99*1", (6, 7, 8, 9, 10), ("element_code", "HL", 3)),
        (b"HL*7**20*1~", b"", (6, 7, 8, 9, 10), ("level_lost", "PRV", 0)),
    ],
)
def test_a_damaged_level_costs_its_own_records_and_gives_one_finding(old, new, lost, finding):
    assert CLAIMS.count(old) == 1
    assert delivered(CLAIMS.replace(old, new)) == (all_but(*lost), [finding])


def test_a_claim_under_a_damaged_level_is_never_that_of_the_level_before():
    changed = CLAIMS.replace(b"HL*6*1*22*0", b"HL*6*1*99*0")
    records = [one for one in x12.read(changed) if isinstance(one, x12.Record)]
    (before, damaged) = (one for one in records if owner(one.record) and owner(one.record)[0] in ("MARK03", "MARK04"))
    assert (before.ok, before.findings) == (True, ())
    assert not damaged.ok
    assert [one.code for one in damaged.findings] == ["element_code"]
    assert damaged.record.subscriber.party.name == "CEDAR"


def test_what_cannot_be_given_to_anybody_is_kept_segment_by_segment():
    changed = CLAIMS.replace(b"HL*6*1*22*0~", b"")
    lost = [one for one in x12.read(changed) if isinstance(one, x12.Record) and one.unknown]
    assert [(one.record, one.ok) for one in lost] == [(None, False)] * 3
    heads = [one.unknown[0].segment.elements[0] for one in lost]
    assert heads == ["P", "MARK04", "MARK05"]
    kept = sum(len(one.unknown) for one in lost)
    assert kept == len(CLAIMS.split(b"HL*6")[1].split(b"HL*7")[0].split(b"~")) - 2


@pytest.mark.parametrize("stray", [b"NM1*82*1*OAKES*WREN~", b"NM1*8Z*1*OAKES*WREN~", b"PAT*19~"])
def test_a_name_in_the_middle_of_a_claim_puts_the_next_claims_of_the_level_in_doubt(stray):
    """Records 4 and 5 are of one subscriber. What stands after the HI of record 4 may be another's."""
    at = CLAIMS.index(b"LX*1", CLAIMS.index(b"CLM*MARK04"))
    changed = CLAIMS[:at] + stray + CLAIMS[at:]
    marks, findings = delivered(changed)
    if stray.startswith(b"NM1*82"):
        assert (marks, findings) == (all_but(4), [("loop_repeated", "NM1", 0)])
        return
    assert marks == all_but(4, 5)
    assert findings == [("segment_unexpected", stray[:3].decode(), 0), ("owner_unknown", "CLM", 0)]


def test_a_second_subscriber_in_one_level_spoils_it():
    name = b"NM1*IL*1*CEDAR*JUNE****MI*W100200300~"
    marks, findings = delivered(CLAIMS.replace(name, name.replace(b"CEDAR", b"OTHER") + name))
    assert (marks, findings) == (all_but(4, 5), [("loop_repeated", "NM1", 0)])


@pytest.mark.parametrize(
    ("type_", "old", "lost"),
    [
        ("277CA", b"HL*7*3*PT~", (4, 5)),
        ("277", b"HL*8*3*22*0~", (4, 5)),
        ("271", b"HL*4*2*22*1~", (2, 3)),
        ("278", b"HL*13*2*22*1~", (4, 5)),
    ],
)
def test_a_level_without_its_hl_costs_its_own_records_in_every_transaction(type_, old, lost):
    data = CROWDS[type_]
    assert data.count(old) == 1, [one for one in data.split(b"~") if one.startswith(b"HL")]
    marks, findings = delivered(data.replace(old, b""))
    assert set(marks).isdisjoint(lost)
    assert findings


def test_a_lost_level_of_any_length_is_handed_over_in_parts():
    line = b"LX*1~SV1*HC:97124:GP*120*UN*4***1~DTP*472*D8*20260224~REF*6R*L1~"
    at = CLAIMS.index(b"LX*1", CLAIMS.index(b"CLM*MARK04"))
    data = (CLAIMS[:at] + line * SEGMENTS_PER_EVENT + CLAIMS[at:]).replace(b"HL*6*1*22*0~", b"")
    sizes = [len(one.unknown) for one in x12.read(data) if isinstance(one, x12.Record)]
    assert max(sizes) == SEGMENTS_PER_EVENT
    assert sum(sizes) > 4 * SEGMENTS_PER_EVENT


def test_an_hl_in_a_transaction_without_levels_is_a_segment_that_nobody_knows():
    report = x12.check(examples.write_835().replace(b"CLP*K7Q2N0", b"HL*1**20*1~CLP*K7Q2N0", 1))
    assert "segment_unknown" in [one.code for one in report.findings]
    assert report.transactions[0].claims == 3


def test_levels_numbered_from_another_number_are_reported_once():
    data = examples.write_276().replace(b"HL*1**20", b"HL*9**20").replace(b"HL*2*1*21", b"HL*2*9*21")
    assert [one.code for one in x12.check(data).findings] == ["hl_number"]
