"""Is one face looked at by the real engine, in processes that start with the first and are replaced when they are lost?"""

import os
import signal
from collections.abc import AsyncIterator
from datetime import date
from io import BytesIO

import cv2
import numpy as np
import pytest
import pytest_asyncio
from PIL import Image

from app.core.environment import Environment
from app.core.refusal import Unavailable
from app.gateways.nulls import NullInProduction, refuse_nulls
from app.gateways.vision import Examined, LookedAt
from app.gateways.vision.decoding import Pixels, decode
from app.gateways.vision.null import NullVision
from app.gateways.vision.pooled import PooledVision, pooled_vision
from app.specimens.applicant import honest_upload
from app.specimens.portraits import astronaut, grace_hopper, selfie
from app.verification.evidence import Measured
from app.verification.examination import FaceDeclined
from app.verification.faces.comparison import distance, from_octets
from app.verification.findings.face_gate import gate_findings, near
from app.verification.picture import BrokenImage, UnsupportedImage
from app.verification.reasons import ReasonCode
from tests.verification.examinations import policy

pytestmark = pytest.mark.asyncio(loop_scope="module")
SELFIE = selfie(astronaut(), 1)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def pools() -> AsyncIterator[PooledVision]:
    made = pooled_vision(intake_processes=0, examiner_processes=0, looker_processes=1)
    await made.start()
    yield made
    await made.stop()


def codes(found: LookedAt) -> set[ReasonCode]:
    return {reason.code for reason in gate_findings(found.shown, policy().thresholds)}


def png(pixels: Pixels) -> bytes:
    return bytes(cv2.imencode(".png", np.ascontiguousarray(pixels[..., ::-1]))[1])


@pytest.mark.parametrize("seed", range(2))
async def test_the_portrait_on_a_photographed_card_is_its_one_face_and_its_holders(
    pools: PooledVision, seed: int
) -> None:
    upload = honest_upload(seed, date(2026, 11, 26), astronaut())
    card, holder, other = [
        await pools.look(each) for each in (upload.portrait_side, upload.face, selfie(grace_hopper(), seed))
    ]
    printed, own, anothers = (from_octets(each.descriptor) for each in (card, holder, other))
    assert near(card.shown, policy().thresholds) == 1
    assert distance(printed, own) < 0.38
    assert distance(printed, anothers) > 0.55


async def test_one_person_is_near_themselves_and_far_from_another(pools: PooledVision) -> None:
    first, again, other = [
        await pools.look(each) for each in (SELFIE, selfie(astronaut(), 2), selfie(grace_hopper(), 1))
    ]
    one, two, three = (from_octets(each.descriptor) for each in (first, again, other))
    assert distance(one, two) < 0.3
    assert distance(one, three) > 0.55
    assert (codes(first), first.model) == (set(), other.model)
    assert [(each.role, each.alive) for each in pools.stats()][3] == ("looker", 1)


async def test_no_face_a_tiny_picture_and_noise_are_answers_and_not_errors(pools: PooledVision) -> None:
    noise = np.random.default_rng(1).integers(0, 256, (300, 400, 3), np.uint8)
    for pixels in (np.full((20, 20, 3), 200, np.uint8), noise, np.ascontiguousarray(decode(SELFIE).pixels[::-1])):
        found = await pools.look(png(pixels))
        assert (found.descriptor, codes(found)) == (b"", {ReasonCode.FACE_ABSENT})


async def test_grey_sixteen_bit_and_transparent_pictures_are_looked_at(pools: PooledVision) -> None:
    picture = Image.open(BytesIO(SELFIE)).convert("RGB")
    deep = Image.fromarray(np.asarray(picture.convert("L"), np.uint16) << 8)
    for made in (picture.convert("L"), deep, picture.convert("RGBA")):
        octets = BytesIO()
        made.save(octets, "PNG")
        assert (await pools.look(octets.getvalue())).shown.view.faces == 1


@pytest.mark.parametrize(("factor", "found"), [(0.3, set()), (0.9, {ReasonCode.FACES_MANY})])
async def test_a_face_on_the_wall_is_told_apart_from_somebody_beside(
    pools: PooledVision, factor: float, found: set[ReasonCode]
) -> None:
    person = decode(SELFIE).pixels
    other = cv2.resize(decode(selfie(grace_hopper(), 1)).pixels, None, fx=factor, fy=factor)
    both = np.full((max(person.shape[0], other.shape[0]), person.shape[1] + other.shape[1], 3), 180, np.uint8)
    both[: person.shape[0], : person.shape[1]] = person
    both[: other.shape[0], person.shape[1] :] = other
    looked = await pools.look(png(both))
    assert (len(looked.shown.beside), codes(looked) & {ReasonCode.FACES_MANY}) == (1, found)


async def test_a_lamp_in_the_glasses_is_told(pools: PooledVision) -> None:
    person = decode(SELFIE).pixels.copy()
    (glass, *_) = [m.where for m in (await pools.look(SELFIE)).shown.measures if m.code is ReasonCode.FACE_GLARE]
    assert glass is not None
    (left, top), _, (right, bottom), _ = glass
    middle, axes = (
        (int((left + right) / 2), int((top + bottom) / 2)),
        (int((right - left) / 5), int((bottom - top) / 4)),
    )
    cv2.ellipse(person, middle, axes, 0, 0, 360, (255, 255, 255), -1)
    assert ReasonCode.FACE_GLARE in codes(await pools.look(png(person)))


async def test_a_process_that_is_killed_is_replaced_and_its_photograph_looked_at(pools: PooledVision) -> None:
    await pools.look(SELFIE)
    (child,) = pools._looker.pool._state.children
    os.kill(child.pid, signal.SIGKILL)
    assert (await pools.look(SELFIE)).shown.view.faces == 1
    assert pools.stats()[3].replaced == 1


async def test_what_is_no_picture_is_refused_before_and_within_the_process(pools: PooledVision) -> None:
    with pytest.raises(UnsupportedImage):
        await pools.look(b"no picture")
    with pytest.raises(BrokenImage):
        await pools.look(SELFIE[: len(SELFIE) // 2])


async def test_where_no_process_looks_the_caller_is_told_to_come_later() -> None:
    none = pooled_vision(intake_processes=0, examiner_processes=0)
    with pytest.raises(Unavailable):
        await none.look(SELFIE)
    await none.stop()


async def test_the_twin_that_looks_at_nothing_is_refused_in_production() -> None:
    twin = NullVision(Examined(Measured((), FaceDeclined.CONSENT_REFUSED), None, "none@0", "none@0"))
    with pytest.raises(NullInProduction, match="NullVision"):
        refuse_nulls(Environment.PRODUCTION, twin)
