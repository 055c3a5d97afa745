"""`/docs` shows every operation of every service: its own scripts run over the document that the service serves.

They run in QuickJS everywhere, over the parts of the document that are looked at: reading all schemas takes minutes
there. On a machine that has Chromium or Chrome a whole document is opened in it too.
"""

import json
import re
import shutil
import subprocess
from collections.abc import Callable

import pytest

from services.cli.composition import SERVICES, build_of, prepare
from shared.settings import Settings
from tests.deploy.docs_page.page import Page

BROWSERS = [name for name in ("chromium", "google-chrome", "chrome") if shutil.which(name)][:1]
BROWSER_SECONDS = 60
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--virtual-time-budget=10000",
    "--dump-dom",
]


@pytest.fixture(scope="module")
def apps(tmp_path_factory):
    folder = tmp_path_factory.mktemp("docs")
    settings = Settings(data_dir=folder, database_url="sqlite:///{data_dir}/{service}.sqlite", clock_url=None)
    prepare(settings)
    apps = {service: build_of(service)(settings) for service in SERVICES}
    yield apps
    for app in apps.values():
        app.state.database.close()


def operations(document: dict) -> list[str]:
    return sorted(f"{method.upper()} {path}" for path, item in document["paths"].items() for method in item)


def listed(document: dict) -> dict:
    """Of every operation what the list shows of it; schemas are left out."""
    paths = {
        path: {method: listed_operation(operation) for method, operation in item.items()}
        for path, item in document["paths"].items()
    }
    kept = {kind: document["components"].get(kind, {}) for kind in ("securitySchemes", "headers")}
    return document | {"paths": paths, "components": kept}


def listed_operation(operation: dict) -> dict:
    kept = {name: operation[name] for name in ("operationId", "description", "tags", "security")}
    return kept | {"responses": {status: {"description": "as served"} for status in operation["responses"]}}


def with_one_operation(document: dict, operation_id: str) -> dict:
    """The document with one operation, whole, and the components that it refers to, directly or not."""
    paths = {
        path: {method: operation}
        for path, item in document["paths"].items()
        for method, operation in item.items()
        if operation["operationId"] == operation_id
    }
    components = document["components"]
    kept = {"securitySchemes": components["securitySchemes"]}
    waiting = [json.dumps(paths)]
    while waiting:
        for kind, name in re.findall(r"#/components/(\w+)/([\w.-]+)", waiting.pop()):
            if name not in kept.setdefault(kind, {}):
                kept[kind][name] = components[kind][name]
                waiting.append(json.dumps(components[kind][name]))
    return document | {"paths": paths, "components": kept}


def open_page(url: str, http, change: Callable[[dict], dict]) -> Page:
    """The page of a service, with its document changed on the way."""

    def fetch(path: str) -> str:
        answer = http.get(url + path).raise_for_status()
        return json.dumps(change(answer.json())) if path == "/openapi.json" else answer.text

    return Page("/docs", fetch)


@pytest.mark.parametrize("service", SERVICES)
def test_the_page_lists_every_operation(service, apps, run_app, http) -> None:
    url = run_app(apps[service])
    document = http.get(url + "/openapi.json").json()
    page = open_page(url, http, listed)
    shown = [text.replace("\u200b", "") for text in page.texts(".opblock-summary-path")]
    methods = page.texts(".opblock-summary-method")
    assert sorted(map(" ".join, zip(methods, shown, strict=True))) == operations(document)
    assert page.texts(".info .title")[0].startswith(document["info"]["title"])
    assert [page.texts(selector) for selector in (".errors-wrapper", ".failed-config", ".opblock-body")] == [[], [], []]
    assert page.errors() == []
    assert page.asked == ["/docs/assets/swagger-ui-bundle.js", "/docs/start.js", "/openapi.json"]


def test_an_operation_opens_with_its_parameters_body_and_responses(apps, run_app, http) -> None:
    url = run_app(apps["notes"])
    page = open_page(url, http, lambda document: with_one_operation(document, "sign_note"))
    page.click(".opblock-summary-control")
    (body,) = page.texts(".opblock-body")
    assert all(text in body for text in ("note_id", "idempotency-key", "Request body", '"therapist_id": "'))
    document = http.get(url + "/openapi.json").json()
    declared = document["paths"]["/v1/notes/{note_id}/sign"]["post"]["responses"]
    assert [text[:3] for text in page.texts("tr.response .response-col_status")] == sorted(declared)
    assert page.errors() == []


def test_a_document_that_cannot_be_shown_fails_this_look(apps, run_app, http) -> None:
    """The look itself is looked at: of an unknown OpenAPI version the page lists nothing and says so."""
    url = run_app(apps["notes"])

    page = open_page(url, http, lambda document: document | {"openapi": "9.9.9"})
    assert page.texts(".opblock") == []
    assert "Unable to render this definition" in page.texts("#docs")[0]


if BROWSERS:

    def test_a_link_to_an_operation_opens_it_in_the_browser_of_this_machine(apps, run_app, http, tmp_path) -> None:
        """Over the whole of the largest document."""
        url = run_app(apps["claims"])
        command = [BROWSERS[0], *FLAGS, f"--user-data-dir={tmp_path}", f"{url}/docs#/claims/get_claim"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=BROWSER_SECONDS, check=True)
        assert done.stdout.count('class="opblock-body"') == 1
        assert "Unable to render" not in done.stdout
