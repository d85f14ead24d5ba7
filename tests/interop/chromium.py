"""How is a browser driven? Debian's Chromium, over the DevTools protocol through two pipes; no library, no port, no network."""

import asyncio
import base64
import json
import os
import shutil
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count
from pathlib import Path
from typing import Any, Self

COMMAND = shutil.which("chromium")
SWITCHES = (
    "--headless=new", "--remote-debugging-pipe", "--no-first-run", "--no-default-browser-check", "--disable-gpu",
    "--no-sandbox",  # the suite runs as root in a container, where its own sandbox cannot be made
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-default-apps",
    "--disable-dev-shm-usage", "--force-color-profile=srgb", "--mute-audio", "--hide-scrollbars",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)  # fmt: skip
# Chromium reads commands from descriptor 3 and answers on 4, whichever ours are called.
LAUNCHER = (
    "import os, sys; os.dup2(int(sys.argv[1]), 3); os.dup2(int(sys.argv[2]), 4); os.execv(sys.argv[3], sys.argv[3:])"
)
FIRST_FREE = 16
MOST_OCTETS = 64 * 1024 * 1024
"""Of one message: a screenshot in base64."""
ANSWER_SECONDS = 30.0


class Faulty(Exception):
    """The browser said no, or the page's script failed."""


class Browser:
    """One Chromium and its pipe."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.WriteTransport) -> None:
        self._reader, self._writer = reader, writer
        self._numbers = count(1)
        self._asked: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self.events: list[dict[str, Any]] = []

    async def call(self, method: str, session: str | None = None, **parameters: Any) -> dict[str, Any]:
        """One command; its result."""
        number = next(self._numbers)
        said: dict[str, Any] = {"id": number, "method": method, "params": parameters}
        if session is not None:
            said["sessionId"] = session
        answer: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        self._asked[number] = answer
        self._writer.write(json.dumps(said).encode() + b"\0")
        async with asyncio.timeout(ANSWER_SECONDS):
            return await answer

    async def listen(self) -> None:
        """Take what it says until it ends."""
        while True:
            try:
                message = json.loads((await self._reader.readuntil(b"\0"))[:-1])
            except asyncio.IncompleteReadError:
                return
            waiting = self._asked.pop(message.get("id", 0), None)
            if waiting is None:
                self.events.append(message)
            elif not waiting.done():
                answered(waiting, message)

    async def tab(self) -> "Tab":
        """A blank page of its own."""
        target = (await self.call("Target.createTarget", url="about:blank"))["targetId"]
        session = (await self.call("Target.attachToTarget", targetId=target, flatten=True))["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            await self.call(f"{domain}.enable", session)
        return Tab(self, session)


def answered(waiting: asyncio.Future[dict[str, Any]], message: dict[str, Any]) -> None:
    """Give an answer to whoever asked."""
    if "error" in message:
        waiting.set_exception(Faulty(message["error"]["message"]))
    else:
        waiting.set_result(message["result"])


class Tab:
    """One page, as far as somebody before the screen gets to know it."""

    def __init__(self, browser: Browser, session: str) -> None:
        self._browser, self._session = browser, session

    async def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        """One command to this page."""
        return await self._browser.call(method, self._session, **parameters)

    async def evaluate(self, script: str) -> Any:
        """The value of a script's last expression, awaited."""
        found = await self.call("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in found:
            raise Faulty(found["exceptionDetails"]["exception"].get("description", script))
        return found["result"].get("value")

    async def until(self, script: str, seconds: float = 30.0) -> Any:
        """The script's value as soon as it is true."""
        loop = asyncio.get_running_loop()
        end = loop.time() + seconds
        while not (found := await self._now(script)):
            if loop.time() > end:
                seen = await self._now("document.body.innerText")
                raise AssertionError(f"{script} never came true; seen: {seen}")
            await asyncio.sleep(0.05)
        return found

    async def _now(self, script: str) -> Any:
        try:
            return await self.evaluate(script)
        except Faulty as fault:
            # Between two pages there is nothing to ask.
            if any(word in str(fault) for word in ("context", "null", "navigated")):
                return None
            raise

    async def go(self, address: str) -> None:
        """Follow an address."""
        await self.call("Page.navigate", url=address)
        await self.until("document.readyState === 'complete' && location.href !== 'about:blank'")

    async def size(self, width: int, height: int, *, dark: bool = False, still: bool = True) -> None:
        """As large as a screen, in its colours, and with as little motion as its owner likes."""
        await self.call(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 600
        )
        features = [
            {"name": "prefers-color-scheme", "value": "dark" if dark else "light"},
            {"name": "prefers-reduced-motion", "value": "reduce" if still else "no-preference"},
        ]
        await self.call("Emulation.setEmulatedMedia", features=features)

    async def speaks(self, language: str) -> None:
        """What the browser tells pages its owner reads."""
        await self.call("Network.setExtraHTTPHeaders", headers={"Accept-Language": language})

    async def press(self, selector: str) -> None:
        """Press something that is seen, with the mouse."""
        found = f"document.querySelector({json.dumps(selector)})"
        place = await self.until(
            f"(e => {{ if (!e || e.disabled) return null; e.scrollIntoView({{block: 'center'}});"
            " const r = e.getBoundingClientRect(); return r.width ? [r.x + r.width / 2, r.y + r.height / 2] : null;"
            f" }})({found})"
        )
        for kind in ("mousePressed", "mouseReleased"):
            await self.call("Input.dispatchMouseEvent", type=kind, x=place[0], y=place[1], button="left", clickCount=1)

    async def key(self, key: str) -> None:
        """Press a key."""
        code, text = {"Enter": (13, "\r"), "Tab": (9, ""), " ": (32, " "), "Escape": (27, "")}[key]
        for kind in ("keyDown", "keyUp"):
            more = {"text": text} if text and kind == "keyDown" else {}
            await self.call("Input.dispatchKeyEvent", type=kind, key=key, windowsVirtualKeyCode=code, **more)

    async def write(self, text: str) -> None:
        """Type into what has the focus."""
        await self.call("Input.insertText", text=text)

    async def give(self, selector: str, file: Path) -> None:
        """Choose a file of this machine."""
        found = await self.call("Runtime.evaluate", expression=f"document.querySelector({json.dumps(selector)})")
        await self.call("DOM.setFileInputFiles", files=[str(file)], objectId=found["result"]["objectId"])

    async def screenshot(self, path: Path) -> None:
        """What is seen, as PNG."""
        found = await self.call("Page.captureScreenshot", format="png", captureBeyondViewport=False)
        await asyncio.to_thread(path.write_bytes, base64.b64decode(found["data"]))

    @property
    def complaints(self) -> list[str]:
        """What the browser wrote into its console: violations of a policy, scripts that failed; not what a server refused."""
        found = []
        for event in self._browser.events:
            if event["method"] == "Log.entryAdded" and event["params"]["entry"]["source"] != "network":
                found.append(event["params"]["entry"]["text"])
            if event["method"] == "Runtime.exceptionThrown":
                found.append(event["params"]["exceptionDetails"]["text"])
            if event["method"] == "Runtime.consoleAPICalled" and event["params"]["type"] == "error":
                found.append(str(event["params"]["args"]))
        return found


class Pipes:
    """Two pipes, their far ends numbered past those that the browser wants for itself."""

    def __init__(self) -> None:
        import fcntl

        self.far_reading, self.writing = os.pipe()
        self.reading, self.far_writing = os.pipe()
        low = self.far_reading, self.far_writing
        self.far_reading, self.far_writing = (fcntl.fcntl(each, fcntl.F_DUPFD, FIRST_FREE) for each in low)
        for each in low:
            os.close(each)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self.far_reading)
        os.close(self.far_writing)


@asynccontextmanager
async def running(command: str, folder: Path) -> AsyncIterator[Browser]:
    """A browser with nothing in it, gone afterwards."""
    loop = asyncio.get_running_loop()
    with Pipes() as pipes:
        far = pipes.far_reading, pipes.far_writing
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", LAUNCHER, *map(str, far), command, *SWITCHES, f"--user-data-dir={folder}", "about:blank",
            pass_fds=far, stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
        )  # fmt: skip
    reader = asyncio.StreamReader(limit=MOST_OCTETS)
    incoming, _ = await loop.connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(pipes.reading, "rb")
    )
    outgoing, _ = await loop.connect_write_pipe(asyncio.Protocol, os.fdopen(pipes.writing, "wb"))
    browser = Browser(reader, outgoing)
    listening = asyncio.create_task(browser.listen())
    try:
        yield browser
        await browser.call("Browser.close")
        async with asyncio.timeout(ANSWER_SECONDS):
            await process.wait()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
        outgoing.close()
        incoming.close()
        await listening
