"""Is a portrait that was sent for somebody else known again, though nobody can read what is kept of it?"""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from dataclasses import replace
from importlib import resources
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from app.building import examinations_of
from app.core.wrapped_key import Purpose
from app.embedded import Database
from app.gateways.authority import Question
from app.gateways.vision import Examined
from app.services.vault import Use
from app.verification.authority import AuthorityAnswer
from app.verification.documents.authenticity.bands import BANDS, OCTETS, bands
from app.verification.examination import Kind, Side
from tests.flows.conftest import Applicant, Bank, Eyes, bearer, open_bank, seen
from tests.flows.reviewing import number
from tests.flows.rotating import finished, hurry, rotating
from tests.flows.stolen import HASHES
from tests.verification.examinations import PORTRAIT, read

PAGE = (Kind.RESIDENT_CARD, Side.PORTRAIT)
HASH = bytes(range(100, 100 + OCTETS))
COPY = (int.from_bytes(HASH) ^ (1 << 4 | 1 << 70 | 1 << 133 | 1 << 200)).to_bytes(OCTETS)
"""Four bits of 256 are others."""
OTHERS = bytes(OCTETS)
KEPT = "SELECT count(*) FROM images WHERE sealed_likeness IS NOT NULL"
INDEXES = "SELECT likeness_0_index, likeness_1_index, likeness_2_index, likeness_3_index FROM images"


@pytest.fixture
async def strict(fresh_database: Database, start_bank: Any, folder: Path) -> AsyncIterator[Bank]:
    """A bank whose policy takes no picture that was sent for somebody else."""
    own = folder / "policies"
    own.mkdir()
    text = (resources.files("app.verification") / "policies" / "development-1.toml").read_text(encoding="utf-8")
    text = text.replace('version = "development-1"', 'version = "development-2"')
    text = text.replace("accepts_seen_images = true", "accepts_seen_images = false")
    (own / "development-2.toml").write_text(text, encoding="utf-8")
    settings = await start_bank(fresh_database, policies_folder=own, policy="development-2")
    async with open_bank(fresh_database, settings) as opened:
        yield opened


def picture(level: int) -> bytes:
    return bytes(cv2.imencode(".png", np.full((8, 8, 3), level, np.uint8))[1])


def showing(likeness: bytes, order: str) -> Examined:
    """A card whose holder is numbered so, with this portrait."""
    portrait = replace(PORTRAIT, number=read(number("19900307", order)))
    return replace(seen(portrait=portrait), likenesses={PAGE: likeness})


async def presenting(bank: Bank, level: int) -> Applicant:
    """Somebody who handed in pictures that nobody else did."""
    applicant = await bank.applicant()
    for purpose in ("identity_verification", "face_comparison"):
        await applicant.answer(purpose)
    for step, path in enumerate(("/evidence/resident-card/portrait", "/evidence/resident-card/emblem", "/face")):
        assert (await applicant.put(path, content=picture(level + step))).status_code == 201
    assert (await applicant.post("/submission")).status_code == 202
    return applicant


async def proofed(bank: Bank, likeness: bytes, *, order: str, level: int) -> Applicant:
    bank.eyes.examined = showing(likeness, order)
    applicant = await presenting(bank, level)
    await bank.work()
    return applicant


async def told(bank: Bank, applicant: Applicant) -> list[dict[str, Any]]:
    headers = bearer(await bank.kiosk_token())
    shown = (await bank.http.get(f"/v1/proofings/{applicant.id}", headers=headers)).json()
    return list(shown["decision"]["staff_reasons"])


async def test_a_portrait_sent_for_somebody_else_is_referred_with_its_figures(strict: Bank) -> None:
    first = await proofed(strict, HASH, order="002", level=10)
    second = await proofed(strict, COPY, order="004", level=20)
    assert await told(strict, first) == []
    [reason] = await told(strict, second)
    facts = {"kind": "resident_card", "side": "portrait", "measured": 4, "threshold": 32.0}
    assert (reason["code"], reason["facts"]) == ("portrait_seen_before", facts)
    assert (await second.get()).json()["state"] == "referred"
    assert "portrait" not in str((await second.get()).json()["decision"]["reasons"])


async def test_another_portrait_is_nobodys(strict: Bank) -> None:
    await proofed(strict, HASH, order="002", level=10)
    assert await told(strict, await proofed(strict, OTHERS, order="004", level=20)) == []


async def test_parts_in_common_are_not_enough_where_the_whole_differs(strict: Bank) -> None:
    await proofed(strict, HASH, order="002", level=10)
    whole = int.from_bytes(HASH) ^ sum(1 << bit for bit in range(256) if bit % 4 and bit < 44)
    near = whole.to_bytes(OCTETS)
    assert bands(near) == bands(HASH)
    assert await told(strict, await proofed(strict, near, order="004", level=20)) == []
    assert [event["detail"]["what"] for event in strict.events("data.unseal")].count("images.sealed_likeness") == 1


async def test_whoever_is_proofed_again_with_their_own_card_is_not_suspected(strict: Bank) -> None:
    await proofed(strict, HASH, order="002", level=10)
    assert await told(strict, await proofed(strict, COPY, order="002", level=20)) == []


async def test_what_its_owner_took_back_is_forgotten(strict: Bank) -> None:
    first = await proofed(strict, HASH, order="002", level=10)
    assert strict.sql(KEPT) == [(1,)]
    assert (await first.call("DELETE")).status_code == 200
    assert strict.sql(KEPT) == [(0,)]
    assert await told(strict, await proofed(strict, COPY, order="004", level=20)) == []


async def test_of_two_examined_at_once_each_finds_the_other(strict: Bank) -> None:
    both = [await presenting(strict, level) for level in (10, 20)]
    eyes = [Eyes(showing(HASH, "002")), Eyes(showing(COPY, "004"))]
    strict.take_jobs()
    met = asyncio.Barrier(2)

    class Together:
        """An authority that answers nobody before both have asked."""

        async def check(self, _question: Question) -> AuthorityAnswer:
            await met.wait()
            return AuthorityAnswer.UNASKED

    examining = [examinations_of(strict.ground, each, Together()) for each in eyes]
    await asyncio.gather(
        *(each.examine(applicant.id, last_try=True) for each, applicant in zip(examining, both, strict=True))
    )
    assert [[reason["code"] for reason in await told(strict, each)] for each in both] == [["portrait_seen_before"]] * 2


async def test_nothing_of_the_hash_can_be_read_in_a_stolen_database(strict: Bank) -> None:
    await proofed(strict, HASH, order="002", level=10)
    kept = [bytes(value) for row in strict.sql(INDEXES) for value in row if value is not None]
    sealed = strict.sql("SELECT sealed_likeness FROM images WHERE sealed_likeness IS NOT NULL")[0][0]
    assert [len(each) for each in kept] == [34] * BANDS  # a band itself is three octets, and any two stand somewhere
    guesses = (HASH, *(part for band in bands(HASH) for part in (band, band[1:])))
    unkeyed = {hashlib.new(name, guess).digest()[:16] for name in HASHES for guess in guesses}
    assert not [each for each in kept if each[2:18] in unkeyed or each[:16] in unkeyed or HASH[:16] in each]
    assert HASH not in bytes(sealed)


async def test_a_picture_that_is_taken_again_leaves_no_hash_of_the_first(strict: Bank) -> None:
    applicant = await proofed(strict, HASH, order="002", level=10)
    strict.sql("UPDATE proofings SET state = 'open'")
    answer = await applicant.put("/evidence/resident-card/portrait", content=picture(99))
    assert (answer.status_code, strict.sql(KEPT)) == (201, [(0,)])


@pytest.mark.rule("A117")
@pytest.mark.timeout(100)
async def test_it_is_known_again_after_the_index_key_was_rotated(strict: Bank) -> None:
    await proofed(strict, HASH, order="002", level=10)
    with rotating(strict, "rotate-index") as process:
        hurry(strict, Purpose.INDEX, process)
        finished(process)
    await strict.ground.keyring.read()
    kept = {bytes(value) for row in strict.sql(INDEXES) for value in row if value is not None}
    assert kept == {strict.ground.vault.index(Use.LIKENESS, band.hex()) for band in bands(HASH)}
    assert {value[1] for value in kept} == {2}
    assert [each["code"] for each in await told(strict, await proofed(strict, COPY, order="004", level=20))] == [
        "portrait_seen_before"
    ]
