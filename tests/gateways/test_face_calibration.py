"""Are faces judged by files that the house signed, that are whole, and that belong together?"""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.audit.entry import canonical
from app.core.entropy import SystemEntropy
from app.gateways.face_calibration import (
    FaceFileBroken,
    FaceFileOfAnother,
    FaceFileRefused,
    FaceFileUnsigned,
    calibration_document,
    fit_document,
    judged_by,
    read_calibration,
    read_fit,
)
from app.gateways.keys import KeyChain, face_keys
from app.gateways.statements import StatementSigner, trusting
from app.verification.faces.calibration import Calibration, Point, Usage
from app.verification.faces.fit import Fit
from tests.gateways.forging import NOW, master_key

MODEL = "net@1"
ARRAYS = [np.random.default_rng(1).normal(size=shape).astype(np.float32) for shape in ((4,), (4, 4), (4,), (4, 4))]
FIT = Fit(MODEL, "本行客户", date(2026, 11, 26), 900, 850, 0, *ARRAYS)
POINTS = (Point(1e-2, 2.0, 0.01, 0.012, 0.02, 0.01, 0.03), Point(1e-3, 3.0, 0.0, 1e-4, 0.05, 0.03, 0.07))
CALIBRATION = Calibration(Usage(MODEL, FIT.id, "selfie_selfie", 1), "本行客户", 400, 2_000, 10**5, NOW.date(), POINTS)


@pytest.fixture(scope="module")
def signer(tmp_path_factory: pytest.TempPathFactory) -> StatementSigner:
    return house(tmp_path_factory.mktemp("keys"))


def house(folder: Path) -> StatementSigner:
    master = master_key(folder)
    return StatementSigner(face_keys(master, KeyChain.fresh(master, SystemEntropy(), NOW)).values())


@pytest.fixture(scope="module")
def files(signer: StatementSigner) -> tuple[bytes, bytes]:
    documents = (fit_document(FIT), calibration_document(CALIBRATION))
    fit, calibration = (signer.signed(each, now=NOW).octets() for each in documents)
    return fit, calibration


def test_what_was_signed_is_read_as_it_was(signer: StatementSigner, files: tuple[bytes, bytes]) -> None:
    judged = judged_by(MODEL, files[0], [files[1]], signer.own)
    assert judged.fit is not None
    assert (judged.fit.id, judged.calibrations) == (FIT.id, (CALIBRATION,))
    assert np.array_equal(judged.fit.whitening, FIT.whitening)


def test_without_files_faces_are_judged_by_nothing(signer: StatementSigner) -> None:
    assert judged_by(MODEL, None, [], signer.own).calibrations == ()


def test_another_house_s_signature_is_nobody_s(files: tuple[bytes, bytes], tmp_path: Path) -> None:
    for read, file in ((read_fit, files[0]), (read_calibration, files[1])):
        with pytest.raises(FaceFileUnsigned):
            read(file, house(tmp_path).own)
        with pytest.raises(FaceFileUnsigned):
            read(file, trusting(()))


CHANGES: list[Callable[[dict[str, Any]], object]] = [
    lambda said: said["statement"].update(population="everybody"),
    lambda said: said["statement"]["points"][1].update(upper="0.00001"),
    lambda said: said["statement"]["usage"].update(kind="doc_selfie"),
    lambda said: said.update(signature=said["signature"][:-8] + "AAAAAAA="),
    lambda said: said.update(key="another"),
]


@pytest.mark.parametrize("change", CHANGES)
def test_what_was_changed_is_not_gone_by(
    signer: StatementSigner, files: tuple[bytes, bytes], change: Callable[[dict[str, Any]], object]
) -> None:
    said = json.loads(files[1])
    change(said)
    with pytest.raises(FaceFileRefused):
        read_calibration(canonical(said), signer.own)


@given(st.integers(0, 10**6), st.integers(1, 255))
def test_no_octet_can_be_changed(signer: StatementSigner, files: tuple[bytes, bytes], at: int, by: int) -> None:
    octets = bytearray(files[1])
    octets[at % (len(octets) - 1)] ^= by
    try:
        read = read_calibration(bytes(octets), signer.own)
    except FaceFileRefused:
        return
    assert read == CALIBRATION  # unused bits of base64, or an envelope spelled otherwise


@pytest.mark.parametrize("octets", [b"", b"{}", b"[]", b"null", b"\xff", b'{"a":1,"a":2}', b"[" * 100_000, b"1.5"])
def test_what_is_no_file_of_ours_is_said_to_be_none(signer: StatementSigner, octets: bytes) -> None:
    for read in (read_fit, read_calibration):
        with pytest.raises(FaceFileBroken):
            read(octets, signer.own)


@pytest.mark.parametrize(
    "change", [{"id": "fit-0"}, {"whitening": "AAAA"}, {"pictures": -1}, {"made_on": "today"}, {"more": 1}]
)
def test_a_signature_makes_no_fit_of_what_is_none(signer: StatementSigner, change: dict[str, str | int]) -> None:
    with pytest.raises(FaceFileBroken):
        read_fit(signer.signed(fit_document(FIT) | change, now=NOW).octets(), signer.own)


def test_a_fit_is_no_calibration_and_the_other_way(signer: StatementSigner, files: tuple[bytes, bytes]) -> None:
    with pytest.raises(FaceFileBroken):
        read_calibration(files[0], signer.own)
    with pytest.raises(FaceFileBroken):
        read_fit(files[1], signer.own)


@pytest.mark.rule("R92")
def test_files_of_another_model_or_fit_are_refused(signer: StatementSigner, files: tuple[bytes, bytes]) -> None:
    for model, fit in (("net@2", files[0]), ("net@2", None), (MODEL, None)):
        with pytest.raises(FaceFileOfAnother):
            judged_by(model, fit, [files[1]], signer.own)
    plain = replace(CALIBRATION, usage=replace(CALIBRATION.usage, fit=None))
    with pytest.raises(FaceFileOfAnother):
        judged_by(MODEL, files[0], [signer.signed(calibration_document(plain), now=NOW).octets()], signer.own)


@pytest.mark.rule("R92")
def test_two_populations_for_one_comparison_are_refused_and_a_newer_measurement_of_one_is_not(
    signer: StatementSigner, files: tuple[bytes, bytes]
) -> None:
    def beside(other: Calibration) -> list[bytes]:
        return [files[1], signer.signed(calibration_document(other), now=NOW).octets()]

    portraits = replace(CALIBRATION, population="员工", usage=replace(CALIBRATION.usage, kind="doc_selfie"))
    for other in (replace(CALIBRATION, persons=500), portraits):
        assert len(judged_by(MODEL, files[0], beside(other), signer.own).calibrations) == 2
    with pytest.raises(FaceFileOfAnother, match="two populations: '本行客户' and '员工'"):
        judged_by(MODEL, files[0], beside(replace(CALIBRATION, population="员工")), signer.own)
