"""The [[plans]] and [[members]] parts of a payer file."""

from datetime import date

from services.clearinghouse.domain.payer_configuration import (
    Authorization,
    AuthorizationRule,
    Member,
    OtherCoverage,
    OtherPays,
    Plan,
    Sharing,
    Subscriber,
)
from services.clearinghouse.domain.payer_file.reading import Table

MAX_VISITS = 366
MAX_AUTHORIZATIONS = 50
RELATIONS = ("self", "spouse", "child", "employee", "other")
SERVICE_TYPES = ("BE", "PT", "AE", "30")


def read_plan(table: Table) -> Plan:
    """One [[plans]] table."""
    plan = Plan(
        id=table.text("id", longest=20),
        name=table.text("name", longest=50),
        copay_cents=table.cents("copay_cents"),
        coinsurance_basis_points=table.basis_points("coinsurance_basis_points"),
        deductible_cents=table.cents("deductible_cents"),
        out_of_pocket_cents=table.maybe_number("out_of_pocket_cents", 0, 100_000_000),
        visit_limit=table.maybe_number("visit_limit", 0, MAX_VISITS),
        tells_visits_left=table.flag("tells_visits_left", True),
        massage_covered=table.flag("massage_covered", True),
        authorization=_authorization_rule(table),
        covered_diagnoses=tuple(code.replace(".", "") for code in table.texts("covered_diagnoses")),
        uncovered_diagnoses=tuple(code.replace(".", "") for code in table.texts("uncovered_diagnoses")),
        service_types=table.texts("service_types", ("30",), SERVICE_TYPES),
        cost_sharing=tuple(
            Sharing(word) for word in table.texts("cost_sharing", tuple(Sharing), [step.value for step in Sharing])
        ),
        in_network=table.flag("in_network", True),
    )
    if set(plan.cost_sharing) != set(Sharing):
        table.problem("cost_sharing", "A step is left out.", "Name deductible, copay and coinsurance, each once.")
    table.finish()
    return plan


def _authorization_rule(table: Table) -> AuthorizationRule:
    """`"none"`, `"required"`, or `{ from_visit = 7 }`."""
    if isinstance(table.values.get("authorization"), dict):
        child = table.child("authorization")
        assert child is not None
        rule = AuthorizationRule(from_visit=child.number("from_visit", None, 1, MAX_VISITS))
        child.finish()
        return rule
    word = table.one_of("authorization", ("none", "required"), "none")
    return AuthorizationRule(from_visit=1 if word == "required" else None)


def read_member(table: Table) -> Member:
    """One [[members]] table with its authorizations and other coverage."""
    relation = table.one_of("relation", RELATIONS, "self")
    member = Member(
        id=table.text("id", longest=20),
        first_name=table.text("first_name", longest=35),
        last_name=table.text("last_name", longest=60),
        birth_date=table.required_day("birth_date"),
        sex=table.one_of("sex", ("F", "M", "U")),
        plan_id=table.text("plan", longest=20),
        effective_from=table.required_day("effective_from"),
        effective_to=table.day("effective_to", required=False),
        relation=relation,
        subscriber=_subscriber(table, relation),
        group_number=table.text("group_number", "", longest=30),
        claim_number=table.text("claim_number", "", longest=30),
        deductible_met_cents=table.cents("deductible_met_cents"),
        out_of_pocket_met_cents=table.cents("out_of_pocket_met_cents"),
        visits_used=table.number("visits_used", 0, 0, MAX_VISITS),
        authorizations=tuple(_authorization(child) for child in table.children("authorizations", MAX_AUTHORIZATIONS)),
        other_coverage=_other_coverage(table),
    )
    _check_range(table, "effective_to", member.effective_from, member.effective_to)
    table.finish()
    return member


def _subscriber(table: Table, relation: str) -> Subscriber | None:
    child = table.child("subscriber", required=relation != "self")
    if child is None:
        return None
    if relation == "self":
        table.problem("subscriber", "A member who is the subscriber names another.", "Leave it out, or set relation.")
    is_person = relation != "employee"
    subscriber = Subscriber(
        last_name=child.text("last_name", longest=60),
        first_name=child.text("first_name", None if is_person else "", longest=35),
        birth_date=child.day("birth_date", required=is_person),
        sex=child.one_of("sex", ("F", "M", "U"), "U"),
    )
    child.finish()
    return subscriber


def _authorization(table: Table) -> Authorization:
    found = Authorization(
        number=table.text("number", longest=50),
        effective_from=table.required_day("effective_from"),
        effective_to=table.required_day("effective_to"),
        visits=table.number("visits", None, 1, MAX_VISITS),
    )
    _check_range(table, "effective_to", found.effective_from, found.effective_to)
    table.finish()
    return found


def _other_coverage(table: Table) -> OtherCoverage | None:
    child = table.child("other_coverage")
    if child is None:
        return None
    found = OtherCoverage(
        payer_id=child.text("payer_id", longest=20),
        payer_name=child.text("payer_name", longest=60),
        member_id=child.text("member_id", longest=20),
        pays=OtherPays(child.one_of("pays", [side.value for side in OtherPays])),
    )
    child.finish()
    return found


def _check_range(table: Table, name: str, first: date, last: date | None) -> None:
    if last is not None and last < first:
        table.problem(name, "The range ends before it begins.", "Put the later date last.")
