"""`make sbom`: what the image ships, as CycloneDX JSON, and the licence of each of its packages.

Both are made offline from what is installed in `.venv`, for the packages that `requirements-run.lock` names for this
Python; a package that is installed in another version is refused. Python itself and the system of the image's base are
not in the list: the base has one of its own.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
LOCK = ROOT / "requirements-run.lock"
FOLDER = ROOT / "build" / "sbom"
UNKNOWN = "unknown"
CLASSIFIER = "License :: OSI Approved :: "
Document = dict[str, Any]


def locked(text: str) -> dict[str, str]:
    """The packages of a lock file that are for this Python, by canonical name: their versions."""
    lines = (line.partition("\\")[0].strip() for line in text.splitlines() if line[:1].isalnum())
    wanted = (one for one in map(Requirement, lines) if one.marker is None or one.marker.evaluate())
    return {canonicalize_name(one.name): str(one.specifier).removeprefix("==") for one in wanted}


def installed() -> Document:
    """CycloneDX of everything that is installed beside this Python."""
    command = ["environment", "--output-reproducible", "--pyproject", str(ROOT / "pyproject.toml"), sys.executable]
    tool = Path(sys.executable).with_name("cyclonedx-py")
    found = subprocess.run([tool, *command], capture_output=True, check=True, text=True)  # noqa: S603 - our own words
    document: Document = json.loads(found.stdout)
    return document


def shipped(document: Document, packages: dict[str, str]) -> Document:
    """The document with these packages alone, and without where they were fetched. Raises SystemExit for one that is
    not installed in its version."""
    components = {canonicalize_name(one["name"]): one for one in document["components"]}
    wrong = [name for name, version in packages.items() if components.get(name, {}).get("version") != version]
    if wrong:
        sys.exit(f"not installed as {LOCK.name} says: {', '.join(sorted(wrong))}; run: make clean sbom")
    kept = [components[name] for name in sorted(packages)]
    root = document["metadata"]["component"]
    for one in (root, *kept, *document["metadata"]["tools"]["components"]):
        one.pop("externalReferences", None)
        one.pop("description", None)
    refs = {one["bom-ref"] for one in (root, *kept)}
    dependencies = [
        {**one, "dependsOn": [ref for ref in one.get("dependsOn", ()) if ref in refs]}
        for one in document["dependencies"]
        if one["ref"] in refs
    ]
    return {**document, "components": kept, "dependencies": dependencies}


def licence_of(component: Document) -> str:
    """Its licences as its metadata names them, or `unknown`."""
    stated = [one.get("expression") or _named(one.get("license", {})) for one in component.get("licenses", ())]
    # What has a name of SPDX has often a classifier as well, which says the same less exactly.
    exact = [name for name in stated if name and not name.startswith(CLASSIFIER)]
    return " and ".join(exact or [name.removeprefix(CLASSIFIER) for name in stated if name]) or UNKNOWN


def _named(licence: Document) -> str:
    """Some metadata has the whole text in the place of the name; its first line names it."""
    return str(licence.get("id") or licence.get("name") or "").strip().partition("\n")[0]


def licence_list(document: Document) -> str:
    """A line a package: name, version, licence, with tabs between."""
    rows = [(one["name"], one["version"], licence_of(one)) for one in document["components"]]
    return "".join("\t".join(row) + "\n" for row in [("package", "version", "licence"), *rows])


def main(folder: Path = FOLDER) -> None:
    """Write both files into the folder."""
    document = shipped(installed(), locked(LOCK.read_text()))
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "handbill.cdx.json").write_text(json.dumps(document, indent=2, sort_keys=True) + "\n")
    (folder / "licences.tsv").write_text(licence_list(document))
    sys.stdout.write(f"{len(document['components'])} packages in {folder}\n")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:2]))
