"""Every service as a caller who may do everything finds it."""

from base64 import b64encode
from collections.abc import Callable

import pytest

from services.access.app import connect
from services.access.flows.bootstrap import create_first_client, create_organization
from services.cli.composition import build_of
from shared.contracts.access import OrganizationCreate
from shared.settings import Settings
from tests.services.claims.factories import Neighbours
from tests.services.clearinghouse.x12_files import AUTH


@pytest.fixture
def start(make_settings, run_app, http, bearer) -> Callable[[str], tuple[str, dict[str, str]]]:
    """`start("notes")` answers where the running service is and the headers of a caller who may do everything."""

    def token_of_access(settings: Settings, url: str) -> str:
        deps = connect(settings)
        owner = create_organization(deps, OrganizationCreate(name="Rainier Bodywork", time_zone="UTC"))
        client = create_first_client(deps, owner.id, "first")
        deps.database.close()
        form = {"grant_type": "client_credentials"}
        answer = http.post(f"{url}/oauth/token", data=form, auth=(client.id, client.secret))
        return str(answer.raise_for_status().json()["access_token"])

    def run(service: str) -> tuple[str, dict[str, str]]:
        neighbours = run_app(Neighbours().app())
        settings = make_settings(service, notes_url=neighbours, eligibility_url=neighbours)
        url = run_app(build_of(service)(settings))
        if service == "access":
            return url, {"Authorization": f"Bearer {token_of_access(settings, url)}"}
        if service == "clearinghouse":
            return url, {"Authorization": "Basic " + b64encode(":".join(AUTH).encode()).decode()}
        return url, bearer()

    return run
