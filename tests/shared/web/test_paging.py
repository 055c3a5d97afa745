"""Lists are paged by key: every row once, in order, whatever is added meanwhile."""

from base64 import urlsafe_b64encode

import pytest

from shared.errors import Malformed
from shared.paging import Cursor, page_of


def encoded(text: str) -> str:
    return urlsafe_b64encode(text.encode()).rstrip(b"=").decode()


def test_pages_hold_every_row_once_in_order(create, toy_url, http, bearer) -> None:
    for number, size in enumerate([3, 1, 2, 1, 3]):
        create(f"thing_{number}", key=f"key-number-{number}", size=size)
    seen, after = [], None
    while True:
        page = http.get(toy_url + "/v1/things", params={"after": after} if after else {}, headers=bearer()).json()
        seen += [(item["size"], item["id"]) for item in page["items"]]
        if after is None:
            create("thing_later", key="key-of-later", size=2)
        after = page["next"]
        if after is None:
            break
    assert seen == sorted(seen)
    assert len(seen) == len(set(seen)) == 6


@pytest.mark.parametrize("limit", [1, 200])
def test_the_least_and_the_most_of_a_page_are_taken(toy_url, http, bearer, limit) -> None:
    answer = http.get(toy_url + "/v1/things", params={"limit": limit}, headers=bearer())
    assert (answer.status_code, answer.json()["items"]) == (200, [])


def test_a_limit_beyond_the_most_is_malformed(toy_url, http, bearer) -> None:
    for limit in (0, 201, "many"):
        answer = http.get(toy_url + "/v1/things", params={"limit": limit}, headers=bearer())
        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/query/limit")


@pytest.mark.parametrize(
    "cursor",
    ["x", "ÄÖÜ", encoded("{}"), encoded("[1]"), encoded('["1","a"]'), encoded("[true,\"a\"]"), encoded('[1,"a",2]'),
     encoded('[1,"\\u0000"]'), encoded("[99999999999999999999999,\"a\"]"), encoded('[1,"\\ud800"]')],
)  # fmt: skip
def test_a_cursor_that_no_page_gave_is_malformed(toy_url, http, bearer, cursor) -> None:
    answer = http.get(toy_url + "/v1/things", params={"after": cursor}, headers=bearer())
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "cursor_invalid")


def test_a_cursor_comes_back_as_it_was() -> None:
    assert Cursor.read(Cursor.write(7, "clm_1"), (int, str)) == (7, "clm_1")
    assert Cursor.read(None, (int, str)) is None
    with pytest.raises(Malformed):
        Cursor.read(Cursor.write("clm_1"), (int, str))


def test_the_last_page_has_no_next() -> None:
    rows = ["a", "b", "c"]
    assert page_of(rows, 3, lambda row: (row,)) == (rows, None)
    shown, following = page_of(rows, 2, lambda row: (row,))
    assert (shown, Cursor.read(following, (str,))) == (["a", "b"], ("b",))
