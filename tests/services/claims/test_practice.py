"""The practice's own data: put by the caller's ids, guarded by versions, checked before it is kept."""

import pytest
from sqlmodel import select

from shared.database.operations import AuditEntry
from tests.harness.tokens import ORGANIZATION, OTHER_ORGANIZATION
from tests.services.claims.factories import (
    BILLER,
    FEES,
    NOTE,
    THERAPIST,
    a_fee_schedule,
    a_note,
    a_practice,
    a_therapist,
)

THINGS = [
    ("/v1/practice", a_practice, {"contact_name": "Another Contact"}),
    (f"/v1/therapists/{THERAPIST}", a_therapist, {"license_number": "MA00000001"}),
    (
        f"/v1/fee-schedules/{FEES}",
        a_fee_schedule,
        {"fees": [{"procedure_code": "97124", "charge_cents": 5000}]},
    ),
]
sqlite_only = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
each_thing = pytest.mark.parametrize(("path", "body", "change"), THINGS, ids=["practice", "therapist", "fees"])


@each_thing
def test_what_is_put_is_read_back_with_its_version(api, path, body, change):
    assert api.get(path).status_code == 404
    put = api.put(path, body())
    got = api.get(path)
    assert (put.status_code, got.status_code) == (201, 200)
    assert put.json() == got.json()
    assert (got.json()["version"], got.headers["ETag"]) == (1, '"1"')


@each_thing
def test_putting_the_same_again_changes_nothing_and_a_change_counts_the_version_up(api, path, body, change):
    api.put(path, body())
    assert api.put(path, body()).json()["version"] == 1
    assert api.put(path, body(**change)).json()["version"] == 2
    assert api.get(path).headers["ETag"] == '"2"'


@each_thing
def test_a_writer_who_read_an_older_version_is_told_so(api, path, body, change):
    assert api.put(path, body(), if_match='"1"').status_code == 412
    api.put(path, body())
    assert api.put(path, body(**change), if_match='"1"').status_code == 200
    late = api.put(path, body(), if_match='"1"')
    assert (late.status_code, late.json()["code"]) == (412, "version_changed")
    assert api.get(path).json()["version"] == 2


@each_thing
def test_another_organization_does_not_find_it(api, path, body, change):
    api.put(path, body())
    assert api.get(path, organization_id=OTHER_ORGANIZATION).status_code == 404
    api.put(path, body(**change), organization_id=OTHER_ORGANIZATION)
    assert api.get(path).json()["version"] == 1


@pytest.mark.parametrize(("path", "body"), [thing[:2] for thing in THINGS[:2]], ids=["practice", "therapist"])
def test_an_npi_that_fails_its_check_digit_is_refused_and_nothing_is_kept(api, path, body):
    refused = api.put(path, body(npi="1234567890"))
    assert (refused.status_code, refused.json()["code"]) == (409, "npi_check_digit")
    assert refused.json()["errors"][0]["pointer"] == "/body/npi"
    assert api.get(path).status_code == 404


def test_a_procedure_has_one_fee_in_a_schedule(api):
    twice = a_fee_schedule(fees=[{"procedure_code": "97124", "charge_cents": cents} for cents in (4500, 4000)])
    refused = api.put(f"/v1/fee-schedules/{FEES}", twice)
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (422, "procedure_twice")


@sqlite_only
def test_a_malformed_practice_is_refused_with_its_pointer_and_not_its_value(api):
    for member, value in (("tax_id", "91-77"), ("contact_phone", "206-555"), ("tax_id_type", "itin"), ("size", "XL")):
        refused = api.put("/v1/practice", {**a_practice(), member: value})
        assert refused.status_code == 422
        assert [error["pointer"] for error in refused.json()["errors"]] == [f"/body/{member}"]
        assert value not in refused.text


def test_every_write_is_audited_with_its_client_and_its_actor_sealed(api, deps):
    api.put("/v1/practice", a_practice(actor=BILLER, contact_name="Somebody Else"))
    with deps.database.reading() as session:
        entries = session.exec(select(AuditEntry).where(AuditEntry.organization_id == ORGANIZATION)).all()
        kept = next(entry for entry in entries if entry.action == "put_practice" and entry.actor)
        raw = session.connection().exec_driver_sql("SELECT actor FROM audit_entries WHERE actor IS NOT NULL").scalar()
    assert (kept.client_id, kept.actor, kept.subject_id) == ("cli_test0001", BILLER, "practice")
    assert BILLER["name"].encode() not in bytes(raw)


def test_the_fees_in_force_on_the_day_of_service_are_charged(office, neighbours):
    neighbours.notes[NOTE] = a_note()
    later = a_fee_schedule(effective_from="2026-03-02", fees=[{"procedure_code": "97124", "charge_cents": 6000}])
    not_yet = a_fee_schedule(effective_from="2026-03-03", fees=[{"procedure_code": "97124", "charge_cents": 9000}])
    office.put("/v1/fee-schedules/fees_from_march", later)
    office.put("/v1/fee-schedules/fees_not_yet", not_yet)
    charges = {line["procedure_code"]: line["charge_cents"] for line in office.create().json()["lines"]}
    assert charges["97124"] == 18_000


def test_two_fee_schedules_do_not_begin_on_one_day(api):
    """One of the two would be charged, and nobody could say which."""
    assert api.put(f"/v1/fee-schedules/{FEES}", a_fee_schedule()).is_success
    refused = api.put("/v1/fee-schedules/fees_other", a_fee_schedule())
    assert (refused.status_code, refused.json()["code"]) == (409, "fee_schedule_same_day")
    assert refused.json()["errors"][0]["pointer"] == "/body/effective_from"
    assert api.put("/v1/fee-schedules/fees_other", a_fee_schedule(effective_from="2026-07-01")).is_success
    assert api.put(f"/v1/fee-schedules/{FEES}", a_fee_schedule()).is_success
