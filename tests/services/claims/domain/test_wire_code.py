"""What the wire has in the place of a code is stored unsealed only where it looks like one."""

import pytest

from services.claims.domain.ledger import Account
from services.claims.domain.remittance import ClassifiedAdjustment, post
from services.claims.domain.scrubber_input import ProfessionalServiceLine
from services.claims.domain.wire_code import message_kind, wire_code
from tests.services.claims.factories import CANARY_MEMBER, CANARY_NAME
from tests.services.claims.fake_clearinghouse import cas, claim_payment, service


@pytest.mark.parametrize(
    "code", ["45", "1", "A1", "B7", "P14", "W1", "N130", "MA130", "WO", "CO", "STC", "F3F", "72", "D0"]
)
def test_a_code_is_kept(code):
    assert wire_code(code) == code


@pytest.mark.parametrize(
    "code", ["", "NADIA", "Nadia", "nad", CANARY_NAME, CANARY_MEMBER, "19840719", "1234", "4 5", "45\x00", "É1", "²"]
)
def test_what_is_no_code_is_not(code):
    assert wire_code(code) == "?"


@pytest.mark.parametrize(("kind", "kept"), [("835", "835"), ("277CA", "277CA"), ("NADIA", "unknown"), ("", "unknown")])
def test_a_kind_that_is_none_is_unknown(kind, kept):
    assert message_kind(kind) == kept


@pytest.mark.safeguard("164.312(a)(2)(iv)")
def test_a_name_in_the_place_of_a_reason_does_not_reach_the_ledger():
    payment = claim_payment("K1", service("K1", 1, "97124", 100, 0, cas("CO", CANARY_NAME, 100)))
    written_off = ClassifiedAdjustment(Account.WRITTEN_OFF, "", "")
    line = ProfessionalServiceLine(procedure_code="97124", modifiers=(), units=1, charge_cents=100, pointers=(1,))
    posting = post(payment, "K1", {1: line}, lambda *_: written_off)
    assert [entry.reason for entry in posting.entries] == ["CO-?"]
