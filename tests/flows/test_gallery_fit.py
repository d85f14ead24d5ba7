"""Does the fit come from the enrolled faces of those who agreed to it, where it was assessed, and of nobody else?"""

from dataclasses import replace
from datetime import date
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

from app.building.faces import face_choice
from app.building.policies import policies_of
from app.cli import commands
from app.cli._face_files import _signer as signer_here
from app.cli._face_files import write
from app.cli._face_learning import _learned as learned_here
from app.core.ids import PersonId
from app.gateways.face_calibration import fit_document, read_fit
from app.gateways.vision.pooled import Lookers
from app.services.gallery_fit import GalleryFit, NotAssessed
from app.services.policies import Policies
from app.storage.gallery import NEEDED
from app.storage.work import Work
from app.verification.consents import Purpose
from app.verification.faces.fit import Fit
from app.verification.faces.learning import TooFewPeople, learned_of_persons
from app.verification.policy import Assessed
from tests.flows.conftest import Bank
from tests.flows.facing import MODEL
from tests.flows.gallery import Rows, answered, customer
from tests.verification.examinations import policy
from tests.verification.faces_population import population

ON = tuple((each, "DPIA-2026-021" if each is Assessed.FIT_ON_GALLERY else "") for each in Assessed)
ASSESSED = replace(policy(), impact_assessments=ON)
POLICY = (
    (resources.files("app.verification") / "policies" / "development-1.toml")
    .read_text("utf-8")
    .replace('version = "development-1"', 'version = "ours-1"')
)
OFF = 'fit_on_gallery = ""'
TODAY = date(2026, 11, 26)
FEW = 12
ENOUGH = 4
"""For a test; the command asks for two hundred."""


def gallery(bank: Bank, model: str = MODEL) -> GalleryFit:
    base = bank.ground
    return GalleryFit(base.journal, base.vault, Policies({}, ASSESSED), model)


async def learnt(bank: Bank, *, least: int = ENOUGH) -> Fit:
    return await gallery(bank).learn("drawn", TODAY, least=least)


async def customers(bank: Bank, faces: Rows, **more: Any) -> None:
    for each in faces:
        await customer(bank, each, **more)


async def test_it_is_the_fit_of_one_face_of_each_person_however_many_are_enrolled(bank: Bank) -> None:
    faces = population(1300).drawn(FEW, 5)
    await customers(bank, faces[:4, :1])
    await customers(bank, faces[4:])
    fit = await learnt(bank)
    expected = learned_of_persons([*faces[:, :1]], model=MODEL, population="drawn", made_on=TODAY, least=ENOUGH)
    assert (fit.pictures, fit.people) == (FEW, FEW)
    np.testing.assert_allclose(fit.centre, expected.centre, atol=1e-6)
    np.testing.assert_allclose(fit.whitening, expected.whitening, atol=1e-3)


async def test_the_next_are_those_behind_the_last_in_whatever_order_the_database_has(
    bank: Bank, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    async def opened(_: GalleryFit, __: Work, after: str) -> dict[PersonId, bytes]:
        asked.append(after)
        return {} if after else {PersonId("per_b"): b"", PersonId("per_B"): b""}

    monkeypatch.setattr(GalleryFit, "_opened", opened)
    await gallery(bank)._unsealed()
    assert asked == ["", "per_B"]


@pytest.mark.rule("R101")
async def test_it_is_off_until_the_policy_names_an_impact_assessment(bank: Bank) -> None:
    await customers(bank, population(1301).drawn(FEW, 1))
    base, unsealed = bank.ground, len(bank.events("data.unseal"))
    with pytest.raises(NotAssessed, match="fit_on_gallery"):
        await GalleryFit(base.journal, base.vault, policies_of(base.settings), MODEL).learn(
            "drawn", TODAY, least=ENOUGH
        )
    assert len(bank.events("data.unseal")) == unsealed
    assert [(each["outcome"], each["reason"]) for each in bank.events("face.fit")] == [("refused", "not_assessed")]


@pytest.mark.rule("R95", "R97")
@pytest.mark.parametrize("missing", NEEDED)
async def test_nobody_is_learned_from_who_did_not_agree_to_each_use(bank: Bank, missing: Purpose) -> None:
    faces = population(1302).drawn(FEW + 1, 1)
    await customers(bank, faces[:FEW])
    await customer(bank, faces[FEW], agreed=[each for each in NEEDED if each is not missing])
    assert (await learnt(bank)).pictures == FEW


@pytest.mark.rule("R97", "R109")
async def test_who_withdrew_is_not_learned_from_and_who_agrees_again_is(bank: Bank) -> None:
    faces = population(1303).drawn(FEW + 1, 1)
    await customers(bank, faces[:FEW])
    wavering = await customer(bank, faces[FEW])
    await answered(bank, wavering, Purpose.FACE_FIT, given=False)
    assert (await learnt(bank)).pictures == FEW
    await answered(bank, wavering, Purpose.FACE_FIT, given=True)
    assert (await learnt(bank)).pictures == FEW + 1


@pytest.mark.rule("R109")
async def test_who_withdraws_while_others_are_unsealed_is_let_go(bank: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
    faces = population(1304).drawn(FEW + 1, 1)
    await customers(bank, faces[:FEW])
    leaving, learning = await customer(bank, faces[FEW]), gallery(bank)
    unsealed = learning._unsealed

    async def withdrawn_meanwhile() -> Any:
        found = await unsealed()
        await answered(bank, leaving, Purpose.FACE_FIT, given=False)
        return found

    monkeypatch.setattr(learning, "_unsealed", withdrawn_meanwhile)
    assert (await learning.learn("drawn", TODAY, least=ENOUGH)).pictures == FEW


async def test_a_disabled_account_and_a_face_of_another_model_are_left_out(bank: Bank) -> None:
    faces = population(1305).drawn(FEW + 2, 1)
    await customers(bank, faces[:FEW])
    await customer(bank, faces[FEW], model="other@1")
    closed = await customer(bank, faces[FEW + 1])
    bank.sql("UPDATE subscribers SET state = 'disabled' WHERE id = %s", closed.person_id)
    assert (await learnt(bank)).pictures == FEW


async def test_fewer_than_two_hundred_people_are_too_few(bank: Bank) -> None:
    await customers(bank, population(1306).drawn(FEW, 1))
    with pytest.raises(TooFewPeople, match="about 12 people, a fit needs 200"):
        await gallery(bank).learn("drawn", TODAY)
    (event,) = bank.events("face.fit")
    assert (event["outcome"], event["reason"], event["detail"]) == (
        "refused", "too_few_people", {"model": MODEL, "people": FEW},
    )  # fmt: skip


async def test_the_events_tell_how_many_by_which_model_and_for_which_fit_and_name_nobody(bank: Bank) -> None:
    await customers(bank, population(1307).drawn(FEW, 2))
    fit = await learnt(bank)
    (event,) = bank.events("face.fit")
    (woken,) = [each for each in bank.events("data.unseal") if each["reason"] == "face_fit"]
    assert (event["subject"], event["object_id"], woken["subject"], woken["object_id"]) == (None,) * 4
    told = {"model": MODEL, "fit": fit.id, "policy": ASSESSED.version, "people": FEW}
    assert event["detail"] == told
    assert woken["detail"] == {"what": "face_descriptors.sealed_descriptor", "count": FEW}


@pytest.mark.timeout(180)
async def test_the_command_reads_what_the_model_in_use_made_of_two_hundred_and_the_house_believes_its_file(
    bank: Bank, tmp_path: Path
) -> None:
    settings = bank.ground.settings
    async with Lookers(1, face_choice(settings)) as lookers:
        await customers(bank, population(1308).drawn(200, 1), model=lookers.model)
    (tmp_path / "ours.toml").write_text(POLICY.replace(OFF, 'fit_on_gallery = "DPIA-2026-021"'), "utf-8")
    assessed = settings.model_copy(update={"policies_folder": tmp_path, "policy": "ours"})
    fit, signing = await learned_here(assessed, "drawn"), await signer_here(settings)
    write(tmp_path / "fit.json", fit_document(fit), signing)
    read = read_fit((tmp_path / "fit.json").read_bytes(), signing.own)
    assert (read.id, read.people, read.population) == (fit.id, 200, "drawn")


@pytest.mark.timeout(60)
async def test_the_command_is_off_as_the_policies_are_delivered(bank: Bank) -> None:
    with pytest.raises(NotAssessed):
        await learned_here(bank.ground.settings, "drawn")


@pytest.mark.parametrize("where", [(), ("--gallery", ".")])
def test_one_fit_is_of_a_folder_or_of_the_gallery(where: tuple[str, ...]) -> None:
    run = CliRunner().invoke(commands(), ["faces", "fit", *where, "--out", "fit.json", "--population", "drawn"])
    assert (run.exit_code, "either a folder or --gallery" in run.stderr) == (2, True), run.output
