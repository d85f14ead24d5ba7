"""What does the page need to be tried? A bank at a port, Chromium, and somebody before its screen."""

import asyncio
import base64
import os
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from app.core.clock import SetClock
from app.embedded import Database
from app.verification.picture import Picture
from tests.flows.conftest import START, Applicant, Bank, founded, open_bank
from tests.flows.processes import free_port
from tests.flows.serving import serving
from tests.interop.chromium import COMMAND, Tab, running
from tests.interop.film import told

CAMERA = (Path(__file__).parent / "camera.js").read_text(encoding="utf-8")
PHONE, KIOSK = (390, 844), (1280, 800)
EXAMINED_EVERY_SECONDS = 0.1


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skipped at a desk without the browser; where every change is tried it has to be there."""
    if COMMAND is None and "CI" not in os.environ:
        for each in items:
            if Path(__file__).parent in each.path.parents:
                each.add_marker(pytest.mark.skip(reason="Chromium is not here: apt-get install chromium"))


class RunningClock(SetClock):
    """A clock that goes, as the browser's does, and can be moved besides."""

    def __init__(self, moment: datetime) -> None:
        super().__init__(moment)
        self._begun = time.monotonic()

    def now(self) -> datetime:
        """What passed since it was made, and what was let pass."""
        return super().now() + timedelta(seconds=time.monotonic() - self._begun)


@dataclass
class Visitor:
    """Somebody with a browser, on the way through the page."""

    bank: Bank
    tab: Tab
    pictures: list[bytes] = field(default_factory=list)
    """What the page sent."""
    worker: asyncio.Task[None] | None = None

    async def come(self, applicant: Applicant, *, language: str = "en", kiosk: bool = False, **body: Any) -> None:
        """Follow the address and begin; from now on the worker is at work."""
        self.worker = asyncio.create_task(examining(self.bank))
        made = (await applicant.post("/captures", json={"kiosk": kiosk} | body)).json()
        await self.tab.speaks(language)
        await self.tab.go(made["address"])
        await self.tab.press("form[action='/capture'] button")
        await self.tab.until("location.search.startsWith('?language=')")

    async def see(self, screen: str, seconds: float = 30.0) -> None:
        """Wait for a screen."""
        await self.tab.until(f"document.querySelector('[data-screen={screen}]')?.hidden === false", seconds)

    async def choose(self, choice: str) -> None:
        """Press a button of the screen that is seen."""
        await self.tab.press(f"[data-screen]:not([hidden]) [data-choice='{choice}']")

    async def hear(self, text: str, seconds: float = 30.0) -> None:
        """Wait until the screen that is seen says it where a screen reader listens."""
        said = "[...document.querySelectorAll('[data-screen]:not([hidden]) :is([role=status], [role=alert])')]"
        await self.tab.until(f"{said}.some(e => e.textContent.includes({text!r}))", seconds)

    async def show(self, jpeg: bytes) -> None:
        """Hold something before the camera, until it sees it."""
        await self.tab.until("camera.opened === 1")
        await self.tab.evaluate(f"camera.show('{base64.b64encode(jpeg).decode()}')")
        await self.tab.evaluate("camera.seen()")

    async def sit_down(self, manner: str = "honest", *, seed: int = 2026) -> None:
        """Sit before the camera as somebody of this manner, until it sees them."""
        await self.see("face")
        await self.tab.until("camera.opened === 1")
        await self.tab.evaluate(f"camera.seat({await asyncio.to_thread(told, seed, manner)})")
        await self.tab.evaluate("camera.seen()")

    async def consent(self) -> None:
        """Read the notice, and consent."""
        await self.see("identity")
        await self.choose("agree")
        await self.see("consent")
        await self.choose("consent")
        await self.see("optional")
        await self.choose("go")

    async def photograph(self, jpeg: bytes) -> None:
        """Lay a document before the camera, take its photograph and use it."""
        await self.see("document")
        await self.tab.until("!document.querySelector('[data-choice=take]').disabled")
        await self.show(jpeg)
        before = len(self.pictures)
        await self.choose("take")
        await self.choose("use")
        async with asyncio.timeout(20):
            while len(self.pictures) == before:  # noqa: ASYNC110  what waits for it is a browser
                await asyncio.sleep(0.05)

    async def walk_to(self, choice: str) -> None:
        """Press Tab until the button of that choice has the focus."""
        for _ in range(20):
            await self.tab.key("Tab")
            if await self.tab.evaluate(f"document.activeElement.dataset.choice === '{choice}'"):
                return
        raise AssertionError(f"Tab never reaches {choice}")


async def examining(bank: Bank) -> None:
    """The worker, again and again."""
    while True:
        await bank.work()
        await asyncio.sleep(EXAMINED_EVERY_SECONDS)


def keeping(bank: Bank, pictures: list[bytes]) -> None:
    """Keep the octets of every picture that comes in."""
    intake = bank.eyes.intake

    async def kept(octets: bytes) -> Picture:
        pictures.append(octets)
        return await intake(octets)

    bank.eyes.intake = kept  # type: ignore[method-assign]


@pytest.fixture
async def bank(fresh_database: Database, folder: Path) -> AsyncIterator[Bank]:
    """The whole bank at a port, as its address says."""
    port = free_port()
    own = {"issuer": f"http://127.0.0.1:{port}", "log_level": "error"}
    settings = await founded(fresh_database, folder, SetClock(START), **own)
    async with open_bank(fresh_database, settings, RunningClock(START)) as opened, serving(opened, port):
        yield opened


@pytest.fixture
async def visitor(bank: Bank, folder: Path) -> AsyncIterator[Visitor]:
    """Somebody with a phone. Whatever they do, the page breaks no policy and no script fails."""
    assert COMMAND is not None, "CI asks for Chromium and it is not installed"
    async with running(COMMAND, folder / "browser") as browser:
        tab = await browser.tab()
        await tab.size(*PHONE)
        await tab.call("Page.addScriptToEvaluateOnNewDocument", source=CAMERA)
        somebody = Visitor(bank, tab)
        keeping(bank, somebody.pictures)
        yield somebody
        if somebody.worker is not None:
            somebody.worker.cancel()
            await asyncio.wait([somebody.worker])
        assert await tab.evaluate("window.violations") == []
        assert tab.complaints == []
