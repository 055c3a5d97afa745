"""A practice's own rule from its draft to its end: revisions, replay, days in force, who may, whose it is."""

from datetime import timedelta

import pytest
from sqlmodel import select

from services.claims.store.custom_rule_tables import CustomRuleRevisionRow, CustomRuleRow
from shared.contracts.custom_rules import CustomRuleDefinition
from shared.database.operations import AuditEntry
from tests.harness.tokens import ORGANIZATION, OTHER_ORGANIZATION
from tests.services.claims.custom_rules.conftest import CODE, a_rule
from tests.services.claims.factories import BILLER, COVERAGE, NOTE, PAYER, a_note

sqlite_only = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
THERAPIST_ACTS = {"id": "user-ingrid", "name": "Ingrid Solberg", "role": "therapist"}
INTEGRATION_ACTS = {**THERAPIST_ACTS, "role": "integration"}
FIVE = {"fact": "line.units", "operator": "at_least", "value": 5}


def state_of(api, claim=None):
    """What a check says now: of a stored claim, or of the note that has none."""
    subject = {"claim_id": claim["id"]} if claim else {"note_id": NOTE, "coverage_id": COVERAGE}
    return api.post("/v1/claims/check", subject).json()["state"]


@pytest.fixture
def three(office, neighbours):
    """Three ready claims, the last of them with two units in its only line."""
    ids = neighbours.hold(3)
    short = [{"procedure_code": "97124", "region": "neck", "minutes": 30}]
    neighbours.notes[ids[2]] = neighbours.notes[ids[2]] | {"techniques": a_note(techniques=short)["techniques"]}
    claims = [office.create(note_id).json() for note_id in ids]
    assert {one["state"] for one in claims} == {"ready"}
    return claims


def test_a_draft_counts_in_no_check_and_a_replay_says_what_it_would_stop(office, three, rulebook, neighbours):
    written = rulebook.put().json()
    assert (written["code"], written["version"], written["in_force"]) == (CODE, 1, None)
    assert (written["latest"]["revision"], written["latest"]["status"]) == (1, "draft")
    assert state_of(office, three[0]) == "ready"
    neighbours.down = {"notes", "eligibility"}
    found = rulebook.replay()
    assert found["counts"] == {"examined": 3, "found": 2, "newly_blocked": 0, "newly_held": 2, "newly_ready": 0}
    assert [one["claim_id"] for one in found["items"]] == [three[1]["id"], three[0]["id"]], "the newest first"
    for one in found["items"]:
        assert (one["scrub_result_before"], one["scrub_result_now"], one["state"]) == ("ready", "held", "ready")
        assert [finding["code"] for finding in one["findings"]] == [CODE]
        assert one["went"] == []
    assert [office.claim(one["id"]) for one in three] == three
    assert rulebook.replay(last_claims=1)["counts"]["examined"] == 1
    day = three[1]["date_of_service"]
    of_day = rulebook.replay(date_of_service_from=day, date_of_service_to=day)
    assert [one["claim_id"] for one in of_day["items"]] == [three[1]["id"]]


def test_a_rule_in_force_stops_new_claims_and_stored_ones_once_they_are_refreshed(office, three, rulebook):
    in_force = rulebook.in_force()
    assert (in_force["in_force"]["revision"], in_force["latest"]["status"]) == (1, "in_force")
    assert state_of(office, three[0]) == "held"
    assert [office.claim(one["id"])["state"] for one in three] == ["ready"] * 3
    refreshed = [office.post(f"/v1/claims/{one['id']}/refresh", {}).json()["state"] for one in three]
    assert refreshed == ["held", "held", "ready"]
    softer = rulebook.put(condition=FIVE).json()
    assert (softer["latest"]["status"], softer["in_force"]["revision"]) == ("draft", 1)
    would = rulebook.replay(revision=2)
    assert (would["counts"]["found"], would["counts"]["newly_ready"]) == (0, 2)
    assert [one["went"] for one in would["items"]] == [[{"rule_code": CODE, "pointer": "/claim/lines/0"}]] * 2
    assert office.post("/v1/rules/replay", {}).json()["items"] == []


def test_every_revision_is_kept_with_who_did_what_and_when(office, rulebook, clock):
    rulebook.put()
    rulebook.activate()
    clock.advance(timedelta(days=10))
    rulebook.put(condition=FIVE, actor={**BILLER, "name": "Olive Owner", "id": "user-olive"})
    today = rulebook.replay(revision=2) and rulebook.act("activate", revision=2).json()
    assert [today["in_force"]["revision"], today["in_force"]["active_from"]] == [2, clock.now().date().isoformat()]
    reason = "The contract has ended, so nobody needs it."
    ended = rulebook.act("deactivate", reason=reason)
    assert (ended.status_code, ended.json()["in_force"]) == (200, None)
    first_page = office.get(f"/v1/custom-rules/{CODE}/revisions?limit=1").json()
    [second] = first_page["items"]
    rest = office.get(f"/v1/custom-rules/{CODE}/revisions?after={first_page['next']}").json()
    [first] = rest["items"]
    assert (second["revision"], first["revision"], rest["next"]) == (2, 1, None)
    assert second["definition"]["condition"] == FIVE
    assert (first["status"], second["status"]) == ("ended", "ended")
    assert (clock.now().date() - timedelta(days=1)).isoformat() == first["active_to"] == second["active_to"]
    assert [one["kind"] for one in first["acts"]] == ["written", "replayed", "activated"]
    assert [one["kind"] for one in second["acts"]] == ["written", "replayed", "activated", "deactivated"]
    assert [second["acts"][0]["actor"]["name"], second["acts"][3]["actor"]["name"]] == ["Olive Owner", BILLER["name"]]
    assert second["acts"][3]["reason"] == reason
    assert second["acts"][1]["replayed"]["examined"] == 0


@sqlite_only
def test_only_what_was_replayed_comes_into_force_and_only_once(rulebook):
    rulebook.put()
    early = rulebook.act("activate", revision=1)
    assert (early.status_code, early.json()["code"]) == (409, "replay_missing")
    assert rulebook.act("activate", revision=2).json()["code"] == "custom_rule_revision_not_found"
    rulebook.activate()
    assert rulebook.act("activate", revision=1).json()["code"] == "revision_not_draft"
    rulebook.put(condition=FIVE)
    assert rulebook.act("activate", revision=2).json()["code"] == "replay_missing", "each revision by itself"


@sqlite_only
def test_a_rule_comes_into_force_and_ends_on_the_days_that_were_decided(office, neighbours, rulebook, clock):
    rulebook.put()
    later = (clock.now() + timedelta(days=3)).date().isoformat()
    scheduled = rulebook.activate(from_date=later)
    assert (scheduled["latest"]["status"], scheduled["in_force"], state_of(office)) == ("scheduled", None, "ready")
    claim = office.create().json()
    clock.advance(timedelta(days=2))
    assert state_of(office, claim) == "ready"
    clock.advance(timedelta(days=1))
    assert state_of(office, claim) == "held"
    assert office.post("/v1/rules/replay", {}).json()["items"] == [], "as of the day of its check"
    [as_of_now] = office.post("/v1/rules/replay", {"as_of": later}).json()["items"]
    assert (as_of_now["claim_id"], as_of_now["scrub_result_now"]) == (claim["id"], "held")
    last = (clock.now() + timedelta(days=2)).date().isoformat()
    rulebook.act("deactivate", from_date=last, reason="The owner is away from that day on.")
    clock.advance(timedelta(days=1))
    assert state_of(office, claim) == "held"
    clock.advance(timedelta(days=1))
    assert state_of(office, claim) == "ready"


@sqlite_only
def test_the_next_revision_takes_the_place_of_the_one_before_on_its_day(office, neighbours, rulebook, clock):
    rulebook.in_force()
    rulebook.put(severity="block")
    rulebook.activate(revision=2, from_date=(clock.now() + timedelta(days=5)).date().isoformat())
    assert state_of(office) == "held"
    clock.advance(timedelta(days=5))
    assert state_of(office) == "blocked"


@sqlite_only
def test_what_is_scheduled_can_be_called_off_and_is_written_anew_to_come_back(office, neighbours, rulebook, clock):
    rulebook.put()
    rulebook.activate(from_date=(clock.now() + timedelta(days=3)).date().isoformat())
    off = rulebook.act("deactivate", reason="Called off before it began.").json()
    assert (off["latest"]["status"], off["in_force"]) == ("ended", None)
    again = rulebook.act("deactivate", reason="Called off before it began.")
    assert (again.status_code, again.json()["code"]) == (409, "custom_rule_not_in_force")
    clock.advance(timedelta(days=4))
    assert state_of(office) == "ready"
    assert rulebook.put().json()["latest"]["revision"] == 2
    assert rulebook.put().json()["latest"]["revision"] == 2, "the same text is no new revision"


@sqlite_only
def test_rules_come_into_force_and_end_each_by_itself(office, neighbours, rulebook):
    rulebook.in_force("custom_first", severity="warn")
    rulebook.in_force("custom_second", severity="info")
    claim = office.create().json()
    own = [one["code"] for one in claim["findings"] if one["code"].startswith("custom_")]
    assert own == ["custom_first", "custom_second"]
    rulebook.act("deactivate", "custom_second", reason="The second is of no use.")
    assert rulebook.get("custom_first")["in_force"]["active_to"] is None
    assert rulebook.get("custom_second")["in_force"] is None


@sqlite_only
def test_what_was_called_off_before_it_began_is_not_called_off_again(rulebook, clock):
    first, off, earlier = ((clock.now() + timedelta(days=days)).date().isoformat() for days in (5, 4, 1))
    rulebook.put()
    rulebook.activate(from_date=first)
    reason = "Called off before it began."
    assert rulebook.act("deactivate", from_date=off, reason=reason).json()["latest"]["status"] == "ended"
    again = rulebook.act("deactivate", from_date=earlier, reason=reason)
    assert (again.status_code, again.json()["code"]) == (409, "custom_rule_not_in_force")


@sqlite_only
@pytest.mark.parametrize("days", [-1, 367])
def test_no_day_of_the_past_or_far_away_is_taken(rulebook, clock, days):
    rulebook.put()
    rulebook.replay()
    day = (clock.now() + timedelta(days=days)).date().isoformat()
    for verb, body in (("activate", {"revision": 1}), ("deactivate", {"reason": "It is of no use any more."})):
        refused = rulebook.act(verb, from_date=day, **body)
        assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/body/from_date")


@sqlite_only
@pytest.mark.parametrize(
    ("scope", "state"),
    [
        ({"payer_id": PAYER}, "held"),
        ({"payer_id": "pay_another1"}, "ready"),
        ({"effective_from": "2026-01-02"}, "ready"),
        ({"effective_to": "2025-12-31"}, "ready"),
        ({"effective_from": "2026-01-01", "effective_to": "2026-01-01"}, "held"),
    ],
)
def test_a_rule_is_about_its_payer_and_its_dates_of_service_alone(office, neighbours, rulebook, scope, state):
    claim = office.create().json()
    rulebook.put(**scope)
    found = rulebook.replay()
    assert found["counts"]["found"] == (state == "held")
    assert found["counts"]["examined"] == (scope.get("payer_id", PAYER) == PAYER)
    rulebook.activate()
    assert state_of(office, claim) == state


def test_another_organization_neither_sees_a_rule_nor_is_checked_by_it(office, neighbours, rulebook):
    rulebook.in_force()
    office.set_up(organization_id=OTHER_ORGANIZATION)
    theirs = {"organization_id": OTHER_ORGANIZATION}
    assert office.create(claims=theirs).json()["state"] == "ready"
    assert office.get("/v1/custom-rules", **theirs).json()["items"] == []
    for path in (f"/v1/custom-rules/{CODE}", f"/v1/custom-rules/{CODE}/revisions", f"/v1/rules/{CODE}"):
        assert office.get(path, **theirs).status_code == 404
    assert CODE not in [one["code"] for one in office.get("/v1/rules?limit=200", **theirs).json()["items"]]
    for verb, body in (
        ("replay", {"revision": 1}),
        ("activate", {"revision": 1}),
        ("deactivate", {"reason": "x" * 10}),
    ):
        assert rulebook.act(verb, claims=theirs, **body).status_code == 404
    mine = rulebook.get()
    assert rulebook.put(severity="info", claims=theirs).status_code == 201
    assert rulebook.get() == mine


@sqlite_only
def test_the_practices_rules_in_force_are_read_with_all_others(office, rulebook):
    rulebook.put("custom_a_draft")
    rulebook.in_force(title="Long sessions")
    codes, after = [], ""
    while after is not None:
        page = office.get(f"/v1/rules?limit=100{after and f'&after={after}'}").json()
        codes, after = codes + [one["code"] for one in page["items"]], page["next"]
    assert codes[-1] == CODE and "custom_a_draft" not in codes and "note_unsigned" in codes
    one = office.get(f"/v1/rules/{CODE}").json()
    assert (one["title"], one["severity"], one["group"], one["overridable"]) == (
        "Long sessions",
        "hold",
        "custom",
        True,
    )
    assert office.get("/v1/rules/custom_a_draft").status_code == 404


@sqlite_only
def test_only_a_biller_writes_rules_and_any_reader_reads_them(office, rulebook):
    rulebook.in_force()
    body = a_rule(severity="info")
    for actor in (THERAPIST_ACTS, INTEGRATION_ACTS):
        refused = office.put(f"/v1/custom-rules/{CODE}", {**body, "actor": actor})
        assert (refused.status_code, refused.json()["code"]) == (403, "role_not_permitted")
        for verb, more in (
            ("replay", {"revision": 1}),
            ("activate", {"revision": 1}),
            ("deactivate", {"reason": "x" * 10}),
        ):
            assert rulebook.act(verb, actor=actor, **more).status_code == 403
    reader = {"scopes": ("claims:read",)}
    assert rulebook.put(claims=reader).status_code == 403
    assert [one["code"] for one in office.get("/v1/custom-rules", **reader).json()["items"]] == [CODE]
    assert rulebook.put(claims={"persons_decide": True}).json()["code"] == "person_required"


def test_writes_are_repeated_safely_conditional_and_leave_events_and_entries(office, rulebook, deps):
    assert rulebook.put().headers["etag"] == '"1"'
    assert rulebook.put(severity="block", if_match='"1"').headers["etag"] == '"2"'
    stale = rulebook.put(severity="info", if_match='"1"')
    assert (stale.status_code, stale.json()["current_version"]) == (412, 2)
    first, second = (rulebook.act("replay", revision=2, key="replay-once") for _ in range(2))
    assert first.content == second.content and first.headers["etag"] == '"3"'
    first, second = (rulebook.act("activate", revision=2, key="activate-once") for _ in range(2))
    assert first.content == second.content and rulebook.get()["version"] == 4
    rulebook.act("deactivate", reason="It stopped what it should not.")
    told = [(one["type"], one["data"]) for one in office.events() if one["subject_id"] == CODE]
    today = rulebook.get()["latest"]["active_from"]
    assert told == [
        ("custom_rule.put", {"version": 1, "revision": 1}),
        ("custom_rule.put", {"version": 2, "revision": 2}),
        ("custom_rule.replay", {"version": 3, "revision": 2}),
        ("custom_rule.activate", {"version": 4, "revision": 2, "from_date": today}),
        ("custom_rule.deactivate", {"version": 5, "from_date": today}),
    ]
    with deps.database.reading() as session:
        entries = session.exec(select(AuditEntry).where(AuditEntry.subject_id == CODE)).all()
    done = [(one.action, one.actor) for one in entries if one.actor]
    assert {action for action, _ in done} == {
        f"{verb}_custom_rule" for verb in ("put", "replay", "activate", "deactivate")
    }
    assert {actor["name"] for _, actor in done} == {BILLER["name"]}


def test_what_a_rule_says_is_sealed_at_rest(rulebook, deps):
    rulebook.in_force(message="Whitlockcanary is looked at by the owner first.")
    with deps.database.engine.connect() as connection:
        rows = connection.exec_driver_sql("select definition, acts from custom_rule_revisions").all()
    kept = b"".join(bytes(one) if isinstance(one, bytes | memoryview) else one.encode() for row in rows for one in row)
    assert rows and b"hitlockcanary" not in kept and b"Bettina" not in kept


@sqlite_only
def test_a_replay_knows_what_was_known_when_a_claim_was_checked(office, neighbours, rulebook, clock):
    first, second = neighbours.hold(2)
    for note_id in (second, first):
        office.create(note_id)
        clock.advance(timedelta(minutes=5))
    rulebook.put(condition={"fact": "visit.number", "operator": "equals", "value": 1}, applies_to="claim")
    assert rulebook.replay()["counts"]["found"] == 2, "the later visit was checked when it was the only one"


def revisions(codes, first_day=None, revision=1):
    definition = CustomRuleDefinition.model_validate({k: v for k, v in a_rule().items() if k != "actor"})
    for code in codes:
        yield CustomRuleRow(organization_id=ORGANIZATION, id=code, latest=revision)
        yield CustomRuleRevisionRow(
            organization_id=ORGANIZATION,
            id=code,
            revision=revision,
            active_from=first_day,
            definition=definition,
            acts=[],
        )


@sqlite_only
def test_an_organization_has_at_most_two_hundred_rules_and_a_hundred_in_force(rulebook, deps, clock):
    rulebook.put()
    rulebook.replay()
    codes = [f"custom_{n:04d}" for n in range(99)]
    deps.database.run(lambda session: session.add_all(revisions(codes, clock.now().date())))
    assert rulebook.act("activate", revision=1).status_code == 200
    rulebook.put("custom_one_more")
    rulebook.replay("custom_one_more")
    refused = rulebook.act("activate", "custom_one_more", revision=1)
    assert (refused.status_code, refused.json()["code"]) == (409, "too_many_rules")
    assert rulebook.put(severity="info").json()["latest"]["revision"] == 2
    rulebook.replay(revision=2)
    assert rulebook.act("activate", revision=2).status_code == 200, "in place of one that is in force"
    deps.database.run(lambda session: session.add_all(revisions([f"custom_{n}" for n in range(99)])))
    refused = rulebook.put("custom_another")
    assert (refused.status_code, refused.json()["code"]) == (409, "too_many_rules")
    assert rulebook.put(severity="warn").status_code == 200


@sqlite_only
def test_a_rule_has_at_most_a_thousand_revisions(rulebook, deps):
    deps.database.run(lambda session: session.add_all(revisions([CODE], revision=1000)))
    refused = rulebook.put(severity="info")
    assert (refused.status_code, refused.json()["code"]) == (409, "too_many_revisions")
