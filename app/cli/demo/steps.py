"""How is each step shown? Its name, its outcome, its time; the first difference ends the walk."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
from rich.console import Console


class Differs(Exception):
    """Something is not as the demonstration expects it."""


class Steps:
    """Prints steps and counts their time."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self.done = 0
        self._began = time.monotonic()

    @contextmanager
    def step(self, name: str) -> Iterator["Noted"]:
        """One step; what it notes stands behind its name."""
        before, noted = time.monotonic(), Noted()
        try:
            yield noted
        except (Differs, httpx.HTTPError, KeyError, IndexError) as difference:
            self.console.print(f"[bold red]✗[/] {name}: {difference!s}", soft_wrap=True)
            raise Differs(name) from difference
        self.done += 1
        took = time.monotonic() - before
        self.console.print(f"[green]✓[/] {name} [dim]{took:6.2f} s[/]  {noted.text}", soft_wrap=True)

    @property
    def seconds(self) -> float:
        """Since the beginning."""
        return time.monotonic() - self._began


class Noted:
    """What is worth saying of a step."""

    text = ""

    def say(self, text: str) -> None:
        """Stand behind the step's name."""
        self.text = text


def expect(answer: httpx.Response, status: int) -> dict[str, Any]:
    """The answer's document; raises Differs where the status is another."""
    if answer.status_code != status:
        raise Differs(f"{answer.request.method} {answer.request.url.path}: {answer.status_code} {answer.text[:300]}")
    return answer.json() if answer.content else {}


def same(what: str, found: object, wanted: object) -> None:
    """Raise Differs unless both are equal."""
    if found != wanted:
        raise Differs(f"{what}: {found!r} instead of {wanted!r}")
