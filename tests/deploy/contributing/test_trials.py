"""The lists for a rule, a field and a migration, followed in a copy of the tree.

With every step done, the tests that the list names pass; with one left out, the test that it names for that step
fails. So a list that lacks a step, or that names one too many, fails here.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.deploy.contributing.recipes import ROOT, Step, recipes

LEFT_BEHIND = shutil.ignore_patterns(
    ".git", ".venv", ".handbill", ".mypy_cache", ".pytest_cache", ".ruff_cache", ".mutants"
)
SECONDS = 300
FORKS = Path(__file__).with_name("forks.py")
# What the tests import is imported before pytest begins, so it does not rewrite its asserts.
OPTIONS = (
    "-n",
    "0",
    "-p",
    "no:cacheprovider",
    "-p",
    "no:schemathesis",
    "--tb=line",
    "-W",
    "ignore:Module already imported",
)


class Forks:
    """Runs of pytest, forked from one process that has imported what they import of other people."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def run(self, root: Path, arguments: list[str]) -> subprocess.CompletedProcess[str]:
        printed = root.with_name("printed.txt")
        asked = {"root": str(root), "arguments": arguments, "environment": own_environment(root)}
        line = json.dumps({**asked, "printed": str(printed), "seconds": SECONDS})
        print(line, file=self._process.stdin, flush=True)
        status = int(self._process.stdout.readline())
        return subprocess.CompletedProcess(arguments, status, printed.read_text(), "")


@pytest.fixture(scope="module")
def forks() -> Iterator[Forks]:
    with subprocess.Popen([sys.executable, FORKS], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield Forks(process)


def own_environment(root: Path) -> dict[str, str]:
    """The environment of a command in a tree, whose modules are the ones that it imports."""
    environment = {**os.environ, "PYTHONPATH": str(root)}
    environment.pop("PYTEST_XDIST_WORKER", None)
    return environment


@dataclass(frozen=True)
class Tree:
    """A copy of the tree to try things in. What commands write is looked at only where every step is done."""

    root: Path
    forks: Forks
    runs_commands: bool

    def insert(self, file: str, before: str, text: str) -> None:
        """Put text before the one place where `before` stands."""
        whole = (self.root / file).read_text()
        assert whole.count(before) == 1, f"{before!r} stands {whole.count(before)} times in {file}"
        (self.root / file).write_text(whole.replace(before, text + before))

    def handbill(self, *arguments: str) -> None:
        if self.runs_commands:
            command = [sys.executable, "-m", "services.cli.main", *arguments]
            subprocess.run(
                command, cwd=self.root, env=own_environment(self.root), capture_output=True, timeout=SECONDS, check=True
            )

    def test(self, nodes: list[str], only: str) -> subprocess.CompletedProcess[str]:
        return self.forks.run(self.root, [*OPTIONS, *nodes, "-k", only])


Act = Callable[[Tree], None]


@dataclass(frozen=True)
class Trial:
    """What is added, one act a step of the list; `only` picks its cases among those of the tests that are named."""

    heading: str
    acts: tuple[Act, ...]
    only: str

    def __str__(self) -> str:
        return self.heading


def write_and_list_rule(tree: Tree) -> None:
    file = "services/claims/domain/rules/note.py"
    tree.insert(
        file,
        "RULES: tuple",
        '@rule(\n    "note_is_a_trial",\n    Severity.WARN,\n    "The note is no trial",\n'
        '    fix="Describe the visit itself in `assessment`." + NEW_NOTE,\n)\n'
        "def note_is_a_trial(context: ScrubberInput) -> Iterator[RuleMatch]:\n"
        '    """A note that only tries something out describes no visit of a patient."""\n'
        '    if "trial" in context.note.assessment:\n'
        '        yield RuleMatch("The note is a trial.", "/note/assessment")\n\n\n',
    )
    tree.insert(file, "    technique_unknown,\n", "    note_is_a_trial,\n")


def cite_rule(tree: Tree) -> None:
    row = '    "note_is_a_trial": (at.RECORD, at.VISIT_RECORD),\n'
    tree.insert("services/claims/domain/rules/citations/by_rule.py", '    "technique_not_billed": OUR_ADVICE', row)


def add_case_of_rule(tree: Tree) -> None:
    row = '    "note_is_a_trial": [("a trial", note(assessment="This is a trial."))],\n'
    tree.insert("tests/services/claims/domain/rules/cases_note.py", "}\n\nPASSES = {", row)


def add_case_through_api(tree: Tree) -> None:
    case = (
        '    Case(\n        "note_is_a_trial",\n        new_note(assessment="This is a trial of the hands."),\n'
        '        "/note/assessment",\n        new_note(assessment="Rotation has gained nine degrees."),\n    ),\n'
    )
    tree.insert("tests/journeys/claim_rules/visit_cases.py", ")\n\nVISIT_CASES", case)


def write_rules_page(tree: Tree) -> None:
    tree.handbill("rules", "docs")


def add_to_put(tree: Tree) -> None:
    tree.insert(
        "shared/contracts/eligibility.py",
        "    forms_on_file: list[FormOnFile] = Field(",
        '    card_copied_on: IsoDate | None = Field(default=None, description="the day the card was copied")\n',
    )


def add_to_view(tree: Tree) -> None:
    file = "shared/contracts/eligibility.py"
    tree.insert(file, "    forms_on_file: list[FormOnFile] = []", "    card_copied_on: IsoDate | None = None\n")


def write_documents(tree: Tree) -> None:
    tree.handbill("openapi")


def add_to_input(tree: Tree) -> None:
    file = "services/claims/domain/scrubber_input/coverage.py"
    tree.insert(file, "    self_insured: bool = False\n", "    card_copied_on: date | None = None\n")


def set_in_builder(tree: Tree) -> None:
    file = "services/claims/flows/scrub/build_scrubber_input.py"
    tree.insert(file, "        self_insured=coverage", "        card_copied_on=coverage.card_copied_on,\n")


def give_it_a_value(tree: Tree) -> None:
    file = "tests/services/claims/test_build_scrubber_input.py"
    tree.insert(file, "        self_insured=True,\n", '        card_copied_on="2026-01-05",\n')


def add_column(tree: Tree) -> None:
    before = len(list((tree.root / "services/notes/migrations/versions").glob("0*.py")))
    column = (
        "    signed_on: date | None = Field(\n        default=None,\n        sa_column_kwargs=derived("
        f'lambda row: row.signed_at and row.signed_at.date(), contract="{before + 2:04}"),\n    )\n'
    )
    tree.insert("services/notes/store.py", "    signed_at: datetime | None = Field(", column)
    imported = "from shared.database.derived import derived\n"
    tree.insert("services/notes/store.py", "from shared.database.row_macs import", imported)


def write_migration(tree: Tree) -> None:
    tree.handbill("migration", "new", "notes", "say on which day", "--contract")


TRIALS = (
    Trial(
        "To add a rule",
        (write_and_list_rule, cite_rule, add_case_of_rule, add_case_through_api, write_rules_page),
        "note_is_a_trial or test_no_case or test_the_page_of_all",
    ),
    Trial(
        "To add a field",
        (add_to_put, add_to_view, write_documents, add_to_input, set_in_builder, give_it_a_value),
        "Coverage or committed or golden",
    ),
    Trial("To add a migration", (add_column, write_migration), "sqlite and notes or derived and notes"),
)
STEPS = recipes()


def followed(folder: Path, forks: Forks, trial: Trial, *, leave_out: int | None = None) -> Tree:
    """A fresh copy in which every step is done but the one of that number."""
    tree = Tree(folder / "tree", forks, runs_commands=leave_out is None)
    shutil.copytree(ROOT, tree.root, ignore=LEFT_BEHIND)
    for number, act in enumerate(trial.acts, 1):
        if number != leave_out:
            act(tree)
    return tree


def nodes_of(steps: list[Step]) -> list[str]:
    return sorted({f"{file}::{name}" for step in steps for file, name in step.without})


@pytest.mark.parametrize("trial", TRIALS, ids=str)
def test_with_every_step_done_the_tests_that_the_list_names_pass(trial, tmp_path, forks):
    steps = STEPS[trial.heading]
    assert len(steps) == len(trial.acts)
    done = followed(tmp_path, forks, trial).test(nodes_of(steps), trial.only)
    assert done.returncode == 0, done.stdout[-3000:]


LEFT_OUT = [
    pytest.param(trial, step, id=f"{trial}-{step.number}")
    for trial in TRIALS
    for step in STEPS[trial.heading]
    if step.without
]


@pytest.mark.parametrize(("trial", "step"), LEFT_OUT)
def test_with_one_step_left_out_the_test_that_is_named_for_it_fails(trial, step, tmp_path, forks):
    done = followed(tmp_path, forks, trial, leave_out=step.number).test(nodes_of([step]), trial.only)
    assert done.returncode != 0, done.stdout[-3000:]
    for file, name in step.without:
        assert f"FAILED {file}::{name}" in done.stdout or f"ERROR {file}" in done.stdout, done.stdout[-3000:]
