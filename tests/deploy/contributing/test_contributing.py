"""CONTRIBUTING.md names what is there: every path, every test, every command and target of make."""

import re

import pytest
import typer

from services.cli.main import app
from tests.deploy.contributing.recipes import GUIDE, QUOTED, ROOT, exists, paths_of, recipes

WANTED = ("rule", "payer profile", "endpoint", "migration", "transaction set", "clearinghouse adapter", "field")
STEPS = [pytest.param(step, id=f"{name}-{step.number}") for name, steps in recipes().items() for step in steps]


def test_there_is_a_list_for_whatever_is_added_often():
    assert [heading.removeprefix("To add a").removeprefix("n").strip() for heading in recipes()] == list(WANTED)


@pytest.mark.parametrize("path", sorted(set(paths_of(GUIDE.read_text()))))
def test_every_path_that_is_named_is_there(path):
    assert exists(path)


@pytest.mark.parametrize("step", STEPS)
def test_every_step_names_its_files_and_the_tests_that_hold_it(step):
    assert step.files
    assert step.without or step.number == 1
    for file, name in step.without:
        assert f"def {name}(" in (ROOT / file).read_text(), f"{file} has no {name}"


def test_the_steps_of_every_list_are_numbered():
    for steps in recipes().values():
        assert [step.number for step in steps] == list(range(1, len(steps) + 1))


def test_every_command_and_target_is_one():
    quoted = QUOTED.findall(GUIDE.read_text())
    commands = typer.main.get_command(app).commands
    assert {words.split()[1] for words in quoted if words.startswith("handbill ")} <= set(commands)
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert {words.split()[1] for words in quoted if words.startswith("make ")} <= targets


def test_it_is_short():
    assert len(GUIDE.read_text().splitlines()) <= 120
