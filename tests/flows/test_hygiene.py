"""Does anything that is written down or kept hold a person or a secret? The whole demonstration, overheard, at its most talkative."""

import base64
import hashlib
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import psycopg
import pytest

from tests.flows.overheard import Overheard, forms, leaks, overhearing
from tests.flows.processes import free_port
from tests.flows.stolen import Stolen, doors_opened, stolen_from

pytestmark = pytest.mark.timeout(420)
SECONDS = 400.0
KINDS = {
    "password", "code", "code in a message", "seed", "identifier", "address", "recipient", "name", "number", "access_token",
    "refresh_token", "applicant_token", "session_token", "enrolment_code", "code_verifier", "client_secret", "token",
    "statement", "reason", "picture", "Bearer credentials", "Basic credentials",
}  # fmt: skip
"""What the demonstration says at least once; a kind that was not overheard would be missed for nothing."""

GUESSED = {"number", "name", "address", "identifier", "recipient", "code", "code in a message"}
"""Kinds of so few values that all of them can be hashed."""
LONGEST_HASH = 48
"""Octets: a digest, and what names its algorithm and key."""
HARMLESS = {
    "PATH", "LANG", "PYTHONPATH", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS",
    "MALLOC_ARENA_MAX", "MALLOC_MMAP_THRESHOLD_", "MALLOC_TRIM_THRESHOLD_", "ORT_DISABLE_TELEMETRY",
}  # fmt: skip
"""All that a process which opens pictures is told."""


@dataclass(frozen=True)
class Demonstrated:
    """What was said, and the running house that heard it."""

    heard: Overheard
    folder: Path
    console: Path
    url: str

    def written(self) -> dict[str, str]:
        """Every word of ours, by where it stands."""
        logs = {path.name: path.read_text("utf-8", errors="replace") for path in (self.folder / "logs").iterdir()}
        metrics = httpx.get(f"{self.url}/metrics", trust_env=False).text
        return logs | {"console": self.console.read_text("utf-8"), "metrics": metrics}

    def secret(self, name: str) -> str:
        """A secret of the house's own."""
        return (self.folder / "secrets" / name).read_text().strip()


@pytest.fixture(scope="module")
def house() -> Iterator[Demonstrated]:
    """`hufu up` and its demonstration, which reaches the API as the world does: at its issuer's address, which is ours."""
    folder, front, back = Path(tempfile.mkdtemp(prefix="hufu-said-", dir="/tmp")), free_port(), free_port()
    folder.chmod(0o711)
    told = os.environ | {
        "HUFU_DATA": str(folder / "data"), "HUFU_PORT": str(back), "HUFU_ISSUER": f"http://127.0.0.1:{front}",
        "HUFU_LOG_LEVEL": "debug", "PYTHONUNBUFFERED": "1",
    }  # fmt: skip
    made = folder / "console.log"
    with overhearing(front, back) as heard, made.open("wb") as output:
        up = subprocess.Popen([sys.executable, "-m", "app.cli", "up"], env=told, stdout=output, stderr=output)
        try:
            wait_for("Hufu is up", made, up)
            yield Demonstrated(heard, folder / "data", made, f"http://127.0.0.1:{back}")
        finally:
            up.send_signal(signal.SIGINT)
            up.wait(60)
            shutil.rmtree(folder, ignore_errors=True)


def wait_for(words: str, log: Path, process: subprocess.Popen[bytes]) -> None:
    """Until they were written; what was written instead is the failure's."""
    deadline = time.monotonic() + SECONDS
    while words not in (written := log.read_text("utf-8")):
        assert process.poll() is None, written
        assert time.monotonic() < deadline, written
        time.sleep(0.2)
    assert "steps as expected" in written, written


def processes(*words: str) -> list[int]:
    """Those whose command line has all of the words."""
    found = []
    for each in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            command = each.read_bytes().split(b"\0")
        except (FileNotFoundError, ProcessLookupError):
            continue
        found += [int(each.parent.name)] if all(word.encode() in command for word in words) else []
    return found


def of_house(house: Demonstrated, *words: str) -> list[int]:
    """Those of them that descend from this house's API or worker."""
    own = {pid for pid in processes("-m", "app.cli") if str(house.folder) in environ(pid)}
    return [pid for pid in processes(*words) if pid in own or parent(pid) in own]


def parent(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])


def environ(pid: int) -> str:
    return Path(f"/proc/{pid}/environ").read_bytes().replace(b"\0", b"\n").decode()


@pytest.mark.rule("A36", "A107", "R23")
def test_nothing_written_holds_a_person_or_a_secret(house: Demonstrated) -> None:
    said = house.heard.secrets()
    assert said.keys() >= KINDS
    written = house.written()
    assert {"api.log", "worker.log", "postgres.log", "console", "metrics"} <= written.keys()
    assert "/v1/proofings/{proofing_id}/submission" in written["api.log"]
    assert {where: found for where, text in written.items() if (found := leaks(said, text))} == {}


def test_a_secret_is_found_in_whatever_form_it_was_written(house: Demonstrated) -> None:
    """The control: what the test above looks for is seen where it is."""
    written = house.written()["api.log"]
    for kind, values in house.heard.secrets().items():
        for form in (form for value in values for form in forms(value)):
            assert leaks({kind: values}, f"{written} {form} ")


def test_no_log_holds_a_key_or_a_password_of_ours(house: Demonstrated) -> None:
    own = {"ours": {house.secret("master.key"), *passwords_in(house)}}
    assert len(own["ours"]) >= 4
    assert {where: found for where, text in house.written().items() if (found := leaks(own, text))} == {}


def passwords_in(house: Demonstrated) -> set[str]:
    """Of the database's roles, out of their addresses."""
    urls = [house.secret(name) for name in ("app.url", "owner.url", "auditor.url", "appender.url")]
    return {re.findall(r"://\w+:([^@]+)@", url)[0] for url in urls}


@pytest.fixture(scope="module")
def stolen(house: Demonstrated) -> Stolen:
    """The whole database, once all of it was walked."""
    return stolen_from(house.secret("owner.url"))


@pytest.mark.rule("R111")
def test_a_stolen_database_holds_no_person_no_picture_and_no_secret(house: Demonstrated, stolen: Stolen) -> None:
    assert {"images", "subscribers", "authenticators", "staff", "votes", "messages", "procrastinate_jobs"} <= set(
        stolen.tables
    )
    assert len(stolen.octets) > 100
    kept = {kind: found for kind, values in house.heard.secrets().items() if (found := stolen.holds(values))}
    assert (kept, stolen.marks()) == ({}, [])


def test_nobody_confirms_a_number_or_a_code_by_hashing_it(house: Demonstrated, stolen: Stolen) -> None:
    """Eighteen digits are guessed in hours; a hash without a key would be as good as the number."""
    said = house.heard.secrets()
    assert {kind: found for kind in GUESSED if (found := stolen.confirms(said[kind]))} == {}


def test_what_is_looked_for_in_a_stolen_database_is_found_where_it_stands(house: Demonstrated) -> None:
    """The control: a table of what must not be kept."""
    number, name = "110101199003070011", "张伟明"
    kept = [
        number,
        name.encode("utf-16-le").hex(),
        hashlib.sha256(number.encode()).hexdigest(),
        base64.b64encode(f"ab{name}丽".encode()).decode(),
    ]
    with psycopg.connect(house.secret("owner.url"), autocommit=True) as owner:
        owner.execute("CREATE TABLE planted (word text, octets bytea)")
        try:
            owner.execute(
                "INSERT INTO planted SELECT unnest(%s::text[]), '\\x89504e470d0a1a0a'", (["$argon2id$v=19$m=8", *kept],)
            )
            found = stolen_from(house.secret("owner.url"))
        finally:
            owner.execute("DROP TABLE planted")
    assert {"PNG", "argon2"} <= set(found.marks())
    assert found.holds([number, name, "nobody"]) == [number, name]
    assert found.confirms([number, name]) == [number]


@pytest.mark.rule("A116")
def test_what_is_stored_opens_no_door(house: Demonstrated, stolen: Stolen) -> None:
    with psycopg.connect(house.secret("owner.url")) as owner:
        found = owner.execute("SELECT id, secret_index IS NULL FROM clients").fetchall()
    public, confidential = (next(name for name, bare in found if bare is wanted) for wanted in (True, False))
    hashes = {each for each in stolen.octets if len(each) <= LONGEST_HASH}
    assert len(hashes) > 30
    knocked, opened = doors_opened(house.url, public, confidential, hashes)
    assert (knocked > 10 * len(hashes), opened) == (True, [])


@pytest.mark.parametrize(("role", "command"), [("intake", "serve"), ("examiner", "worker")])
def test_a_process_that_opens_pictures_holds_nothing_to_steal(house: Demonstrated, role: str, command: str) -> None:
    (owner,), found = of_house(house, "app.cli", command), of_house(house, "app.gateways.vision.process", role)
    assert found
    for pid in found:
        assert parent(pid) == owner
        assert {line.partition("=")[0] for line in environ(pid).split()} == HARMLESS
        words = Path(f"/proc/{pid}/cmdline").read_text().split("\0")
        assert re.fullmatch(
            rf"\S+ -P -s -m app.gateways.vision.process {role} {owner} \d+ \d+ (\{{.*\}})? ", " ".join(words)
        )
        assert len(own_descriptors(pid)) <= 2, own_descriptors(pid)


def test_api_and_worker_are_not_told_who_owns_the_database(house: Demonstrated) -> None:
    owner = house.secret("owner.url")
    for pid in (*of_house(house, "app.cli", "serve"), *of_house(house, "app.cli", "worker")):
        told = environ(pid)
        assert str(house.folder) in told
        assert not [word for word in (owner, "hufu_owner", "OWNER", house.secret("master.key")) if word in told]


def own_descriptors(pid: int) -> set[str]:
    """What it has open beyond nothing at all: its two pipes, and no database, no file."""
    opened = {str(each.readlink()) for each in Path(f"/proc/{pid}/fd").iterdir()}
    return opened - {"/dev/null"}
