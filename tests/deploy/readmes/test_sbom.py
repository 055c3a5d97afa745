"""`make sbom` works offline, lists what the lock for running has, and names each licence or says `unknown`."""

import json
import subprocess
import sys
from pathlib import Path

from deploy.sbom import LOCK, ROOT, UNKNOWN, licence_of, locked

KNOWN_UNKNOWN = {"protobuf"}
"""Their metadata states none that the tool can read; whoever ships them looks at their files."""
NO_NETWORK = """import sys
def refuse(event, _arguments):
    if event in ("socket.connect", "socket.getaddrinfo"):
        raise OSError("no network in this test")
sys.addaudithook(refuse)
"""


def test_the_list_of_packages_and_licences_is_made_offline_and_is_whole(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(NO_NETWORK)
    command = [sys.executable, "-m", "deploy.sbom", str(tmp_path / "out")]
    environment = {"PYTHONPATH": str(tmp_path), "PATH": "/usr/bin:/bin"}
    made = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert made.returncode == 0, made.stderr
    text = (tmp_path / "out" / "handbill.cdx.json").read_text()
    document = json.loads(text)
    packages = locked(LOCK.read_text())
    assert (document["bomFormat"], document["metadata"]["component"]["name"]) == ("CycloneDX", "handbill")
    assert {(one["name"].lower().replace("_", "-"), one["version"]) for one in document["components"]} == set(
        packages.items()
    )
    refs = {one["bom-ref"] for one in (document["metadata"]["component"], *document["components"])}
    assert {ref for one in document["dependencies"] for ref in (one["ref"], *one["dependsOn"])} <= refs
    rows = [line.split("\t") for line in (tmp_path / "out" / "licences.tsv").read_text().splitlines()]
    assert rows[0] == ["package", "version", "licence"]
    assert {name for name, _version, licence in rows[1:] if licence == UNKNOWN} == KNOWN_UNKNOWN
    assert {len(row) for row in rows} == {3}
    assert len(rows) == len(packages) + 1
    for address_or_path in ("://", str(ROOT), str(tmp_path)):
        assert address_or_path not in text.replace(document["$schema"], "")


def test_packages_of_another_python_are_left_out() -> None:
    lock = "one==1.0 \\\n    --hash=sha256:00\ntwo==2.0 ; python_version < '3' \\\n    --hash=sha256:00\nThree_x==3\n"
    assert locked(lock) == {"one": "1.0", "three-x": "3"}


def test_a_licence_is_its_spdx_name_before_its_classifier() -> None:
    exact, classifier = {"license": {"id": "MPL-2.0"}}, {"license": {"name": "License :: OSI Approved :: MPL"}}
    assert licence_of({"licenses": [classifier, exact]}) == "MPL-2.0"
    assert licence_of({"licenses": [classifier]}) == "MPL"
    assert licence_of({"licenses": [{"expression": "MIT OR Apache-2.0"}]}) == "MIT OR Apache-2.0"
    assert licence_of({"licenses": [{"license": {"name": "The Licence\n\nall of its text"}}]}) == "The Licence"
    assert licence_of({}) == UNKNOWN
