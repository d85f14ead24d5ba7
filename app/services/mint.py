"""What does a granted token look like when it leaves? Access tokens signed, refresh tokens derived; here and nowhere else."""

from dataclasses import dataclass

from app.assertion import refresh
from app.assertion.claims import AccessToken, Granted, for_client, for_person
from app.assertion.client import Client, Grant
from app.assertion.refresh import Presented, RefreshFamily
from app.core import ids
from app.core.clock import Clock
from app.core.entropy import Entropy
from app.gateways.digests import Tag, TokenMac
from app.gateways.signing import Signer
from app.storage.sessions import Session


@dataclass(frozen=True, slots=True)
class Issued:
    """What a token answer carries."""

    access_token: str
    scopes: frozenset[str]
    refresh_token: str | None
    expires_in_seconds: int


class Mint:
    """Makes the tokens of one issuer."""

    def __init__(self, signer: Signer, mac: TokenMac, names: Entropy, clock: Clock, *, issuer: str) -> None:
        """`names`: chance for `jti`, which names a token and opens nothing."""
        self._signer = signer
        self._mac = mac
        self._names = names
        self._clock = clock
        self._issuer = issuer

    def for_client(self, client: Client, audience: str, scopes: frozenset[str]) -> Issued:
        """The token of a client that acts for itself."""
        grant = Granted(self._issuer, audience, client.id, scopes)
        return self._issued(for_client(grant, now=self._clock.now(), nonce=self._nonce()), None)

    def for_person(
        self, client: Client, session: Session, family: RefreshFamily, audience: str, scopes: frozenset[str]
    ) -> Issued:
        """The tokens of a client that acts for a subscriber, at the family's live generation."""
        token = for_person(
            Granted(self._issuer, audience, client.id, scopes),
            session.subscriber_id,
            session.authentication,
            session_ends_at=family.expires_at,
            now=self._clock.now(),
            nonce=self._nonce(),
        )
        return self._issued(token, self._refresh_token(family) if Grant.REFRESH_TOKEN in client.grants else None)

    def vouches(self, presented: Presented, client: Client) -> bool:
        """Whether a refresh token is one of ours, made for this client; asked before the database is."""
        message = refresh.message(presented.session_id, presented.generation, client.id)
        return self._mac.vouches(message, Tag(presented.suite, presented.key_version, presented.mac))

    def _issued(self, token: AccessToken, refresh_token: str | None) -> Issued:
        signed = self._signer.sign(token, now=self._clock.now())
        return Issued(signed, token.scopes, refresh_token, int((token.expires_at - token.issued_at).total_seconds()))

    def _refresh_token(self, family: RefreshFamily) -> str:
        tag = self._mac.tag(refresh.message(family.session_id, family.generation, family.client_id))
        return refresh.text(Presented(tag.suite, tag.version, family.session_id, family.generation, tag.mac))

    def _nonce(self) -> bytes:
        return self._names.draw(ids.NONCE_BYTES)
