"""Files attached to a claim: each is what it is said to be, comes back as it was, and goes where the claim goes."""

import base64
import hashlib

import pytest

from services.claims.domain.attachment_media import EXTENSIONS
from services.claims.flows.claim.attachments import ATTACHMENTS_A_CLAIM
from services.claims.store.attachment_tables import AttachmentPieceRow, AttachmentRow
from services.claims.store.attachments import PIECE_BYTES
from shared.contracts.claim_attachments import MAX_FILE_BYTES
from tests.harness.tokens import OTHER_ORGANIZATION
from tests.services.claims.factories import BILLER

PDF = b"%PDF-1.7\n" + bytes(range(256)) * 500
SAMPLES = {
    "application/pdf": PDF,
    "image/png": b"\x89PNG\r\n\x1a\n" + bytes(20),
    "image/jpeg": b"\xff\xd8\xff\xe0" + bytes(20),
    "image/tiff": b"II*\x00" + bytes(20),
    "text/plain": "Call of March 2: the payer wants the record.\n\tJosé".encode(),
}
ONE_DATABASE = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)


def attach(scenario, content=PDF, media_type="application/pdf", **more):
    body = {"title": "Letter of the payer", "media_type": media_type, "actor": BILLER}
    body |= {"file": base64.b64encode(content).decode()}
    return scenario.api.post(f"{address(scenario)}", body | more)


def address(scenario, claim=0):
    return f"/v1/claims/{scenario.claims[claim]['id']}/attachments"


def listed(scenario):
    return scenario.api.get(address(scenario)).json()["items"]


def fill(scenario, count):
    (one,) = scenario.rows(AttachmentRow)
    common = {"organization_id": one.organization_id, "claim_id": one.claim_id, "at": one.at, "size_bytes": 1}
    rows = [
        AttachmentRow(id=f"att_{place}", media_type=one.media_type, body=one.body, **common) for place in range(count)
    ]
    scenario.deps.database.run(lambda session: session.add_all(rows))


def traces(scenario):
    found = scenario.api.get(f"/v1/claims/{scenario.claims[0]['id']}/timeline").json()["items"]
    return [(one["kind"], one["codes"]) for one in found if one["kind"].startswith("attachment_")]


def test_a_file_is_downloaded_as_it_was_uploaded_and_is_sealed_where_it_is_kept(scenario) -> None:
    scenario.make()
    made = attach(scenario)
    assert made.status_code == 201, made.text
    found = made.json()
    assert found == {
        "title": "Letter of the payer",
        "sha256": hashlib.sha256(PDF).hexdigest(),
        "author": {**found["author"], "id": BILLER["id"], "name": BILLER["name"], "role": BILLER["role"]},
        "id": found["id"],
        "claim_id": scenario.claims[0]["id"],
        "at": found["at"],
        "media_type": "application/pdf",
        "size_bytes": len(PDF),
    }
    assert listed(scenario) == [found]
    assert [len(base64.b64decode(one.content)) for one in scenario.rows(AttachmentPieceRow)] == [
        PIECE_BYTES,
        PIECE_BYTES,
        len(PDF) - 2 * PIECE_BYTES,
    ]
    answer = scenario.api.get(f"{address(scenario)}/{found['id']}/content")
    assert answer.content == PDF
    assert {name: answer.headers[name] for name in HEADERS} == HEADERS | {
        "content-disposition": f'attachment; filename="{found["id"]}.pdf"'
    }
    assert traces(scenario) == [("attachment_added", [found["id"]])]


HEADERS = {
    "content-type": "application/pdf",
    "content-disposition": "",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
    "x-content-type-options": "nosniff",
    "cache-control": "no-store",
}


@ONE_DATABASE
def test_every_media_type_takes_its_own_bytes_and_no_others(scenario) -> None:
    scenario.make()
    assert SAMPLES.keys() == EXTENSIONS.keys()
    for media_type, content in SAMPLES.items():
        assert attach(scenario, content, media_type).status_code == 201, media_type
        for other in SAMPLES.keys() - {media_type}:
            refused = attach(scenario, content, other)
            assert refused.status_code == 409, (media_type, other)
            assert refused.json()["code"] == "file_not_of_media_type"
            assert [(one["pointer"], one["code"]) for one in refused.json()["errors"]] == [
                ("/body/media_type", "file_not_of_media_type")
            ]
    assert len(listed(scenario)) == len(SAMPLES)
    assert attach(scenario, b"a page\x00", "text/plain").status_code == 409
    unlisted = attach(scenario, b"<html>", "text/html")
    assert (unlisted.status_code, unlisted.json()["errors"][0]["pointer"]) == (422, "/body/media_type")


@ONE_DATABASE
def test_a_file_is_bounded_and_so_is_their_number(scenario) -> None:
    scenario.make()
    largest = PDF + bytes(MAX_FILE_BYTES - len(PDF))
    assert attach(scenario, largest).status_code == 201
    assert attach(scenario, largest + bytes(3)).status_code == 422
    assert attach(scenario, largest + bytes(20_000)).status_code == 413
    for size in ("", "====", "aaaaa", "%PDF"):
        assert attach(scenario, file=size).status_code == 422, size
    fill(scenario, ATTACHMENTS_A_CLAIM - 1)
    refused = attach(scenario)
    assert (refused.status_code, refused.json()["code"]) == (409, "too_many_attachments")
    page = scenario.api.get(f"{address(scenario)}?limit=60").json()
    following = scenario.api.get(f"{address(scenario)}?limit=60&after={page['next']}").json()
    assert (len(page["items"]), len(following["items"]), following["next"]) == (60, 40, None)


def test_a_file_that_was_attached_by_mistake_is_removed_with_its_bytes(scenario) -> None:
    scenario.make()
    kept, wrong = (attach(scenario, content).json() for content in (PDF, PDF + b"of another patient"))
    removing = {"reason": "It is another patient's letter.", "actor": BILLER}
    answer = scenario.api.post(f"{address(scenario)}/{wrong['id']}/remove", removing)
    assert (answer.status_code, answer.json()) == (200, wrong)
    assert listed(scenario) == [kept]
    assert {one.attachment_id for one in scenario.rows(AttachmentPieceRow)} == {kept["id"]}
    gone = scenario.api.get(f"{address(scenario)}/{wrong['id']}/content")
    assert (gone.status_code, gone.json()["code"]) == (404, "attachment_not_found")
    again = scenario.api.post(f"{address(scenario)}/{wrong['id']}/remove", removing)
    assert (again.status_code, again.json()["code"]) == (404, "attachment_not_found")
    assert traces(scenario)[-1] == ("attachment_removed", [wrong["id"]])


@ONE_DATABASE
def test_a_file_is_found_under_its_own_claim_and_organization_alone(scenario) -> None:
    scenario.make(2)
    found = attach(scenario).json()
    other = f"{address(scenario, 1)}/{found['id']}/content"
    assert scenario.api.get(other).json()["code"] == "attachment_not_found"
    removing = {"reason": "It is another patient's letter.", "actor": BILLER}
    assert scenario.api.post(f"{address(scenario, 1)}/{found['id']}/remove", removing).status_code == 404
    theirs = scenario.api.get(f"{address(scenario)}/{found['id']}/content", organization_id=OTHER_ORGANIZATION)
    assert theirs.status_code == 404
    assert listed(scenario) == [found]
