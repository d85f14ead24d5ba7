"""Does one event have one spelling, and another event another?"""

import json
from dataclasses import replace
from datetime import timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.audit.entry import canonical
from app.audit.tree import Hashing
from tests.audit.logs import entry

PLAIN = entry(7, detail={"score": Decimal("0.370"), "a": True, "ü": "值", "none": None})
SPELT = (
    '{"action":"test.act","actor_id":null,"actor_kind":"system","at":"2026-03-01T08:00:07.000000+00:00","client_id":null,'
    '"detail":{"a":true,"none":null,"score":0.370,"ü":"值"},"factors":[],"format":"hufu-audit-event/1","id":"evt_7",'
    '"network":null,"object_id":null,"outcome":"allowed","reason":null,"sequence":7,"subject":null,"unit":7}'
)
SCALARS = st.none() | st.booleans() | st.integers() | st.text() | st.decimals(allow_nan=False, allow_infinity=False)
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=8)


def test_the_spelling_stays_as_it_was_written_down_here() -> None:
    assert PLAIN.octets().decode() == SPELT


@pytest.mark.rule("A120", "A121")
@pytest.mark.parametrize(
    "change",
    [
        {"sequence": 8}, {"id": "evt_8"}, {"at": PLAIN.at + timedelta(microseconds=1)}, {"action": "test.acts"},
        {"outcome": "refused"}, {"actor_kind": "staff"}, {"actor_id": ""}, {"client_id": "c"}, {"network": "::1"},
        {"factors": ("pwd",)}, {"subject": "s"}, {"object_id": "o"}, {"reason": "r"}, {"unit": 8},
        {"detail": {}}, {"detail": PLAIN.detail | {"score": Decimal("0.37")}}, {"detail": PLAIN.detail | {"a": 1}},  # type: ignore[operator]
    ],
    ids=lambda change: next(iter(change)),
)  # fmt: skip
def test_no_column_changes_without_the_leaf(change: dict[str, Any]) -> None:
    assert replace(PLAIN, **change).leaf(Hashing.SHA_256) != PLAIN.leaf(Hashing.SHA_256)


def test_the_same_moment_told_elsewhere_is_the_same_event() -> None:
    there = PLAIN.at.astimezone(timezone(timedelta(hours=8)))
    assert replace(PLAIN, at=there).octets() == PLAIN.octets()


@given(VALUES)
def test_a_spelling_is_read_back_as_what_was_spelt(value: Any) -> None:
    assert json.loads(canonical(value), parse_float=Decimal) == value


def test_a_large_number_keeps_every_digit() -> None:
    assert (
        canonical([Decimal("12345678901234567890.10"), Decimal("0.00000000001")])
        == b"[12345678901234567890.10,0.00000000001]"
    )


def test_a_float_has_no_spelling() -> None:
    with pytest.raises(TypeError):
        canonical({"score": 0.37})  # type: ignore[dict-item]
