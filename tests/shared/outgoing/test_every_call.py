"""Whatever a process of ours asks of another, it asks through `exchange`: no other module reads an answer by itself."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
PACKAGES = ("shared", "services")
HOME = "shared/outgoing/"
VERBS = frozenset(["get", "post", "put", "patch", "delete", "head", "options", "request", "stream", "send"])
MAKERS = frozenset({"http_client", "service_client"})
OTHER_LIBRARIES = frozenset({"requests", "urllib.request", "urllib3", "http.client", "aiohttp", "httpcore"})


def calls_past_exchange(text: str) -> list[str]:
    """Where a module makes a client, calls a verb of one, or imports another library for HTTP."""
    tree = ast.parse(text)
    clients = set(_clients(tree))
    return [found for node in ast.walk(tree) for found in _past(node, clients)]


def _clients(tree: ast.AST) -> Iterator[str]:
    """The last parts of the names that hold an httpx client."""
    for node in ast.walk(tree):
        match node:
            case ast.arg(arg=name, annotation=kind) if kind is not None and _is_client(kind):
                yield name
                yield f"_{name}"
            case ast.AnnAssign(target=target, annotation=kind) if _is_client(kind):
                yield _last(target)
            case ast.Assign(targets=[target], value=value) if _makes(value):
                yield _last(target)
            case ast.withitem(context_expr=value, optional_vars=ast.expr() as target) if _makes(value):
                yield _last(target)
            case _:
                pass


def _is_client(annotation: ast.expr) -> bool:
    return any(name in ast.unparse(annotation) for name in ("httpx.Client", "httpx.AsyncClient"))


def _makes(value: ast.expr) -> bool:
    return any(isinstance(one, ast.Call) and _last(one.func) in MAKERS for one in ast.walk(value))


def _last(node: ast.expr) -> str:
    return ast.unparse(node).rpartition(".")[2]


def _past(node: ast.AST, clients: set[str]) -> Iterator[str]:
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        of, verb = ast.unparse(node.func.value), node.func.attr
        if of == "httpx" and verb in VERBS | {"Client", "AsyncClient"}:
            yield f"httpx.{verb}"
        elif verb in VERBS and _last(node.func.value) in clients:
            yield f"{of}.{verb}"
    elif isinstance(node, ast.Import):
        yield from (one.name for one in node.names if one.name in OTHER_LIBRARIES)
    elif isinstance(node, ast.ImportFrom):
        full = {f"{node.module}.{one.name}" for one in node.names} | {str(node.module)}
        yield from sorted(full & OTHER_LIBRARIES)


@pytest.mark.safeguard("API7", "API10")
def test_no_module_but_one_asks_others_by_itself() -> None:
    files = [file for package in PACKAGES for file in (ROOT / package).rglob("*.py")]
    names = {file.relative_to(ROOT).as_posix(): file for file in files}
    found = {name: calls_past_exchange(file.read_text()) for name, file in names.items() if not name.startswith(HOME)}
    assert {name: calls for name, calls in found.items() if calls} == {}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("def f(http: httpx.Client):\n    http.get('x')", ["http.get"]),
        (
            "class A:\n    def __init__(self, http: httpx.Client): ...\n    def f(self): self._http.send(1)",
            ["self._http.send"],
        ),
        (
            "class A:\n    mine: httpx.Client | None\n    def f(self): self.mine.stream('GET', 'x')",
            ["self.mine.stream"],
        ),
        ("with stack.enter_context(service_client()) as one:\n    one.post('x')", ["one.post"]),
        ("one = http_client()\none.request('GET', 'x')", ["one.request"]),
        ("httpx.get('x')", ["httpx.get"]),
        ("httpx.Client()", ["httpx.Client"]),
        ("import urllib.request", ["urllib.request"]),
        ("from urllib import request", ["urllib.request"]),
        ("def f(http: httpx.Client):\n    exchange(http, 'GET', 'x', LIMITS)", []),
        ("def f(http: ServiceHttp):\n    http.get('x')", []),
    ],
)
def test_a_call_past_it_is_found_however_the_client_is_held(text: str, found: list[str]) -> None:
    assert calls_past_exchange(text) == found
