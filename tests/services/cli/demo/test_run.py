"""What stays of a demo that failed."""

import shutil
import stat
from pathlib import Path

from services.cli.demo.run import saved


def test_a_failed_demo_leaves_a_copy_that_only_its_owner_reads(tmp_path):
    (tmp_path / "claims.log").write_text("what happened")
    place = Path(saved(tmp_path, None).removeprefix("its data and logs are in "))
    try:
        assert (place / "claims.log").read_text() == "what happened"
        assert stat.S_IMODE(place.stat().st_mode) & 0o077 == 0
    finally:
        shutil.rmtree(place)


def test_a_failed_demo_whose_folder_is_kept_is_not_copied_elsewhere(tmp_path):
    assert saved(tmp_path, tmp_path) == f"its data and logs are in {tmp_path.resolve()}"
