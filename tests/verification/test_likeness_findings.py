"""Is a portrait that was sent for somebody else referred, with its figures, and only by a policy that asks?"""

import pytest

from app.verification.decision import Decision, decide
from app.verification.examination import Kind, Side
from app.verification.reasons import Kind as Follows
from tests.verification.examinations import NOW, TODAY, changed, decided, examination, policy, result

STRICT = changed(policy(), accepts_seen_images=False)


def apart(bits: int) -> Decision:
    again = examination(apart={(Kind.RESIDENT_CARD, Side.PORTRAIT): bits})
    return decide(again, STRICT, attempt=1, today=TODAY, now=NOW)


@pytest.mark.parametrize("bits", [0, 31])
def test_a_portrait_nearly_somebody_elses_refers_at_once_with_its_figures(bits: int) -> None:
    decision = apart(bits)
    assert result(decision) == ("refer", ["portrait_seen_before"])
    facts = {"kind": "resident_card", "side": "portrait", "measured": bits, "threshold": 32.0}
    assert [(reason.facts, reason.kind) for reason in decision.reasons] == [(facts, Follows.REVIEW)]


@pytest.mark.parametrize("bits", [32, 256])
def test_one_as_far_off_as_strangers_are_is_no_finding(bits: int) -> None:
    assert result(apart(bits)) == ("accept", [])


def test_where_specimens_go_round_nobody_is_referred_for_their_portrait() -> None:
    assert result(decided(examination(apart={(Kind.RESIDENT_CARD, Side.PORTRAIT): 0}))) == ("accept", [])
