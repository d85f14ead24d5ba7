"""Are hashes of other schemes read where they are named, rewritten, and no dearer for anybody than for nobody?"""

from collections.abc import Iterator

import pytest
from passlib.context import CryptContext
from passlib.hash import bcrypt, pbkdf2_sha256, pbkdf2_sha512, scrypt

from app.gateways.passwords import Cost, Passwords, argon2id, old_schemes

PASSWORD = "Kx9 mQ2#vLw7tz!e"
NAMED = "bcrypt:4 scrypt:4 pbkdf2-sha256:1000 pbkdf2-sha512:1000"
"""The cheapest, for tests."""
HASHES = {
    "bcrypt": bcrypt.using(rounds=4).hash(PASSWORD),
    "scrypt": scrypt.using(rounds=4).hash(PASSWORD),
    "pbkdf2_sha256": pbkdf2_sha256.using(rounds=1000).hash(PASSWORD),
    "pbkdf2_sha512": pbkdf2_sha512.using(rounds=1000).hash(PASSWORD),
}


@pytest.fixture
def passwords() -> Iterator[Passwords]:
    gateway = Passwords(argon2id(Cost(), old_schemes(NAMED)), dummy_secret="nobody's")
    yield gateway
    gateway.close()


@pytest.mark.rule("A13")
@pytest.mark.parametrize("stored", HASHES.values(), ids=HASHES)
async def test_an_old_hash_matches_its_password_and_is_outdated(passwords: Passwords, stored: str) -> None:
    assert await passwords.verify(PASSWORD, stored)
    assert not await passwords.verify(PASSWORD + "x", stored)
    assert passwords.needs_rehash(stored)
    assert not passwords.needs_rehash(await passwords.hash(PASSWORD))


@pytest.mark.parametrize("stored", HASHES.values(), ids=HASHES)
async def test_a_scheme_that_is_not_named_is_not_read(stored: str) -> None:
    strict = Passwords(argon2id(Cost()), dummy_secret="nobody's")
    try:
        assert not await strict.verify(PASSWORD, stored)
    finally:
        strict.close()


@pytest.mark.rule("A7")
async def test_bcrypt_takes_no_password_it_would_cut_off(passwords: Passwords) -> None:
    stored = bcrypt.using(rounds=4).hash("a" * 72)
    assert await passwords.verify("a" * 72, stored)
    assert not await passwords.verify("a" * 73, stored)


class Noting(CryptContext):  # type: ignore[misc]  # libpass has no types
    """Knows of which scheme each hash was that was computed to the end."""

    computed: list[str]
    costs: list[str]

    def verify(self, secret: str, hash: str) -> bool:  # noqa: A002  passlib's name
        """Note what does not raise."""
        matched = bool(super().verify(secret, hash))
        self.computed.append(self.identify(hash))
        self.costs.append(hash.split("$")[3])
        return matched


@pytest.mark.rule("A28")
@pytest.mark.parametrize("password", [PASSWORD, "wrong", "", "a\0b", "x" * 257, "x" * 73])
@pytest.mark.parametrize("stored", [*HASHES.values(), argon2id(Cost()).hash(PASSWORD), None, "", "$2b$04$", "$scrypt$"])
async def test_every_path_computes_one_hash_of_each_scheme(password: str, stored: str | None) -> None:
    context = Noting(**argon2id(Cost(), old_schemes(NAMED)).to_dict())
    context.computed, context.costs = [], []
    passwords = Passwords(context, dummy_secret="nobody's")
    await passwords.verify(password, stored)
    passwords.close()
    assert context.computed == ["argon2", *(scheme.name for scheme in old_schemes(NAMED))]


@pytest.mark.rule("A28")
def test_nobodys_hash_costs_what_an_old_one_costs(passwords: Passwords) -> None:
    rounds = {place.scheme: place.rounds for place in passwords._stand_ins if place.scheme != "argon2"}
    assert rounds == {scheme.name: scheme.cost for scheme in old_schemes(NAMED)}


BEFORE, SINCE = Cost(19456, 2), Cost(47104, 1)
"""The bank's cost before it was raised, and since."""


@pytest.mark.rule("A28")
@pytest.mark.parametrize("stored", [argon2id(BEFORE).hash(PASSWORD), argon2id(SINCE).hash(PASSWORD), None])
async def test_where_the_cost_was_raised_everybody_pays_for_both_costs_once(stored: str | None) -> None:
    context = Noting(**argon2id(SINCE).to_dict())
    context.computed, context.costs = [], []
    passwords = Passwords(context, dummy_secret="nobody's", old=old_schemes("argon2id:19456x2"))
    matched = await passwords.verify(PASSWORD, stored)
    passwords.close()
    assert (matched, sorted(context.costs)) == (stored is not None, ["m=19456,t=2,p=1", "m=47104,t=1,p=1"])


async def test_a_hash_of_a_cost_nobody_named_still_matches() -> None:
    passwords = Passwords(argon2id(SINCE), dummy_secret="nobody's")
    assert await passwords.verify(PASSWORD, argon2id(BEFORE).hash(PASSWORD))
    passwords.close()


@pytest.mark.parametrize("named", ["md5:1", "bcrypt", "bcrypt:", "bcrypt:x", "bcrypt:31", "bcrypt:0", "bcrypt:4 bcrypt:4", "argon2:2", "argon2id:x2", "argon2id:9x99", "argon2id:19456"])  # fmt: skip
def test_what_no_machine_reads_in_time_or_nobody_knows_is_refused(named: str) -> None:
    with pytest.raises(ValueError, match=r"once|SCHEME:COST"):
        old_schemes(named)
