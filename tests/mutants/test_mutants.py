"""The tool finds what a weak test misses, chooses the same mutants twice, and leaves nothing broken."""

import textwrap
from collections.abc import Iterator
from pathlib import Path

import libcst as cst
import pytest

from tests.mutants.campaign import Plan, campaign
from tests.mutants.choosing import Mutant, choose
from tests.mutants.copies import Copy
from tests.mutants.operators import may_be_broken, mutations
from tests.mutants.reach import Reach, digest, recorded
from tests.mutants.report import read_accepted, summary, survivors
from tests.mutants.trying import Runner, Tried, attempt, rounds

PRICES = '''
"""Prices of a toy shop."""

FREE_FROM_CENTS = 5000


def postage_cents(basket_cents: int) -> int:
    """No postage from 5000 cents on."""
    return 0 if basket_cents >= FREE_FROM_CENTS else 400


def total_cents(prices):
    return sum(prices)
'''
WEAK = """
from toy.prices import postage_cents, total_cents


def test_a_small_basket_pays_postage():
    assert postage_cents(100) == 400
    assert postage_cents(9000) == 0


def test_a_total_is_a_sum():
    assert total_cents([1, 2]) == 3
"""
TOY = Plan(parts=[["toy"]], sources=["toy"], tests=["checks"], processes=0)
BOUNDARY = ("toy/prices.py", "postage_cents", ">= FREE", "> FREE")


def make_toy(root: Path) -> Path:
    for file, text in {"toy/__init__.py": "", "toy/prices.py": PRICES, "checks/test_prices.py": WEAK}.items():
        (root / file).parent.mkdir(parents=True, exist_ok=True)
        (root / file).write_text(textwrap.dedent(text).lstrip())
    return root


@pytest.fixture
def toy(tmp_path: Path) -> Path:
    return make_toy(tmp_path / "root")


@pytest.fixture(scope="module")
def runner(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runner]:
    folder = tmp_path_factory.mktemp("mutants")
    runner = Runner(make_toy(folder / "root"), folder / "runner")
    yield runner
    runner.close()


def mutant_of(root: Path, old: str, new: str) -> Mutant:
    source = (root / "toy/prices.py").read_text()
    line = next(number for number, text in enumerate(source.splitlines(), 1) if old in text)
    return Mutant("toy/prices.py", line, (line, line), "", source.replace(old, new), old, new)


def test_a_boundary_that_no_test_looks_at_survives_and_the_rest_is_killed(toy):
    lines: list[str] = []
    done, not_tried = campaign(toy, TOY, 40, 7, 300, lines.append)
    assert not_tried == 0
    survived = {tried.mutant.line for tried in done if not tried.killed}
    assert survived == {3}, "5001 for 5000: the boundary has no test"
    assert {tried.mutant.line for tried in done} == {3, 8, 12}
    assert {tried.killer for tried in done if tried.mutant.line == 12} == {
        "checks/test_prices.py::test_a_total_is_a_sum"
    }
    assert (toy / "toy/prices.py").read_text() == PRICES.lstrip()
    assert sorted(file.name for file in (toy / ".mutants").iterdir() if file.name.startswith("run-")) == []
    assert lines[1] == "2 tests; left out as they failed when recorded: none"


def test_a_broken_copy_is_mended_and_the_same_runner_sees_each_mutant(toy, runner):
    tests = ["checks/test_prices.py::test_a_small_basket_pays_postage", "checks/test_prices.py::test_a_total_is_a_sum"]
    reach = Reach(dict.fromkeys(tests, 0.01), {"toy/prices.py": {8: tests[:1], 12: tests[1:]}})
    kills = attempt(mutant_of(toy, "400", "401"), runner, reach)
    other = attempt(mutant_of(toy, ">= FREE", "> FREE"), runner, reach)
    hangs = attempt(mutant_of(toy, "sum(prices)", "sum(price)"), runner, reach)
    again = runner.run(["checks/test_prices.py"], tests, 60)
    assert (kills.killed, kills.killer, kills.ran) == (True, tests[0], 1)
    assert (other.killed, other.killer, other.ran, other.reached) == (False, None, 2, True), (
        "few are known: its module's too"
    )
    assert (hangs.killed, hangs.killer) == (True, tests[1])
    assert again == {"outcome": "passed", "test": None, "ran": 2}
    assert (runner.copy.root / "toy/prices.py").read_text() == (toy / "toy/prices.py").read_text()


def test_a_mutant_that_hangs_is_stopped(toy, runner):
    endless = (toy / "toy/prices.py").read_text().replace("return sum(prices)", "while True: pass")
    with runner.copy.broken("toy/prices.py", endless):
        answer = runner.run(["checks/test_prices.py"], [], 4)
    assert answer == {"outcome": "timeout", "test": None, "ran": 0}


def test_a_mutant_that_cannot_be_imported_is_killed(toy, runner):
    with runner.copy.broken("toy/prices.py", "raise RuntimeError\n"):
        answer = runner.run(["checks/test_prices.py"], [], 60)
    assert answer["outcome"] == "failed"


def test_the_same_seed_chooses_the_same_mutants_and_another_seed_others(toy):
    chosen = choose(toy, [["toy"]], 2, 1)
    assert choose(toy, [["toy"]], 2, 1) == chosen
    assert any(choose(toy, [["toy"]], 2, seed) != chosen for seed in range(2, 6))


def test_what_stands_in_no_function_runs_when_its_module_is_imported(tmp_path):
    (tmp_path / "toy").mkdir()
    source = "LIMIT = 5\n\n\n@wrapped('name')\ndef f(x=7):\n    y = 9\n    return y\n\n\nclass A:\n    z: int = 3\n"
    (tmp_path / "toy/numbers.py").write_text(source)
    assert {(mutant.line, mutant.runs_once) for mutant in choose(tmp_path, [["toy"]], 9, 1)} == {
        (1, True), (4, True), (5, True), (6, False), (11, True),
    }  # fmt: skip


def test_parts_take_turns_and_a_small_part_gives_its_share_to_the_others(tmp_path):
    for name, lines in (("small", 1), ("large", 9)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "numbers.py").write_text("".join(f"x{number} = {number}\n" for number in range(lines)))
    files = [mutant.file for mutant in choose(tmp_path, [["small"], ["large"]], 5, 1)]
    assert files == ["small/numbers.py", *["large/numbers.py"] * 4]


def test_a_recording_inside_a_worker_of_another_pytest_is_a_run_of_its_own(toy, tmp_path, monkeypatch):
    for name in ("PYTEST_XDIST_WORKER", "PYTEST_ADDOPTS", "COV_CORE_SOURCE", "COVERAGE_PROCESS_START"):
        monkeypatch.setenv(name, "gw0")
    reach = recorded(toy, tmp_path / "reach.json", ["toy"], ["checks"], [], [], 0)
    assert len(reach.seconds) == 2
    assert reach.lines["toy/prices.py"][12] == ["checks/test_prices.py::test_a_total_is_a_sum"]


def test_the_record_is_kept_until_a_source_changes(toy, tmp_path):
    cache = tmp_path / "kept" / "reach.json"
    cache.parent.mkdir()
    reach = recorded(toy, cache, ["toy"], ["checks"], [], [], 0)
    assert reach.lines["toy/prices.py"][8] == ["checks/test_prices.py::test_a_small_basket_pays_postage"]
    assert reach.lines["toy/prices.py"][12] == ["checks/test_prices.py::test_a_total_is_a_sum"]
    written = cache.stat().st_mtime_ns
    assert recorded(toy, cache, ["toy"], ["checks"], [], [], 0) == reach
    assert cache.stat().st_mtime_ns == written
    before = digest(toy, ["toy"])
    (toy / "toy/prices.py").write_text(PRICES.lstrip() + "\n# said again\n")
    assert digest(toy, ["toy"]) != before


def test_a_line_that_no_test_is_known_to_reach_has_the_tests_of_the_folder_that_mirrors_it():
    here, there = "tests/shared/web/test_guards.py::test_a", "tests/shared/x12/test_b.py::test_b"
    reach = Reach({here: 1.0, there: 1.0}, {"shared/web/guards.py": {7: [there]}}, ["tests/shared/x12/test_slow.py"])
    assert reach.tests_of("shared/web/guards.py", 6, (5, 7)) == [there], "another line of the same statement"
    assert reach.tests_of("shared/web/guards.py", 2, (1, 3)) == []
    assert reach.tests_near("shared/web/guards.py") == [[there], [here]]
    assert reach.tests_near("shared/web/etags.py") == [[], [here]]
    assert reach.slow_tests_of("shared/x12/model/guides.py") == ["tests/shared/x12/test_slow.py"]
    assert reach.slow_tests_of("shared/web/etags.py") == []


def test_tests_of_the_modules_own_folder_run_first_and_slow_ones_in_a_second_run():
    own, quick = "tests/shared/web/test_guards.py::test_a", "tests/services/test_q.py::test_q"
    slow = "tests/shared/web/test_guards.py::test_slow"
    reach = Reach({own: 2.0, quick: 0.1, slow: 9.0})
    assert list(rounds([[quick, slow, own]], "shared/web/guards.py", reach)) == [([own], 2.0), ([slow, quick], 9.1)]


def test_tests_that_do_not_fit_into_the_time_of_a_mutant_do_not_run():
    names = [f"tests/test_a.py::test_{number}" for number in range(6)]
    reach = Reach(dict.fromkeys(names, 15.0))
    assert [name for tests, _ in rounds([names], "shared/money.py", reach) for name in tests] == names[:2]


@pytest.mark.parametrize(
    ("source", "broken"),
    [
        ("if a < b:\n    pass\n", {"if a <= b:\n    pass\n"}),
        ("if a:\n    pass\n", {"if not a:\n    pass\n"}),
        ("raise KeyError\n", {"pass\n"}),
        ("x = not y\n", {"x = y\n", "x = None\n"}),
        ("send(1)\n", {"pass\n", "send(2)\n", "send(None)\n"}),
        ('"""What it is for."""\n', set()),
        ('__all__ = ["a"]\n', set()),
        ("from a import b\n", set()),
        ("x: int\n", set()),
        ('log.info("begun", count=1)\n', set()),
        ("@dataclass(frozen=True)\nclass A(Struct, gc=False):\n    pass\n", set()),
        ('say("Give the plan another id.")\n', {"pass\n"}),
    ],
)
def test_every_operator_breaks_what_matters_and_nothing_else(source, broken):
    module = cst.parse_module(source)
    found = set()

    class Breaking(cst.CSTVisitor):
        def on_visit(self, node: cst.CSTNode) -> bool:
            if isinstance(node, cst.ClassDef):
                return False
            if may_be_broken(node):
                found.update(module.deep_replace(node, mutated).code for mutated in mutations(node))
                return True
            return False

    if not source.startswith("@"):
        module.visit(Breaking())
    assert found == broken


def test_survivors_are_listed_with_the_reason_of_those_that_are_accepted(tmp_path):
    file = tmp_path / "accepted.toml"
    file.write_text(
        '[[survivor]]\nfile = "a.py"\nfunction = "f"\nbefore = "x < 1"\nafter = "x <= 1"\nbecause = "x is never 1"\n'
    )
    accepted = read_accepted(file)
    known = Tried(Mutant("a.py", 3, (3, 3), "f", "", "x < 1", "x <= 1"), False, None, 2, 2, ["tests/test_a.py"])
    open_ = Tried(Mutant("b.py", 9, (9, 9), "", "", "N = 1", "N = 2"), False, None, 4, 5, ["tests/test_b.py"], False)
    killed = Tried(Mutant("b.py", 1, (1, 1), "", "", "M = 1", "M = 2"), True, "tests/test_b.py::test_m", 1, 5)
    assert survivors([known, killed, open_], accepted) == (
        "b.py:9\n    - N = 1\n    + N = 2\n    4 tests ran (5 reach it; no test is known to reach the line): "
        "tests/test_b.py\n\na.py:3 f\n    - x < 1\n    + x <= 1\n    survives, because x is never 1"
    )
    assert summary([known, killed, open_], accepted, 3) == (
        "3 mutants: 1 killed, 2 survived (66.7 %), 1 not reached; 1 of the survivors are accepted with a reason; "
        "3 not tried, the time was up"
    )


def test_a_copy_leaves_out_what_belongs_to_the_work_place(toy, tmp_path):
    (toy / ".venv").mkdir()
    (toy / ".ci").mkdir()
    copy = Copy(toy, tmp_path / "copy")
    assert sorted(file.name for file in copy.root.iterdir()) == [".ci", "checks", "toy"]
