"""The independent judges of what the simulator sends: pyx12 for 999, 277CA and 835, x12sdk for 271 and 835."""

from io import StringIO
from pathlib import Path

import pyx12.params
import pyx12.x12n_document


def pyx12_accepts(content: str, folder: Path) -> tuple[bool, str]:
    """Whether pyx12 accepts the interchange, and what it says."""
    path = folder / "message.x12"
    path.write_text(content)
    said = StringIO()
    accepted = pyx12.x12n_document.x12n_document(
        param=pyx12.params.params(), src_file=str(path), fd_997=StringIO(), fd_html=None, fd_json=said, map_path=None
    )
    return bool(accepted), said.getvalue()
