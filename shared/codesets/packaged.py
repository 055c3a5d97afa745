"""Reading the data files that lie beside this code, and nothing else: the one place where code sets touch a disk."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from typing import Any


def data_bytes(name: str) -> bytes:
    """The bytes of one packaged data file."""
    return files("shared.codesets").joinpath("data", name).read_bytes()


def data_text(name: str) -> str:
    """The text of one packaged data file."""
    return data_bytes(name).decode("utf-8")


def data_toml(name: str) -> dict[str, Any]:
    """The parsed TOML of one packaged data file."""
    return tomllib.loads(data_text(name))
