"""Do auditors read the whole record, and nobody else any of it?"""

from datetime import timedelta
from typing import Any

import psycopg
import pytest

from app.staff.roles import Role
from tests.flows.conftest import Bank


async def read(bank: Bank, **asked: Any) -> dict[str, Any]:
    headers = await bank.staff("audrey", Role.AUDITOR)
    answer = await bank.http.get("/v1/audit/events", params=asked, headers=headers)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def test_an_auditor_reads_the_newest_first(bank: Bank) -> None:
    items = (await read(bank))["items"]
    sequences = [each["sequence"] for each in items]
    assert sequences == sorted(sequences, reverse=True)
    assert {"staff.prove_totp", "proposal.approve"} <= {each["action"] for each in items}


async def test_every_reading_is_an_event_itself(bank: Bank) -> None:
    await read(bank, action="staff.bootstrap")
    newest = (await read(bank, action="audit.read"))["items"][0]
    assert newest["actor_id"] == bank.colleagues["audrey"].id
    assert (newest["detail"]["asked_action"], newest["detail"]["count"]) == ("staff.bootstrap", 1)


async def test_pages_tell_every_event_once(bank: Bank) -> None:
    await read(bank)
    before = bank.sql("SELECT count(*) FROM audit_events")[0][0]
    found, after = [], None
    while True:
        page = await read(bank, limit=7, **({"after": after} if after else {}))
        found += [each["sequence"] for each in page["items"]]
        after = page["next"]
        if after is None:
            break
    assert len(found) == len(set(found)) >= before


async def test_events_are_found_by_action_subject_and_time(bank: Bank) -> None:
    await read(bank)
    officer = bank.colleagues["officer-1"]
    items = (await read(bank, subject=officer.id, action="staff.confirm"))["items"]
    assert [(each["action"], each["subject"]) for each in items] == [("staff.confirm", officer.id)]
    later = (bank.clock.now() + timedelta(seconds=1)).isoformat()
    assert (await read(bank, **{"from": later}))["items"] == []
    assert (await read(bank, to="2020-01-01T00:00:00Z"))["items"] == []


@pytest.mark.parametrize("moment", ["0.0", "1767225600", "2026-01-01", "2026-01-01T00:00:00", "2026-01-01 00:00:00Z"])
async def test_a_moment_is_written_as_the_description_says(bank: Bank, moment: str) -> None:
    headers = await bank.staff("auditor", Role.AUDITOR)
    answer = await bank.http.get("/v1/audit/events", params={"from": moment}, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (422, "malformed")


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.AUDITOR])
async def test_nobody_else_reads_the_record(bank: Bank, role: Role) -> None:
    answer = await bank.http.get("/v1/audit/events", headers=await bank.staff("rui", role))
    assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")
    refused = bank.events("caller.admit")[-1]
    assert (refused["actor_id"], refused["reason"]) == (bank.colleagues["rui"].id, "not_allowed")


@pytest.mark.parametrize(
    "statement", ["SELECT * FROM staff", "SELECT * FROM subscribers", "DELETE FROM audit_events", "SELECT * FROM keys"]
)
def test_the_auditors_database_role_reads_events_and_nothing_else(bank: Bank, statement: str) -> None:
    url = bank.ground.settings.auditor_url()
    assert url is not None
    with psycopg.connect(url.reveal()) as connection:
        assert connection.execute("SELECT count(*) FROM audit_events").fetchone() is not None
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(statement.encode())


async def test_a_forged_cursor_shows_nothing_and_breaks_nothing(bank: Bank) -> None:
    from app.core.paging import Mark
    from app.routers.paging import cursor

    for forged in ("x" * 30, "9" * 30, "-1"):
        assert (await read(bank, after=cursor(Mark(bank.clock.now(), forged))))["items"] == []
