"""What the operator does: routes and closes what is nobody's, confirms NPIs; each act is in the audit trail."""

import re

import pytest
from sqlmodel import select

from services.claims.flows.messages.route_message import MAX_UNKNOWN_NPIS
from services.claims.flows.operator.messages import close_part, list_messages, route_part, show_message
from services.claims.flows.operator.npis import BillingNpi, confirm_npi, list_npis, withdraw_npi
from shared.database.operations import AuditEntry
from shared.database.operator import Operator
from shared.errors import Conflict, NotFound, RuleBroken
from shared.tenancy import INSTALLATION_ID
from tests.harness.tokens import ORGANIZATION, OTHER_ORGANIZATION
from tests.services.claims.factories import NPI, OTHER_NPI, a_practice
from tests.services.claims.fake_clearinghouse import (
    by_provider,
    claim_status,
    paid_in_part,
    remittance,
    status_277ca,
)

OTHER = {"organization_id": OTHER_ORGANIZATION}
NOBODYS_NPI = "1234567893"


@pytest.fixture
def operator(scenario):
    return Operator(scenario.deps.database, scenario.deps.ids, scenario.deps.wall_clock, "Olga Operator")


@pytest.fixture
def nobodys(scenario):
    """A part that belongs to nobody: an unknown claim number, paid to a payee whom nobody has confirmed."""
    scenario.clearinghouse.deliver(remittance(paid_in_part("NEVERGIVEN01"), payee_npi=OTHER_NPI), "835")
    scenario.run()


def acts(scenario):
    """(organization, action, person, reason) of what the operator did, but for the fixtures' own confirmation."""
    with scenario.deps.database.reading() as session:
        rows = session.exec(select(AuditEntry).where(AuditEntry.client_id == "command_line")).all()
        return sorted((row.organization_id, row.action, row.actor["name"], row.reason) for row in rows[1:])


@pytest.mark.safeguard("164.312(a)(1)", "API1")
def test_a_part_that_is_routed_shows_no_payee_who_is_confirmed_for_another(scenario, operator, nobodys):
    (part,) = list_messages(operator)
    confirm_npi(operator, OTHER_ORGANIZATION, OTHER_NPI)
    route_part(operator, part.id, ORGANIZATION, "The claim is theirs.")
    scenario.run()
    (message,) = scenario.messages()
    assert [one["code"] for one in message["reasons"]] == ["provider_not_shown", "claim_unknown"]
    content = scenario.api.get(f"/v1/messages/{message['id']}/content").text
    assert (OTHER_NPI in content, "N1*PE*NOT SHOWN" in content, "CLP*NEVERGIVEN01" in content) == (False, True, True)


@pytest.mark.safeguard("164.312(a)(1)", "API1")
def test_a_part_that_is_routed_hides_each_who_is_confirmed_for_another_by_then(scenario, operator):
    """One whom a provider adjustment names beside its payee, and one among the many of a part without an NPI."""
    paid = remittance(paid_in_part("NEVERGIVEN01"), provider=[("WO", 500)], payee_npi=NOBODYS_NPI)
    scenario.clearinghouse.deliver(paid.replace(f"PLB*{NOBODYS_NPI}", f"PLB*{OTHER_NPI}"), "835")
    npis = [*(f"19{number:08}" for number in range(MAX_UNKNOWN_NPIS)), OTHER_NPI, "1999999999"]
    many = status_277ca(*(by_provider(claim_status(f"NEVERGIVEN{place}"), npi) for place, npi in enumerate(npis)))
    scenario.clearinghouse.deliver(many, "277CA")
    scenario.run()
    parts = [part for part in list_messages(operator) if part.npi in ("", NOBODYS_NPI)]
    confirm_npi(operator, OTHER_ORGANIZATION, OTHER_NPI)
    confirm_npi(operator, ORGANIZATION, NOBODYS_NPI)
    for part in parts:
        assert OTHER_NPI in show_message(operator, part.id)[1]
        route_part(operator, part.id, ORGANIZATION, "The claims are theirs.")
    shown = {message["kind"]: content_of(scenario, message) for message in scenario.messages()}
    assert not any(OTHER_NPI in content for content in shown.values())
    assert f"NEVERGIVEN{MAX_UNKNOWN_NPIS}" in shown["277CA"]
    assert ["1999999999" in shown["277CA"], "PLB*000000000*20261231*WO" in shown["835"]] == [True, True]
    assert f"N1*PE*SALAL STREET BODYWORK PLLC*XX*{NOBODYS_NPI}" in shown["835"], "its own payee is shown"
    assert all("provider_not_shown" in [one["code"] for one in message["reasons"]] for message in scenario.messages())


def content_of(scenario, message):
    return scenario.api.get(f"/v1/messages/{message['id']}/content").text


@pytest.mark.safeguard("164.312(b)")
def test_what_is_nobodys_is_listed_read_and_routed_and_each_act_is_in_the_trail(scenario, operator, nobodys):
    (part,) = list_messages(operator)
    assert (part.state, part.kind, part.npi, part.claims, part.organization_id) == ("unrouted", "835", OTHER_NPI, 1, "")
    assert [one.code for one in part.reasons] == ["message_unrouted"]
    shown, content = show_message(operator, part.id)
    assert (shown, "CLP*NEVERGIVEN01" in content) == (part, True)
    routed = route_part(operator, part.id, ORGANIZATION, "Their old NPI.")
    assert (routed.state, routed.organization_id, list_messages(operator)) == ("routed", ORGANIZATION, [])
    assert list_messages(operator, everything=True) == [routed]
    scenario.run()
    (message,) = scenario.messages()
    assert (message["state"], [one["code"] for one in message["reasons"]]) == ("quarantined", ["claim_unknown"])
    assert scenario.api.get(f"/v1/messages/{message['id']}/content").text == content
    name = "Olga Operator"
    assert acts(scenario) == [
        (INSTALLATION_ID, "message.read", name, None),
        (INSTALLATION_ID, "message.route", name, "Their old NPI."),
        (ORGANIZATION, "message.route", name, "Their old NPI."),
    ]
    with pytest.raises(Conflict):
        route_part(operator, part.id, ORGANIZATION, "again")


def test_what_is_closed_is_kept_and_can_still_be_routed(scenario, operator, nobodys):
    (part,) = list_messages(operator)
    assert close_part(operator, part.id, "A stranger's.").state == "closed"
    assert list_messages(operator) == []
    with pytest.raises(Conflict):
        close_part(operator, part.id, "A stranger's.")
    assert route_part(operator, part.id, ORGANIZATION, "It is theirs after all.").state == "routed"
    for act in (
        show_message,
        lambda who, key: close_part(who, key, "x"),
        lambda who, key: route_part(who, key, "o", "x"),
    ):
        with pytest.raises(NotFound):
            act(operator, "prt_unknown")


@pytest.mark.safeguard("164.312(a)(1)", "API1")
def test_no_tenant_reads_what_is_nobodys_or_whole(scenario, operator, nobodys):
    (part,) = list_messages(operator)
    assert scenario.messages() == []
    for message_id in (part.id, part.id.replace("prt_", "msg_")):
        assert scenario.api.get(f"/v1/messages/{message_id}/content").status_code == 404
        for act in ("release", "retry"):
            body = {"actor": {"id": "u", "name": "U", "role": "biller"}} | ({"reason": "x"} if act == "release" else {})
            assert scenario.api.post(f"/v1/messages/{message_id}/{act}", body).status_code == 404


def test_a_confirmed_npi_is_confirmed_for_another_only_once_it_was_taken_back(scenario, operator):
    scenario.api.set_up(**OTHER)
    with pytest.raises(Conflict, match="handbill npi withdraw"):
        confirm_npi(operator, OTHER_ORGANIZATION, NPI)
    assert withdraw_npi(operator, NPI, "The practice was sold.") == BillingNpi(NPI, "", None, (ORGANIZATION,))
    taken = confirm_npi(operator, OTHER_ORGANIZATION, NPI)
    assert (taken.holder, taken.put_by) == (OTHER_ORGANIZATION, (ORGANIZATION,))
    assert scenario.api.get("/v1/practice").json()["npi_confirmed"] is False
    assert scenario.api.put("/v1/practice", a_practice(), **OTHER).json()["npi_confirmed"] is True
    assert acts(scenario) == [
        (ORGANIZATION, "npi.withdraw", "Olga Operator", "The practice was sold."),
        (OTHER_ORGANIZATION, "npi.confirm", "Olga Operator", None),
    ]


@pytest.mark.safeguard("164.312(a)(1)", "API1")
def test_an_npi_is_put_by_several_and_none_is_told_of_another(scenario, operator):
    """Whether it is nobody's, put by another or confirmed for another: the answers are the same but for the NPI."""
    answers = []
    for npi in (NPI, OTHER_NPI, NOBODYS_NPI):
        scenario.api.put("/v1/practice", a_practice(npi=OTHER_NPI))
        put = scenario.api.put("/v1/practice", a_practice(npi=npi), **OTHER)
        read = scenario.api.get("/v1/practice", **OTHER)
        answers.append([answer.text.replace(npi, "NPI") for answer in (put, read)])
        answers[-1] = [re.sub(r'"version":\d+', "", text) for text in answers[-1]]
        assert put.json()["npi_confirmed"] is read.json()["npi_confirmed"] is False
    assert answers == [answers[0]] * 3
    assert [(one.npi, one.holder, one.put_by) for one in list_npis(operator)] == [
        (NOBODYS_NPI, "", (OTHER_ORGANIZATION,)),
        (OTHER_NPI, "", (ORGANIZATION,)),
        (NPI, ORGANIZATION, ()),
    ]


def test_a_confirmed_npi_stays_when_the_practice_bills_under_another(scenario, operator):
    for npi in (OTHER_NPI, NOBODYS_NPI):
        assert scenario.api.put("/v1/practice", a_practice(npi=npi)).status_code == 200
    found = [(one.npi, one.holder, one.put_by) for one in list_npis(operator)]
    assert found == [(NOBODYS_NPI, "", (ORGANIZATION,)), (NPI, ORGANIZATION, ())]


def test_what_is_no_npi_or_not_confirmed_is_refused_with_what_to_do(operator):
    with pytest.raises(RuleBroken) as refused:
        confirm_npi(operator, ORGANIZATION, "1234567890")
    assert refused.value.errors[0].fix == "Copy it again from NPPES."
    with pytest.raises(NotFound, match="handbill npi list"):
        withdraw_npi(operator, OTHER_NPI, "x")
