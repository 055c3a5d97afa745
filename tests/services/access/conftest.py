"""A running access service with one organization and its first client."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import httpx
import pytest

from services.access.app import build, connect
from services.access.flows.bootstrap import create_first_client, create_organization, ensure_service_clients
from services.access.flows.dependencies import Dependencies
from shared.contracts.access import ClientSecret, Organization, OrganizationCreate
from shared.settings import Settings
from tests.harness.clocks import SetMonotonic


@dataclass(frozen=True)
class Access:
    """The service as its users see it."""

    url: str
    settings: Settings
    deps: Dependencies
    organization: Organization
    first: ClientSecret
    http: httpx.Client
    monotonic: SetMonotonic

    def ask(self, client: Any = None, **form: str) -> httpx.Response:
        """POST /oauth/token by HTTP Basic."""
        shown = client or self.first
        fields = {"grant_type": "client_credentials", **form}
        return self.http.post(self.url + "/oauth/token", data=fields, auth=(shown.id, shown.secret))

    def headers(self, client: Any = None, key: str | None = None) -> dict[str, str]:
        extra = {"Idempotency-Key": key} if key else {}
        return {"Authorization": f"Bearer {self.ask(client).json()['access_token']}", **extra}

    def service(self, name: str) -> Any:
        """The internal client of a service, from its credentials file."""
        ensure_service_clients(self.deps, self.settings)
        shown = self.settings.credentials_of(name)
        return SimpleNamespace(id=shown.client_id, secret=shown.client_secret.get_secret_value())

    def another(self) -> tuple[Organization, ClientSecret]:
        organization = create_organization(self.deps, OrganizationCreate(name="Another", time_zone="UTC"))
        return organization, create_first_client(self.deps, organization.id, "first")


@pytest.fixture
def settings(make_settings: Callable[..., Settings]) -> Settings:
    return make_settings("access")


@pytest.fixture
def deps(settings: Settings) -> Iterator[Dependencies]:
    deps = connect(settings)
    yield deps
    deps.issuer_keys.close()
    deps.database.close()


@pytest.fixture
def access(
    settings: Settings, deps: Dependencies, run_app: Callable[..., str], http: httpx.Client, monotonic: SetMonotonic
) -> Access:
    organization = create_organization(
        deps, OrganizationCreate(name="Rainier Bodywork", time_zone="America/Los_Angeles")
    )
    first = create_first_client(deps, organization.id, "first")
    return Access(run_app(build(settings, monotonic=monotonic)), settings, deps, organization, first, http, monotonic)
