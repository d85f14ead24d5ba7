"""Which keys does the house hold?"""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from app.assertion.key_ring import KEEP_AFTER, PUBLISH_AHEAD, RELOAD_WITHIN
from app.assertion.refresh import Presented, message, parse, text
from app.core.entropy import SystemEntropy
from app.core.environment import Environment
from app.core.ids import ClientId, PersonId, SessionId
from app.core.wrapped_key import HASHING, SEALING, Family, Purpose, WrappedKey
from app.gateways.digests import Tag
from app.gateways.keys import KeyChain, KeyMissing, audit_keys, face_keys, new_person_key, rotated
from app.gateways.master_key import FileMasterKey, MasterKeyUnfit
from app.gateways.sealing import Place, Tampered, key_version, seal, unseal
from tests.gateways.forging import NOW, key_chain, master_key

ENTROPY = SystemEntropy()
PLACE = Place("subscribers", "name", "per_1")
TICK = timedelta(microseconds=1)


@pytest.fixture
def master(tmp_path: Path) -> FileMasterKey:
    return master_key(tmp_path)


@pytest.fixture
def rows(master: FileMasterKey) -> list[WrappedKey]:
    return KeyChain.fresh(master, ENTROPY, NOW)


def test_a_new_house_has_one_key_for_each_purpose(rows: list[WrappedKey]) -> None:
    assert [(row.purpose, row.version) for row in rows] == [(purpose, 1) for purpose in Purpose]


@pytest.mark.rule("A116", "A119")
def test_the_rows_alone_hold_no_key(master: FileMasterKey, rows: list[WrappedKey]) -> None:
    chain = KeyChain.unwrap(master, rows, NOW)
    secrets = [chain.data_key().secret.reveal(), chain.signing[0].private.reveal()]
    assert len(secrets[0]) * 8 >= 128
    assert not any(secret in row.wrapped or secret[-32:] in row.wrapped for secret in secrets for row in rows)


@pytest.mark.parametrize("made_in", [Environment.SANDBOX, Environment.DEVELOPMENT])
def test_keys_of_another_environment_never_serve_production(tmp_path: Path, made_in: Environment) -> None:
    rows = KeyChain.fresh(master_key(tmp_path, made_in), ENTROPY, NOW)
    production = FileMasterKey(tmp_path / "master.key", entropy=ENTROPY, environment=Environment.PRODUCTION)
    with pytest.raises(MasterKeyUnfit, match=f"was made in {made_in}, this is production"):
        KeyChain.unwrap(production, rows, NOW)
    passed_off = [replace(row, environment=Environment.PRODUCTION) for row in rows]
    with pytest.raises(MasterKeyUnfit, match="not for this purpose"):
        KeyChain.unwrap(production, passed_off, NOW)


def test_a_chain_prints_no_secret(master: FileMasterKey, rows: list[WrappedKey]) -> None:
    chain = KeyChain.unwrap(master, rows, NOW)
    shown = repr(chain) + repr(chain.data_key()) + repr(chain.signing)
    assert repr(chain.data_key().secret.reveal())[2:-1] not in shown
    assert "Secret(…)" in shown


@pytest.mark.parametrize("purpose", Purpose)
def test_without_a_key_for_a_purpose_there_is_no_chain_or_no_signing(
    master: FileMasterKey, rows: list[WrappedKey], purpose: Purpose
) -> None:
    left = [row for row in rows if row.purpose is not purpose]
    if purpose is Purpose.SIGNING:
        assert KeyChain.unwrap(master, left, NOW).ring == ()
        return
    if purpose is Purpose.AUDIT:
        assert audit_keys(master, left) == {}
        return
    if purpose is Purpose.FACES:
        assert face_keys(master, left) == {}
        return
    with pytest.raises(KeyMissing):
        KeyChain.unwrap(master, left, NOW)


@pytest.mark.parametrize(
    "change",
    [
        {"version": 2},
        {"purpose": Purpose.INDEX},
        {"master": "file:0000000000000000"},
        {"environment": Environment.SANDBOX},
    ],
)
def test_a_row_that_was_changed_is_not_unwrapped(
    master: FileMasterKey, rows: list[WrappedKey], change: dict[str, Any]
) -> None:
    changed = [replace(rows[0], **change), *rows]
    with pytest.raises(MasterKeyUnfit):
        KeyChain.unwrap(master, changed, NOW)


@pytest.mark.rule("A116")
def test_with_another_master_key_the_rows_are_worth_nothing(tmp_path: Path, rows: list[WrappedKey]) -> None:
    (tmp_path / "other").mkdir()
    with pytest.raises(MasterKeyUnfit, match="was wrapped by"):
        KeyChain.unwrap(master_key(tmp_path / "other"), rows, NOW)


def test_a_persons_key_opens_what_it_sealed_after_it_rested(master: FileMasterKey, rows: list[WrappedKey]) -> None:
    key = new_person_key(PersonId("per_1"), ENTROPY)
    sealed = seal(b"name", key=key, place=PLACE, entropy=ENTROPY)
    wrapped = KeyChain.unwrap(master, rows, NOW).wrap_person_key(key, ENTROPY)
    again = KeyChain.unwrap(master, rows, NOW).unwrap_person_key(wrapped, PersonId("per_1"))
    assert unseal(sealed, key=again, place=PLACE) == b"name"


@pytest.mark.rule("A118")
@pytest.mark.parametrize(("before", "after"), [(Family.AES, Family.SM), (Family.SM, Family.AES)])
def test_a_house_that_changes_its_suite_makes_the_new_and_opens_the_old(
    master: FileMasterKey, before: Family, after: Family
) -> None:
    rows, person = KeyChain.fresh(master, ENTROPY, NOW, family=before), PersonId("per_1")
    first = KeyChain.unwrap(master, rows, NOW)
    key, found = first.new_person_key(person, ENTROPY), first.index.digest("number", "1")
    sealed, wrapped = seal(b"x", key=key, place=PLACE, entropy=ENTROPY), first.wrap_person_key(key, ENTROPY)
    for purpose in (Purpose.DATA, Purpose.INDEX):
        rows = rotated(rows, purpose, master=master, entropy=ENTROPY, now=NOW, family=after)
    chain = KeyChain.unwrap(master, rows, NOW + RELOAD_WITHIN)
    assert unseal(sealed, key=chain.unwrap_person_key(wrapped, person), place=PLACE) == b"x"
    assert chain.index.matches("number", "1", stored=found)
    assert chain.new_person_key(person, ENTROPY).suite is SEALING[after] is not key.suite
    assert (chain.data_key().suite, chain.index.digest("number", "1")[0]) == (SEALING[after], HASHING[after])


def test_a_persons_key_from_before_keys_named_their_suite_still_opens(tmp_path: Path) -> None:
    chain, key = key_chain(tmp_path), new_person_key(PersonId("per_1"), ENTROPY)
    place = Place("persons", "wrapped_key", "per_1")
    old = seal(key.secret.reveal(), key=chain.data_key(), place=place, entropy=ENTROPY)
    assert chain.unwrap_person_key(old, PersonId("per_1")).secret.reveal() == key.secret.reveal()


@pytest.mark.parametrize("octets", [b"", b"\x01", b"\x01" + bytes(16), b"\x02" + bytes(32), b"\x03" + bytes(32)])
def test_what_is_no_persons_key_is_not_taken_for_one(tmp_path: Path, octets: bytes) -> None:
    chain, place = key_chain(tmp_path), Place("persons", "wrapped_key", "per_1")
    with pytest.raises(Tampered):
        chain.unwrap_person_key(seal(octets, key=chain.data_key(), place=place, entropy=ENTROPY), PersonId("per_1"))


def test_a_rotation_that_was_broken_off_is_not_begun_a_second_time(
    master: FileMasterKey, rows: list[WrappedKey]
) -> None:
    once = rotated(rows, Purpose.SIGNING, master=master, entropy=ENTROPY, now=NOW)
    assert rotated(once, Purpose.SIGNING, master=master, entropy=ENTROPY, now=NOW + TICK) == once


def test_a_persons_key_is_not_unwrapped_for_another_person(tmp_path: Path) -> None:
    chain = key_chain(tmp_path)
    wrapped = chain.wrap_person_key(new_person_key(PersonId("per_1"), ENTROPY), ENTROPY)
    with pytest.raises(Tampered):
        chain.unwrap_person_key(wrapped, PersonId("per_2"))


@pytest.mark.parametrize("purpose", [Purpose.DATA, Purpose.INDEX, Purpose.TOKEN_MAC])
@pytest.mark.rule("A117")
def test_a_successor_is_known_at_once_and_used_when_everybody_knows_it(
    master: FileMasterKey, rows: list[WrappedKey], purpose: Purpose
) -> None:
    rows = rotated(rows, purpose, master=master, entropy=ENTROPY, now=NOW)

    def current(at: datetime) -> int:
        chain = KeyChain.unwrap(master, rows, at)
        return {
            Purpose.DATA: chain.data.current,
            Purpose.INDEX: chain.index.digest("x", "y")[1],
            Purpose.TOKEN_MAC: chain.token_mac.tag(b"").version,
        }[purpose]

    assert (current(NOW), current(NOW + RELOAD_WITHIN - TICK), current(NOW + RELOAD_WITHIN)) == (1, 1, 2)


def test_what_an_older_data_key_wrapped_is_still_unwrapped(master: FileMasterKey, rows: list[WrappedKey]) -> None:
    before = KeyChain.unwrap(master, rows, NOW)
    key = new_person_key(PersonId("per_1"), ENTROPY)
    wrapped = before.wrap_person_key(key, ENTROPY)
    rows = rotated(rows, Purpose.DATA, master=master, entropy=ENTROPY, now=NOW)
    after = KeyChain.unwrap(master, rows, NOW + PUBLISH_AHEAD)
    assert after.unwrap_person_key(wrapped, PersonId("per_1")).secret.reveal() == key.secret.reveal()
    assert key_version(after.wrap_person_key(key, ENTROPY)) == 2


def test_a_data_key_that_is_not_held_is_missing(tmp_path: Path) -> None:
    with pytest.raises(KeyMissing):
        key_chain(tmp_path).data_key(2)


@pytest.mark.rule("A117")
def test_a_signing_key_leaves_the_chain_when_its_last_token_is_dead(
    master: FileMasterKey, rows: list[WrappedKey]
) -> None:
    rows = rotated(rows, Purpose.SIGNING, master=master, entropy=ENTROPY, now=NOW)
    gone = NOW + PUBLISH_AHEAD + KEEP_AFTER
    assert len(KeyChain.unwrap(master, rows, gone - TICK).ring) == 2
    assert len(KeyChain.unwrap(master, rows, gone).ring) == 1


@pytest.mark.rule("A89")
def test_a_refresh_token_is_ours_for_its_session_generation_and_client_alone(tmp_path: Path) -> None:
    mac = key_chain(tmp_path).token_mac
    session, client = SessionId("ses_1"), ClientId("cli_app")
    tag = mac.tag(message(session, 3, client))
    seen = parse(text(Presented(tag.suite, tag.version, session, 3, tag.mac)))
    shown = Tag(seen.suite, seen.key_version, seen.mac)
    assert mac.vouches(message(seen.session_id, seen.generation, client), shown)
    assert not mac.vouches(message(seen.session_id, 4, client), shown)
    assert not mac.vouches(message(SessionId("ses_2"), 3, client), shown)
    assert not mac.vouches(message(seen.session_id, 3, ClientId("cli_other")), shown)
