"""Listing notes by patient and by day."""

from shared.paging import Cursor
from tests.harness.tokens import OTHER_ORGANIZATION
from tests.services.notes.conftest import Api, a_note


def put_day(api: Api, note_id: str, day: str, patient_id: str = "pat_canary01") -> None:
    times = {"started_at": f"{day}T09:00:00-08:00", "ended_at": f"{day}T10:00:00-08:00"}
    assert api.put(note_id, a_note(patient_id=patient_id, **times)).status_code == 201


def ids(page: dict[str, list[dict[str, str]]]) -> list[str]:
    return [item["id"] for item in page["items"]]


def test_notes_come_by_day_then_id_of_the_wanted_patient_and_days(api: Api) -> None:
    put_day(api, "note_0003", "2026-02-10")
    put_day(api, "note_0002", "2026-02-11")
    put_day(api, "note_0001", "2026-02-11")
    put_day(api, "note_0004", "2026-02-12", patient_id="pat_other001")
    assert ids(api.get("/v1/notes").json()) == ["note_0003", "note_0001", "note_0002", "note_0004"]
    assert ids(api.get("/v1/notes?patient_id=pat_canary01&date_from=2026-02-11").json()) == ["note_0001", "note_0002"]
    assert ids(api.get("/v1/notes?date_to=2026-02-10").json()) == ["note_0003"]
    assert ids(api.get("/v1/notes?date_from=2026-02-12&date_to=2026-02-12").json()) == ["note_0004"]


def test_pages_follow_one_another_without_gap_or_repetition(api: Api) -> None:
    for number, day in enumerate(["2026-02-10", "2026-02-10", "2026-02-11", "2026-02-12", "2026-02-12"]):
        put_day(api, f"note_000{number}", day)
    found, after = [], ""
    while after is not None:
        page = api.get("/v1/notes?limit=2" + (f"&after={after}" if after else "")).json()
        found += ids(page)
        after = page["next"]
    assert found == ["note_0000", "note_0001", "note_0002", "note_0003", "note_0004"]


def test_a_list_shows_only_the_organizations_own_notes_and_no_text(api: Api) -> None:
    put_day(api, "note_0001", "2026-02-10")
    assert api.get("/v1/notes", organization_id=OTHER_ORGANIZATION).json() == {"items": [], "next": None}
    summary = {
        "id": "note_0001",
        "version": 1,
        "status": "draft",
        "patient_id": "pat_canary01",
        "therapist_id": "the_maya0001",
        "date_of_service": "2026-02-10",
        "started_at": "2026-02-10T09:00:00-08:00",
        "ended_at": "2026-02-10T10:00:00-08:00",
        "signed_at": None,
    }
    assert api.get("/v1/notes").json() == {"items": [summary], "next": None}


def test_a_therapists_day_comes_in_the_order_of_its_sessions_in_the_practices_zone(api: Api) -> None:
    for note_id, start, end, therapist in [
        ("note_0001", "2026-02-10T22:00:00Z", "2026-02-10T23:00:00Z", "the_maya0001"),
        ("note_0002", "2026-02-10T09:00:00-08:00", "2026-02-10T10:00:00-08:00", "the_maya0001"),
        ("note_0003", "2026-02-10T13:00:00-05:00", "2026-02-10T14:00:00-05:00", "the_other001"),
        ("note_0004", "2026-02-11T09:00:00-08:00", "2026-02-11T10:00:00-08:00", "the_maya0001"),
    ]:
        api.put(note_id, a_note(started_at=start, ended_at=end, therapist_id=therapist)).raise_for_status()
    day = "/v1/notes?therapist_id=the_maya0001&date=2026-02-10"
    sessions = [(note["id"], note["started_at"], note["ended_at"]) for note in api.get(day).json()["items"]]
    assert sessions == [
        ("note_0002", "2026-02-10T09:00:00-08:00", "2026-02-10T10:00:00-08:00"),
        ("note_0001", "2026-02-10T14:00:00-08:00", "2026-02-10T15:00:00-08:00"),
    ]
    first = api.get(f"{day}&limit=1").json()
    assert ids(api.get(f"{day}&limit=1&after={first['next']}").json()) == ["note_0001"]


def test_drafts_and_signed_notes_are_asked_for_apart(api: Api) -> None:
    put_day(api, "note_0001", "2026-02-10")
    put_day(api, "note_0002", "2026-02-10")
    assert api.sign("note_0002").status_code == 200
    assert ids(api.get("/v1/notes?status=draft").json()) == ["note_0001"]
    assert ids(api.get("/v1/notes?status=signed").json()) == ["note_0002"]
    assert ids(api.get("/v1/notes").json()) == ["note_0001", "note_0002"]


def test_a_bad_cursor_range_or_limit_is_422_with_a_pointer(api: Api) -> None:
    not_a_day = Cursor.write("notaday", "2026-02-10T09:00:00+00:00", "note_0001")
    no_offset = Cursor.write("2026-02-10", "2026-02-10T09:00:00", "note_0001")
    for query, pointer in [
        ("after=rubbish", "/query/after"),
        (f"after={not_a_day}", "/query/after"),
        (f"after={no_offset}", "/query/after"),
        ("date=2026-02-10&date_from=2026-02-10", "/query/date"),
        ("status=nonsense", "/query/status"),
        ("date_from=2026-02-11&date_to=2026-02-10", "/query/date_to"),
        ("date_from=tomorrow", "/query/date_from"),
        ("limit=0", "/query/limit"),
        ("limit=201", "/query/limit"),
    ]:
        answer = api.get(f"/v1/notes?{query}")
        assert answer.status_code == 422, query
        assert answer.json()["errors"][0]["pointer"] == pointer
