"""Runs the demo from start to end on a terminal: progress, the tables, and a clear failure for one cent unexplained."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from services.cli.composition import check_writable
from services.cli.demo.day import VisitEnd, files
from services.cli.demo.ehr import DemoFailed, Ehr
from services.cli.demo.installation import installation
from services.cli.demo.practice import SamplePractice, load
from services.cli.demo.report import print_report, unexplained
from services.cli.errors import CANNOT_START, CommandFailed
from services.cli.processes import ChildFailed
from shared.plural import counted

PLAIN_WIDTH = 160


def run(keep: Path | None) -> None:
    """Play the day and print what became of it. `keep` keeps data, logs and X12 files. Raises CommandFailed."""
    console = Console()
    if not console.is_terminal:
        console = Console(width=PLAIN_WIDTH)
    practice = load()
    with _folder(keep) as folder:
        try:
            ends = _play(console, practice, folder, keep)
        except (DemoFailed, ChildFailed) as failed:
            raise CommandFailed(f"the demo stopped: {failed}\n{saved(folder, keep)}") from None
        print_report(console, practice, ends)
        faults = unexplained(ends)
        if faults:
            raise CommandFailed("\n".join(["cents that nothing explains:", *faults, saved(folder, keep)]))
    console.print(f"\n[bold green]Every cent of {counted(len(ends), 'visit')} is explained.[/]")
    if keep is not None:
        console.print(f"Data, logs and X12 files are in {keep.resolve()}.")


def _play(console: Console, practice: SamplePractice, folder: Path, keep: Path | None) -> list[VisitEnd]:
    console.print(
        f"[bold]{practice.name}[/]: {counted(len(practice.visits), 'visit')}, {practice.clock_start:%A, %d %B %Y}"
    )
    with ExitStack() as stack:
        # The spinner ends before the bars begin: two live lines at the bottom of a terminal write over each other.
        with console.status("start five services and the worker"):
            running = stack.enter_context(installation(folder, practice))
        console.print("five services and the worker are up")
        with _progress(console) as bars:
            tasks: dict[str, TaskID] = {}

            def show(step: str, done: int, total: int) -> None:
                task = tasks.get(step)
                if task is None:
                    task = tasks[step] = bars.add_task(step, total=total)
                bars.update(task, completed=done, total=total)

            ends = running.day.run(show)
        if keep is not None:
            _keep_files(running.ehr, folder / "x12")
    return ends


def _progress(console: Console) -> Progress:
    columns = (TextColumn("{task.description:<34}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    return Progress(*columns, console=console)


def _keep_files(ehr: Ehr, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for name, content in files(ehr):
        (folder / name).write_text(content)


@contextmanager
def _folder(keep: Path | None) -> Iterator[Path]:
    """The folder to keep, or a temporary one. Raises CommandFailed for one that is not empty."""
    if keep is None:
        with _temporary_folder() as folder:
            yield Path(folder)
        return
    check_writable(keep)
    if any(keep.iterdir()):
        raise CommandFailed(f"{keep} is not empty; name a new folder to keep the demo's data in", status=CANNOT_START)
    yield keep


def _temporary_folder() -> tempfile.TemporaryDirectory[str]:
    """Raises CommandFailed where the machine has none that can be written."""
    try:
        return tempfile.TemporaryDirectory(prefix="handbill-demo-", ignore_cleanup_errors=True)
    except FileNotFoundError:
        raise CommandFailed(
            "no folder for temporary files can be written; set TMPDIR to one that can, or give --keep DIR",
            status=CANNOT_START,
        ) from None


def saved(folder: Path, keep: Path | None) -> str:
    """Says where data and logs are, in a copy that stays when the temporary folder goes, so that a failure can be
    looked into."""
    place = keep.resolve() if keep is not None else Path(tempfile.mkdtemp(prefix="handbill-demo-failed-"))
    if keep is None:
        shutil.copytree(folder, place, dirs_exist_ok=True)
    return f"its data and logs are in {place}"
