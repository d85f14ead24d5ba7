"""What is sent is counted on the number and on all that numbers have in common; what is refused is not counted."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.mfa.contact_address import Channel, country_code
from app.mfa.sending import EMPTY, LIMIT_BY_CAP, Cap, Limit, SentTooOften, Tally, count, counted_on, limits

NOW = datetime(2026, 3, 7, 9, 30, tzinfo=UTC)
DAY = timedelta(days=1)
PHONE = "+8613800138000"
pytestmark = pytest.mark.rule("A41")


def test_a_text_message_counts_on_number_prefix_country_network_client_and_day() -> None:
    keys = counted_on(Channel.PHONE, PHONE, network="192.0.2.1", client="cli_1")
    assert set(keys) == set(Cap)
    assert (keys[Cap.PREFIX], keys[Cap.COUNTRY]) == ("+861380013", "86")


def test_tallies_are_held_from_the_narrowest_to_the_widest_by_everybody() -> None:
    keys = counted_on(Channel.PHONE, PHONE, network="192.0.2.1", client="cli_1")
    assert list(keys) == [Cap.NUMBER, Cap.PREFIX, Cap.NETWORK, Cap.CLIENT, Cap.COUNTRY, Cap.DAY]


def test_a_mailbox_counts_on_itself_the_network_and_the_client() -> None:
    assert set(counted_on(Channel.EMAIL, "a@b.cn", network="n", client="c")) == {Cap.NUMBER, Cap.NETWORK, Cap.CLIENT}


@pytest.mark.parametrize(("phone", "code"), [("+12025550123", "1"), (PHONE, "86"), ("+85291234567", "852"), ("+4930123456", "49")])  # fmt: skip
def test_the_country_is_read_off_the_number(phone: str, code: str) -> None:
    assert country_code(phone) == code


@pytest.mark.parametrize("cap", list(Cap))
def test_the_last_one_allowed_is_sent_and_the_next_waits_for_the_window(cap: Cap) -> None:
    limit = LIMIT_BY_CAP[cap]
    full = Tally(limit.most - 1, NOW, NOW - DAY)
    sent = count(full, NOW, limit)
    with pytest.raises(SentTooOften) as caught:
        count(sent, NOW + timedelta(seconds=40), limit)
    assert caught.value.facts == {"retry_after_seconds": limit.window.total_seconds() - 40}
    assert count(sent, NOW + limit.window, limit).sent == 1


def test_one_number_is_not_sent_to_twice_within_half_a_minute() -> None:
    limit = LIMIT_BY_CAP[Cap.NUMBER]
    sent = count(EMPTY, NOW, limit)
    with pytest.raises(SentTooOften):
        count(sent, NOW + timedelta(seconds=29, microseconds=999_999), limit)
    assert count(sent, NOW + timedelta(seconds=30), limit).sent == 2


def test_the_banks_own_country_may_have_the_whole_day() -> None:
    bounds = limits(home_country="86", most_a_day=5_000)
    assert (bounds.of(Cap.COUNTRY, "86").most, bounds.of(Cap.COUNTRY, "7").most) == (5_000, 200)
    assert bounds.of(Cap.DAY, "all").most == 5_000


@given(st.lists(st.integers(0, 7200), max_size=60))
def test_no_stretch_of_one_window_holds_more_than_twice_the_limit(pauses: list[int]) -> None:
    limit, now, tally = Limit(3, "test", window=timedelta(hours=1)), NOW, EMPTY
    sent: list[datetime] = []
    for pause in pauses:
        now += timedelta(seconds=pause)
        with suppress(SentTooOften):
            tally = count(tally, now, limit)
            sent.append(now)
    assert all(sum(start <= each < start + limit.window for each in sent) <= 2 * limit.most for start in sent)
