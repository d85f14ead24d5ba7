"""Is a right password taken in one statement only where nothing has changed since it was read? (A26, A28, A124)"""

import asyncio
from typing import Any

import pytest

from app.gateways.passwords import Passwords
from tests.flows.conftest import PASSWORD, PHONE, Bank

BLOCK = "UPDATE guesses SET blocked_until = '2099-01-01' WHERE key = '{}'"
CHANGES = {
    "identifier_blocked": (BLOCK.format("identifier"), 429),
    "network_blocked": (BLOCK.format("network"), 429),
    "password_ended": ("UPDATE authenticators SET state = 'ended' WHERE kind = 'password'", 401),
    "struck_out": ("UPDATE logins SET strikes = 5", 409),
    "ended": ("UPDATE logins SET expires_at = created_at", 409),
    "completed": ("UPDATE logins SET completed_at = created_at", 409),
    "proven_by_another": (
        """UPDATE logins SET proofs = '[{"at": "2026-01-01T00:00:00+00:00", "factor": "password"}]'""",
        409,
    ),
}


def while_hashing(monkeypatch: pytest.MonkeyPatch, bank: Bank, change: str) -> None:
    """From now on the change is committed after everything was read and before anything is written."""
    verify = Passwords.verify

    async def changing(self: Passwords, password: str, hashed: str | None) -> bool:
        matched = await verify(self, password, hashed)
        bank.sql(change)
        return matched

    monkeypatch.setattr(Passwords, "verify", changing)


def events(bank: Bank) -> list[tuple[Any, ...]]:
    return bank.sql("SELECT outcome, detail ->> 'strikes' FROM audit_events WHERE action = 'login.prove_password'")


@pytest.mark.rule("A26", "A28", "A124")
@pytest.mark.parametrize("change", CHANGES)
async def test_what_changes_while_a_right_password_is_hashed_is_seen(
    bank: Bank, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    await bank.enrolled()
    await (await bank.begin()).password("wrong")  # so that there are counters to block
    bank.sql("DELETE FROM logins")
    login, before = await bank.begin(), len(events(bank))
    statement, status = CHANGES[change]
    while_hashing(monkeypatch, bank, statement)
    assert (await login.password(PASSWORD)).status_code == status
    proofs = bank.sql("SELECT proofs FROM logins")[0][0]
    assert len(proofs) == (1 if change == "proven_by_another" else 0)
    assert [outcome for outcome, _ in events(bank)[before:]] == ["refused"]


async def test_a_right_password_is_taken_with_its_event(bank: Bank) -> None:
    await bank.enrolled()
    before, login = len(events(bank)), await bank.begin()
    assert (await login.password(PASSWORD)).json()["offered"] == ["totp", "sms"]
    assert events(bank)[before:] == [("allowed", "0")]
    assert [proof["factor"] for proof in bank.sql("SELECT proofs FROM logins WHERE id = %s", login.id)[0][0]] == [
        "password"
    ]


async def test_of_ten_right_passwords_for_one_log_in_one_is_taken(bank: Bank) -> None:
    await bank.enrolled()
    login = await bank.begin(PHONE)
    answers = await asyncio.gather(*(login.password(PASSWORD) for _ in range(10)))
    assert sorted(answer.status_code for answer in answers) == [200] + 9 * [409]
    assert len(bank.sql("SELECT proofs FROM logins WHERE id = %s", login.id)[0][0]) == 1
