"""Does a decision come back from its row as it went in?"""

import json
from datetime import UTC, datetime

import pytest

from app.storage.proofings import _decision, _document
from app.verification.assurance import NOTHING
from app.verification.decision import Decision
from app.verification.reasons import Outcome, Polygon, Reason, ReasonCode

WHERE: Polygon = ((10.5, 20.0), (60.0, 21.25), (59.0, 40.0), (9.0, 39.0))


def decision(*reasons: Reason) -> Decision:
    return Decision(
        Outcome.REFER, reasons, "development-1", NOTHING, datetime(2025, 11, 1, tzinfo=UTC), {"distance": 0.3}
    )


@pytest.mark.parametrize("where", [None, WHERE])
def test_a_reason_keeps_its_place(where: Polygon | None) -> None:
    made = decision(Reason(ReasonCode.CARD_GLARE, Outcome.REFER, {"field": "name", "measured": 0.2}, where))
    assert _decision(json.loads(json.dumps(_document(made)))) == made


def test_a_decision_from_before_places_were_kept_is_read() -> None:
    made = decision(Reason(ReasonCode.CARD_GLARE, Outcome.REFER, {"side": "emblem"}))
    document = json.loads(json.dumps(_document(made)))
    del document["reasons"][0]["where"]
    assert _decision(document) == made
