"""Is one person found who opens a second account, where the purpose was assessed and everybody agreed, and by people alone?"""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import numpy as np
import pytest

from app.building import owners_ground
from app.core.ids import PersonId
from app.gateways.authority import NullAuthority
from app.services.examinations import US, Examinations
from app.services.face_search import FaceSearch, Searched
from app.services.policies import Policies
from app.services.resemblance import Resemblance
from app.services.rotations import INDEXED
from app.services.vault import Use
from app.storage.rotations import BLOCKS
from app.verification.faces.comparison import to_octets
from app.verification.faces.search import Limits
from app.verification.faces.weighing import SELFIE_SELFIE, UNJUDGED, Judged
from app.verification.policy import Assessed, Policy
from tests.flows.conftest import PHONE, Applicant, Bank, seen
from tests.flows.facing import MODEL, described
from tests.flows.judging import FIT, POINTS, calibration, score, turned
from tests.flows.reviewing import number
from tests.verification.examinations import PORTRAIT, policy, read

AGREED = ("face_enrolment", "face_search")
ON = tuple((each, "DPIA-2026-014" if each is Assessed.FACE_SEARCH else "") for each in Assessed)


def assessed() -> Policy:
    return replace(policy(), impact_assessments=ON)


async def applied(
    bank: Bank,
    place: float,
    *agreed: str,
    order: str = "001",
    birth: str = "1990-03-07",
    under: Policy | None = None,
    judged: Judged = UNJUDGED,
    degrees: float | None = None,
    **opening: Any,
) -> Applicant:
    """Somebody with a number of their own and a face so far from the one at 0, or so far round from it, examined under this policy."""
    own = read(number(birth.replace("-", ""), order))
    card = replace(PORTRAIT, number=own, birth=read(birth), sex=read("女" if int(order) % 2 == 0 else "男"))
    looks = described(place).descriptor if degrees is None else to_octets(turned(degrees))
    bank.eyes.examined = replace(seen(portrait=card), descriptor=looks)
    bank.clock.move(timedelta(minutes=5))
    applicant = await bank.applicant(language="en", **opening)
    for purpose in agreed:
        await applicant.answer(purpose)
    await applicant.complete_evidence()
    assert (await applicant.post("/submission")).status_code == 202
    base, policies = bank.ground, Policies({}, under or assessed())
    search = FaceSearch(base.journal, base.vault, judged)
    worker = Examinations(
        base.journal,
        base.vault,
        bank.eyes,
        NullAuthority(),
        policies,
        base.entropy,
        Resemblance(base.database, base.vault, search),
        UNJUDGED,
    )
    for _, arguments in bank.take_jobs():
        if "proofing_id" in arguments:
            await worker.examine(arguments["proofing_id"], last_try=True)
    return applicant


async def enrolled(bank: Bank, *agreed: str, **more: Any) -> Applicant:
    """A subscriber with the face at 0."""
    applicant = await applied(bank, 0.0, *agreed, **more)
    await applicant.bind_contact(PHONE)
    return applicant


async def applied_and_bound(bank: Bank, judged: Judged) -> None:
    """The same, found by scores."""
    await (await applied(bank, 0.0, *AGREED, judged=judged, degrees=0)).bind_contact(PHONE)


async def reasons(bank: Bank, applicant: Applicant) -> list[str]:
    query = "SELECT jsonb_path_query(decision, '$.reasons[*].code') #>> '{}' FROM proofings WHERE id = %s"
    return [each[0] for each in bank.sql(query, applicant.id)]


@pytest.mark.rule("R76", "R94")
async def test_a_face_enrolled_under_another_number_refers_to_people_and_never_rejects(bank: Bank) -> None:
    await enrolled(bank, *AGREED)
    again = await applied(bank, 0.2, *AGREED, order="003", birth="1989-05-05")
    shown = (await again.get()).json()
    assert (shown["state"], await reasons(bank, again)) == ("referred", ["face_known"])
    (event,) = [each for each in bank.events("face.search") if each["detail"]["candidates"]]
    assert event["detail"]["searched"] == 1
    assert [each["code"] for each in shown["decision"]["reasons"]] == ["under_review"]


@pytest.mark.rule("R92", "R94")
@pytest.mark.parametrize(
    ("degrees", "distance", "expected"),
    [(26, 0.45, []), (19, 0.33, ["face_known"])],
    ids=["beyond 20 degrees", "within"],
)
async def test_where_scores_were_measured_no_distance_decides_who_is_a_candidate(
    bank: Bank, degrees: float, distance: float, expected: list[str]
) -> None:
    assert np.linalg.norm(turned(degrees) - turned(0)) == pytest.approx(distance, abs=0.01)
    strict = (replace(POINTS[0], threshold=score(20)),)
    judged = Judged(MODEL, FIT, (calibration(SELFIE_SELFIE, points=strict),))
    await applied_and_bound(bank, judged)
    again = await applied(bank, 0.0, *AGREED, order="003", judged=judged, degrees=degrees)
    assert await reasons(bank, again) == expected
    detail = bank.events("face.search")[-1]["detail"]
    assert (detail["fit"], detail["calibration"]) == (FIT.id, judged.calibrations[0].id)


@pytest.mark.parametrize(
    "more",
    [
        {"place": 0.46, "order": "003"}, {"place": 0.2, "order": "002"},
        {"place": 0.2, "order": "003", "birth": "1988-01-05"},
    ],
    ids=["another face", "the other sex", "two years older"],
)  # fmt: skip
async def test_nobody_else_is_found(bank: Bank, more: dict[str, Any]) -> None:
    await enrolled(bank, *AGREED)
    other = await applied(bank, more.pop("place"), *AGREED, **more)
    assert ((await other.get()).json()["state"], await reasons(bank, other)) == ("accepted", [])


@pytest.mark.rule("R101")
async def test_without_an_impact_assessment_on_record_nobody_is_searched_for(bank: Bank) -> None:
    await enrolled(bank, *AGREED, under=policy())
    again = await applied(bank, 0.0, *AGREED, order="003", under=policy())
    assert (await reasons(bank, again), bank.events("face.search")) == ([], [])


@pytest.mark.rule("R95", "R97")
@pytest.mark.parametrize(("first", "second"), [(("face_enrolment",), AGREED), (AGREED, ("face_enrolment",))])
async def test_only_who_agreed_is_searched_for_and_only_among_who_agreed(
    bank: Bank, first: tuple[str, ...], second: tuple[str, ...]
) -> None:
    await enrolled(bank, *first)
    again = await applied(bank, 0.0, *second, order="003")
    assert await reasons(bank, again) == []


@pytest.mark.rule("R97", "R109")
@pytest.mark.parametrize("purpose", ["face_search", "face_enrolment", "face_comparison"])
async def test_who_withdraws_is_found_by_nobody_and_out_of_memory_at_the_next_round(bank: Bank, purpose: str) -> None:
    applicant = await enrolled(bank, *AGREED)
    search = FaceSearch(bank.ground.journal, bank.ground.vault)
    asked = Searched(described(0.0).descriptor, "dlib@1", "男", "1990-03-07")

    async def found() -> int:
        return len(await search.candidates(asked, limits=Limits(0.45, 0.1), by=US, subject=PersonId("per_other")))

    assert await found() == 1
    assert (await applicant.answer(purpose, given=False)).status_code == 201
    assert await found() == 0
    await search.refresh()
    assert search._blocks == {}


async def test_a_number_that_is_known_is_looked_at_first_and_no_face_is_unsealed(bank: Bank) -> None:
    await enrolled(bank, *AGREED)
    searches = len(bank.events("face.search"))
    again = await applied(bank, 0.0, *AGREED)
    assert await reasons(bank, again) == ["already_enrolled"]
    assert len(bank.events("face.search")) == searches


@pytest.mark.rule("R94")
async def test_a_phone_that_is_known_is_looked_at_before_any_face_is_unsealed(bank: Bank) -> None:
    await enrolled(bank, *AGREED)
    searches = len(bank.events("face.search"))
    again = await applied(bank, 0.0, *AGREED, order="003", known={"phone": PHONE})
    assert (await reasons(bank, again), len(bank.events("face.search"))) == (["phone_known"], searches)
    assert [each["code"] for each in (await again.get()).json()["decision"]["reasons"]] == ["under_review"]


async def test_a_phone_that_is_nobodys_leaves_the_search_to_the_face(bank: Bank) -> None:
    await enrolled(bank, *AGREED)
    other = await applied(bank, 0.0, *AGREED, order="003", known={"phone": "13900139000"})
    assert await reasons(bank, other) == ["face_known"]


async def test_the_block_rests_as_a_keyed_hash(bank: Bank) -> None:
    await enrolled(bank, *AGREED)
    assert bank.sql("SELECT block_index FROM face_references") == [
        (bank.ground.vault.index(Use.FACE_BLOCK, "男/1990"),)
    ]


@pytest.mark.rule("A117")
async def test_a_rotation_finds_the_block_and_the_plain_value_to_make_it_anew_of(bank: Bank) -> None:
    applicant = await enrolled(bank, *AGREED)
    (indexed,) = [each for each in INDEXED if each.walked is BLOCKS]
    base = await owners_ground(bank.ground.settings)
    async with base.database.work() as work:
        (old,) = await work.rotations.older(BLOCKS, b"\xff\xff", "", 10)
        assert old.person_id is not None
        assert old.sealed is not None
        person = await base.vault.person(work, old.person_id)
        opened = await person.open(indexed.sealed, old.person_id, old.sealed, by=US, purpose="rotation")
        assert indexed.plain(opened) == ("男/1990",)
        await work.rotations.put(BLOCKS, old.key, b"anew")
    await base.database.close()
    assert bank.sql("SELECT block_index FROM face_references") == [(b"anew",)]
    assert (await applicant.get()).json()["state"] == "binding"
