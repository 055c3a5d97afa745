"""The commands as functions: lines of output and exit codes, for people and for programs."""

# Records and mistakes are laid out as tables, made to be read across.
# ruff: noqa: E501

import json

import msgspec
import pytest

from shared import x12
from shared.codesets import bundled
from shared.x12 import commands
from shared.x12.record_round_trip import lost_in_writing
from tests.shared.x12 import examples

GOOD = examples.write_835()
WARNED = GOOD.replace(b"XX*1497758544", b"XX*1497758543", 1)
BAD = GOOD.replace(b"BPR*I*65", b"BPR*I*66")
NONE = b"this is a letter, not a claim" * 20


def run(function, *arguments, **options):
    lines = []
    return function(*arguments, lines.append, **options), lines


@pytest.mark.parametrize(
    ("data", "strict", "code"),
    [(GOOD, False, 0), (WARNED, False, 0), (WARNED, True, 1), (BAD, False, 1), (NONE, False, 2)],
)
def test_check_ends_with_0_1_or_2(data, strict, code):
    assert run(commands.run_check, [("a.835", data)], strict=strict)[0] == code


def test_check_prints_one_document_a_file():
    code, lines = run(commands.run_check, [("a", WARNED), ("b", BAD)], as_json=True)
    assert code == 1
    first, second = map(json.loads, lines)
    assert first["file"] == "a"
    assert first["ok"] is True
    assert first["transactions"] == [{"type": "835", "version": "005010X221A1", "control_number": "0001", "claims": 3}]
    assert first["findings"][0]["severity"] == "warning"
    assert first["findings"][0]["value"] == "1497758543"
    assert set(second["findings"][0]) == set(commands.FINDING_FIELDS)
    assert second["findings"][0]["ack"] == "IK403:7"


def test_check_speaks_to_people():
    _, lines = run(commands.run_check, [("a.835", BAD), ("b.835", GOOD), ("c", NONE)])
    assert lines[0] == "a.835: 835 0001 (3 records): 1 error"
    assert lines[1].startswith("  error   BPR02 in HEADER (segment 4, byte")
    assert lines[2].strip() == "Correct BPR02, a claim payment or a PLB amount."
    assert lines[3].endswith("nothing to find")
    assert "no transaction" in lines[4]


def test_read_prints_one_line_a_record():
    code, lines = run(commands.run_read, GOOD)
    records = [json.loads(line) for line in lines]
    assert code == 0
    assert [one["record"] for one in records] == ["Remittance", "ClaimPayment", "ClaimPayment", "ProviderAdjustment"]
    assert records[1]["value"]["charge_cents"] == 20000
    assert records[1]["value"]["services"][0]["dates"] == [{"qualifier": "472", "start": "2026-02-24"}]


def test_read_prints_findings_and_unknown_segments():
    data = GOOD.replace(b"REF*6R*L1~", b"REF*6R*L1~ZZZ*1~", 1).replace(b"CLP*K7Q2N0*1*120", b"CLP*K7Q2N0*1*12O")
    code, lines = run(commands.run_read, data)
    records = [json.loads(line) for line in lines]
    assert code == 1
    assert records[1]["unknown"][0]["segment"] == {"id": "ZZZ", "elements": ["1"]}
    assert records[2]["record"] is None
    assert records[2]["findings"][0]["code"] == "element_money"
    assert records[-1]["findings"][0]["code"] in ("se_count", "remittance_balance")
    assert run(commands.run_read, NONE)[0] == 2
    assert run(commands.run_read, b"")[0] == 2


@pytest.mark.parametrize("ending", [b"", b"\r\n", b"\n   "])
def test_roundtrip_gives_every_byte_back(ending):
    spelled = GOOD.replace(b"AMT*B6*100~", b"AMT*B6*.75~").replace(b"L1~", b"L1**~")
    data = b"\xef\xbb\xbf" + spelled.replace(b"~", b"~" + ending) + b"\n\n"
    assert run(commands.run_roundtrip, [("a", data)]) == (
        0,
        [f"a: the same, {len(data)} bytes, 1 transaction written from records"],
    )
    assert run(commands.run_roundtrip, [("a", [data[:50], data[50:]])])[0] == 0


def test_roundtrip_says_what_is_no_x12():
    assert run(commands.run_roundtrip, [("a", NONE), ("b", b"")])[0] == 2
    joined = examples.write_837p() + examples.write_835().replace(b"*", b"|")
    assert run(commands.run_roundtrip, [("a", joined)])[0] == 0


def test_roundtrip_shows_the_first_difference():
    mixed = GOOD[:-1] + b"~garbage in front\xef\xbb\xbf"
    assert run(commands.run_roundtrip, [("a", mixed)])[0] == 0


def test_explain_reads_as_english():
    code, lines = run(commands.run_explain, GOOD)
    text = "\n".join(lines)
    assert code == 0
    assert "payment of $65.00 by check (CHK) on 2 March 2026" in text
    assert "claim K7Q2M9: processed as primary (1), charged $200.00, paid $80.00, patient owes $20.00" in text
    assert "adjusted, contractual, never the patient's (CO): $20.00 reason 45" in text
    assert "taken from (or, if negative, added to) the payment of provider 1234567893: $15.00 overpayment" in text
    assert "claims, group 1" in text
    assert lines[1] == (
        "GS   group of remittances (HP) from HANDBILL to CLEARING, 2 March 2026 10:15, number 101, version 005010X221A1"
    )
    assert "trace number EFT0001, given by 1512345678" in text
    assert lines[-1] == "IEA  end of interchange 000000101, 1 group"
    assert run(commands.run_explain, NONE)[0] == 2


def test_explain_calls_a_claim_of_status_4_denied():
    lines: list[str] = []
    commands.run_explain(GOOD.replace(b"CLP*K7Q2M9*1*", b"CLP*K7Q2M9*4*"), lines.append)
    (line,) = [line for line in lines if "claim K7Q2M9" in line]
    assert "claim K7Q2M9: denied (4), charged $200.00" in line


def test_explain_says_what_codes_of_outside_code_sets_mean_in_the_words_that_it_is_given():
    lines: list[str] = []
    for data in (GOOD, examples.write_837p()):
        assert commands.run_explain(data, lines.append, labels=bundled()) == 0
    text = "\n".join(lines)
    for words in (
        "$20.00 reason Above the allowed amount (45)",
        "place of service Office (11)",
        "related to Auto accident (AA) in WA",
        f"plan type {bundled().filing_indicators.label('AM')} (AM)",
    ):
        assert words in text, words


EXPLAINED = {
    "837P": (examples.write_837p(), ["related to AA in WA", "$120.00, 4 units, for diagnosis 1 and 2",
                                    "primary payer's subscriber, patient is self (18)", "born 17 May 1980, female",
                                    "replacement (7)", "benefits go to the provider", "level 1: billing provider",
                                    "specialty of the billing provider: taxonomy 225700000X", "group of claims (HC)"]),
    "270": (examples.write_270(), ["level 3 under level 2: subscriber", "question: service type BE"]),
    "271": (examples.write_271(), ["copay, for massage therapy and physical therapy, $25.00, per visit, in network",
                                  "limitation, for massage therapy, 12 visits, per calendar year, authorization unknown",
                                  "message: COMBINED WITH PT", "benefit: 24 February 2026 to 2 March 2026"]),
    "277CA": (examples.write_277ca(), ["accepted (A2), status code 20, 2 March 2026, charged $200.00"]),
    "999": (examples.write_999(examples.write_837p()), ["result for the group: result A, included 1, received 1, accepted 1"]),
    "TA1": (examples.write_ta1(), ["interchange 000000101 was accepted (note 000)"]),
    "278": (examples.write_278(), ["review: category HS"]),
    "4010": (examples.write_837p().replace(b"005010X222A1", b"004010X098A1"), ["(no guide for it here)", "element 1 XXX"]),
}  # fmt: skip


@pytest.mark.parametrize("name", EXPLAINED)
def test_every_transaction_is_explained(name):
    data, wanted = EXPLAINED[name]
    data = data.replace(b"REF*G1*", b"ZZZ*XXX~REF*G1*") if name == "4010" else data
    _, lines = run(commands.run_explain, data)
    text = "\n".join(lines)
    for words in wanted:
        assert words in text, text


def test_explain_shows_what_it_cannot_read_as_it_stands():
    data = (
        GOOD.replace(b"*472*20260224~", b"*472*SOON~")
        .replace(b"AMT*B6*100", b"AMT*B6*LOTS")
        .replace(b"~LX*1~", b"~~LX*1~")
    )
    _, lines = run(commands.run_explain, data)
    assert any("date of service: SOON" in line for line in lines)
    assert any("allowed amount: LOTS" in line for line in lines)


def test_explain_shows_nothing_that_a_terminal_would_obey():
    _, lines = run(commands.run_explain, GOOD.replace(b"CASCADE HEALTH", b"CASCADE\x1b[2JHEALTH\x00"))
    assert any("CASCADE\N{REPLACEMENT CHARACTER}[2JHEALTH" in line for line in lines)


def test_diff_tells_what_differs_in_meaning():
    assert run(commands.run_diff, GOOD, GOOD.replace(b"~", b"~\n").replace(b"CAS*CO*45*20~", b"CAS*CO*45*20.00~")) == (
        0,
        [],
    )
    code, lines = run(commands.run_diff, GOOD, GOOD.replace(b"120*80**4", b"120*70**4").replace(b"CAS*PR*3*20~", b""))
    assert code == 1
    assert lines == [
        "ClaimPayment K7Q2M9: services[0].paid_cents: 8000 -> 7000",
        'ClaimPayment K7Q2M9: services[0].adjustments[1]: {"group":"PR","reason":"3","amount_cents":2000} -> nothing',
    ]


def test_diff_tells_what_is_only_in_one():
    shorter = examples.write_835(examples.payment(), examples.take_back())
    _, lines = run(commands.run_diff, GOOD, shorter)
    assert "ClaimPayment K7Q2N0: only in the first" in lines
    _, lines = run(commands.run_diff, shorter, GOOD)
    assert "ClaimPayment K7Q2N0: only in the second" in lines
    twice = examples.write_835(examples.payment(), examples.payment(), examples.take_back())
    assert "ClaimPayment K7Q2M9 (2): only in the second" in run(commands.run_diff, shorter, twice)[1]
    assert run(commands.run_diff, examples.write_271(), examples.write_277())[0] == 1


def test_ack_answers_with_ta1_and_999_turned_round():
    pieces = []
    assert commands.run_ack(examples.write_837p(), pieces.append, examples.envelope("000000777"), strict=True) == 0
    (data,) = pieces
    segments = data.split(b"~")
    assert b"*ZZ*CLEARING       *ZZ*HANDBILL       *" in segments[0]
    assert segments[1].startswith(b"TA1*000000101*")
    assert segments[2].startswith(b"GS*FA*CLEARING*HANDBILL*")
    assert b"AK9*A*1*1*1" in segments
    assert commands.run_ack([BAD], pieces.append, examples.envelope()) == 1
    assert commands.run_ack(NONE, pieces.append, examples.envelope()) == 2


def test_roundtrip_says_which_transactions_it_could_not_write():
    _, lines = run(commands.run_roundtrip, [("a", BAD)])
    assert lines == [
        f"a: the same, {len(BAD)} bytes, 0 transactions written from records, 1 not written because of errors in it"
    ]


def test_a_record_that_is_not_the_same_after_writing_is_a_difference():
    (one,) = x12.read_all(GOOD).transactions
    assert lost_in_writing(one) == ""
    payment, *rest = one.records
    changed = msgspec.structs.replace(payment, claim_number="A~B")
    assert "cannot be written: records/0" in lost_in_writing(msgspec.structs.replace(one, records=(changed, *rest)))
    # A DTM has a day and no end.
    period = msgspec.structs.replace(payment, dates=(examples.day("050", examples.TODAY, examples.TODAY),))
    told = lost_in_writing(msgspec.structs.replace(one, records=(payment, period, *rest)))
    assert told == "cannot be written: records/1/dates/0/end: has no place in this transaction, and would be lost"
