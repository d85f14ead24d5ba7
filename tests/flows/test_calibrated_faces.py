"""Do faces decide by what the bank measured and its house signed, and does nothing start without what was asked for?"""

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from structlog import get_logger
from structlog.testing import capture_logs

from app.core.entropy import SystemEntropy
from app.embedded import Database
from app.gateways.face_calibration import FaceFileRefused
from app.gateways.keys import KeyChain, face_keys
from app.gateways.statements import StatementSigner
from app.settings import Settings
from app.verification.examination import FaceComparison
from app.verification.faces.calibration import Calibration
from app.verification.faces.comparison import to_octets
from app.verification.faces.weighing import DOC_SELFIE, SELFIE_SELFIE
from tests.flows.conftest import START, Bank, bearer, inner_of, open_bank, seen
from tests.flows.facing import MODEL, Known, known
from tests.flows.judging import FIT, WEAK, calibration, judging, looked, score, turned
from tests.gateways.forging import master_key
from tests.verification.examinations import EVIDENCE, POLICIES

SELFIE, DOCUMENT = calibration(SELFIE_SELFIE), calibration(DOC_SELFIE)


@pytest.fixture
async def settings(fresh_database: Database, start_bank: Callable[..., Any]) -> Settings:
    """Of a house whose keys are made."""
    made: Settings = await start_bank(fresh_database)
    return made


@pytest.fixture
async def judge(fresh_database: Database, settings: Settings) -> AsyncIterator[Bank]:
    """A bank that has measured both kinds of comparison."""
    async with open_bank(fresh_database, await judging(settings, SELFIE, DOCUMENT)) as opened:
        yield opened


async def enrolled(bank: Bank, *degrees: float) -> Known:
    """A subscriber with these faces, accepted by a face of their own."""
    bank.eyes.examined = shown(0)
    bank.eyes.face = looked(0)
    person = await known(bank)
    answer = await person.enrol({slot: looked(each) for slot, each in enumerate(degrees, 1)})
    assert len(answer.json()["items"]) == len(degrees), answer.text
    return person


def shown(degrees: float) -> Any:
    """An applicant so far from the portrait on their card; the distance beside it is one that development accepts."""
    evidence = replace(EVIDENCE, comparison=FaceComparison(0.3, MODEL))
    return replace(seen(face=evidence), descriptor=to_octets(turned(degrees)), portrait=to_octets(turned(0)))


async def decided(bank: Bank, degrees: float) -> dict[str, Any]:
    """As the bank's client reads it."""
    bank.eyes.examined = shown(degrees)
    applicant = await bank.applicant()
    await applicant.complete_evidence()
    await applicant.post("/submission")
    await bank.work()
    answer = await bank.http.get(f"/v1/proofings/{applicant.id}", headers=bearer(await bank.kiosk_token()))
    return dict(answer.json()["decision"])


@pytest.mark.rule("R75", "R92")
async def test_a_subscriber_is_compared_by_the_calibration_that_is_loaded(judge: Bank) -> None:
    person = await enrolled(judge, 0)
    told = (await person.compare(looked(25))).json()
    assert (told["outcome"], told["reasons"], told["warnings"]) == ("accept", [], [])
    assert told["score"] == {
        "value": round(score(25), 4), "measure": "score", "model": MODEL, "fit": FIT.id, "references": 1,
        "threshold": score(30), "calibration": SELFIE.id, "fmr": 2e-5, "fmr_upper": 9e-5, "why": None,
    }  # fmt: skip
    row = "SELECT calibration, threshold, outcome FROM face_comparisons"
    assert judge.sql(row) == [(SELFIE.id, score(30), "accept")]
    assert judge.events("face.compare")[-1]["detail"]["fit"] == FIT.id


@pytest.mark.parametrize(
    ("degrees", "outcome", "codes"),
    [(35, "refer", ["face_doubtful"]), (59, "refer", ["face_doubtful"]), (61, "reject", ["face_differs"])],
)
async def test_between_the_thresholds_people_decide(
    judge: Bank, degrees: float, outcome: str, codes: list[str]
) -> None:
    person = await enrolled(judge, 0)
    told = (await person.compare(looked(degrees))).json()
    assert (told["outcome"], [each["code"] for each in told["reasons"]]) == (outcome, codes)


async def test_of_two_photographs_as_many_are_compared_as_were_measured_and_kept_so(judge: Bank) -> None:
    person = await enrolled(judge, 0, 20)
    told = (await person.compare(looked(25))).json()["score"]
    assert (told["references"], told["value"]) == (1, round(score(25), 4))
    assert judge.sql("SELECT slot FROM face_compared JOIN face_references ON reference_id = id") == [(1,)]


async def test_nobody_enrols_another_by_a_calibrated_score(judge: Bank) -> None:
    person = await enrolled(judge, 0)
    turned_away = (await person.enrol({2: looked(61), 3: looked(31)})).json()["turned_away"]
    assert [each["findings"][0]["code"] for each in turned_away] == ["face_differs", "face_doubtful"]
    assert judge.events("face.enrol")[-1]["detail"]["calibration"] == SELFIE.id


@pytest.mark.rule("R75", "R92")
@pytest.mark.parametrize(("degrees", "outcome"), [(29, "accept"), (31, "refer"), (61, "reject")])
async def test_a_proofing_is_decided_by_the_calibration_of_portraits(judge: Bank, degrees: float, outcome: str) -> None:
    told = await decided(judge, degrees)
    assert told["outcome"] == outcome
    assert (told["comparison"]["calibration"], told["comparison"]["fit"]) == (DOCUMENT.id, FIT.id)
    assert (told["comparison"]["score"], told["comparison"]["accept"]) == (round(score(degrees), 4), score(30))
    assert judge.events("proofing.decide")[-1]["detail"]["face_calibration"] == DOCUMENT.id


@pytest.mark.rule("R75")
async def test_a_bound_that_is_a_little_too_high_leaves_every_face_to_people(
    fresh_database: Database, settings: Settings
) -> None:
    weak = [calibration(kind, points=WEAK) for kind in (SELFIE_SELFIE, DOC_SELFIE)]
    async with open_bank(fresh_database, await judging(settings, *weak)) as bank:
        told = await decided(bank, 0)
        assert [each["code"] for each in told["staff_reasons"]] == ["face_claim_weak"]
        assert told["outcome"] == "refer"


@pytest.mark.rule("R75")
async def test_a_face_that_could_not_accept_by_itself_enrols_no_photograph_either(
    fresh_database: Database, settings: Settings
) -> None:
    """Whoever could enrol another's face could come in as them: what goes to people elsewhere is not taken here."""
    weak = calibration(SELFIE_SELFIE, points=WEAK)
    async with open_bank(fresh_database, await judging(settings, weak)) as bank:
        person = await enrolled(bank, 0)
        answer = (await person.enrol({2: looked(0)})).json()
        assert [each["findings"][0]["code"] for each in answer["turned_away"]] == ["face_claim_weak"]
        assert bank.events("face.enrol")[-1]["detail"]["turned_away"] == "2:face_claim_weak"


@pytest.mark.rule("R92")
async def test_what_was_not_measured_is_said_to_be_uncalibrated_and_why(
    fresh_database: Database, settings: Settings
) -> None:
    async with open_bank(fresh_database, await judging(settings, SELFIE)) as bank:
        told = await decided(bank, 61)
        assert (told["outcome"], told["comparison"]["distance"]) == ("accept", 0.3)
        assert told["comparison"]["why"] == "no calibration for kind doc_selfie"


async def test_metrics_name_the_model_the_fit_and_each_calibration(judge: Bank, bank: Bank) -> None:
    text = (await judge.http.get("/metrics")).text
    for each in (SELFIE, DOCUMENT):
        labels = f'calibration="{each.id}",covers="{each.usage.kind}",fit="{FIT.id}",model="{MODEL}",references="1"'
        assert f"hufu_faces_judged_by{{{labels}}} 1.0" in text
    assert 'hufu_faces_judged_by{calibration="uncalibrated"' in (await bank.http.get("/metrics")).text


def name_calibration(file: Path) -> None:
    """A policy of the bank's own, as built in but for what it names."""
    built_in = (POLICIES / "development-1.toml").read_text("utf-8")
    named = built_in.replace('"uncalibrated"', '"cal-0123456789abcdef"', 1).replace("development-1", "own-1", 1)
    file.write_text(named, "utf-8")


async def started(database: Database, settings: Settings) -> str:
    """The reason why it does not start."""
    with pytest.raises(FaceFileRefused) as refused:
        async with open_bank(database, settings):
            pass
    return str(refused.value)


@pytest.mark.rule("R92")
async def test_nothing_starts_with_a_file_that_another_house_signed(
    fresh_database: Database, settings: Settings, tmp_path: Path
) -> None:
    master = master_key(tmp_path)
    other = StatementSigner(face_keys(master, KeyChain.fresh(master, SystemEntropy(), START)).values())
    assert "not signed by a key that is trusted" in await started(fresh_database, await judging(settings, by=other))


@pytest.mark.rule("R92")
@pytest.mark.parametrize(
    ("measured", "fit", "why"),
    [
        (SELFIE, replace(FIT, model="dlib@2"), "the fit is of dlib@2, faces are described by dlib@1"),
        (SELFIE, replace(FIT, people=851), "was measured with fit"),
        (replace(SELFIE, usage=replace(SELFIE.usage, model="dlib@2")), FIT, "is of dlib@2"),
    ],
)
async def test_nothing_starts_with_files_that_do_not_belong_together(
    fresh_database: Database, settings: Settings, measured: Calibration, fit: Any, why: str
) -> None:
    assert why in await started(fresh_database, await judging(settings, measured, fit=fit))


async def test_nothing_starts_without_a_file_that_was_asked_for(fresh_database: Database, settings: Settings) -> None:
    missing = settings.model_copy(update={"face_calibrations": "/nowhere/cal.json"})
    assert "/nowhere/cal.json cannot be read" in await started(fresh_database, missing)


@pytest.mark.rule("R92")
async def test_nothing_starts_with_a_policy_whose_calibration_is_not_loaded(
    fresh_database: Database, settings: Settings, tmp_path: Path
) -> None:
    name_calibration(tmp_path / "own-1.toml")
    chosen = settings.model_copy(update={"policies_folder": tmp_path})
    assert "policy own-1 names calibration cal-0123456789abcdef" in await started(fresh_database, chosen)


@pytest.mark.parametrize(("age", "warned"), [(timedelta(days=1826), []), (timedelta(days=1827), [1, 2])])
async def test_a_photograph_older_than_five_years_is_warned_of_and_compared(
    bank: Bank, age: timedelta, warned: list[int]
) -> None:
    person = await enrolled(bank, 0, 0)
    bank.clock.move(age)
    told = (await person.compare(looked(0))).json()
    assert told["outcome"] == "accept"
    assert [(each["code"], each["facts"]["slot"]) for each in told["warnings"]] == [
        ("face_reference_old", slot) for slot in warned
    ]


@pytest.mark.rule("R100")
async def test_many_enrolled_persons_are_told_of_before_they_must_be_filed(
    bank: Bank, monkeypatch: pytest.MonkeyPatch
) -> None:
    standing = inner_of(bank.envelope).state.house.standing  # type: ignore[arg-type]
    # A logger keeps the processors it was first used with, and another test's house may have used this one.
    monkeypatch.setattr("app.services.standing.LOG", get_logger("standing"))
    with capture_logs() as before:
        await standing.count_faces()
    await enrolled(bank, 0, 0)
    monkeypatch.setattr("app.services.standing.TOLD_FROM", 1)
    with capture_logs() as after:
        await standing.count_faces()
    assert (before, [each["event"] for each in after]) == ([], ["faces_to_be_filed"])
    assert "hufu_faces_enrolled_persons 1.0" in (await bank.http.get("/metrics")).text
