"""Do enrolled faces pass to another model without their owners, and does nothing go before all are across?"""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from app.cli._re_enrolment import SHOWN, re_enrolled, shortened, written
from app.core.ids import PersonId
from app.core.refusal import Unavailable
from app.gateways.vision import LookedAt, VisionFailed, Why
from app.gateways.vision.null import WELL_SHOWN
from app.services.face_re_enrolment import FaceReEnrolment, NotCovered, Step
from app.specimens.portraits import astronaut, selfie
from app.storage.faces import Coverage
from app.verification.examination import ShownFace
from app.verification.faces.quality import NO_FACE
from app.verification.picture import BrokenImage
from tests.flows.conftest import Bank
from tests.flows.facing import Known, described, known

NEW = "dlib@2"


async def across(bank: Bank) -> list[Step]:
    return [step async for step in passage(bank).run()]


def passage(bank: Bank) -> FaceReEnrolment:
    return FaceReEnrolment(bank.ground.journal, bank.ground.vault, bank.eyes, NEW)


async def enrolled(bank: Bank) -> Known:
    """Two photographs by the old model, which the eyes see by the new one from now on."""
    person = await known(bank)
    await person.enrol({1: 0.0, 2: 0.1})
    for octets, seen in bank.eyes.faces.items():
        bank.eyes.faces[octets] = replace(seen, model=NEW)
    return person


@pytest.mark.rule("R92")
async def test_every_face_is_described_anew_from_its_sealed_photograph_and_both_models_compare(bank: Bank) -> None:
    person = await enrolled(bank)
    assert sorted(await across(bank), key=str) == [Step(PersonId(person.id), slot) for slot in (1, 2)]
    for model in ("dlib@1", NEW):
        told = (await person.compare(described(0.3, model=model))).json()
        assert (told["score"]["model"], told["score"]["references"]) == (model, 2)
    assert [each["reason"] for each in bank.events("data.unseal")].count("re_enrolment") == 2
    assert {each["detail"]["model"] for each in bank.events("face.re_enrol")} == {NEW}


async def test_a_second_run_finds_nothing_to_do(bank: Bank) -> None:
    await enrolled(bank)
    await across(bank)
    assert await across(bank) == []


async def test_what_the_new_model_cannot_see_is_told_and_keeps_the_old_from_going(bank: Bank) -> None:
    person = await enrolled(bank)
    blind = next(iter(bank.eyes.faces))
    bank.eyes.faces[blind] = LookedAt(ShownFace(NO_FACE, (), ()), b"", NEW)
    assert sorted(await across(bank), key=str) == [
        Step(PersonId(person.id), 1, "no face was found"), Step(PersonId(person.id), 2),
    ]  # fmt: skip
    report = await passage(bank).report()
    assert (report.total, report.covered, report.older) == (Coverage(2, 1), Coverage(1, 1), {"dlib@1": Coverage(2, 1)})
    with pytest.raises(NotCovered):
        await passage(bank).drop_older()
    assert (await person.compare(0.0)).json()["score"]["references"] == 2


async def test_once_all_are_across_the_old_goes_and_is_compared_no_more(bank: Bank) -> None:
    person = await enrolled(bank)
    await across(bank)
    assert await passage(bank).drop_older() == 2
    assert (await person.compare(0.0)).json()["code"] == "face_model_outdated"
    assert bank.events("face.drop_older")[-1]["detail"] == {"model": NEW, "descriptors": 2}


@pytest.mark.rule("R109")
async def test_a_face_withdrawn_while_it_was_looked_at_comes_back_by_no_model(
    bank: Bank, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = await enrolled(bank)
    look = bank.eyes.look

    async def withdrawn_meanwhile(octets: bytes) -> LookedAt:
        await person.answer(given=False)
        return await look(octets)

    monkeypatch.setattr(bank.eyes, "look", withdrawn_meanwhile)
    assert await across(bank) == []
    assert bank.sql("SELECT count(*) FROM face_descriptors") == [(0,)]


async def test_a_photograph_no_decoder_takes_any_more_stops_nobody_elses(
    bank: Bank, monkeypatch: pytest.MonkeyPatch
) -> None:
    await enrolled(bank)
    answers: Iterator[LookedAt | BrokenImage] = iter([BrokenImage(), LookedAt(WELL_SHOWN, bytes(512), NEW)])

    async def first_broken(_: bytes) -> LookedAt:
        found = next(answers)
        if isinstance(found, BrokenImage):
            raise found
        return found

    monkeypatch.setattr(bank.eyes, "look", first_broken)
    assert [step.why_not for step in await across(bank)] == ["BrokenImage", ""]


async def test_whoever_has_to_enrol_anew_is_named_by_id_and_slot_in_the_report_and_in_the_log(bank: Bank) -> None:
    person = await enrolled(bank)
    bank.eyes.faces = dict.fromkeys(bank.eyes.faces, LookedAt(ShownFace(NO_FACE, (), ()), b"", NEW))
    steps = sorted(await across(bank), key=str)
    told = written(await passage(bank).report(), steps, None)
    why = "no face was found"
    assert (told["not_described"], told["try_again"]) == ({why: 2}, [])
    assert told["to_enrol_anew"] == [{"subscriber": person.id, "slot": slot, "why": why} for slot in (1, 2)]
    events = bank.events("face.re_enrol")
    assert {each["subject"] for each in events} == {person.id}
    assert sorted(each["detail"]["slot"] for each in events) == [1, 2]
    assert all(
        each["detail"] | {"slot": 0} == {"model": NEW, "slot": 0, "described": False, "why": why} for each in events
    )


@pytest.mark.parametrize(
    "fault", [VisionFailed(Why.TIMED_OUT), Unavailable(retry_after_seconds=5)], ids=lambda fault: type(fault).__name__
)
async def test_a_passing_fault_ends_no_run_and_asks_nobody_to_enrol_anew(
    bank: Bank, monkeypatch: pytest.MonkeyPatch, fault: Exception
) -> None:
    person = await enrolled(bank)
    look, due = bank.eyes.look, [fault]

    async def once(octets: bytes) -> LookedAt:
        if due:
            raise due.pop()
        return await look(octets)

    monkeypatch.setattr(bank.eyes, "look", once)
    left = [step for step in await across(bank) if step.why_not]
    told = written(await passage(bank).report(), left, None)
    assert told["faces"] == {"covered": 1, "total": 2}
    named = {"subscriber": person.id, "slot": left[0].slot, "why": type(fault).__name__}
    assert (told["try_again"], told["to_enrol_anew"]) == ([named], [])
    assert len(await across(bank)) == 1
    assert (await passage(bank).report()).whole


def test_a_terminal_is_told_of_the_first_and_how_many_more_there_are() -> None:
    document = {"try_again": [1], "to_enrol_anew": [*range(SHOWN + 3)]}
    shown = {"try_again": [1], "to_enrol_anew": [*range(SHOWN)], "and_more": {"try_again": 0, "to_enrol_anew": 3}}
    assert shortened(document) == shown
    empty: dict[str, list[object]] = {"try_again": [], "to_enrol_anew": []}
    assert shortened(empty) == empty | {"and_more": {"try_again": 0, "to_enrol_anew": 0}}


@pytest.mark.timeout(120)
async def test_the_command_passes_a_real_face_to_the_model_in_use_and_says_how_much_is_covered(bank: Bank) -> None:
    person = await known(bank)
    await person.call("PUT", files={"1": selfie(astronaut(), 1)})
    told, whole = await re_enrolled(bank.ground.settings, 1, drop_older=True)
    ((model,),) = bank.sql("SELECT model FROM face_descriptors")
    assert (told["model"], told["faces"], whole) == (model, {"covered": 1, "total": 1}, True)
    assert (told["not_described"], told["older_models"], told["dropped_descriptors"]) == (
        {},
        {"dlib@1": {"faces": 1, "persons": 1}},
        1,
    )
