"""Where the chains end is kept outside of the database, and cannot be changed there without being seen."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from shared.database.anchors import AnchorDamaged, Anchors
from shared.database.heads import Anchor
from tests.shared.database.test_chain import record

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
FIRST, SECOND = Anchor(1, "1:aa"), Anchor(2, "1:bb")


@pytest.fixture
def anchors(tables, tmp_path):
    return Anchors(tmp_path / "anchors", tables.vault, "notes", 3600)


@pytest.mark.safeguard("164.312(c)(2)")
def test_what_is_committed_is_in_a_private_file_at_the_latest_when_the_process_stops(tables, anchors, tmp_path) -> None:
    tables.anchors = anchors
    record(tables, "org_a", "one", "two")
    record(tables, "org_b", "three")
    assert anchors.read() == {}
    tables.close()
    kept = anchors.read()
    assert {owner: end.sequence for owner, end in kept.items()} == {"org_a": 2, "org_b": 1}
    assert (tmp_path / "anchors" / "notes.json").stat().st_mode & 0o777 == 0o600


def test_what_is_committed_is_written_after_a_while_without_anybody_asking(tables, tmp_path) -> None:
    written = threading.Event()

    class Told(Anchors):
        def write(self) -> None:
            super().write()
            written.set()

    told = tables.anchors = Told(tmp_path / "anchors", tables.vault, "notes", 0.01)
    record(tables, "org_a", "one")
    assert written.wait(30)
    assert told.read()["org_a"].sequence == 1


def test_processes_that_share_a_file_lose_nothing_and_never_go_back(anchors, tables, tmp_path) -> None:
    others = [Anchors(tmp_path / "anchors", tables.vault, "notes", 3600) for _ in range(4)]

    def write(number: int) -> None:
        others[number].note({f"org_{number}": FIRST, "org_all": Anchor(number + 1, "1:cc")})
        others[number].close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, range(4)))
    anchors.note({"org_0": SECOND})
    anchors.note({"org_0": FIRST})
    anchors.close()
    assert anchors.read() == {"org_0": SECOND, "org_all": Anchor(4, "1:cc")} | {f"org_{n}": FIRST for n in (1, 2, 3)}


@pytest.mark.parametrize("content", [b"", b"[]", b'{"ends":{},"mac":"1:00"}', b'{"ends":[1],"mac":3}'])
def test_a_file_that_was_changed_is_refused_in_a_sentence(anchors, tmp_path, content) -> None:
    anchors.note({"org_a": SECOND})
    anchors.close()
    file = tmp_path / "anchors" / "notes.json"
    kept = json.loads(file.read_bytes())
    for one in (content, json.dumps(kept | {"ends": {"org_a": FIRST}}).encode()):
        file.write_bytes(one)
        with pytest.raises(AnchorDamaged, match="was changed or damaged"):
            anchors.read()
    with pytest.raises(AnchorDamaged):
        anchors.write()
    file.unlink()
    anchors.note({"org_b": FIRST})
    anchors.close()
    assert anchors.read() == {"org_b": FIRST}
