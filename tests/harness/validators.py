"""pyx12 and x12sdk as independent judges of whole files."""

import tempfile
from io import StringIO
from pathlib import Path

import pyx12.params
import pyx12.x12n_document
from x12sdk.io import X12ModelReader


def pyx12_findings(content: str) -> str:
    """What pyx12 finds wrong with an interchange, as JSON; empty when it accepts the interchange."""
    report = StringIO()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "file.x12"
        file.write_text(content)
        accepted = pyx12.x12n_document.x12n_document(
            param=pyx12.params.params(),
            src_file=str(file),
            fd_997=StringIO(),
            fd_html=None,
            fd_json=report,
            map_path=None,
        )
    return "" if accepted else report.getvalue() or "refused"


def x12sdk_reads(data: bytes, folder: Path) -> int:
    """How many transactions x12sdk makes models of; raises when it refuses one."""
    path = folder / "file.x12"
    path.write_bytes(data)
    with X12ModelReader(str(path)) as reader:
        return len(list(reader.models()))
