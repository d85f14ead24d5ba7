"""Is this log-in strong and fresh enough for what is asked?"""

from datetime import UTC, datetime, timedelta

import pytest

from app.assertion.claims import AccessToken, Authentication, Granted, for_client, for_person
from app.assertion.step_up import InsufficientAuthentication, demand
from app.core.acr import Acr, Amr, Ial
from app.core.ids import ClientId, PersonId, SessionId

NOW = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
GRANT = Granted("https://hufu.example", "https://core.example", ClientId("cli_app"), frozenset({"profile"}))
FIVE_MINUTES = timedelta(minutes=5)


def token(acr: Acr, age: timedelta) -> AccessToken:
    log_in = Authentication(acr, (Amr.PWD,), NOW - age, Ial.IAL2, SessionId("ses_1"))
    return for_person(
        GRANT, PersonId("per_1"), log_in, session_ends_at=NOW + timedelta(hours=24), now=NOW, nonce=bytes(26)
    )


@pytest.mark.rule("A98")
@pytest.mark.parametrize("acr", [Acr.AAL1, Acr.AAL2])
def test_a_log_in_as_strong_and_fresh_as_asked_is_enough(acr: Acr) -> None:
    demand(token(Acr.AAL2, FIVE_MINUTES), acr=acr, max_age=FIVE_MINUTES, now=NOW)


@pytest.mark.rule("A98")
@pytest.mark.parametrize(
    "held",
    [
        token(Acr.AAL1, timedelta(0)),
        token(Acr.AAL2, FIVE_MINUTES + timedelta(seconds=1)),
        for_client(GRANT, now=NOW, nonce=bytes(26)),
    ],
    ids=["too weak", "too old", "nobody's"],
)
def test_anything_less_is_told_what_a_new_log_in_must_bring(held: AccessToken) -> None:
    with pytest.raises(InsufficientAuthentication) as refusal:
        demand(held, acr=Acr.AAL2, max_age=FIVE_MINUTES, now=NOW)
    assert refusal.value.facts == {"acr_values": "aal2", "max_age": 300}
