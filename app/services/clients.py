"""Who may call us at all? Registered clients, and the proof that a caller is one of them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from app.assertion.client import AdministrativeScope, Client, ClientKind, Grant, administrative, check_registration
from app.assertion.oauth import InvalidClient
from app.core import ids
from app.core.audit import Actor, ActorKind
from app.core.entropy import Entropy, text
from app.core.ids import ClientId
from app.core.secret import Secret
from app.services.journal import Journal
from app.services.recent_clients import RecentClients
from app.services.vault import Use, Vault
from app.storage.clients import StoredClient
from app.storage.work import Work

SECRET_BYTES = 32


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a caller says it is, and its secret if it brought one."""

    client_id: str
    secret: Secret[str] | None
    header: str | None = None
    """What they were read of, where it was a header."""
    proven: Client | None = None
    """Who brought this very header a moment ago, and was believed."""


class Clients:
    """The registrations."""

    def __init__(
        self, journal: Journal, vault: Vault, entropy: Entropy, *, counted: Callable[[Client], None] = lambda _: None
    ) -> None:
        """`counted` is told of each client that has proven itself; it may raise TooManyRequests."""
        self._journal = journal
        self._database = journal.database
        self._vault = vault
        self._entropy = entropy
        self._counted = counted
        self._recent = RecentClients(journal.database.gathered, entropy.draw(SECRET_BYTES))

    async def create(
        self,
        *,
        name: str,
        kind: ClientKind,
        purpose: str,
        scopes: Iterable[str],
        audiences: Iterable[str],
        grants: Iterable[Grant],
        origins: Iterable[str] = (),
        first_party: bool = False,
        confidential: bool = True,
    ) -> tuple[Client, Secret[str] | None]:
        """Register; the secret is shown once. Raises InvalidRegistration, or AdministrativeScope: that takes two people."""
        client = Client(
            id=self.new_id(),
            name=name,
            kind=kind,
            first_party=first_party,
            confidential=confidential,
            grants=frozenset(grants),
            scopes=frozenset(scopes),
            audiences=frozenset(audiences),
            purpose=purpose,
            origins=frozenset(origins),
        )
        async with self._journal.act("client.create", Actor(ActorKind.SYSTEM), object_id=client.id) as act:
            check_registration(client)
            if administrative(client):
                raise AdministrativeScope
            async with self._database.work() as work:
                secret = await self.register(work, client)
                await act.record(work, kind=kind, first_party=first_party, confidential=confidential)
        return client, secret

    def new_id(self) -> ClientId:
        """A name for a client to be."""
        return ClientId(ids.named("cli", self._entropy.draw(ids.NONCE_BYTES)))

    async def register(self, work: Work, client: Client) -> Secret[str] | None:
        """Keep a checked registration in the caller's unit; its secret is kept as a keyed hash."""
        secret = Secret("hcs_" + text(self._entropy.draw(SECRET_BYTES))) if client.confidential else None
        index = None if secret is None else self._vault.mac(Use.CLIENT_SECRET, secret.reveal())
        await work.clients.add(client, index, self._journal.clock.now())
        return secret

    async def all(self) -> tuple[Client, ...]:
        """Every registration."""
        async with self._database.work() as work:
            return await work.clients.all()

    async def authenticated(self, work: Work, credentials: Credentials) -> Client:
        """The client these credentials prove; raises InvalidClient for unknown, wrong and missing alike."""
        possible = ids.possible(credentials.client_id)
        stored = await work.clients.find(credentials.client_id) if possible else None
        return self._proven(stored, credentials)

    async def recognised(self, credentials: Credentials) -> Client:
        """The same without a unit of work, by a registration read within the last second."""
        if credentials.proven is not None:
            self._counted(credentials.proven)
            return credentials.proven
        possible = ids.possible(credentials.client_id)
        read = await self._recent.find(credentials.client_id) if possible else None
        client = self._proven(read.stored if read else None, credentials)
        if read is not None and credentials.header is not None:
            self._recent.believe(credentials.header, read)
        return client

    def lately(self, header: str) -> Credentials | None:
        """Whose header this is, if they proved themselves by it within the last second: not read and not hashed again."""
        client = self._recent.believed(header)
        return None if client is None else Credentials(client.id, None, header, client)

    def _proven(self, stored: StoredClient | None, credentials: Credentials) -> Client:
        if stored is None:
            raise InvalidClient
        if stored.secret_index is None:
            if credentials.secret is not None:
                raise InvalidClient
            return stored.client
        if credentials.secret is None or not self._vault.vouches(
            Use.CLIENT_SECRET, credentials.secret, stored.secret_index
        ):
            raise InvalidClient
        self._counted(stored.client)
        return stored.client


def claimed(credentials: Credentials, network: str | None) -> Actor:
    """The actor a caller claims to be, before it is known: only an id of ours is worth writing down."""
    shown = credentials.client_id if ids.possible(credentials.client_id) else None
    return Actor(ActorKind.CLIENT, shown, shown, network)


def known(client: Client, actor: Actor) -> Actor:
    """The actor once its credentials held."""
    return actor if actor.id == client.id else actor._replace(id=client.id, client_id=client.id)
