"""docs/security.md from rows.toml and from the marks in the tests, which are read without running anything."""

import ast
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

TOP = Path(__file__).parents[2]
PAGE = TOP / "docs" / "security.md"
ROWS = Path(__file__).with_name("rows.toml")
MARK = "safeguard"
NAMED_AT_MOST = 12
INTRODUCTION = """# Security

What Handbill does about each technical safeguard of HIPAA and each of OWASP's ten API risks, and the tests that prove
it. `make safeguards` writes this page from the marks in the tests; a test fails when the page is stale, a row has no
test, or a file that it names is gone. The law asks for more than software can do: policies, training, agreements with
business associates and the safety of buildings are the practice's and the operator's ([operating](operating.md)).
"""


@dataclass(frozen=True)
class Row:
    """One thing that is asked for, and what is done about it."""

    id: str
    asks: str
    how: str
    where: tuple[str, ...]


@dataclass(frozen=True)
class Group:
    """Rows of one source."""

    title: str
    source: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Mark:
    """A test function, or with no name a whole file, that proves the row `id`."""

    id: str
    file: str
    test: str


def groups() -> list[Group]:
    return [
        Group(
            group["title"], group["source"], tuple(Row(**{**row, "where": tuple(row["where"])}) for row in group["row"])
        )
        for group in tomllib.loads(ROWS.read_text())["group"]
    ]


def marks(folder: Path = TOP / "tests") -> list[Mark]:
    """Every mark of the tests below a folder, in the order of files and lines."""
    return [mark for path in sorted(folder.rglob("test_*.py")) for mark in _marks_in(path, folder.parent)]


def _marks_in(path: Path, top: Path) -> Iterator[Mark]:
    text, file = path.read_text(), path.relative_to(top).as_posix()
    if MARK not in text:
        return
    for node in ast.parse(text).body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_"):
            yield from (Mark(found, file, node.name) for found in _ids(node.decorator_list))
        elif isinstance(node, ast.Assign) and _is_named(node.targets[0], "pytestmark"):
            listed = node.value.elts if isinstance(node.value, ast.List) else [node.value]
            yield from (Mark(found, file, "") for found in _ids(listed))


def _ids(decorators: list[ast.expr]) -> Iterator[str]:
    for one in decorators:
        if isinstance(one, ast.Call) and ast.unparse(one.func) == f"pytest.mark.{MARK}":
            yield from (str(ast.literal_eval(argument)) for argument in one.args)


def _is_named(target: Any, name: str) -> bool:
    return isinstance(target, ast.Name) and target.id == name


def page() -> str:
    """The whole page."""
    found = marks()
    return "\n".join([INTRODUCTION, *(_section(group, found) for group in groups())])


def _section(group: Group, found: list[Mark]) -> str:
    lines = [f"## {group.title}", "", f"Source: {group.source}.", ""]
    for row in group.rows:
        lines += [f"### {row.id}", "", f"{row.asks} **{row.how}**", ""]
        lines += ["In " + ", ".join(f"[{one}](../{one})" for one in row.where) + ".", ""]
        lines += [*_proofs([mark for mark in found if mark.id == row.id]), ""]
    return "\n".join(lines)


def _proofs(found: list[Mark]) -> Iterator[str]:
    for file in dict.fromkeys(mark.file for mark in found):
        tests = [mark.test for mark in found if mark.file == file and mark.test]
        yield f"- [{file}](../{file})" + ("" if tests else ": all of it")
        yield from (f"  - {_sentence(test)}" for test in tests[:NAMED_AT_MOST])
        if len(tests) > NAMED_AT_MOST:
            yield f"  - and {len(tests) - NAMED_AT_MOST} more"


def _sentence(test: str) -> str:
    return test.removeprefix("test_").replace("_", " ")
