"""An archive gives back what was put in, and of what somebody hostile has written nothing."""

import io
import json
import os
import tarfile

import pytest

from shared.archives import Archive, ArchiveRefused, writing
from shared.archives.archive import MEMBER_BYTES
from shared.archives.sealed_stream import PIECE_BYTES, OpeningReader, SealedStreamBroken, SealingWriter

PASSPHRASE = "a passphrase of the tests"
QUICK = 2**10
LONG = os.urandom(3 * PIECE_BYTES)
MEMBERS = {
    "claims/ledger-0001.ndjson": b'{"id":"led_1"}\n',
    "claims/x12/file_1.837P.edi": b"ISA*00*~",
    "notes/notes-0001.ndjson": LONG,
}
MANIFEST = json.dumps({"files": dict.fromkeys(MEMBERS)}).encode()
KINDS = {"archive": PASSPHRASE, "archive.tar": None, "folder": None}


def write(target, passphrase, members=MEMBERS, manifest=MANIFEST):
    with writing(target, passphrase) as writer:
        for name, content in members.items():
            writer.add(name, content)
        if manifest is not None:
            writer.add("manifest.json", manifest)
    return target


def read(path, passphrase=PASSPHRASE):
    return list(Archive(path, lambda: passphrase).members())


def refused(path, words):
    with pytest.raises(ArchiveRefused, match=words):
        read(path)


@pytest.mark.parametrize("name", KINDS)
def test_what_was_put_in_comes_out_in_the_same_order_as_often_as_one_reads(tmp_path, name):
    archive = Archive(write(tmp_path / name, KINDS[name]), lambda: PASSPHRASE)
    for _ in range(2):
        assert list(archive.members()) == [*MEMBERS.items(), ("manifest.json", MANIFEST)]


@pytest.mark.safeguard("164.312(a)(1)")
@pytest.mark.parametrize("name", KINDS)
def test_only_its_owner_may_read_it_and_what_is_there_is_not_written_over(tmp_path, name):
    write(tmp_path / "private" / name, KINDS[name])
    for path in (tmp_path / "private").rglob("*"):
        assert path.stat().st_mode & 0o777 == (0o700 if path.is_dir() else 0o600)
    assert (tmp_path / "private").stat().st_mode & 0o777 == 0o700
    with pytest.raises(ArchiveRefused, match="is there already"):
        write(tmp_path / "private" / name, KINDS[name])


@pytest.mark.parametrize("name", KINDS)
def test_what_breaks_on_the_way_leaves_nothing(tmp_path, name):
    with pytest.raises(RuntimeError), writing(tmp_path / name, KINDS[name]) as writer:
        writer.add("notes/notes-0001.ndjson", LONG)
        raise RuntimeError
    assert list(tmp_path.iterdir()) == []


def test_any_tar_program_reads_one_in_the_clear(tmp_path):
    with tarfile.open(write(tmp_path / "archive.tar", None)) as tar:
        assert [one.name for one in tar] == [*MEMBERS, "manifest.json"]
        assert tar.extractfile("notes/notes-0001.ndjson").read() == LONG


@pytest.mark.safeguard("164.312(a)(2)(iv)", "164.312(e)(2)(ii)")
def test_a_sealed_one_shows_nothing_and_opens_with_its_passphrase_alone(tmp_path):
    content = write(tmp_path / "archive", PASSPHRASE).read_bytes()
    assert b"ledger" not in content
    assert b"ISA*" not in content
    assert content != write(tmp_path / "other", PASSPHRASE).read_bytes()
    with pytest.raises(SealedStreamBroken, match="the passphrase is another one"):
        read(tmp_path / "archive", PASSPHRASE + " ")


@pytest.mark.safeguard("164.312(c)(1)")
def test_pieces_of_a_sealed_stream_cannot_be_changed_cut_off_left_out_or_moved():
    file = io.BytesIO()
    writer = SealingWriter(file, PASSPHRASE, QUICK)
    for start in range(0, len(LONG), 10_000):
        writer.write(LONG[start : start + 10_000])
    writer.close()
    sealed = file.getvalue()
    head = sealed.index(b"\n") + 1
    piece = PIECE_BYTES + 16
    parts = [sealed[head + start : head + start + piece] for start in range(0, len(sealed) - head, piece)]
    assert OpeningReader(io.BytesIO(sealed), lambda: PASSPHRASE).read(10**9) == LONG
    broken = {
        "changed": [parts[0][:-1] + bytes([parts[0][-1] ^ 1]), *parts[1:]],
        "cut off": parts[:-1],
        "left out": [parts[0], *parts[2:]],
        "moved": [parts[1], parts[0], *parts[2:]],
        "goes on": [*parts, parts[0]],
    }
    for words, pieces in broken.items():
        with pytest.raises(SealedStreamBroken):
            print(
                words, len(OpeningReader(io.BytesIO(sealed[:head] + b"".join(pieces)), lambda: PASSPHRASE).read(10**9))
            )
    header = json.loads(sealed[:head])
    for change in ({"n": 2**30}, {"n": 1000}, {"n": 2048}, {"r": 9}, {"p": 2}, {"format": "x"}, {"prefix": "AAAA"}):
        changed = json.dumps({**header, **change}).encode() + b"\n" + sealed[head:]
        with pytest.raises(SealedStreamBroken):
            OpeningReader(io.BytesIO(changed), lambda: PASSPHRASE).read(1)


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize(
    "path", ["claims/../../evil.ndjson", "/claims/ledger.ndjson", "evil", "claims/x12/../a.edi", "a/b"]
)
def test_a_name_that_no_export_has_is_refused(tmp_path, name, path):
    if name == "folder":
        write(tmp_path / name, None, manifest=json.dumps({"files": {path: None}}).encode())
    else:
        write(tmp_path / name, KINDS[name], {path: b"x"})
    refused(tmp_path / name, "which no export has")
    assert not list(tmp_path.parent.glob("evil*"))


def tar_of(path, *infos):
    with path.open("wb") as file:
        for info, content in infos:
            file.write(info.tobuf(tarfile.GNU_FORMAT) + content + b"\0" * (-len(content) % 512))
        file.write(b"\0" * 1024)
    return path


@pytest.mark.parametrize(
    "kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.DIRTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE, tarfile.XHDTYPE]
)
def test_links_devices_folders_and_long_names_are_refused(tmp_path, kind):
    info = tarfile.TarInfo("claims/ledger-0001.ndjson")
    info.type, info.linkname = kind, "/etc/passwd"
    refused(tar_of(tmp_path / "archive.tar", (info, b"")), "which is no plain file")


def test_links_in_a_folder_and_what_is_missing_are_refused(tmp_path):
    folder = write(tmp_path / "folder", None)
    (tmp_path / "secret").write_text("secret")
    (folder / "notes" / "notes-0001.ndjson").unlink()
    refused(folder, "missing, or is no plain file")
    (folder / "notes" / "notes-0001.ndjson").symlink_to(tmp_path / "secret")
    refused(folder, "missing, or is no plain file")


def test_a_file_larger_than_one_may_be_is_refused_before_it_is_read(tmp_path):
    info = tarfile.TarInfo("claims/ledger-0001.ndjson")
    info.size = MEMBER_BYTES + 1
    refused(tar_of(tmp_path / "archive.tar", (info, b"")), "and may have")
    folder = write(tmp_path / "folder", None)
    os.truncate(folder / "notes" / "notes-0001.ndjson", MEMBER_BYTES + 1)
    refused(folder, "and may have")


@pytest.mark.parametrize("name", KINDS)
def test_one_without_a_manifest_or_that_goes_on_after_it_is_refused(tmp_path, name):
    if name == "folder":
        (tmp_path / name).mkdir()
        refused(tmp_path / name, "manifest.json is missing")
        return
    write(tmp_path / name, KINDS[name], manifest=None)
    refused(tmp_path / name, "has no manifest.json")
    write(tmp_path / ("2" + name), KINDS[name], {"manifest.json": MANIFEST, **MEMBERS}, None)
    refused(tmp_path / ("2" + name), "goes on after its manifest.json")


def test_a_member_twice_a_cut_tar_and_what_is_no_archive_are_refused(tmp_path):
    info = tarfile.TarInfo("claims/ledger-0001.ndjson")
    refused(tar_of(tmp_path / "twice", (info, b""), (info, b"")), "twice")
    whole = write(tmp_path / "archive.tar", None).read_bytes()
    for end in (700, len(whole) - 512, len(whole) - 1024):
        (tmp_path / "cut").write_bytes(whole[:end])
        refused(tmp_path / "cut", "cut off")
    (tmp_path / "longer").write_bytes(whole + b"\0")
    refused(tmp_path / "longer", "damaged or cut off")
    (tmp_path / "nothing").write_bytes(b"")
    refused(tmp_path / "nothing", "is no archive")
