"""The page of all settings, docs/settings.md, made from their classes."""

from pathlib import Path

from shared.settings import SettingDoc, documented

PAGE = Path(__file__).parents[2] / "docs" / "settings.md"
HEAD = """# Settings
Every setting is a variable of the environment. A `HANDBILL_...` variable that is not on this page is refused at start.
This page is made by `handbill settings docs`; a test fails when it is not up to date.

| variable | type | default | read by | meaning |
|---|---|---|---|---|
"""


def page() -> str:
    """The whole page as Markdown, one table row for each setting."""
    return HEAD + "".join(f"{_row(one)}\n" for one in documented())


def _row(one: SettingDoc) -> str:
    return f"| `{one.variable}` | {one.type} | {one.default} | {', '.join(one.read_by)} | {one.meaning} |"
