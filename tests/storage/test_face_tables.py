"""Does the database itself keep the rules of enrolled faces: five at most, one model for each comparison, nothing left behind?"""

from collections.abc import AsyncIterator

import psycopg
import pytest

from app.core.ids import ClientId, ComparisonId, FaceId, PersonId
from app.embedded import Database as Cluster
from app.storage.faces import Compared, Coverage, SealedFace
from app.storage.jobs import make_queue
from app.storage.work import Database
from app.verification.faces.reference import Reference, Source
from tests.flows.conftest import START

ANNA = PersonId("per_anna")
SOMEBODY = (
    (
        "INSERT INTO clients (id, name, kind, first_party, grants, scopes, audiences, purpose, origins, redirects, created_at)"
        " VALUES ('cli', 'c', 'kiosk', false, '{}', '{}', '{}', 'p', '{}', '{}', now())"
    ),
    "INSERT INTO persons VALUES ('per_anna', 'k', now())",
    (
        "INSERT INTO proofings (id, person_id, client_id, state, language, applicant_token_index, created_at, changed_at, expires_at)"
        " VALUES ('prf', 'per_anna', 'cli', 'binding', 'en', 't', now(), now(), now())"
    ),
    (
        "INSERT INTO subscribers (id, proofing_id, state, ial, ial_missing, language, sealed_attributes, number_index, created_at)"
        " VALUES ('per_anna', 'prf', 'active', 'none', '{}', 'en', 'a', 'n', now())"
    ),
)


@pytest.fixture
async def database(fresh_database: Cluster) -> AsyncIterator[Database]:
    """With one subscriber, and opened as the application opens it."""
    for statement in SOMEBODY:
        sql(fresh_database, statement)
    url = fresh_database.app_url.reveal()
    made = Database(url, make_queue(url), connections=4)
    await made.open()
    yield made
    await made.close()


def sql(cluster: Cluster, statement: str) -> list[tuple[object, ...]]:
    """As the owner."""
    with psycopg.connect(cluster.owner_url.reveal(), autocommit=True) as connection:
        cursor = connection.execute(statement.encode())
        return cursor.fetchall() if cursor.description else []


def face(slot: int, model: str = "net@1", name: str = "") -> SealedFace:
    reference = Reference(
        FaceId(f"fac_{name or slot}"), ANNA, slot, Source.ENROLMENT, {"eye_distance_px": 120.0}, START, (model,)
    )
    return SealedFace(reference, b"picture", model, b"descriptor")


async def enrol(database: Database, *faces: SealedFace) -> None:
    async with database.work() as work:
        for each in faces:
            await work.faces.put(each)


def comparison(model: str = "net@1") -> Compared:
    return Compared(ComparisonId("cmp_1"), ANNA, ClientId("cli"), model, 0.3, 0.38, "uncalibrated", "accept", START)


async def test_a_face_comes_back_as_it_was_enrolled_without_its_picture(database: Database) -> None:
    await enrol(database, face(2), face(1))
    async with database.work() as work:
        assert await work.faces.of(ANNA) == (face(1).reference, face(2).reference)


async def test_another_face_in_a_slot_takes_the_place_of_the_first(database: Database) -> None:
    await enrol(database, face(1), face(1, name="newer"))
    async with database.work() as work:
        assert [each.id for each in await work.faces.of(ANNA)] == ["fac_newer"]


@pytest.mark.parametrize("slot", [0, 6])
async def test_there_is_no_sixth_place(database: Database, slot: int) -> None:
    with pytest.raises(psycopg.errors.CheckViolation):
        await enrol(database, face(slot))


@pytest.mark.timeout(30)
async def test_two_who_enrol_the_fifth_at_once_do_not_both_stand_there(database: Database) -> None:
    await enrol(database, *(face(slot) for slot in range(1, 5)))
    async with database.work() as first:
        await first.faces.put(face(5, name="first"))
        async with database.work() as probe:  # the other waits for the first, and finds its place taken
            await probe.connection.execute("SET LOCAL lock_timeout = '200ms'")
            with pytest.raises(psycopg.errors.LockNotAvailable):
                await probe.faces.put(face(5, name="second"))
    with pytest.raises(psycopg.errors.UniqueViolation):
        async with database.work() as late:
            await late.connection.execute(
                "INSERT INTO face_references (id, person_id, slot, source, sealed_image, quality, taken_at) SELECT 'fac_late', person_id, slot, source, sealed_image, quality, taken_at"
                " FROM face_references WHERE slot = 5"
            )
    async with database.work() as work:
        assert [each.id for each in await work.faces.of(ANNA)][-1] == "fac_first"


@pytest.mark.rule("R92")
async def test_no_comparison_by_one_model_can_be_kept_of_a_descriptor_by_another(database: Database) -> None:
    await enrol(database, face(1, "net@1"))
    with pytest.raises(psycopg.errors.ForeignKeyViolation, match="face_compared_with_this_model"):
        async with database.work() as work:
            await work.faces.compared(comparison("net@2"), [FaceId("fac_1")])
    async with database.work() as work:  # the refused one left nothing: its name is free
        await work.faces.compared(comparison("net@1"), [FaceId("fac_1")])


@pytest.mark.rule("R92")
async def test_a_comparison_cannot_name_another_model_than_the_photographs_it_is_of(
    database: Database, fresh_database: Cluster
) -> None:
    await enrol(database, face(1, "net@1"))
    async with database.work() as work:
        await work.faces.compared(comparison("net@1"), [])
        await work.faces.describe(FaceId("fac_1"), "net@2", b"descriptor", START)
    with pytest.raises(psycopg.errors.ForeignKeyViolation, match="face_compared_by_this_model"):
        sql(fresh_database, "INSERT INTO face_compared VALUES ('cmp_1', 'fac_1', 'net@2')")


@pytest.mark.rule("R109")
async def test_forgetting_takes_pictures_and_descriptors_and_leaves_the_score(
    database: Database, fresh_database: Cluster
) -> None:
    await enrol(database, face(1), face(2))
    async with database.work() as work:
        await work.faces.compared(comparison(), [FaceId("fac_1"), FaceId("fac_2")])
    async with database.work() as work:
        assert await work.faces.forget(ANNA) == 2
    for table, left in (("references", 0), ("descriptors", 0), ("compared", 0), ("comparisons", 1)):
        assert sql(fresh_database, f"SELECT count(*) FROM face_{table}") == [(left,)], table  # noqa: S608


async def test_two_models_stand_beside_each_other_until_the_older_is_dropped(database: Database) -> None:
    await enrol(database, face(1), face(2))
    async with database.work() as work:
        assert [each.reference_id for each in await work.faces.undescribed("net@2", "", 10)] == ["fac_1", "fac_2"]
        await work.faces.describe(FaceId("fac_1"), "net@2", b"new", START)
    async with database.work() as work:
        assert [each.sealed for each in await work.faces.descriptors(ANNA, "net@2")] == [b"new"]
        assert await work.faces.coverage() == (Coverage(2, 1), {"net@1": Coverage(2, 1), "net@2": Coverage(1, 1)})
        assert await work.faces.drop_other_models("net@2") == 1
        assert [each.models for each in await work.faces.of(ANNA)] == [("net@2",), ("net@1",)]


async def test_an_account_that_is_taken_away_takes_its_faces_along(database: Database, fresh_database: Cluster) -> None:
    await enrol(database, face(1))
    sql(fresh_database, "DELETE FROM subscribers")
    assert sql(fresh_database, "SELECT count(*) FROM face_references") == [(0,)]


async def test_the_application_changes_no_face_that_is_enrolled(fresh_database: Cluster) -> None:
    with psycopg.connect(fresh_database.app_url.reveal(), autocommit=True) as connection:
        for statement in ("UPDATE face_references SET slot = 2", "DELETE FROM face_comparisons"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(statement.encode())
