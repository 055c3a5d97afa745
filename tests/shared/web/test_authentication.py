"""A request's organization is known, everywhere below, from its verified token alone and as long as the request."""

import asyncio

import pytest
from fastapi import Depends

from shared.database.operations import Operations
from shared.tenancy import NOBODY, acting_for, current_organization
from shared.web.auth import authenticated_caller
from shared.web.authentication import Authentication
from shared.web.routes import Routes
from shared.web.service import create_service, verifier_of
from tests.harness.tokens import ISSUER, ORGANIZATION, OTHER_ORGANIZATION

ON_SQLITE = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
"""Nothing here depends on the database."""


@pytest.fixture
def url(database, keys, run_app):
    Operations.metadata.create_all(database.engine)
    router = Routes()

    @router.get("/sync", dependencies=[Depends(authenticated_caller)])
    def sync() -> str | None:
        return current_organization()

    @router.get("/async", dependencies=[Depends(authenticated_caller)])
    async def without_a_thread() -> str | None:
        return current_organization()

    @router.get("/open")
    def open_to_all() -> str | None:
        return current_organization()

    return run_app(
        create_service(
            name="toy",
            summary="",
            tags={},
            database=database,
            routers=[router],
            dependencies=[],
            verifier=verifier_of(keys, ISSUER, "notes"),
        )
    )


@ON_SQLITE
@pytest.mark.parametrize("route", ["/sync", "/async", "/open"])
def test_the_organization_of_the_token_is_bound_in_threads_and_outside(url, http, bearer, route) -> None:
    for organization_id in (ORGANIZATION, OTHER_ORGANIZATION):
        assert http.get(url + route, headers=bearer(organization_id=organization_id)).json() == organization_id


@ON_SQLITE
def test_an_open_route_takes_no_organization_from_a_token_that_does_not_hold(url, http, bearer) -> None:
    assert http.get(url + "/open").json() == NOBODY
    assert http.get(url + "/open", headers=bearer(audience="claims")).json() == NOBODY


@ON_SQLITE
def test_a_token_of_more_than_8000_bytes_is_no_token(url, http) -> None:
    answer = http.get(url + "/sync", headers={"Authorization": "Bearer " + "a" * 8000})
    assert (answer.status_code, answer.json()["code"]) == (401, "token_malformed")


def test_acting_for_ends_with_its_block_also_when_it_fails() -> None:
    with pytest.raises(ZeroDivisionError), acting_for("a"):
        with acting_for("b"):
            assert current_organization() == "b"
        assert current_organization() == "a"
        raise ZeroDivisionError
    assert current_organization() is None


async def _never(*_: object) -> None:
    raise AssertionError("nothing is verified outside of HTTP")


def test_what_is_no_http_request_passes_as_it_is() -> None:
    seen: list[str] = []

    async def app(scope, _receive, _send) -> None:
        seen.append(scope["type"])

    asyncio.run(Authentication(app, verifier=_never)({"type": "lifespan"}, _never, _never))
    assert seen == ["lifespan"]
