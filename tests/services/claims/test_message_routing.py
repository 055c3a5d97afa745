"""Whose what the clearinghouse sends is: part by part, by claim numbers and files, then by a confirmed NPI."""

from dataclasses import replace

import pytest
from sqlmodel import select

from services.claims.flows.messages.route_message import MAX_UNKNOWN_NPIS
from services.claims.flows.operator.npis import confirm_npi, withdraw_npi
from services.claims.store.tables import (
    CursorRow,
    FileRow,
    MessageRow,
    ReceivedMessageRow,
    UnroutedPartRow,
)
from shared.database.operator import Operator
from shared.tenancy import INSTALLATION_ID
from shared.wire.trading_partner import TradingPartners
from tests.harness.tokens import ORGANIZATION, OTHER_ORGANIZATION
from tests.services.claims.factories import COVERAGE, NOTE, NPI, OTHER_NPI, a_practice
from tests.services.claims.fake_clearinghouse import (
    acks_999,
    by_provider,
    claim_payment,
    claim_status,
    paid_in_part,
    remittance,
    service,
    status_277ca,
    x12_replace,
)

OTHER = {"organization_id": OTHER_ORGANIZATION}
NOBODYS_NPI = "1234567893"
PAID = (11_445, 4_255, 2_500, 0)
PART = "message_part"
HIDDEN = "provider_not_shown"


@pytest.fixture
def operator(scenario):
    return Operator(scenario.deps.database, scenario.deps.ids, scenario.deps.wall_clock, "Olga Operator")


@pytest.fixture
def theirs(scenario):
    """A sent claim of another organization beside ours."""
    scenario.api.set_up(**OTHER)
    made = scenario.api.create(NOTE, COVERAGE, claims=OTHER).json()
    assert scenario.api.submit(made["id"], **OTHER).status_code == 202
    scenario.submit()
    assert scenario.run().sent == 2
    return made


def come(scenario, content, kind="835", to="HANDBILL"):
    """A message comes and is applied: (state, codes of its reasons) by organization, and what names nobody."""
    scenario.clearinghouse.deliver(content, kind, to)
    scenario.run()
    with scenario.deps.database.reading() as session:
        rows = session.exec(select(MessageRow)).all()
        parts = session.exec(select(UnroutedPartRow)).all()
    found = {row.organization_id: (row.state, [one.code for one in row.reasons]) for row in rows}
    assert len(found) == len(rows)
    return found, [(part.npi, part.claims_of) for part in parts]


def content_of(scenario, **claims):
    """The X12 of the one message that an organization has."""
    (message,) = scenario.api.get("/v1/messages", **claims).json()["items"]
    return scenario.api.get(f"/v1/messages/{message['id']}/content", **claims).text


def states(scenario, theirs):
    return scenario.claim()["state"], scenario.api.claim(theirs["id"], **OTHER)["state"]


def marked(payment, word):
    """A payment whose patient has this name and member id."""
    return x12_replace(payment, parties=(x12_replace(payment.parties[0], name=word, id=word),))


@pytest.mark.safeguard("164.312(a)(1)", "API1")
def test_a_remittance_of_two_organizations_is_posted_by_each_and_each_reads_only_its_part(scenario, theirs):
    payments = [
        marked(paid_in_part(scenario.number()), "OURPATIENT"),
        marked(paid_in_part(theirs["claim_number"]), "THEIRS"),
    ]
    whole = remittance(*payments, provider=[("WO", 1_000)])
    found, nobodys = come(scenario, whole)
    assert found == {
        ORGANIZATION: ("applied", [PART, "provider_adjustment"]),
        OTHER_ORGANIZATION: ("applied", [HIDDEN, PART]),
    }
    assert nobodys == []
    assert scenario.money() == PAID
    assert scenario.api.claim(theirs["id"], **OTHER)["money"]["paid_cents"] == PAID[0]
    ours, other = content_of(scenario), content_of(scenario, **OTHER)
    words = ["OURPATIENT", "THEIRS", scenario.number(), theirs["claim_number"], NPI, "914408127", "PLB*"]
    assert [word in ours for word in words] == [True, False, True, False, True, True, True]
    assert [word in other for word in words] == [False, True, False, True, False, False, False]
    (told,) = scenario.messages()
    assert told["reasons"][0]["message"] == (
        "It is this organization's part of a message. Its payments and adjustments are $104.45; the check or transfer "
        "with the same trace number can be of another amount."
    )


@pytest.mark.safeguard("164.312(a)(1)", "API1")
@pytest.mark.parametrize("first", ["ours", "theirs"])
def test_a_277ca_that_names_claims_of_two_organizations_is_applied_by_each_in_its_part(scenario, theirs, first):
    numbers = [scenario.number(), theirs["claim_number"]]
    statuses = [claim_status(number) for number in (numbers if first == "ours" else numbers[::-1])]
    found, nobodys = come(scenario, status_277ca(*statuses), "277CA")
    assert (found, nobodys) == (
        {ORGANIZATION: ("applied", [PART]), OTHER_ORGANIZATION: ("applied", [HIDDEN, PART])},
        [],
    )
    assert states(scenario, theirs) == ("accepted", "accepted")
    assert [numbers[1] in content_of(scenario), numbers[0] in content_of(scenario, **OTHER)] == [False, False]


@pytest.mark.safeguard("164.312(a)(1)", "API1")
@pytest.mark.parametrize("first", ["ours", "theirs"])
def test_an_acknowledgement_of_files_of_two_organizations_is_applied_by_each_in_its_part(scenario, theirs, first):
    (mine,) = scenario.files()
    (other,) = scenario.api.get("/v1/files", **OTHER).json()["items"]
    files = [mine, other] if first == "ours" else [other, mine]
    content = acks_999(*((file["interchange_control_number"], "R") for file in files))
    found, nobodys = come(scenario, content, "999")
    assert (found, nobodys) == ({ORGANIZATION: ("applied", [PART]), OTHER_ORGANIZATION: ("applied", [PART])}, [])
    assert states(scenario, theirs) == ("rejected", "rejected")


@pytest.mark.safeguard("164.312(a)(1)", "164.312(a)(2)(iv)")
def test_what_was_received_is_kept_whole_and_sealed_for_the_operator_alone(scenario, theirs):
    whole = remittance(paid_in_part(scenario.number()), paid_in_part(theirs["claim_number"]))
    come(scenario, whole)
    with scenario.deps.database.reading() as session:
        (row,) = session.exec(select(ReceivedMessageRow)).all()
        stored = session.connection().exec_driver_sql("SELECT content FROM received_messages").scalar_one()
    assert (row.organization_id, row.account, row.kind, row.state, row.content) == (
        INSTALLATION_ID,
        "HANDBILL",
        "835",
        "split",
        whole,
    )
    assert "CLP" not in str(stored)


@pytest.mark.safeguard("164.312(a)(1)", "API1")
def test_whoever_puts_anothers_npi_first_neither_hides_nor_gets_its_remittance(scenario, operator):
    """The other one has put the NPI as well; the operator confirms it for whose it is."""
    withdraw_npi(operator, NPI, "to begin without it")
    assert scenario.api.put("/v1/practice", a_practice(), **OTHER).status_code == 201
    scenario.send()
    confirm_npi(operator, ORGANIZATION, NPI)
    unknown = claim_payment("NEVERGIVEN01", service("NEVERGIVEN01", 1, "97124", 13_500, 13_500))
    found, nobodys = come(scenario, remittance(paid_in_part(scenario.number()), unknown))
    assert (found, nobodys) == ({ORGANIZATION: ("quarantined", ["claim_unknown"])}, [])
    assert scenario.money() == PAID


@pytest.mark.safeguard("164.312(a)(1)", "API1")
def test_an_npi_that_is_put_but_not_confirmed_routes_nothing_and_shows_no_payee(scenario, theirs):
    """The other one has put an NPI that is not confirmed: its claims are paid to a payee that it does not see."""
    payments = [paid_in_part(theirs["claim_number"]), paid_in_part("NEVERGIVEN01")]
    found, nobodys = come(scenario, remittance(*payments, provider=[("WO", 500)], payee_npi=OTHER_NPI))
    assert found == {OTHER_ORGANIZATION: ("applied", [HIDDEN, PART])}
    assert nobodys == [(OTHER_NPI, "")]
    read = content_of(scenario, **OTHER)
    assert [word in read for word in (OTHER_NPI, "SALAL", "914408127", "NEVERGIVEN01", "PLB")] == [False] * 5
    assert scenario.api.get("/v1/practice", **OTHER).json()["npi_confirmed"] is False
    assert scenario.api.get("/v1/practice").json()["npi_confirmed"] is True


def test_an_npi_whose_confirmation_was_taken_back_routes_nothing(scenario, operator):
    withdraw_npi(operator, NPI, "it is another's")
    found, nobodys = come(scenario, remittance(paid_in_part("NEVERGIVEN01")))
    assert (found, nobodys) == ({}, [(NPI, "")])


def test_a_claim_number_of_another_in_a_check_of_ours_is_the_others_and_posts_nothing_here(scenario, theirs):
    found, nobodys = come(scenario, remittance(paid_in_part(theirs["claim_number"])))
    assert found == {OTHER_ORGANIZATION: ("applied", [HIDDEN])}
    assert nobodys == []
    assert scenario.money() == (0, 0, 0, 18_200)


@pytest.mark.safeguard("164.312(a)(1)", "API1")
def test_an_account_does_not_move_claims_of_those_who_do_not_send_through_it(scenario, theirs):
    """The other one has an account of its own, and there a message that names our claim and our file."""
    default = scenario.deps.trading_partners.default
    own = TradingPartners(default, {OTHER_ORGANIZATION: replace(default, sender_id="THEIROWN")})
    scenario.deps = replace(scenario.deps, trading_partners=own)
    forged = remittance(paid_in_part(scenario.number()), paid_in_part(theirs["claim_number"]))
    found, nobodys = come(scenario, forged, to="THEIROWN")
    assert found == {OTHER_ORGANIZATION: ("applied", [HIDDEN, PART])}
    assert nobodys == [(NPI, ORGANIZATION)]
    (mine,) = scenario.files()
    scenario.clearinghouse.deliver(acks_999((mine["interchange_control_number"], "R")), "999", "THEIROWN")
    scenario.run()
    assert (scenario.money(), scenario.claim()["state"], scenario.messages()) == ((0, 0, 0, 18_200), "submitted", [])


def test_two_accounts_may_use_the_same_control_number(scenario, theirs):
    default = scenario.deps.trading_partners.default
    own = TradingPartners(default, {OTHER_ORGANIZATION: replace(default, sender_id="THEIROWN")})
    scenario.deps = replace(scenario.deps, trading_partners=own)
    with scenario.deps.database.reading() as session:
        files = {row.organization_id: row.id for row in session.exec(select(FileRow))}

    def meet(session):
        # As when an organization was moved here, which had a file of this number through its account.
        ours = session.get(FileRow, (ORGANIZATION, files[ORGANIZATION]))
        moved = session.get(FileRow, (OTHER_ORGANIZATION, files[OTHER_ORGANIZATION]))
        moved.sender_id, moved.interchange_control_number = "THEIROWN", ours.interchange_control_number
        return ours.interchange_control_number

    number = scenario.deps.database.run(meet)
    found, nobodys = come(scenario, acks_999((number, "A")), "999", "THEIROWN")
    assert (list(found), nobodys) == ([OTHER_ORGANIZATION], [])
    with scenario.deps.database.reading() as session:
        assert {row.organization_id: row.state for row in session.exec(select(FileRow))} == {
            ORGANIZATION: "sent",
            OTHER_ORGANIZATION: "accepted",
        }
    found, _ = come(scenario, acks_999((number, "A")), "999")
    assert set(found) == {ORGANIZATION, OTHER_ORGANIZATION}
    with scenario.deps.database.reading() as session:
        assert {row.state for row in session.exec(select(FileRow))} == {"accepted"}


def test_a_message_that_an_organization_has_brought_is_not_applied_again(scenario, theirs):
    scenario.clearinghouse.deliver(remittance(paid_in_part(scenario.number())), "835")
    scenario.run()
    before = scenario.api.get("/v1/messages").json()

    def forget(session):
        # The mailbox is new to this installation, and what came out of it before is not.
        for row in (*session.exec(select(ReceivedMessageRow)), *session.exec(select(CursorRow))):
            session.delete(row)

    scenario.deps.database.run(forget)
    scenario.run()
    with scenario.deps.database.reading() as session:
        assert {row.state for row in session.exec(select(ReceivedMessageRow))} == {"split"}
    assert scenario.api.get("/v1/messages").json() == before


def test_two_accounts_may_use_the_same_message_ids(scenario, theirs):
    default = scenario.deps.trading_partners.default
    own = TradingPartners(default, {OTHER_ORGANIZATION: replace(default, sender_id="THEIROWN")})
    scenario.deps = replace(scenario.deps, trading_partners=own)
    for to, number in (("HANDBILL", scenario.number()), ("THEIROWN", theirs["claim_number"])):
        scenario.clearinghouse.deliver(status_277ca(claim_status(number)), to=to)
        message = scenario.clearinghouse.mailboxes[to][0]
        scenario.clearinghouse.mailboxes[to] = [replace(message, source_id="000001")]
    scenario.run()
    assert states(scenario, theirs) == ("accepted", "accepted")


def test_a_provider_adjustment_that_names_anothers_npi_waits_for_the_operator(scenario, theirs, operator):
    confirm_npi(operator, OTHER_ORGANIZATION, OTHER_NPI)
    whole = remittance(paid_in_part(scenario.number()), provider=[("WO", 500)])
    found, nobodys = come(scenario, whole.replace(f"PLB*{NPI}", f"PLB*{OTHER_NPI}"))
    assert (found, nobodys) == ({ORGANIZATION: ("applied", [PART])}, [(NPI, "")])
    assert "PLB" not in content_of(scenario)


def test_an_unknown_claim_number_goes_to_whom_the_npi_is_confirmed_for(scenario):
    scenario.send()
    found, nobodys = come(scenario, status_277ca(claim_status("NEVERGIVEN")), "277CA")
    assert (found, nobodys) == ({ORGANIZATION: ("quarantined", ["claim_unknown"])}, [])


def test_an_unknown_claim_number_and_an_unknown_npi_go_to_the_operator(scenario):
    scenario.send()
    found, nobodys = come(scenario, status_277ca(by_provider(claim_status("NEVERGIVEN"), NOBODYS_NPI)), "277CA")
    assert (found, nobodys) == ({}, [(NOBODYS_NPI, "")])


def test_units_of_many_unknown_npis_are_in_as_many_parts_as_there_may_be_and_none_is_lost(scenario):
    """A part is a walk through the whole message: one for each NPI of a file that names thousands would never end."""
    scenario.send()
    npis = [f"19{number:08}" for number in range(3 * MAX_UNKNOWN_NPIS)]
    whole = status_277ca(*(by_provider(claim_status(f"NEVERGIVEN{npi}"), npi) for npi in npis))
    found, nobodys = come(scenario, whole, "277CA")
    assert (found, sorted(nobodys)) == ({}, [("", ""), *((npi, "") for npi in npis[:MAX_UNKNOWN_NPIS])])
    with scenario.deps.database.reading() as session:
        parts = {part.npi: part.content for part in session.exec(select(UnroutedPartRow)).all()}
    for place, npi in enumerate(npis):
        where = [key for key, content in parts.items() if f"NEVERGIVEN{npi}" in content]
        assert where == [npi if place < MAX_UNKNOWN_NPIS else ""]


@pytest.mark.safeguard("164.312(a)(1)", "API1")
def test_claims_that_come_to_a_wrong_account_stay_apart_however_many_npis_there_are(scenario, theirs):
    """The operator must not be able to give them to a stranger together with what is nobody's."""
    default = scenario.deps.trading_partners.default
    own = TradingPartners(default, {OTHER_ORGANIZATION: replace(default, sender_id="THEIROWN")})
    scenario.deps = replace(scenario.deps, trading_partners=own)
    unknown = [by_provider(claim_status(f"NEVERGIVEN{at}"), f"19{at:08}") for at in range(MAX_UNKNOWN_NPIS + 1)]
    ours = by_provider(claim_status(scenario.number()), "1999999999")
    _found, nobodys = come(scenario, status_277ca(*unknown, ours), "277CA", to="THEIROWN")
    assert sorted(nobodys)[:2] == [("", ""), ("", ORGANIZATION)]


def test_a_message_that_comes_again_is_kept_and_split_once(scenario, theirs):
    whole = remittance(paid_in_part(scenario.number()), paid_in_part(theirs["claim_number"]))
    come(scenario, whole)
    mailbox = scenario.clearinghouse.mailboxes["HANDBILL"]
    mailbox.append(mailbox[0])
    assert scenario.run().received == 1
    assert (len(scenario.messages()), scenario.money()) == (1, PAID)
