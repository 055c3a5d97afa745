"""The toy service, running."""

import pytest

from tests.shared.web.toy import Gate, toy


@pytest.fixture
def gate() -> Gate:
    return Gate()


@pytest.fixture
def toy_url(database, keys, gate, run_app, clock) -> str:
    return run_app(toy(database, keys, gate, wall_clock=clock))


@pytest.fixture
def create(toy_url, http, bearer):
    """`create("thing-1", key=...)` posts a thing."""

    def post(identifier: str = "thing_1", *, key: str | None = "key-number-1", claims=None, **members):
        headers = bearer(key=key, **(claims or {}))
        return http.post(toy_url + "/v1/things", json={"id": identifier, **members}, headers=headers)

    return post


@pytest.fixture
def things(toy_url, http, bearer):
    """The ids of all things of an organization."""

    def ids(**claims) -> list[str]:
        page = http.get(toy_url + "/v1/things", params={"limit": 200}, headers=bearer(**claims))
        return [item["id"] for item in page.json()["items"]]

    return ids
