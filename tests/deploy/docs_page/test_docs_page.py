"""`/docs` shows every operation of every service: its own scripts run over the real OpenAPI document.

They run in QuickJS everywhere; on a machine that has Chromium or Chrome the page is opened in it too.
"""

import json
import shutil
import subprocess

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


@pytest.mark.parametrize("service", SERVICES)
def test_the_page_lists_every_operation_and_shows_one_whole(service, apps, run_app, http) -> None:
    url = run_app(apps[service])
    document = http.get(url + "/openapi.json").json()
    page = Page("/docs", lambda path: http.get(url + path).raise_for_status().text)
    shown = [text.replace("\u200b", "") for text in page.texts(".opblock-summary-path")]
    methods = page.texts(".opblock-summary-method")
    assert sorted(map(" ".join, zip(methods, shown, strict=True))) == operations(document)
    assert page.texts(".info .title")[0].startswith(document["info"]["title"])
    assert [page.texts(selector) for selector in (".errors-wrapper", ".failed-config", ".opblock-body")] == [[], [], []]
    page.click(".opblock-summary-control")
    (body,) = page.texts(".opblock-body")
    assert "Responses" in body
    assert page.errors() == []
    assert page.asked == ["/docs/assets/swagger-ui-bundle.js", "/docs/start.js", "/openapi.json"]


def test_a_document_that_cannot_be_shown_fails_this_look(apps, run_app, http) -> None:
    """The look itself is looked at: of an unknown OpenAPI version the page lists nothing and says so."""
    url = run_app(apps["notes"])

    def fetch(path: str) -> str:
        text = http.get(url + path).text
        return json.dumps(json.loads(text) | {"openapi": "9.9.9"}) if path == "/openapi.json" else text

    page = Page("/docs", fetch)
    assert page.texts(".opblock") == []
    assert "Unable to render this definition" in page.texts("#docs")[0]


@pytest.mark.parametrize("browser", BROWSERS or ["quickjs"])
def test_a_link_to_an_operation_opens_it_in_a_browser(browser, apps, run_app, http, tmp_path) -> None:
    """In the browser of this machine; where there is none, a click in QuickJS stands for the link."""
    url = run_app(apps["claims"])
    if browser == "quickjs":
        page = Page("/docs", lambda path: http.get(url + path).text)
        page.click("#operations-claims-get_claim .opblock-summary-control")
        assert len(page.texts("#operations-claims-get_claim .opblock-body")) == 1
        return
    command = [browser, *FLAGS, f"--user-data-dir={tmp_path}", f"{url}/docs#/claims/get_claim"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=BROWSER_SECONDS, check=True)
    assert done.stdout.count('class="opblock-body"') == 1
    assert "Unable to render" not in done.stdout
