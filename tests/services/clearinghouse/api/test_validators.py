"""What the simulator sends passes the independent validators that know the transaction.

pyx12 knows 999, 277CA and 835 (and judges what the tests send as 837P); x12sdk knows 835 and 271.
"""

from datetime import date

import msgspec
import pytest
from pydantic import ValidationError
from x12sdk.io import X12ModelReader

from shared import x12
from tests.harness.validators import pyx12_findings
from tests.services.clearinghouse.x12_files import (
    ANTON,
    CURTIS,
    ELEANOR,
    GRACE,
    LUCINDA,
    NADIA,
    ROSALIND,
    TOBIAS,
    as_member,
    claim,
    claims_file,
    on,
    question,
    questions_file,
    service_line,
)


@pytest.fixture
def database_kind() -> str:
    """The bytes do not depend on the database, so one is enough here."""
    return "sqlite"


@pytest.fixture
def busy(simulator):
    """A month with every kind of answer: paid, shared, denied, rejected twice, reversed, carried on."""
    authorized = (x12.Reference(qualifier="G1", value="VA0026114903"),)
    bad_npi = msgspec.structs.replace(claim().parties[0], id="1992999990")
    first = claims_file(
        claim(NADIA, "K1"),
        claim(GRACE, "K2", on(date(2026, 4, 21)), on(date(2026, 4, 28), number=2)),
        claim(ROSALIND, "K3"),
        claim(CURTIS, "K4", service_line("97112", 2), service_line("97140", 2, 2), references=authorized),
        claim(ELEANOR, "K5", service_line("97110", 2), service_line("97010", 1, 2)),
        claim(LUCINDA, "K6"),
        claim(ANTON, "K7"),
        msgspec.structs.replace(claim(TOBIAS, "K8"), parties=(bad_npi,)),
        as_member(claim(TOBIAS, "K9"), "CMH000000000"),
    )
    simulator.send(first)
    simulator.advance(days=21)
    number = next(paid.payer_claim_number for paid in simulator.records("835") if paid.claim_number == "K1")
    reference = (x12.Reference(qualifier="F8", value=number),)
    simulator.send(
        claims_file(claim(NADIA, "K10", service_line(units=1), frequency="7", references=reference), number=2)
    )
    simulator.advance(days=21)
    simulator.send(claims_file(claim(NADIA, "K11", on(date(2026, 4, 30))), number=3))
    simulator.send(questions_file(question(), number=4))
    simulator.advance(days=21)
    return simulator, first


def test_the_files_that_these_tests_send_pass_pyx12(busy):
    assert not pyx12_findings(busy[1].decode())


@pytest.mark.parametrize("kind", ["999", "277CA", "835"])
def test_what_is_sent_passes_pyx12(busy, kind):
    contents = [message["content"] for message in busy[0].messages() if message["kind"] == kind]
    assert len(contents) >= 4
    for content in contents:
        assert not pyx12_findings(content)


def test_every_835_passes_x12sdk_and_is_balanced_for_our_own_reader(busy):
    for message in busy[0].messages():
        if message["kind"] == "835":
            with X12ModelReader(message["content"]) as reader:
                assert len(list(reader.models())) == 1
            assert x12.read_all(message["content"].encode(), strict=True).ok


def test_all_that_is_sent_is_without_error_for_our_own_strict_reader(busy):
    for message in busy[0].messages():
        file = x12.read_all(message["content"].encode(), strict=True)
        assert file.ok, (message["kind"], list(file.findings))


@pytest.mark.parametrize("person", [NADIA, GRACE, CURTIS, ELEANOR, LUCINDA, ANTON, ROSALIND])
def test_every_271_passes_x12sdk(simulator, person):
    """x12sdk wants a number in EB09, where the guide has a qualifier (VS visits), and levels below a source that is
    rejected itself, where the guide ends: its two false alarms."""
    answer = simulator.ask(questions_file(question(person, "BE", "PT")))
    visits = [segment for segment in answer.text.split("~") if segment.startswith("EB*F*")]
    alarms = []
    try:
        with X12ModelReader(answer.text) as reader:
            assert len(list(reader.models())) == 1
    except ValidationError as refused:
        alarms = [(error["loc"][-1], error["input"]) for error in refused.errors()]
    rejected_source = [("hierarchical_child_code", "0")] if person is ROSALIND else []
    assert alarms == [("quantity_qualifier", "VS")] * len(visits) + rejected_source
    assert x12.read_all(answer.content, strict=True).ok


def test_the_ta1_says_which_interchange_it_answers(busy):
    answers = busy[0].records("TA1")
    assert [(answer.control_number, answer.code, answer.note) for answer in answers] == [
        ("000000001", "A", "000"),
        ("000000002", "A", "000"),
        ("000000003", "A", "000"),
        ("000000004", "A", "000"),
    ]
