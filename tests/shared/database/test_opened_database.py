"""A service's database, as its processes open it, keeps organizations apart from its first session on."""

import pytest
from sqlmodel import select

from shared.database.opening import open_database
from shared.database.operations import EventEntry, add_event
from shared.ids import random_ids
from shared.tenancy import INSTALLATION, acting_for
from tests.harness.clocks import STARTS_AT

ORGANIZATIONS = ("org_first", "org_other")


@pytest.fixture
def opened(make_settings):
    database = open_database(make_settings("notes"), "notes")
    yield database
    database.close()


def write_events(session) -> None:
    for owner in ORGANIZATIONS:
        add_event(session, random_ids, organization_id=owner, at=STARTS_AT, kind="a.thing", subject_id="note_1")


@pytest.mark.safeguard("164.312(a)(1)", "API1")
def test_a_query_that_names_no_organization_finds_what_is_of_the_one_that_it_works_for(opened) -> None:
    with acting_for(INSTALLATION):
        opened.run(write_events)
    for owner in ORGANIZATIONS:
        with acting_for(owner), opened.reading() as session:
            assert list(session.exec(select(EventEntry.organization_id))) == [owner]
