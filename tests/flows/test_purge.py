"""Is everything of those who never finished gone when their time is over, and nothing of anybody else?"""

from datetime import timedelta

import pytest

from app.mfa import known_device
from app.services.purges import Purges
from app.storage.leftovers import BATCH
from app.worker import register_purges
from tests.flows.conftest import PASSWORD, PHONE, PICTURE, Bank
from tests.flows.reviewing import impostor
from tests.flows.test_appeal import WORDS

LIFE = timedelta(hours=72)
HELD = ("images", "contacts", "messages", "subscribers", "account_numbers", "aliases", "authenticators")


@pytest.fixture
def purges(bank: Bank) -> Purges:
    return Purges(bank.ground.journal)


def rows(bank: Bank, *tables: str) -> dict[str, int]:
    return {table: bank.sql(f"SELECT count(*) FROM {table}")[0][0] for table in tables}  # noqa: S608


async def test_an_abandoned_proofing_and_its_pictures_are_gone_after_72_hours(bank: Bank, purges: Purges) -> None:
    applicant = await bank.applicant()
    await applicant.complete_evidence()
    bank.clock.move(LIFE - timedelta(seconds=1))
    assert await purges.abandoned() == 0
    assert rows(bank, "images") == {"images": 3}
    bank.clock.move(timedelta(seconds=1))
    assert await purges.abandoned() == 1
    assert rows(bank, "images") == {"images": 0}
    assert (await applicant.get()).json()["state"] == "expired"


async def test_the_address_the_messages_and_what_was_measured_go_too(bank: Bank, purges: Purges) -> None:
    applicant = await bank.accepted()
    await applicant.contact_code(PHONE)
    bank.clock.move(LIFE)
    assert await purges.abandoned() == 1
    assert set(rows(bank, *HELD).values()) == {0}
    assert bank.sql("SELECT sealed_examination, number_index FROM proofings") == [(None, None)]


async def test_an_account_that_was_never_finished_may_be_begun_anew(bank: Bank, purges: Purges) -> None:
    applicant = await bank.accepted()
    await applicant.bind_contact(PHONE)
    await applicant.put("/password", json={"password": PASSWORD})
    await bank.begin(PHONE)
    bank.clock.move(LIFE)
    assert await purges.abandoned() == 1
    assert set(rows(bank, *HELD, "logins").values()) == {0}
    assert (await bank.enrolled(PHONE)).phone == PHONE


async def test_a_subscriber_is_never_purged(bank: Bank, purges: Purges) -> None:
    subscriber = await bank.enrolled()
    before = rows(bank, *HELD)
    bank.clock.move(LIFE)
    assert await purges.abandoned() == 0
    assert rows(bank, *HELD) == before
    assert (await subscriber.signed_in())["access_token"]


async def test_nothing_makes_the_database_forget_who_is_enrolled(bank: Bank) -> None:
    await bank.enrolled()
    bank.sql("UPDATE proofings SET state = 'expired'")
    assert bank.sql("SELECT forget_unfinished(id) FROM proofings") == [(False,)]
    assert rows(bank, "subscribers") == {"subscribers": 1}


async def test_each_purge_is_in_the_audit_by_pseudonym(bank: Bank, purges: Purges) -> None:
    applicant = await bank.applicant()
    bank.clock.move(LIFE)
    await purges.abandoned()
    event = bank.events("proofing.purge")[0]
    assert (event["object_id"], event["actor_kind"], event["detail"]) == (applicant.id, "system", {"state": "open"})
    assert event["subject"].startswith("per_")


async def test_what_lost_its_use_is_taken_away_and_what_counts_is_kept(bank: Bank, purges: Purges) -> None:
    subscriber = await bank.enrolled()
    await subscriber.signed_in()
    login = await bank.begin("13900139000")
    await login.password("wrong-Wrong-12")
    await bank.applicant()
    bank.clock.move(timedelta(days=1, hours=1))
    counted = bank.sql("SELECT key FROM guesses WHERE in_a_row > 0")
    taken = await purges.outdated()
    assert (taken["logins"], taken["authorization_codes"]) == (2, 1)
    assert counted
    assert bank.sql("SELECT key FROM guesses") == counted
    bank.clock.move(timedelta(days=30))
    assert (await purges.outdated())["few_guesses"] > 0
    assert rows(bank, "logins", "authorization_codes", "guesses") == {
        "logins": 0,
        "authorization_codes": 0,
        "guesses": 0,
    }


@pytest.mark.rule("A20")
async def test_who_failed_often_is_remembered_for_a_year(bank: Bank, purges: Purges) -> None:
    for _ in range(5):
        await (await bank.begin()).password("wrong-Wrong-12")
    bank.clock.move(timedelta(days=365, seconds=-1))
    await purges.outdated()
    assert bank.sql("SELECT key, in_a_row FROM guesses") == [("identifier", 5)]
    bank.clock.move(timedelta(seconds=1))
    assert (await purges.outdated())["guesses"] == 1


async def test_a_device_nobody_used_for_its_life_is_taken_away(bank: Bank, purges: Purges) -> None:
    await (await bank.enrolled()).signed_in()
    bank.clock.move(known_device.LIFE)
    assert (await purges.outdated())["known_devices"] == 0
    bank.clock.move(timedelta(days=1))
    assert (await purges.outdated())["known_devices"] == 1


async def test_answers_are_kept_for_a_repetition_for_a_day_and_no_longer(bank: Bank, purges: Purges) -> None:
    applicant = await bank.applicant()
    await applicant.post("/submission", headers={"idempotency-key": "order-2026-0001"})
    bank.clock.move(timedelta(hours=24, seconds=-1))
    assert (await purges.outdated())["idempotency_keys"] == 0
    bank.clock.move(timedelta(seconds=1))
    assert (await purges.outdated())["idempotency_keys"] == 1


async def test_more_rows_than_one_batch_go_in_one_round(bank: Bank, purges: Purges) -> None:
    bank.sql(
        "INSERT INTO revoked_tokens (jti, expires_at, at) SELECT n::text, '2026-01-01', '2026-01-01' FROM generate_series(1, %s) n",
        BATCH + 1,
    )
    assert (await purges.outdated())["revoked_tokens"] == BATCH + 1


@pytest.mark.rule("R102", "R110")
async def test_a_face_that_was_turned_away_waits_fifteen_days_for_an_appeal_and_the_card_stays(
    bank: Bank, purges: Purges
) -> None:
    applicant = await impostor(bank, "face_enrolment")
    faces = "SELECT count(*) FROM images WHERE kind = 'face'"
    bank.clock.move(timedelta(days=15, seconds=-1))
    assert (await purges.faces(), bank.sql(faces)) == (0, [(1,)])
    bank.clock.move(timedelta(seconds=1))
    assert (await purges.faces(), bank.sql(faces)) == (1, [(0,)])
    assert rows(bank, "images") == {"images": 2}
    assert bank.sql("SELECT sealed_face FROM proofings") == [(None,)]
    (event,) = bank.events("proofing.purge_face")
    assert (event["object_id"], event["detail"]) == (applicant.id, {"face_erased": True})
    assert await purges.faces() == 0
    assert (await applicant.post("/appeal", json=WORDS)).json()["state"] == "referred"


async def test_the_face_of_an_appeal_that_people_have_yet_to_decide_stays(bank: Bank, purges: Purges) -> None:
    applicant = await impostor(bank)
    await applicant.post("/appeal", json=WORDS)
    bank.clock.move(timedelta(days=30))
    assert await purges.faces() == 0
    assert rows(bank, "images") == {"images": 3}


FACES = "SELECT count(*) FROM images WHERE kind = 'face'"


async def decided_before(bank: Bank, *agreed: str) -> str:
    """An accepted applicant whose face stays, as everybody's did while faces were kept with the case."""
    applicant = await bank.applicant()
    for purpose in agreed:
        await applicant.answer(purpose)
    await applicant.complete_evidence()
    await applicant.post("/submission")
    await bank.work()
    if not agreed:
        bank.sql(
            "UPDATE images SET kind = 'face' WHERE kind = 'resident-card/emblem' AND proofing_id = %s", applicant.id
        )
    return applicant.id


@pytest.mark.rule("R109", "R110")
@pytest.mark.parametrize("state", ["accepted", "binding", "enrolled"])
async def test_a_face_decided_on_while_faces_were_kept_goes_unless_its_owner_is_to_be_known_again(
    bank: Bank, purges: Purges, state: str
) -> None:
    gone, stays = await decided_before(bank), await decided_before(bank, "face_enrolment")
    bank.sql("UPDATE proofings SET state = %s", state)
    assert (await purges.faces(), await purges.faces()) == (1, 0)
    assert bank.sql("SELECT proofing_id FROM images WHERE kind = 'face'") == [(stays,)]
    assert [each["object_id"] for each in bank.events("proofing.purge_face")] == [gone]


async def test_a_face_that_people_turned_away_waits_for_nobody(bank: Bank, purges: Purges) -> None:
    await impostor(bank)
    bank.sql("""UPDATE proofings SET decision = decision || '{"decided_by": "review"}'""")
    assert (await purges.faces(), bank.sql(FACES)) == (1, [(0,)])


async def test_a_case_that_fails_keeps_no_others_face_and_is_told_of(bank: Bank, purges: Purges) -> None:
    stuck, gone = sorted([await decided_before(bank), await decided_before(bank)])
    bank.sql(
        "CREATE FUNCTION fall() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        f" IF OLD.proofing_id = '{stuck}' THEN RAISE EXCEPTION 'stuck'; END IF; RETURN OLD; END $$"
    )
    bank.sql("CREATE TRIGGER fall BEFORE DELETE ON images FOR EACH ROW EXECUTE FUNCTION fall()")
    with pytest.raises(ExceptionGroup) as told:
        await purges.faces()
    assert len(told.value.exceptions) == 1
    assert bank.sql("SELECT proofing_id FROM images WHERE kind = 'face'") == [(stuck,)]
    assert [each["object_id"] for each in bank.events("proofing.purge_face")] == [gone]


async def test_what_is_outdated_goes_where_faces_cannot(
    bank: Bank, purges: Purges, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def cannot() -> int:
        raise LookupError

    monkeypatch.setattr(purges, "faces", cannot)
    register_purges(bank.ground.queue, purges)
    await bank.begin()
    bank.clock.move(timedelta(days=2))
    with pytest.raises(LookupError):
        await bank.ground.queue.tasks["purge_faces"](timestamp=0)
    await bank.ground.queue.tasks["purge_outdated"](timestamp=0)
    assert rows(bank, "logins") == {"logins": 0}


async def test_a_picture_whose_unit_was_rolled_back_does_not_survive(bank: Bank) -> None:
    applicant = await bank.applicant()
    await applicant.answer("identity_verification")
    bank.sql(
        "CREATE FUNCTION fall() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RAISE EXCEPTION 'lost' USING ERRCODE = 'admin_shutdown'; END $$"
    )
    bank.sql("CREATE TRIGGER fall BEFORE UPDATE ON proofings FOR EACH ROW EXECUTE FUNCTION fall()")
    answer = await applicant.put("/evidence/resident-card/portrait", content=PICTURE)
    assert answer.status_code == 503
    assert rows(bank, "images") == {"images": 0}
    assert (await applicant.get()).json()["evidence"] == []


async def test_the_worker_purges_by_the_clock(bank: Bank, purges: Purges) -> None:
    queue = bank.ground.queue
    register_purges(queue, purges)
    assert {name for name, _ in queue.periodic_registry.periodic_tasks} >= {
        "purge_abandoned",
        "purge_faces",
        "purge_outdated",
    }
    await bank.applicant()
    bank.clock.move(LIFE)
    await queue.tasks["purge_abandoned"](timestamp=0)
    await queue.tasks["purge_outdated"](timestamp=0)
    assert bank.sql("SELECT state FROM proofings") == [("expired",)]
