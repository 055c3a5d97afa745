"""Listing notes by patient and by day."""

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
    assert set(api.get("/v1/notes").json()["items"][0]) == {
        "id", "status", "patient_id", "therapist_id", "date_of_service", "signed_at",
    }  # fmt: skip


def test_a_bad_cursor_range_or_limit_is_422_with_a_pointer(api: Api) -> None:
    not_a_day = "WyJub3RhZGF5IiwieCJd"  # ["notaday","x"]
    for query, pointer in [
        ("after=rubbish", "/query/after"),
        (f"after={not_a_day}", "/query/after"),
        ("date_from=2026-02-11&date_to=2026-02-10", "/query/date_to"),
        ("date_from=tomorrow", "/query/date_from"),
        ("limit=0", "/query/limit"),
        ("limit=201", "/query/limit"),
    ]:
        answer = api.get(f"/v1/notes?{query}")
        assert answer.status_code == 422, query
        assert answer.json()["errors"][0]["pointer"] == pointer
