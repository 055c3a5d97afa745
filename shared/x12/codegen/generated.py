"""Compiling generated text: a function that a traceback shows with its lines, as if it stood in a file."""

import linecache
from collections.abc import Callable
from typing import Any


def compile_function(text: str, names: dict[str, Any], title: str) -> Callable[..., Any]:
    """The one function that `text` defines, with `names` as its globals; `title` stands for the file in tracebacks."""
    file = f"<x12 {title}>"
    linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)
    before = set(names)
    exec(compile(text, file, "exec"), names)  # noqa: S102 - made from our own guides and tables only
    (made,) = set(names) - before - {"__builtins__"}
    function: Callable[..., Any] = names[made]
    return function


def indented(lines: list[str]) -> list[str]:
    """One level deeper."""
    return [f"    {line}" for line in lines]
