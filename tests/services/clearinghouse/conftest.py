"""A running simulator with the sample payers, on SQLite and on PostgreSQL."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from services.clearinghouse.app import build
from shared import x12
from shared.settings import SimulatorSettings
from tests.services.clearinghouse.x12_files import AUTH, EDI


class Simulator:
    """The simulator as a partner sees it."""

    def __init__(self, url: str, http: httpx.Client) -> None:
        self.url = url
        self._http = http

    def send(self, content: bytes, **headers: str) -> httpx.Response:
        return self._http.post(f"{self.url}/v1/x12/files", content=content, headers=EDI | headers, auth=AUTH)

    def ask(self, content: bytes) -> httpx.Response:
        return self._http.post(f"{self.url}/v1/x12/eligibility", content=content, headers=EDI, auth=AUTH)

    def status(self, content: bytes, **headers: str) -> httpx.Response:
        return self._http.post(f"{self.url}/v1/x12/status", content=content, headers=EDI | headers, auth=AUTH)

    def fax_appeal(self, claim_number: str, **headers: str) -> httpx.Response:
        body = {"claim_number": claim_number}
        return self._http.post(f"{self.url}/simulator/appeals", json=body, headers=headers, auth=AUTH)

    def appeal(self, claim_number: str) -> httpx.Response:
        return self._http.get(f"{self.url}/simulator/appeals/{claim_number}", auth=AUTH)

    def receipts(self, number: int = 1) -> list[dict[str, Any]]:
        asked = {"interchange_control_number": f"{number:09d}"}
        return self._http.get(f"{self.url}/v1/x12/files", params=asked, auth=AUTH).json()["items"]

    def messages(self, after: str = "", limit: int = 100) -> list[dict[str, Any]]:
        asked = {"after": after, "limit": str(limit)}
        return self._http.get(f"{self.url}/v1/x12/messages", params=asked, auth=AUTH).json()["items"]

    def kinds(self) -> list[str]:
        return [message["kind"] for message in self.messages()]

    def records(self, kind: str) -> list[x12.Part]:
        """What all messages of one kind say of claims (277CA, 835) or say at all (others), in order."""
        wanted = {"277CA": x12.ClaimStatus, "835": x12.ClaimPayment}.get(kind, x12.Part)
        return [record for record in self.everything(kind) if isinstance(record, wanted)]

    def everything(self, kind: str) -> list[x12.Part]:
        """All records of all messages of one kind."""
        contents = [message["content"].encode() for message in self.messages() if message["kind"] == kind]
        files = [x12.read_all(content) for content in contents]
        return [record for file in files for found in file.transactions for record in found.records]

    def advance(self, **step: Any) -> httpx.Response:
        return self._http.post(f"{self.url}/simulator/clock/advance", json=step)

    def now(self) -> str:
        return self._http.get(f"{self.url}/simulator/clock").json()["now"]


@pytest.fixture
def simulator(make_settings: Callable[..., Any], run_app: Callable[..., str], http: httpx.Client) -> Simulator:
    return Simulator(run_app(build(make_settings("clearinghouse"), simulator=SimulatorSettings())), http)
