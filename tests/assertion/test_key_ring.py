"""Which key signs now, and which keys may a relying party still see?"""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc.jwk import ECKey

from app.assertion.claims import LIFETIME
from app.assertion.key_ring import (
    JWKS_MAX_AGE,
    KEEP_AFTER,
    PUBLISH_AHEAD,
    AsOf,
    KeyState,
    SigningKey,
    jwks,
    published,
    signing_key,
    thumbprint,
    withdrawn,
)
from app.core.refusal import Unavailable

NOW = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
TICK = timedelta(microseconds=1)
# The EC key of RFC 7517 appendix A.1.
JWK = {
    "kty": "EC",
    "crv": "P-256",
    "x": "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4",
    "y": "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM",
}
RETIRES = NOW + timedelta(days=30)
FIRST = SigningKey("first", JWK, published_at=NOW, not_before=NOW, retired_at=RETIRES)
SECOND = SigningKey("second", JWK, published_at=RETIRES - PUBLISH_AHEAD, not_before=RETIRES)
AROUND_THE_CHANGE = st.timedeltas(-timedelta(minutes=20), timedelta(minutes=20))


def test_a_key_is_named_by_its_thumbprint() -> None:
    assert thumbprint(JWK) == ECKey.import_key({**JWK}).thumbprint()


def test_a_thumbprint_rests_on_the_required_members_alone() -> None:
    assert thumbprint(JWK | {"kid": "x", "use": "sig", "d": "secret"}) == thumbprint(JWK)


@pytest.mark.rule("A117")
@pytest.mark.parametrize(
    ("at", "state"),
    [
        (NOW - TICK, KeyState.NEXT),
        (NOW, KeyState.CURRENT),
        (RETIRES - TICK, KeyState.CURRENT),
        (RETIRES, KeyState.RETIRED),
        (RETIRES + KEEP_AFTER - TICK, KeyState.RETIRED),
        (RETIRES + KEEP_AFTER, KeyState.GONE),
    ],
)
def test_a_key_lives_by_its_times(at: datetime, state: KeyState) -> None:
    assert FIRST.state(at) is state


@pytest.mark.rule("A117")
def test_the_successor_signs_from_the_moment_its_predecessor_retires() -> None:
    assert signing_key((FIRST, SECOND), RETIRES - TICK) is FIRST
    assert signing_key((FIRST, SECOND), RETIRES) is SECOND


@pytest.mark.rule("A117")
@given(AROUND_THE_CHANGE, st.timedeltas(timedelta(0), LIFETIME - TICK), st.timedeltas(timedelta(0), JWKS_MAX_AGE))
def test_no_relying_party_meets_a_living_token_whose_key_it_has_not_seen(
    since: timedelta, age: timedelta, cached: timedelta
) -> None:
    signed_at = RETIRES + since
    fetched_at = signed_at + age - cached
    seen = published(tuple(key for key in (FIRST, SECOND) if key.published_at <= fetched_at), fetched_at)
    assert signing_key((FIRST, SECOND), signed_at) in seen


@pytest.mark.rule("A123")
def test_without_a_key_in_use_nothing_is_signed() -> None:
    for ring in ((), (SECOND,)):
        with pytest.raises(Unavailable):
            signing_key(ring, NOW)


def test_a_withdrawn_key_is_neither_published_nor_used() -> None:
    ring = withdrawn((FIRST, SECOND), "first")
    assert published(ring, NOW) == (SECOND,)
    assert signing_key(ring, RETIRES) is SECOND


@pytest.mark.rule("A116")
def test_the_published_set_holds_public_members_only() -> None:
    careless = SigningKey("first", JWK | {"d": "private"}, NOW, NOW)
    assert jwks((careless,), NOW) == {"keys": [JWK | {"kid": "first", "use": "sig", "alg": "ES256"}]}


@pytest.mark.rule("A117")
def test_a_retired_key_is_published_until_its_last_token_is_dead() -> None:
    assert len(jwks((FIRST,), RETIRES + LIFETIME)["keys"]) == 1
    assert jwks((FIRST,), RETIRES + KEEP_AFTER) == {"keys": []}


@pytest.mark.rule("A117")
@given(st.lists(st.tuples(st.sampled_from([(FIRST,), (FIRST, SECOND), (SECOND,)]), AROUND_THE_CHANGE), max_size=20))
def test_what_is_remembered_of_the_ring_is_what_it_would_say(
    asked: list[tuple[tuple[SigningKey, ...], timedelta]],
) -> None:
    published_as_of = AsOf(published)
    for ring, apart in asked:
        for now in (RETIRES + apart, RETIRES + KEEP_AFTER + apart):
            assert published_as_of.answer(ring, now) == published(ring, now)


def test_a_refusal_is_not_remembered() -> None:
    signing = AsOf(signing_key)
    with pytest.raises(Unavailable):
        signing.answer((FIRST,), NOW - TICK)
    assert signing.answer((FIRST,), NOW) == FIRST
