"""`handbill openapi`: each service's OpenAPI document, as it is committed under deploy/openapi/ for generators."""

import json
import tempfile
from pathlib import Path

from services.cli.composition import SERVICES, build_of, prepare
from shared.settings import Settings

FOLDER = Path(__file__).parents[2] / "deploy" / "openapi"


def documents() -> dict[str, str]:
    """File name -> JSON text, from services that were built on an empty installation and never started."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data_dir=Path(folder), database_url="sqlite:///{data_dir}/{service}.sqlite", clock_url=None)
        prepare(settings)
        found: dict[str, str] = {}
        for service in SERVICES:
            app = build_of(service)(settings)
            found[f"{service}.json"] = json.dumps(app.openapi(), indent=1, ensure_ascii=False) + "\n"
            app.state.database.close()
        return found


def write(folder: Path = FOLDER) -> list[Path]:
    """Write them; answers the files that changed."""
    folder.mkdir(parents=True, exist_ok=True)
    changed: list[Path] = []
    for name, text in documents().items():
        file = folder / name
        if not file.exists() or file.read_text() != text:
            file.write_text(text)
            changed.append(file)
    return changed
