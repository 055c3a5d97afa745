"""`handbill issuers`: whom an organization trusts is set up, shown and taken back on the machine itself."""

import re

import pytest

from tests.services.access.people import AUDIENCE, Issuer

pytestmark = pytest.mark.safeguard("164.312(d)")


@pytest.fixture
def issuer(run_app) -> Issuer:
    made = Issuer()
    made.url = run_app(made.app)
    return made


@pytest.fixture
def owner(handbill) -> str:
    made = handbill("org", "create", "Salal Street", "--time-zone", "America/Los_Angeles")
    return re.search(r"org_\w+", made.stdout)[0]


def test_an_issuer_is_added_by_its_own_document_changed_listed_and_removed(handbill, owner, issuer) -> None:
    added = handbill("issuers", "add", owner, issuer.url, "--audience", AUDIENCE)
    line = f"{issuer.url}  audience {AUDIENCE}  keys {issuer.url}/keys\n"
    assert (added.returncode, added.stdout) == (0, line), added.stderr
    changed = handbill("issuers", "add", owner, issuer.url, "--audience", "another", "--keys", issuer.url + "/keys")
    assert changed.stdout == handbill("issuers", "list", owner).stdout == line.replace(AUDIENCE, "another")
    assert handbill("issuers", "remove", owner, issuer.url).stdout == f"removed  {issuer.url}\n"
    assert handbill("issuers", "list", owner).stdout == ""
    gone = handbill("issuers", "remove", owner, issuer.url)
    assert (gone.returncode, gone.stderr) == (
        1,
        f"handbill: {owner} has no issuer {issuer.url}; see: handbill issuers list {owner}\n",
    )


def test_what_cannot_be_trusted_is_refused_with_a_sentence(handbill, owner, issuer, free_url) -> None:
    gone = free_url()
    for words, said in (
        ((owner, "http://login.example.com"), "is no https address"),
        ((owner, "login.example.com"), "an issuer is named as its ID tokens have it"),
        ((owner, issuer.url, "--keys", "http://login.example.com/keys"), "is no https address"),
        ((owner, issuer.url, "--keys", "https:///keys"), "is no https address"),
        ((owner, issuer.url, "--keys", "https://login.example.com/" + "k" * 500), "has at most 500 characters"),
        ((owner, gone), "does not answer with a document"),
        ((owner, gone, "--keys", gone + "/keys"), "does not answer with a key set"),
        ((owner, issuer.url, "--keys", issuer.url + "/.well-known/openid-configuration"), "with a key set"),
        ((owner, issuer.url + "/"), "is of another issuer"),
        (("org_unknown", issuer.url), "there is no organization org_unknown"),
    ):
        answer = handbill("issuers", "add", *words, "--audience", AUDIENCE)
        assert (answer.returncode, said in answer.stderr) == (1, True), (words, answer.stderr)
    empty = handbill("issuers", "add", owner, issuer.url, "--audience", "")
    assert "an audience, the client id at the issuer, has 1 to 255 characters" in empty.stderr
    assert handbill("issuers", "list", owner).stdout == ""
