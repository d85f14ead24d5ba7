"""Does the report of a period tell who read what, what was refused and what staff did, with the right counts?"""

import asyncio
import json
from datetime import date, timedelta
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from app.cli import commands
from app.core.audit import Event, Outcome
from app.core.refusal import Unavailable
from app.services.audit_report import AuditReports, Period, Report
from app.services.rotation import OWNER
from app.staff.roles import Role
from app.storage.audit_report import AuditCounts
from tests.flows.conftest import ISSUER, PHONE, Bank, bearer
from tests.flows.reviewing import Reviewer, faceless, review_of, reviewers
from tests.verification.examinations import PORTRAIT

TODAY = Period(date(2026, 11, 22), date(2026, 11, 23))
"""The day of START in China."""


async def report_of(bank: Bank, period: Period = TODAY) -> Report:
    return await AuditReports(bank.ground.journal, AuditCounts(bank.ground.settings.auditor_url())).of(period)


def told(report: Report, section: str) -> dict[tuple[str | int | None, ...], int]:
    """How often, by what the section tells apart."""
    (found,) = [each for each in report.sections if each.name == section]
    return {row[:-1]: int(row[-1]) for row in found.rows}


async def looked_at(bank: Bank, times: int) -> Reviewer:
    """A reviewer who looked at one picture so often, and tried one that is not there."""
    (anna,) = await reviewers(bank, "anna")
    review_id = await review_of(anna, await faceless(bank))
    await anna.claim(review_id)
    for _ in range(times):
        assert (await anna.get(f"/reviews/{review_id}/images/resident-card-portrait")).status_code == 200
    assert (await anna.get(f"/reviews/{review_id}/images/face")).status_code == 404
    return anna


@pytest.mark.rule("A120")
async def test_it_tells_who_read_what_for_which_purpose_and_how_often(bank: Bank) -> None:
    await looked_at(bank, times=3)
    anna = bank.colleagues["anna"].id
    readings = told(await report_of(bank), "readings")
    assert readings["staff", anna, "data.unseal", "images.sealed", "review"] == 3
    assert readings["staff", anna, "review.picture", "resident-card/portrait", "-"] == 3
    woken = sum(count for (_, _, action, _, _), count in readings.items() if action == "data.unseal")
    assert woken == len(bank.events("data.unseal"))


@pytest.mark.rule("A120")
async def test_readings_of_the_audit_are_among_them(bank: Bank) -> None:
    headers = await bank.staff("audrey", Role.AUDITOR)
    for _ in range(2):
        await bank.http.get("/v1/audit/events", params={"action": PHONE}, headers=headers)
    await report_of(bank)
    report = await report_of(bank)
    assert told(report, "readings")["staff", bank.colleagues["audrey"].id, "audit.read", "-", "-"] == 2
    assert told(report, "readings")["system", "hufu audit report", "audit.report", "-", "-"] == 2
    assert PHONE not in str(report)


@pytest.mark.rule("A120")
async def test_it_tells_what_was_refused_and_why(bank: Bank) -> None:
    await looked_at(bank, times=1)
    for _ in range(2):
        assert (await (await bank.applicant()).post("/submission")).is_error
    report = await report_of(bank)
    refusals = told(report, "refusals")
    assert refusals["review.picture", "not_found"] == 1
    assert refusals["proofing.submit", "still_needed"] == 2
    assert report.refused == sum(refusals.values())


@pytest.mark.rule("A120")
async def test_it_tells_what_each_of_the_staff_did_and_was_refused(bank: Bank) -> None:
    await looked_at(bank, times=2)
    anna, staff = bank.colleagues["anna"].id, told(await report_of(bank), "staff")
    assert staff[anna, "review.claim", "allowed"] == 1
    assert staff[anna, "review.picture", "allowed"] == 2
    assert staff[anna, "review.picture", "refused"] == 1
    assert {actor for actor, *_ in staff} == {each.id for each in bank.colleagues.values()}


@pytest.mark.rule("A120")
async def test_it_tells_of_keys_with_what_each_is_for(bank: Bank) -> None:
    rotated = Event("keys.rotate", Outcome.ALLOWED, OWNER, bank.clock.now(), detail={"purpose": "data", "version": 2})
    async with bank.ground.database.work() as work:
        await bank.ground.journal.note(work, rotated)
    assert told(await report_of(bank), "administration")["system", OWNER.id, "keys.rotate", "data", "allowed"] == 1


@pytest.mark.rule("A120")
async def test_it_tells_of_clients_and_proposals(bank: Bank) -> None:
    await bank.staff("audrey", Role.AUDITOR)
    done = told(await report_of(bank), "administration")
    first, second = (each.id for each in await bank.officers())
    assert done["staff", first, "proposal.make", "staff.add", "allowed"] == 1
    assert done["staff", second, "proposal.approve", "staff.add", "allowed"] == 1
    assert done["system", "-", "client.create", "service", "allowed"] == 1
    assert done["system", "-", "client.create", "kiosk", "allowed"] == 1


async def test_people_are_told_by_kind_and_never_by_id(bank: Bank) -> None:
    issued = await (await bank.enrolled()).signed_in(resources=[ISSUER])
    assert (await bank.http.get("/v1/me", headers=bearer(issued["access_token"]))).status_code == 200
    report = await report_of(bank)
    kinds = {(who, actor) for who, actor, action, *_ in told(report, "readings") if action == "data.unseal"}
    assert {("applicant", "-"), ("subscriber", "-")} <= kinds
    people = [row[0] for row in bank.sql("SELECT id FROM persons")]
    private = [*people, PORTRAIT.number.value, PORTRAIT.name.value, PHONE, "127.0.0.1"]
    assert [each for each in private if str(each) in str(report)] == []


@pytest.mark.rule("A120")
async def test_nothing_outside_the_period_is_told(bank: Bank) -> None:
    await bank.applicant()
    bank.clock.move(timedelta(hours=6, minutes=59))  # one minute before midnight in China
    await bank.applicant()
    before = bank.sql("SELECT count(*) FROM audit_events")[0][0]
    bank.clock.move(timedelta(minutes=1))
    await bank.applicant()
    assert (await report_of(bank)).events == before
    every = bank.sql("SELECT count(*) FROM audit_events")[0][0]
    tomorrow = await report_of(bank, Period(TODAY.until, date(2026, 11, 24)))
    assert tomorrow.events == every + 1 - before


@pytest.mark.rule("A120")
async def test_the_report_is_an_event_and_tells_of_itself(bank: Bank) -> None:
    report = await report_of(bank)
    (event,) = bank.events("audit.report")
    assert (event["actor_kind"], event["outcome"]) == ("system", "allowed")
    assert event["detail"] == {"since": "2026-11-22", "until": "2026-11-23"}
    assert report.events == bank.sql("SELECT count(*) FROM audit_events")[0][0]


async def hufu(bank: Bank, monkeypatch: pytest.MonkeyPatch, *words: str) -> Result:
    """At the keyboard, where the environment names that bank."""
    settings = bank.ground.settings
    auditor = settings.auditor_url()
    assert auditor is not None
    monkeypatch.setenv("HUFU_DATABASE_URL", settings.application_url())
    monkeypatch.setenv("HUFU_AUDITOR_DATABASE_URL", auditor.reveal())
    monkeypatch.setenv("HUFU_MASTER_KEY_FILE", str(settings.master_key))
    monkeypatch.setenv("COLUMNS", "200")
    return await asyncio.to_thread(CliRunner().invoke, commands(), ["audit", "report", *words])


DAYS = ("--from", "2026-11-22", "--to", "2026-11-23")


async def test_at_the_keyboard_it_is_tables_in_two_languages(bank: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
    await bank.staff("audrey", Role.AUDITOR)
    shown = await hufu(bank, monkeypatch, *DAYS)
    assert shown.exit_code == 0, shown.output
    for heading in ("谁读了什么 Who read what", "被拒绝的操作 Refused acts", "员工操作 Acts of staff", "次数 Count"):
        assert heading in shown.output
    assert bank.colleagues["audrey"].id in shown.output


async def test_a_forged_event_does_not_paint_over_others(bank: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
    async with bank.ground.database.work() as work:
        forged = Event("\x1b[2J[red]gone", Outcome.REFUSED, OWNER, bank.clock.now(), reason="\x1b[8m")
        await bank.ground.journal.note(work, forged)
    shown = await hufu(bank, monkeypatch, *DAYS)
    assert "\N{REPLACEMENT CHARACTER}[2J[red]gone" in shown.output
    assert "\x1b" not in shown.output


async def test_or_one_json_document(bank: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
    await bank.staff("audrey", Role.AUDITOR)
    shown = await hufu(bank, monkeypatch, *DAYS, "--json")
    assert shown.exit_code == 0, shown.output
    document: dict[str, Any] = json.loads(shown.stdout)
    assert (document["from"], document["to"], document["zone"]) == ("2026-11-22", "2026-11-23", "Asia/Shanghai")
    report = await report_of(bank)
    assert document["events"] == report.events - 1
    assert {"action": "client.create", "actor": "-", "count": 1, "outcome": "allowed", "what": "kiosk", "who": "system"} in document["administration"]  # fmt: skip


@pytest.mark.rule("A120")
async def test_what_cannot_be_recorded_is_not_shown(bank: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
    bank.sql("REVOKE INSERT (action) ON audit_events FROM hufu_app")
    shown = await hufu(bank, monkeypatch, *DAYS)
    assert (shown.exit_code, shown.stdout) == (1, "")
    assert bank.events("audit.report") == []


async def test_without_a_way_to_the_audit_there_is_no_report(bank: Bank) -> None:
    with pytest.raises(Unavailable):
        await AuditReports(bank.ground.journal, AuditCounts(None)).of(TODAY)


@pytest.mark.parametrize("last", ["2026-11-22", "2026-11-21", "22.11.2026"])
async def test_a_period_without_a_day_is_refused(bank: Bank, monkeypatch: pytest.MonkeyPatch, last: str) -> None:
    shown = await hufu(bank, monkeypatch, "--from", "2026-11-22", "--to", last)
    assert (shown.exit_code, bank.events("audit.report")) == (2, [])
