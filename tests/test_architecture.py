"""The import graph of our packages has no circle, however long; a public class name has one meaning in its package."""

import ast
from collections.abc import Iterator
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
