"""May this authorization code be exchanged, and for what? RFC 6749 §4.1.2-4.1.3.

A code lives a minute, works once, and is worth something only to the client that asked, with the verifier it kept.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from app.assertion import pkce
from app.assertion.claims import Authentication
from app.assertion.oauth import InvalidGrant, OAuthRefusal
from app.core.ids import ClientId, PersonId

LIFETIME = timedelta(seconds=60)
"""FAPI 2.0 §5.3.2.1; ASVS 10.4.2 at level 3 (A79)."""
CODE_BYTES = 32
"""Chance in a code: twice the 128 bits of A119."""


class Redemption(StrEnum):
    """What bringing the code came to."""

    REDEEMED = "redeemed"  # tokens may be issued
    REPLAYED = "replayed"  # somebody has brought it before: end `authentication.session_id`
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class AuthorizationCode:
    """What a code stands for; the code itself is kept as a keyed hash only."""

    client_id: ClientId
    person_id: PersonId
    code_challenge: str
    scopes: frozenset[str]
    audiences: tuple[str, ...]
    """The resources its tokens may be for."""
    authentication: Authentication
    """What is known of the log-in, with the id of the session that the exchange opens."""
    expires_at: datetime
    redirect: str | None = None
    """None: the code was handed over in a first-party answer, without a redirect."""
    spent_at: datetime | None = None

    def redeem(
        self, verifier: str | None, *, client_id: ClientId, redirect: str | None, now: datetime
    ) -> tuple["AuthorizationCode", Redemption, OAuthRefusal | None]:
        """Spend the code: what it is now, what came of it, and the refusal to raise once that is stored.

        A stranger's client neither spends it nor learns anything. The right client spends it even with a wrong
        verifier, as whoever holds one without the other has stolen it. A second bringing ends what the first
        began (A79), for nobody can tell which of the two was the thief.
        """
        if client_id != self.client_id:
            return self, Redemption.REFUSED, InvalidGrant()
        if self.spent_at is not None:
            return self, Redemption.REPLAYED, InvalidGrant()
        spent = replace(self, spent_at=now)
        if now >= self.expires_at or redirect != self.redirect:
            return spent, Redemption.REFUSED, InvalidGrant()
        try:
            pkce.prove(verifier, expected_challenge=self.code_challenge)
        except InvalidGrant as refusal:
            return spent, Redemption.REFUSED, refusal
        return spent, Redemption.REDEEMED, None
