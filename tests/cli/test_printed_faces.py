"""Is a calibration for proofings made of what a proofing compares: the portrait cut from the straightened document?"""

import asyncio
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from app.cli._face_describing import Documents, described
from app.gateways.vision import Examined
from app.gateways.vision.face_choice import OURS
from app.gateways.vision.pooled import Portraits
from app.specimens.kinds import draw
from app.specimens.names import Kind as Drawn
from app.specimens.photograph import Capture, photograph
from app.specimens.portraits import astronaut, selfie
from app.verification.examination import FaceEvidence, Kind, Side
from tests.cli.test_faces import hufu


@pytest.mark.rule("R92")
def test_a_printed_portrait_is_measured_as_a_proofing_compares_it(tmp_path: Path) -> None:
    """Described as any photograph is, it is small, leans, and may stand beside its own ghost: another method, another calibration."""
    card, face = tmp_path / "card.jpg", tmp_path / "face.jpg"
    drawn = draw(Drawn.RESIDENT_CARD, 7, date(2026, 11, 26), astronaut().for_card())[0]
    card.write_bytes(photograph(drawn, Capture(seed=7)).jpeg())
    face.write_bytes(selfie(astronaut(), 1))

    async def proofed() -> Examined:
        async with Portraits(1) as portraits:
            return await portraits._vision.examine({(Kind.RESIDENT_CARD, Side.PORTRAIT): card.read_bytes()}, face.read_bytes())  # fmt: skip

    seen = asyncio.run(described([card, face], OURS, processes=1, documents=Documents(Kind.RESIDENT_CARD, {card})))
    evidence = asyncio.run(proofed()).measured.face
    assert isinstance(evidence, FaceEvidence)
    assert evidence.comparison is not None
    assert np.linalg.norm(seen.faces[card] - seen.faces[face]) == pytest.approx(evidence.comparison.distance, abs=1e-4)
    assert seen.model == evidence.comparison.model


def test_a_proofing_has_one_portrait(tmp_path: Path) -> None:
    for name in ("a1", "a2", "h1"):
        (tmp_path / f"{name}.jpg").touch()
    (tmp_path / "two.csv").write_text("enrolled,probe,same\na1.jpg;a2.jpg,h1.jpg,0\n", "utf-8")
    run = hufu("evaluate", "faces", str(tmp_path / "two.csv"), "--kind", "doc_selfie")
    assert (run.exit_code, "doc_selfie is of one enrolled picture" in run.stderr) == (2, True), run.output
