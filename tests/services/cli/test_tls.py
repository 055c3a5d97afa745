"""TLS between services: certificates of an installation's own authority, and nothing in clear beyond a machine."""

import ssl
import threading
from datetime import UTC, date, datetime, timedelta

import httpx
import pytest
from cryptography import x509

from services.cli.certificates import RENEWED_BEFORE, make_certificates
from services.cli.composition import variable_of
from services.cli.errors import CommandFailed
from services.cli.processes import ProcessCommand, Processes
from services.cli.serving import run_service
from services.cli.transport import transport_context
from shared.outgoing import service_client
from shared.outgoing.client import AuthorityUnusable
from shared.private_files import ReadableByOthers
from shared.settings import PORTS, Settings
from shared.tls import TlsUnusable, server_context

NOW = datetime(2026, 3, 2, 17, tzinfo=UTC)
NAMES = {"notes": ("notes", "localhost", "127.0.0.1"), "claims": ("claims",)}


def states(folder, names=NAMES, now=NOW):
    return {one.file.stem: "made" if one.made else "kept" for one in make_certificates(folder, names, now)}


def test_certificates_are_made_once_and_all_files_are_private(tmp_path):
    assert states(tmp_path / "tls") == {"ca": "made", "notes": "made", "claims": "made"}
    assert states(tmp_path / "tls") == {"ca": "kept", "notes": "kept", "claims": "kept"}
    assert {file.stat().st_mode & 0o777 for file in (tmp_path / "tls").iterdir()} == {0o600}


def test_a_certificate_says_its_names_and_when_it_ends(tmp_path):
    ca, notes, _ = make_certificates(tmp_path, NAMES, NOW)
    certificate = x509.load_pem_x509_certificate(notes.file.read_bytes())
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert [str(one.value) for one in names] == ["notes", "localhost", "127.0.0.1"]
    assert certificate.not_valid_after_utc == NOW + timedelta(days=397)
    assert (notes.ends_on, ca.ends_on) == (date(2027, 4, 3), date(2036, 2, 28))


def test_what_ends_soon_is_for_other_names_or_lacks_its_key_is_made_anew_and_the_authority_stays(tmp_path):
    make_certificates(tmp_path, NAMES, NOW)
    soon = NOW + timedelta(days=397) - RENEWED_BEFORE
    assert states(tmp_path, now=soon - timedelta(minutes=1)) == {"ca": "kept", "notes": "kept", "claims": "kept"}
    assert states(tmp_path, now=soon) == {"ca": "kept", "notes": "made", "claims": "made"}
    assert states(tmp_path, {**NAMES, "claims": ("claims", "other")}, soon)["claims"] == "made"
    (tmp_path / "notes.key").write_bytes((tmp_path / "claims.key").read_bytes())
    assert states(tmp_path, now=soon)["notes"] == "made"
    (tmp_path / "notes.key").unlink()
    assert states(tmp_path, now=soon)["notes"] == "made"


def test_a_new_authority_makes_all_certificates_anew_and_a_damaged_one_is_said(tmp_path):
    make_certificates(tmp_path, NAMES, NOW)
    assert states(tmp_path, now=NOW + timedelta(days=3300)) == {"ca": "made", "notes": "made", "claims": "made"}
    (tmp_path / "ca.key").unlink()
    with pytest.raises(CommandFailed, match="put the key back, or remove both"):
        make_certificates(tmp_path, NAMES, NOW)


@pytest.mark.parametrize("name", ["../notes", "ca", "a b", "", "é"])
def test_a_name_that_is_no_name_of_a_file_is_refused(tmp_path, name):
    with pytest.raises(CommandFailed, match="is no name of a process"):
        make_certificates(tmp_path, {name: ("x",)}, NOW)


@pytest.fixture
def tls(environment, handbill, data_folder):
    """The environment of an installation whose services speak TLS."""
    folder = data_folder / "tls"
    copy = data_folder.parent / "authority.pem"
    printed = handbill("tls", "make", "--also", "database", "--ca-copy", str(copy)).stdout
    assert (copy.read_bytes(), copy.stat().st_mode & 0o777) == ((folder / "ca.pem").read_bytes(), 0o644)
    assert f"made  {folder}/notes.pem  until " in printed
    assert (folder / "database.pem").exists()
    settings = dict(line.split("=", 1) for line in printed.splitlines() if line.startswith("HANDBILL_"))
    urls = {variable_of(name): environment[variable_of(name)].replace("http:", "https:") for name in PORTS}
    return {**environment, **settings, **urls}


def of(environment) -> Settings:
    return Settings(**{name.removeprefix("HANDBILL_").lower(): value for name, value in environment.items()})


@pytest.mark.safeguard("164.312(e)(1)", "164.312(e)(2)(ii)", "API8", "164.312(e)(2)(i)")
def test_a_service_with_a_certificate_speaks_tls_alone_and_its_callers_trust_the_installations_authority_alone(
    tls, handbill, tmp_path
):
    url = tls["HANDBILL_ACCESS_URL"]
    assert handbill("init", **tls).returncode == 0
    handbill("org", "create", "Salal Street", "--time-zone", "UTC", "--store", **tls)
    processes = Processes(tmp_path / "logs", tls, of(tls).tls_file("ca"))
    try:
        processes.start(ProcessCommand("access", run_service, ("access",), f"{url}/ready"))
        processes.wait_ready(stop=threading.Event())
        assert handbill("token", **tls).stdout.count(".") == 2
        with service_client(ca_file=None) as stranger, pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY"):
            stranger.get(f"{url}/ready")
        with httpx.Client(trust_env=False) as plain, pytest.raises(httpx.HTTPError):
            plain.get(url.replace("https:", "http:") + "/ready")
    finally:
        processes.stop_all()


@pytest.mark.safeguard("164.312(e)(1)", "API8")
@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "example.org"])
def test_a_service_does_not_listen_in_clear_beyond_this_machine_unless_a_front_ends_tls(handbill, environment, host):
    done = handbill("serve", "notes", "--host", host)
    assert done.returncode == 2
    assert f"notes would listen on {host} in clear; set HANDBILL_TLS_CERTIFICATE and HANDBILL_TLS_KEY" in done.stderr
    assert transport_context(of(environment), "notes", host, behind_tls=True) is None
    assert transport_context(of(environment), "notes", "127.0.0.1", behind_tls=False) is None


def test_a_certificate_beside_an_address_in_clear_is_refused(handbill, tls, environment):
    done = handbill("serve", "notes", **{**tls, "HANDBILL_NOTES_URL": environment["HANDBILL_NOTES_URL"]})
    assert (done.returncode, "HANDBILL_NOTES_URL begins with http://; write https:// there" in done.stderr) == (2, True)


def test_what_is_wrong_with_a_certificate_or_its_key_is_a_sentence(tls, data_folder):
    settings, key = of(tls), data_folder / "tls" / "notes.key"
    assert server_context(settings, "notes").minimum_version is ssl.TLSVersion.TLSv1_2
    key.chmod(0o640)
    with pytest.raises(ReadableByOthers, match=f"run: chmod 600 {key}"):
        server_context(settings, "notes")
    key.chmod(0o600)
    with pytest.raises(TlsUnusable, match="set HANDBILL_TLS_CERTIFICATE and HANDBILL_TLS_KEY both"):
        server_context(settings.model_copy(update={"tls_key": None}), "notes")
    key.write_bytes((data_folder / "tls" / "claims.key").read_bytes())
    with pytest.raises(TlsUnusable, match="are no certificate and its key"):
        server_context(settings, "notes")
    key.unlink()
    with pytest.raises(TlsUnusable, match=f"{key} is not there"):
        server_context(settings, "notes")


def test_an_authority_that_is_not_there_or_damaged_is_a_sentence(tmp_path):
    (tmp_path / "ca.pem").write_text("nothing")
    for file in (tmp_path / "ca.pem", tmp_path / "none.pem"):
        with pytest.raises(AuthorityUnusable, match=f"{file}, which HANDBILL_TLS_CA names"):
            service_client(ca_file=file)
