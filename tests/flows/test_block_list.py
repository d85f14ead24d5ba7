"""Does a listed face refer whoever shows it again, where two officers, the policy and its owner's consent agree, and else nothing?"""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from asgi_lifespan import LifespanManager

from app.core.ids import PersonId
from app.main import create_app
from app.services.examinations import US
from app.services.face_search import LISTED, FaceSearch, Searched
from app.staff.roles import Role
from app.verification.faces.search import Limits
from app.verification.policy import Assessed
from tests.flows import staffing
from tests.flows.conftest import ISSUER, Applicant, Bank, inner_of
from tests.flows.facing import MODEL, described
from tests.flows.reviewing import number
from tests.flows.staffing import Colleague
from tests.flows.test_face_search import applied, enrolled, reasons
from tests.flows.test_policy_choice import BUILT_IN
from tests.verification.examinations import policy

AGREED = ("face_enrolment", "face_block_list")
ON = replace(
    policy(),
    impact_assessments=tuple((each, "DPIA-2026-031" if each is Assessed.BLOCK_LIST else "") for each in Assessed),
)
GROUND = "false_identity"
NO = {"reason": "It was never so."}


@pytest.fixture
async def listing(bank: Bank, folder: Path) -> AsyncIterator[Bank]:
    """A bank whose policy names the impact assessment of a block list."""
    own = folder / "policies"
    own.mkdir()
    text = BUILT_IN.replace('version = "development-1"', 'version = "ours-1"')
    (own / "ours.toml").write_text(text.replace('block_list = ""', 'block_list = "DPIA-2026-031"'), "utf-8")
    settings = bank.ground.settings.model_copy(update={"policies_folder": own, "policy": "ours"})
    application = create_app(settings, clock=bank.clock, vision=bank.eyes)
    async with (
        LifespanManager(application, startup_timeout=30),
        httpx.AsyncClient(transport=httpx.ASGITransport(application), base_url=ISSUER) as http,
    ):
        made = replace(bank, http=http, ground=inner_of(application).state.ground)
        for at, officer in enumerate(await made.officers()):
            await declared(made, officer, number("19700101", f"{at + 101}"))
        yield made


async def declared(bank: Bank, by: Colleague, own: str) -> None:
    """They say which number is theirs."""
    answer = await bank.http.put("/v1/staff/me/number", json={"number": own}, headers=await by.present())
    assert answer.status_code == 200, answer.text


def person(bank: Bank, applicant: Applicant) -> str:
    return str(bank.sql("SELECT person_id FROM proofings WHERE id = %s", applicant.id)[0][0])


def listed(bank: Bank) -> list[Any]:
    return bank.sql("SELECT person_id, ground FROM face_listings")


async def asked(bank: Bank, subscriber_id: str, **body: str) -> httpx.Response:
    """What the first officer is answered who proposes it."""
    wanted = {"kind": "face.block", "subscriber_id": subscriber_id, "ground": GROUND} | body
    headers = await (await bank.officers())[0].present()
    return await bank.http.post("/v1/staff/proposals", json=wanted, headers=headers)


async def block(bank: Bank, applicant: Applicant) -> str:
    """Two officers put them on the list."""
    body = {"kind": "face.block", "subscriber_id": person(bank, applicant), "ground": GROUND}
    await staffing.agreed(bank.http, await bank.officers(), **body)
    return body["subscriber_id"]


async def a_listed_one(bank: Bank) -> Applicant:
    applicant = await enrolled(bank, *AGREED, under=ON)
    await block(bank, applicant)
    return applicant


async def again(bank: Bank, place: float = 0.2, *agreed: str, **more: Any) -> Applicant:
    """Somebody of the other sex and another age, as a false identity may be."""
    facts: dict[str, Any] = {"order": "002", "birth": "1975-05-05", "under": ON} | more
    return await applied(bank, place, *(agreed or AGREED), **facts)


@pytest.mark.rule("R76", "R94", "R115")
async def test_a_listed_face_is_referred_whatever_its_document_says_and_its_owner_is_told_nothing(
    listing: Bank,
) -> None:
    first = await a_listed_one(listing)
    applicant = await again(listing)
    shown = (await applicant.get()).json()
    assert (shown["state"], await reasons(listing, applicant)) == ("referred", ["face_listed"])
    assert [each["code"] for each in shown["decision"]["reasons"]] == ["under_review"]
    (event,) = [each for each in listing.events("face.search_listed") if each["detail"]["candidates"]]
    assert event["detail"]["candidates"].startswith(f"{person(listing, first)}:0.2")


async def test_another_face_is_not(listing: Bank) -> None:
    await a_listed_one(listing)
    assert await reasons(listing, await again(listing, 0.46)) == []


@pytest.mark.rule("R95", "R97")
async def test_who_did_not_agree_to_it_is_not_compared_with_the_list(listing: Bank) -> None:
    await a_listed_one(listing)
    before = len(listing.events("face.search_listed"))
    assert await reasons(listing, await again(listing, 0.0, "face_enrolment", "face_search")) == []
    assert len(listing.events("face.search_listed")) == before


@pytest.mark.rule("R101")
async def test_it_is_off_as_the_policies_are_delivered(bank: Bank) -> None:
    applicant = await enrolled(bank, *AGREED)
    answer = await asked(bank, person(bank, applicant))
    assert (answer.status_code, answer.json()["code"], answer.json()["purpose"]) == (409, "purpose_off", "block_list")
    assert await reasons(bank, await again(bank, 0.0, under=policy())) == []
    assert bank.events("face.search_listed") == []


@pytest.mark.rule("R113")
async def test_one_officer_alone_lists_nobody(listing: Bank) -> None:
    applicant = await enrolled(listing, *AGREED, under=ON)
    proposal_id = (await asked(listing, person(listing, applicant))).json()["id"]
    headers = await (await listing.officers())[0].present()
    answer = await listing.http.post(f"/v1/staff/proposals/{proposal_id}/approval", headers=headers)
    assert (answer.json()["code"], listed(listing)) == ("own_proposal", [])


@pytest.mark.rule("R113")
async def test_an_officer_has_no_part_in_what_becomes_of_their_own_face(listing: Bank) -> None:
    first = await a_listed_one(listing)
    body = {"kind": "face.unblock", "subscriber_id": person(listing, first), "release": "appeal_upheld"}
    own = await listing.colleague("own", Role.SECURITY_OFFICER)
    await declared(listing, own, number("19900307", "001"))
    proposed = await staffing.propose(listing.http, (await listing.officers())[0], **body)
    for path, sent in (("", body), (f"/{proposed}/approval", None), (f"/{proposed}/rejection", NO)):
        answer = await listing.http.post(f"/v1/staff/proposals{path}", headers=await own.present(), json=sent)
        assert (answer.status_code, answer.json()["code"]) == (403, "own_case")
    assert len(listed(listing)) == 1


@pytest.mark.rule("R113")
async def test_whose_face_it_is_not_nobody_knows_of_an_officer_who_declared_nothing(listing: Bank) -> None:
    first = await a_listed_one(listing)
    body = {"kind": "face.unblock", "subscriber_id": person(listing, first), "release": "appeal_upheld"}
    silent = await listing.colleague("silent", Role.SECURITY_OFFICER)
    proposed = await staffing.propose(listing.http, (await listing.officers())[0], **body)
    for path, sent in (("", body), (f"/{proposed}/approval", None), (f"/{proposed}/rejection", NO)):
        answer = await listing.http.post(f"/v1/staff/proposals{path}", headers=await silent.present(), json=sent)
        assert (answer.status_code, answer.json()["code"]) == (409, "declare_first")
    await declared(listing, silent, number("19700101", "203"))
    await staffing.approve(listing.http, silent, proposed)
    assert listed(listing) == []


@pytest.mark.rule("R113")
async def test_two_accounts_of_one_officer_are_one_person(listing: Bank) -> None:
    first = await a_listed_one(listing)
    body = {"kind": "face.unblock", "subscriber_id": person(listing, first), "release": "appeal_upheld"}
    twice = [await listing.colleague(name, Role.SECURITY_OFFICER) for name in ("once", "again")]
    for each in twice:
        await declared(listing, each, number("19700101", "203"))
    proposed = await staffing.propose(listing.http, twice[0], **body)
    headers = await twice[1].present()
    answer = await listing.http.post(f"/v1/staff/proposals/{proposed}/approval", headers=headers)
    assert (answer.json()["code"], len(listed(listing))) == ("own_proposal", 1)


@pytest.mark.rule("R113")
async def test_what_touches_no_person_asks_no_officer_who_they_are(bank: Bank) -> None:
    wanted = {"kind": "staff.add", "login_name": "dora", "display_name": "Dora", "roles": ["reviewer"]}
    await staffing.agreed(bank.http, await bank.officers(), **wanted)
    assert bank.sql("SELECT count(*) FROM reviewers") == [(0,)]


@pytest.mark.parametrize(
    ("agreed", "code"),
    [(("face_enrolment",), "consent_needed"), (("face_block_list",), "no_face_enrolled")],
)
async def test_nobody_is_listed_without_their_consent_and_a_face(
    listing: Bank, agreed: tuple[str, ...], code: str
) -> None:
    applicant = await enrolled(listing, *agreed, under=ON)
    assert (await asked(listing, person(listing, applicant))).json()["code"] == code


async def test_a_ground_is_a_code_and_the_list_says_whose_and_by_which_proposal(listing: Bank) -> None:
    assert (await asked(listing, "per_nobody", ground="I do not like them")).json()["code"] == "malformed"
    assert (await asked(listing, "per_nobody")).json()["code"] == "not_found"
    first = await a_listed_one(listing)
    headers = await (await listing.officers())[1].present()
    (shown,) = (await listing.http.get("/v1/staff/face-listings", headers=headers)).json()["items"]
    assert (shown["subscriber_id"], shown["ground"]) == (person(listing, first), GROUND)
    (approved,) = [each for each in listing.events("proposal.approve") if each["detail"]["kind"] == "face.block"]
    assert (approved["object_id"], approved["subject"]) == (shown["proposal_id"], shown["subscriber_id"])


async def test_who_is_taken_off_is_found_no_more(listing: Bank) -> None:
    first = await a_listed_one(listing)
    body = {"kind": "face.unblock", "subscriber_id": person(listing, first), "release": "listed_in_error"}
    await staffing.agreed(listing.http, await listing.officers(), **body)
    assert (listed(listing), await reasons(listing, await again(listing, 0.0))) == ([], [])
    headers = await (await listing.officers())[0].present()
    again_off = await listing.http.post("/v1/staff/proposals", json=body, headers=headers)
    assert again_off.json()["code"] == "face_not_listed"


async def test_two_pairs_of_officers_at_once_list_somebody_once(listing: Bank) -> None:
    applicant = await enrolled(listing, *AGREED, under=ON)
    ann, bob = await listing.officers()
    body = {"kind": "face.block", "subscriber_id": person(listing, applicant), "ground": GROUND}
    wishes = [await staffing.propose(listing.http, each, **body) for each in (ann, bob)]
    headers = [await each.present() for each in (bob, ann)]
    answers = await asyncio.gather(
        *(
            listing.http.post(f"/v1/staff/proposals/{wish}/approval", headers=who)
            for wish, who in zip(wishes, headers, strict=True)
        )
    )
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    assert listed(listing) == [(person(listing, applicant), GROUND)]


@pytest.mark.rule("R97", "R98", "R109")
@pytest.mark.parametrize("purpose", ["face_block_list", "face_enrolment", "face_comparison"])
async def test_a_listing_ends_with_the_consent_and_is_out_of_memory_at_the_next_round(
    listing: Bank, purpose: str
) -> None:
    applicant = await a_listed_one(listing)
    search = FaceSearch(listing.ground.journal, listing.ground.vault)
    sought = Searched(described(0.0).descriptor, MODEL, "", "")

    async def found() -> int:
        return len(await search.listed(sought, limits=Limits(0.45, 0.1), by=US, subject=PersonId("per_other")))

    assert (await found(), [*search._blocks]) == (1, [(LISTED, MODEL)])
    assert (await applicant.answer(purpose, given=False)).status_code == 201
    assert (await found(), listed(listing)) == (0, [])
    assert listing.events("proofing.answer_notice")[-1]["detail"]["listing_ended"] is True
    await search.refresh()
    assert search._blocks == {}
    assert (await applicant.get()).json()["state"] == "binding"


@pytest.mark.rule("R97")
async def test_who_takes_their_consent_back_while_they_are_examined_is_not_judged_by_the_list(
    listing: Bank, monkeypatch: pytest.MonkeyPatch
) -> None:
    await a_listed_one(listing)
    search, opened = FaceSearch.listed, Bank.applicant
    applicants: list[Applicant] = []

    async def remembered(bank: Bank, **more: Any) -> Applicant:
        applicants.append(await opened(bank, **more))
        return applicants[-1]

    async def searched(self: FaceSearch, *args: Any, **more: Any) -> Any:
        found = await search(self, *args, **more)
        assert (await applicants[-1].answer("face_block_list", given=False)).status_code == 201
        return found

    monkeypatch.setattr(Bank, "applicant", remembered)
    monkeypatch.setattr(FaceSearch, "listed", searched)
    assert await reasons(listing, await again(listing)) == []


async def test_who_is_taken_off_while_somebody_is_examined_refers_nobody(
    listing: Bank, monkeypatch: pytest.MonkeyPatch
) -> None:
    await a_listed_one(listing)
    search = FaceSearch.listed

    async def searched(self: FaceSearch, *args: Any, **more: Any) -> Any:
        found = await search(self, *args, **more)
        assert listing.sql("DELETE FROM face_listings RETURNING person_id") == [(each.person_id,) for each in found]
        return found

    monkeypatch.setattr(FaceSearch, "listed", searched)
    assert await reasons(listing, await again(listing)) == []


async def test_who_enrols_anew_after_a_withdrawal_is_not_listed_by_an_old_decision(listing: Bank) -> None:
    applicant = await a_listed_one(listing)
    await applicant.answer("face_block_list", given=False)
    await applicant.answer("face_block_list")
    assert (listed(listing), await reasons(listing, await again(listing, 0.0))) == ([], [])


async def test_a_closed_account_is_listed_and_found_too(listing: Bank) -> None:
    applicant = await enrolled(listing, *AGREED, under=ON)
    listing.sql("UPDATE subscribers SET state = 'disabled'")
    await block(listing, applicant)
    assert await reasons(listing, await again(listing)) == ["face_listed"]
