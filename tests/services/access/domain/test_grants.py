"""What a token may say is decided by rules in a fixed order."""

from services.access.domain.grants import SERVICES, Asked, Grant, KnownClient, Refusal, decide, grant_type_refused
from shared.settings import PORTS

EXTERNAL = KnownClient("cli_00000001", "phone app", "org_00000001", frozenset({"notes:read", "claims:read"}))
SERVICE = KnownClient("cli_00000002", "claims", "org_handbill", frozenset({"internal"}))


def test_the_services_that_tokens_name_are_the_services_that_run() -> None:
    assert set(SERVICES) == set(PORTS)


def test_an_organizations_client_gets_its_scopes_for_every_service() -> None:
    assert decide(EXTERNAL, Asked(), 900) == Grant("org_00000001", EXTERNAL.scopes, SERVICES, 900)


def test_scope_is_scrub_result_before_audience() -> None:
    refusal = decide(EXTERNAL, Asked(scope="everything", audience="mallory"), 900)
    assert isinstance(refusal, Refusal)
    assert refusal.error == "invalid_scope"


def test_a_service_never_gets_more_than_five_minutes() -> None:
    grant = decide(SERVICE, Asked(audience="notes", organization_id="org_00000001"), 3600)
    assert grant == Grant("org_00000001", frozenset({"internal"}), ("notes",), 300, "claims")


def test_only_client_credentials_is_a_grant_here() -> None:
    assert grant_type_refused(Asked("client_credentials")) is None
    assert [grant_type_refused(Asked(kind)).error for kind in (None, "password")] == [
        "invalid_request",
        "unsupported_grant_type",
    ]
