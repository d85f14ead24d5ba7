"""What do we tell a resource about a token it shows us?"""

from datetime import UTC, datetime, timedelta

import pytest

from app.assertion.claims import Authentication, Granted, for_client, for_person
from app.assertion.introspection import answer, revocable
from app.core.acr import Acr, Amr, Ial
from app.core.ids import ClientId, PersonId, SessionId

NOW = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
GRANT = Granted("https://hufu.example", "https://core.example", ClientId("cli_app"), frozenset({"profile"}))
LOG_IN = Authentication(Acr.AAL2, (Amr.PWD, Amr.OTP), NOW, Ial.IAL2, SessionId("ses_1"))


@pytest.mark.rule("A99")
def test_a_token_that_is_not_good_gets_one_word() -> None:
    assert answer(None) == {"active": False}


def test_a_good_token_tells_what_a_step_up_needs() -> None:
    told = answer(
        for_person(
            GRANT, PersonId("per_1"), LOG_IN, session_ends_at=NOW + timedelta(hours=24), now=NOW, nonce=bytes(26)
        )
    )
    assert told["active"] is True
    assert {"acr": "aal2", "amr": ["pwd", "otp"], "auth_time": 1772352000}.items() <= told.items()


@pytest.mark.rule("A100")
def test_only_the_client_it_was_issued_to_may_revoke_a_token() -> None:
    token = for_client(GRANT, now=NOW, nonce=bytes(26))
    assert revocable(token, by=ClientId("cli_app"))
    assert not revocable(token, by=ClientId("cli_other"))
