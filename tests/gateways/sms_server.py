"""Starts the gateway process and counts what it received."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

DESCRIPTION = """
connect_seconds = 2.0
whole_seconds = 3.0
[request]
url = "http://127.0.0.1:{port}/send?id={{message_id}}"
headers = {{ "x-sign" = "{{signature}}", "x-time" = "{{timestamp}}" }}
json = {{ to = "{{recipient}}", text = "{{body}}", template = "{{template}}", code = "{{code}}" }}
[signature]
over = "{{timestamp}}\\n{{recipient}}\\n{{body}}"
[success]
pointer = "/code"
equals = "OK"
[templates]
"login_code.zh-CN" = "SMS_1"
"""


@dataclass
class Process:
    """A gateway under way."""

    port: int
    noted: Path

    @property
    def description(self) -> str:
        """The TOML file that leads to it."""
        return DESCRIPTION.format(port=self.port)

    def received(self) -> list[dict[str, Any]]:
        """Every request, in order."""
        text = self.noted.read_text(encoding="utf-8") if self.noted.exists() else ""
        return [json.loads(line) for line in text.splitlines()]

    def wait_for_one(self) -> None:
        """Until a request has come."""
        while not self.received():
            time.sleep(0.01)


@contextmanager
def gateway(folder: Path, behaviour: str) -> Iterator[Process]:
    """A gateway that behaves so, gone afterwards."""
    noted = folder / "received.jsonl"
    program = Path(__file__).with_name("sms_process.py")
    command = [sys.executable, "-S", str(program), str(noted), behaviour]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout is not None
        try:
            yield Process(int(process.stdout.readline()), noted)
        finally:
            process.kill()
