"""Whoever owns the database tampers with the record in every way there is: is each way found, and said where?"""

from dataclasses import replace

import pytest

from app.audit.findings import Kind
from app.audit.tree import Edge
from app.gateways.witness.file import FileWitness
from app.services.audit_proofs import proof_of
from app.storage.audit_entries import columns_of
from app.storage.audit_log import leading
from tests.flows.appended import House
from tests.flows.conftest import Bank

pytestmark = pytest.mark.rule("A121")
INSERT = (
    "INSERT INTO audit_events (sequence, id, at, action, outcome, actor_kind, factors, detail{more}) OVERRIDING SYSTEM VALUE"
    " VALUES (-1, 'evt_forged', %s, 'test.act', 'allowed', 'system', '{{}}', '{{}}'{value})"
)


@pytest.fixture
async def house(bank: Bank) -> House:
    made = await House.of(bank)
    await made.batches(4, 4, 4)
    return made


async def test_an_altered_detail_is_found(house: House) -> None:
    sequence = house.sequences(2)[1]
    house.bank.sql("UPDATE audit_events SET detail = detail || '{\"n\": 9}' WHERE sequence = %s", sequence)
    assert await house.found() == [(Kind.ALTERED, 2, sequence)]


async def test_the_last_digit_of_a_number_is_not_lost(house: House) -> None:
    sequence = house.sequences(2)[1]
    house.bank.sql("UPDATE audit_events SET detail = detail || '{\"score\": 0.370}' WHERE sequence = %s", sequence)
    assert await house.found() == [(Kind.ALTERED, 2, sequence)]


async def test_a_deleted_event_is_found(house: House) -> None:
    sequence = house.sequences(3)[2]
    house.bank.sql("DELETE FROM audit_events WHERE sequence = %s", sequence)
    assert await house.found() == [(Kind.MISSING, 3, sequence)]


async def test_an_event_deleted_with_its_leaf_is_found(house: House) -> None:
    sequence = house.sequences(2)[1]
    for table in ("audit_events", "audit_leaves"):
        house.bank.sql(f"DELETE FROM {table} WHERE sequence = %s", sequence)  # noqa: S608
    assert await house.found() == [(Kind.MISSING, 2, None)]


async def test_an_event_slipped_in_with_an_old_unit_of_work_is_found(house: House) -> None:
    house.bank.sql(INSERT.format(more=", unit", value=", 1"), house.bank.clock.now())
    await house.batches(1)
    assert await house.found() == [(Kind.INSERTED, None, -1)]


async def test_an_event_slipped_into_the_past_is_found_although_the_worker_appended_it(house: House) -> None:
    house.bank.sql(INSERT.format(more="", value=""), house.bank.clock.now())
    await house.batches(1)
    assert await house.found() == [(Kind.INSERTED, 4, -1)]


async def test_two_events_that_changed_places_are_found(house: House) -> None:
    one, other = house.sequences(1)[0], house.sequences(2)[0]
    for old, new in ((one, -7), (other, one), (-7, other)):
        house.bank.sql(
            "INSERT INTO audit_events OVERRIDING SYSTEM VALUE SELECT (jsonb_populate_record(e, jsonb_build_object('sequence', %s))).* FROM audit_events e WHERE sequence = %s",
            new, old,
        )  # fmt: skip
        house.bank.sql("DELETE FROM audit_events WHERE sequence = %s", old)
    assert await house.found() == [(Kind.REORDERED, 1, one), (Kind.REORDERED, 2, other)]


async def test_a_cut_tail_is_told_by_the_witness_alone(house: House) -> None:
    size = house.heads[1].head.size
    house.bank.sql(
        "DELETE FROM audit_events WHERE sequence IN (SELECT sequence FROM audit_leaves WHERE leaf_index >= %s)", size
    )
    house.bank.sql("DELETE FROM audit_leaves WHERE leaf_index >= %s", size)
    for table in ("audit_heads", "audit_witnessed"):
        house.bank.sql(f"DELETE FROM {table} WHERE number > 2")  # noqa: S608
    assert await house.found() == [(Kind.CUT_TAIL, 3, None)]
    assert await house.found(witness=False) == []


async def test_leaves_without_their_head_are_found(house: House) -> None:
    house.bank.sql("DELETE FROM audit_heads WHERE number = 3")
    assert await house.found(witness=False) == [(Kind.MISSING, None, None)]
    assert (Kind.CUT_TAIL, 3, None) in await house.found()


async def test_a_head_deleted_from_the_middle_is_found(house: House) -> None:
    house.bank.sql("DELETE FROM audit_heads WHERE number = 2")
    assert await house.found() == [(Kind.MISSING, 2, None)]


async def test_a_forged_head_is_found(house: House) -> None:
    house.bank.sql("UPDATE audit_heads SET root = %s WHERE number = 2", bytes(32))
    kinds = {(kind, batch) for kind, batch, _ in await house.found()}
    assert kinds == {(Kind.FORGED_HEAD, 2)}


async def rewrite(house: House) -> None:
    """Alter an event of the first batch and make leaves, roots and signatures fit it again, with the right key."""
    house.bank.sql("UPDATE audit_events SET detail = '{}' WHERE sequence = %s", house.sequences(1)[0])
    rows = [house.bank.sql("SELECT count(*) FROM audit_leaves")[0][0]]
    for table in ("audit_leaves", "audit_heads"):
        house.bank.sql(f"DELETE FROM {table}")  # noqa: S608
    assert rows[0] == house.heads[-1].head.size
    edge = Edge(house.heads[0].head.hashing)
    async with leading(house.url) as log:
        entries = (await log.unappended(None)).entries
        for old in house.heads:
            part = entries[edge.size : old.head.size]
            hashes = [each.leaf(edge.hashing) for each in part]
            edge = edge.appended(hashes)
            signed = house.appending._signer.signed(replace(old.head, root=edge.root), edge, now=old.head.at)
            assert columns_of(signed)["number"] == old.head.number
            await log.append(signed, part, hashes)


async def test_a_history_rewritten_and_signed_with_the_right_key_is_told_by_the_witness_alone(house: House) -> None:
    await rewrite(house)
    assert await house.found(witness=False) == []
    assert {(kind, batch) for kind, batch, _ in await house.found()} == {
        (Kind.FORGED_HEAD, 1), (Kind.ALTERED, 1), (Kind.FORGED_HEAD, 2), (Kind.FORGED_HEAD, 3),
    }  # fmt: skip


async def test_the_witness_takes_nothing_that_continues_a_rewritten_history(house: House) -> None:
    from app.gateways.witness import WitnessRefused

    await rewrite(house)
    await house.record(1)
    await house.beat(witness=False)
    async with leading(house.url) as log:
        with pytest.raises(WitnessRefused):
            await house.appending.hand_over(log, FileWitness(house.file))


async def test_an_event_is_proven_without_the_database(house: House) -> None:
    import json

    from app.audit.proof import ProofMalformed, checked
    from app.audit.tree import ProofBroken
    from app.gateways.audit_signing import sound, trusting

    url = house.bank.ground.settings.auditor_url()
    (event,) = house.bank.sql("SELECT id FROM audit_events WHERE sequence = %s", house.sequences(2)[1])
    assert url is not None
    proof = await proof_of(url, event[0])
    assert proof is not None
    assert checked(json.dumps(proof).encode(), sound)[0] == event[0]
    bent = proof | {"event": str(proof["event"]).replace("allowed", "refused")}
    with pytest.raises(ProofBroken):
        checked(json.dumps(bent).encode(), sound)
    with pytest.raises(ProofMalformed):
        checked(json.dumps(proof).encode(), trusting({"another"}))
    assert await proof_of(url, "evt_nobody") is None
