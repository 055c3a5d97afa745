"""A page opened without a browser: its own scripts run in QuickJS over a DOM, and a test reads what they made.

`dom.js` is linkedom (ISC) with the URL classes of core-js (MIT) and text-encoding-utf-8 (MIT) in one file, made by
`esbuild --bundle --minify --format=iife`; `environment.js` adds what a browser has beside the DOM.
"""

import json
import re
from collections.abc import Callable
from pathlib import Path

import quickjs

FOLDER = Path(__file__).parent
STACK_BYTES = 32 * 1024 * 1024
MAX_TIMERS = 20_000


class Page:
    """`fetch(path)` answers the text of what the server has there; the page is read with its scripts, in order."""

    def __init__(self, path: str, fetch: Callable[[str], str]) -> None:
        self._context = quickjs.Context()
        self._context.set_max_stack_size(STACK_BYTES)
        self.asked: list[str] = []

        def noted(asked: str) -> str:
            self.asked.append(asked)
            return fetch(asked)

        text = fetch(path)
        self._context.set("pageText", text)
        self._context.add_callable("fetchText", noted)
        for file in ("dom.js", "environment.js"):
            self._context.eval((FOLDER / file).read_text())
        for source in re.findall(r'<script src="([^"]+)"></script>', text):
            self._context.eval(noted(source))
        self._settle()

    def texts(self, selector: str) -> list[str]:
        """The text of every element that the selector finds."""
        found = self._context.eval(
            f"JSON.stringify([...document.querySelectorAll({selector!r})].map(e => e.textContent))"
        )
        return list(json.loads(found))

    def click(self, selector: str, place: int = 0) -> None:
        self._context.eval(f"document.querySelectorAll({selector!r})[{place}].click(); 0")
        self._settle()

    def errors(self) -> list[str]:
        """What the page wrote to the console as errors."""
        return list(json.loads(self._context.eval("JSON.stringify(consoleErrors)")))

    def _settle(self) -> None:
        """Run promises and timers until none is left."""
        for _ in range(MAX_TIMERS):
            while self._context.execute_pending_job():
                pass
            if not self._context.eval("runTimer()"):
                return
        raise AssertionError("the page never comes to rest")
