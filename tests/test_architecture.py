"""How the code is cut: no circle of imports, however long; one meaning for a public class name; modules and functions
that can be read at one sitting."""

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("shared", "services")


def module_name(file: Path, root: Path) -> str:
    parts = file.relative_to(root).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(tree: ast.AST) -> Iterator[ast.Import | ast.ImportFrom]:
    """Imports at any depth, except those that only a type checker sees."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield node
        elif isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            for branch in node.orelse:
                yield from imports(ast.Module([branch], []))
        else:
            yield from imports(node)


def imported(node: ast.Import | ast.ImportFrom, importer: str, known: set[str], is_package: bool) -> Iterator[str]:
    """The modules of ours that one statement imports; `from package import name` is the module of that name, if any."""
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names if alias.name in known)
        return
    base = node.module or ""
    if node.level:
        above = importer.split(".")[: len(importer.split(".")) - node.level + is_package]
        base = ".".join([*above, *([node.module] if node.module else [])])
    for alias in node.names:
        inner = f"{base}.{alias.name}"
        if inner in known:
            yield inner
        elif base in known:
            yield base


def import_graph(root: Path, packages: tuple[str, ...]) -> dict[str, set[str]]:
    files = {module_name(file, root): file for package in packages for file in (root / package).rglob("*.py")}
    graph = {}
    for name, file in files.items():
        statements = imports(ast.parse(file.read_text(), str(file)))
        is_package = file.name == "__init__.py"
        graph[name] = {one for node in statements for one in imported(node, name, set(files), is_package)} - {name}
    return graph


def circles(graph: dict[str, set[str]]) -> list[list[str]]:
    """Modules that import one another, directly or not, by Tarjan's algorithm; one sorted list for each circle."""
    order: dict[str, int] = {}
    lowest: dict[str, int] = {}
    stack: list[str] = []
    found: list[list[str]] = []

    def visit(name: str) -> None:
        order[name] = lowest[name] = len(order)
        stack.append(name)
        for other in sorted(graph[name]):
            if other not in order:
                visit(other)
                lowest[name] = min(lowest[name], lowest[other])
            elif other in stack:
                lowest[name] = min(lowest[name], order[other])
        if lowest[name] == order[name]:
            at = stack.index(name)
            if len(stack) - at > 1:
                found.append(sorted(stack[at:]))
            del stack[at:]

    for name in sorted(graph):
        if name not in order:
            visit(name)
    return found


def test_no_modules_import_one_another_in_a_circle() -> None:
    assert circles(import_graph(ROOT, PACKAGES)) == []


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("from shared import two", "import shared.one"),
        ("from shared.two import x", "def late():\n    from shared.one import y"),
        ("from . import two", "class Late:\n    from .one import y"),
        ("try:\n    import shared.two\nexcept ImportError:\n    pass", "from shared.one import *"),
    ],
)
def test_a_circle_is_found_wherever_the_imports_are(tmp_path: Path, first: str, second: str) -> None:
    folder = tmp_path / "shared"
    folder.mkdir()
    for name, text in {"__init__": "", "one": first, "two": second}.items():
        (folder / f"{name}.py").write_text(text)
    assert circles(import_graph(tmp_path, ("shared",))) == [["shared.one", "shared.two"]]


def test_what_only_a_type_checker_imports_is_no_circle(tmp_path: Path) -> None:
    folder = tmp_path / "shared"
    folder.mkdir()
    (folder / "__init__.py").write_text("")
    (folder / "one.py").write_text("from shared import two")
    (folder / "two.py").write_text("from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from shared.one import y")
    assert circles(import_graph(tmp_path, ("shared",))) == []


def doubles(root: Path, packages: tuple[str, ...]) -> dict[tuple[str, str], list[str]]:
    """Public class names with more than one definition: (package, name) to their modules.

    `shared` is one package, and so is each service: `services.claims` and `services.notes` may both have a `Note`.
    """
    homes: dict[tuple[str, str], list[str]] = {}
    for package in packages:
        for file in sorted((root / package).rglob("*.py")):
            module = module_name(file, root)
            place = ".".join(module.split(".")[: 2 if package == "services" else 1])
            for node in ast.parse(file.read_text(), str(file)).body:
                if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                    homes.setdefault((place, node.name), []).append(module)
    return {name: modules for name, modules in homes.items() if len(modules) > 1}


def test_a_public_class_name_has_one_definition_inside_a_service_and_inside_shared() -> None:
    assert doubles(ROOT, PACKAGES) == {}


def test_a_class_name_is_double_inside_one_service_and_not_across_services(tmp_path: Path) -> None:
    for name in ("claims/one", "claims/rooms/two", "notes/three"):
        file = tmp_path / "services" / f"{name}.py"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("class Row: ...\nclass _Own: ...\n")
    modules = ["services.claims.one", "services.claims.rooms.two"]
    assert doubles(tmp_path, ("services",)) == {("services.claims", "Row"): modules}


REFUSALS = {"Conflict", "RuleBroken"}
MENDED_BY = {"errors", "fix"}


def refusals_without_a_fix(root: Path, packages: tuple[str, ...]) -> list[str]:
    """Where a 409 is made that has neither faults nor the fix of its one fault: `file:line`."""
    found = []
    for file in sorted(one for package in packages for one in (root / package).rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(), str(file))):
            refuses = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in REFUSALS
            if refuses and not MENDED_BY & {keyword.arg for keyword in node.keywords}:
                found.append(f"{file.relative_to(root)}:{node.lineno}")
    return found


def test_every_refusal_of_a_rule_or_state_says_how_to_mend_it() -> None:
    assert refusals_without_a_fix(ROOT, PACKAGES) == []


def test_a_refusal_is_found_that_names_no_fix(tmp_path: Path) -> None:
    (tmp_path / "services").mkdir()
    text = 'raise Conflict("no")\nraise RuleBroken("no", fix="Do it.")\nraise Conflict("no", errors=found)\n'
    (tmp_path / "services" / "one.py").write_text(text)
    assert refusals_without_a_fix(tmp_path, ("services",)) == ["services/one.py:1"]


MOST_LINES = {"shared": 400, "services": 400, "bench": 400, "tests": 500}
"""Of a module, by its top folder."""
MOST_LINES_OF_A_FUNCTION = 50
TABLES = ("/migrations/", "tests/")
"""Where a function may be longer: a migration lists columns, and a test may list all that it expects."""


def too_long(root: Path, folders: Iterable[str]) -> dict[str, int]:
    """Modules and functions beyond their limit, with how many lines they have."""
    found = {}
    for file in (file for folder in folders for file in sorted((root / folder).rglob("*.py"))):
        name, text = file.relative_to(root).as_posix(), file.read_text()
        if (lines := len(text.splitlines())) > MOST_LINES[name.partition("/")[0]]:
            found[name] = lines
        if not any(part in name for part in TABLES):
            found |= {f"{name}::{function}": lines for function, lines in long_functions(text)}
    return found


def long_functions(text: str) -> Iterator[tuple[str, int]]:
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or 0) - node.lineno + 1
            if lines > MOST_LINES_OF_A_FUNCTION:
                yield node.name, lines


def test_no_module_and_no_function_is_too_long_to_be_read_at_one_sitting() -> None:
    assert too_long(ROOT, MOST_LINES) == {}


def test_a_module_and_a_function_of_one_line_more_are_too_long_and_tables_are_not(tmp_path: Path) -> None:
    def write(name: str, text: str) -> None:
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)

    body = "    x = 1\n" * MOST_LINES_OF_A_FUNCTION
    write("shared/most.py", "x = 1\n" * 400)
    write("shared/more.py", "x = 1\n" * 401)
    write("tests/test_most.py", "x = 1\n" * 500)
    write("tests/test_more.py", f"def test_a_table() -> None:\n{body}" + "x = 1\n" * 450)
    write("services/long.py", f"class A:\n    async def short(self) -> None: ...\n\n\ndef much() -> None:\n{body}")
    write("services/migrations/0001.py", f"def upgrade() -> None:\n{body}")
    assert too_long(tmp_path, ("shared", "services", "tests")) == {
        "shared/more.py": 401,
        "services/long.py::much": 51,
        "tests/test_more.py": 501,
    }
