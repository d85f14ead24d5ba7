"""Who is tried, where everybody's time is compared? A house of its own on a throw-away PostgreSQL, and seven names in it."""

import base64
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import psycopg
from passlib.context import CryptContext
from pydantic import SecretStr

from app.assertion.client import ClientKind, Grant
from app.building import Ground, ground, house_of
from app.cli.keys import make_first
from app.cli.migrate import upgrade
from app.core import ids
from app.core.acr import Ial
from app.core.entropy import SystemEntropy
from app.core.ids import ClientId, PersonId, ProofingId
from app.core.secret import Secret
from app.embedded import EmbeddedPostgres
from app.gateways.passwords import Passwords
from app.gateways.vision.null import NullVision
from app.mfa.contact_address import Channel, normalised
from app.mfa.guessing import Counter, Key
from app.mfa.password import normalised as hashable
from app.services.clients import Credentials
from app.services.logins import Asked, Logins
from app.services.vault import Sealed, Use
from app.settings import Settings
from app.storage.authenticators import Kind, SealedAuthenticator, State
from app.storage.notices import Notices
from app.storage.subscribers import AccountState, Alias, AlsoKnown, Subscriber
from tests.flows.house import seen

PASSWORD = "Kranich-Lotus-47"  # noqa: S105  opens nothing
CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"  # RFC 7636 appendix B
CORE = "https://core.bank.example"
CHEAPEST = {"argon2__type": "ID", "argon2__memory_cost": 8, "argon2__rounds": 1, "argon2__parallelism": 1}
"""The least argon2 can do: any difference beside the hash is as visible as it can be."""
OLD = "pbkdf2_sha256"
NOBODY_ELSE = AlsoKnown((), (), (), frozenset())
NETWORK = "203.0.113.9"
UNKNOWN, KNOWN, DISABLED, NO_PASSWORD, OLD_HASH, LOCKED, LOCKED_UNKNOWN = (
    "unknown", "known", "disabled", "without password", "with an old hash", "locked", "locked, unknown",
)  # fmt: skip
PHONES = {
    name: f"1380013800{number}"
    for number, name in enumerate((UNKNOWN, KNOWN, DISABLED, NO_PASSWORD, OLD_HASH, LOCKED, LOCKED_UNKNOWN))
}
IS_LOCKED = frozenset({LOCKED, LOCKED_UNKNOWN})
PROOFING = (
    "INSERT INTO proofings (id, person_id, client_id, state, language, applicant_token_index, created_at, changed_at, "
    "expires_at) VALUES (%s, %s, %s, 'enrolled', 'zh-CN', %s, now(), now(), now())"
)


@dataclass(frozen=True, slots=True)
class Bench:
    """The services, and who asks them."""

    base: Ground
    logins: Logins
    credentials: Credentials

    def asked(self, name: str) -> Asked:
        """A log-in for one of the names."""
        return Asked(Secret(PHONES[name]), CHALLENGE, "S256", "account:read", (CORE,))

    async def make_even(self, name: str) -> None:
        """The counters as this name's next try is to find them: nothing failed but what locks it."""
        now = self.base.clock.now()
        block = Counter(0, None, now, 5, 1, now + timedelta(hours=1)) if name in IS_LOCKED else Counter(struck_at=now)
        vault = self.base.vault
        async with self.base.database.work() as work:
            await work.guesses.save(Key.IDENTIFIER, vault.index(Use.ADDRESS, _address(name)), block)
            await work.guesses.save(Key.NETWORK, vault.index(Use.NETWORK, NETWORK), Counter(struck_at=now))


@contextmanager
def founded() -> Iterator[Settings]:
    """A throw-away PostgreSQL with the house's tables and keys in it."""
    with tempfile.TemporaryDirectory(prefix="hufu-timing-", dir="/tmp") as named:
        folder = Path(named)
        folder.chmod(0o711)
        server = EmbeddedPostgres.prepare(folder, durable=False)
        key = folder / "master.key"
        key.write_text(base64.b64encode(SystemEntropy().draw(32)).decode())
        key.chmod(0o600)
        with server:
            upgrade(server.owner_url)
            yield Settings(
                data=folder,
                issuer="https://hufu.example",
                master_key_file=key,
                database_url=SecretStr(server.app_url.reveal()),
                owner_database_url=SecretStr(server.owner_url.reveal()),
                database_connections=2,
            )
        server.erase()


@asynccontextmanager
async def bench(settings: Settings) -> AsyncIterator[Bench]:
    """Everything real but the cost of a hash."""
    await make_first(settings)
    base = await ground(settings)
    try:
        async with _opened(base, settings) as made:
            yield made
    finally:
        await base.database.close()


@asynccontextmanager
async def _opened(base: Ground, settings: Settings) -> AsyncIterator[Bench]:
    context = CryptContext(["argon2", OLD], deprecated="auto", **CHEAPEST, **{f"{OLD}__rounds": 1})
    passwords = Passwords(context, dummy_secret="nobody's", threads=1)  # noqa: S106
    try:
        house = house_of(base, NullVision(seen()), Notices(settings.application_url()), passwords)
        client, _ = await house.clients.create(
            name="app", kind=ClientKind.FRONTEND, purpose="timing", scopes=["account:read"], audiences=[CORE],
            grants=[Grant.AUTHORIZATION_CODE], first_party=True, confidential=False,
        )  # fmt: skip
        hashes = {
            KNOWN: context.hash(hashable(PASSWORD)), LOCKED: context.hash(hashable(PASSWORD)),
            DISABLED: context.hash(hashable(PASSWORD)), OLD_HASH: context.handler(OLD).hash(PASSWORD), NO_PASSWORD: None,
        }  # fmt: skip
        for name, hashed in hashes.items():
            await _enrol(base, settings.owner_url(), client.id, name, hashed)
        yield Bench(base, house.logins, Credentials(client.id, None))
    finally:
        passwords.close()


async def _enrol(base: Ground, owner_url: str, client_id: ClientId, name: str, hashed: str | None) -> None:
    """An account as enrolment leaves it; nobody's documents are read here."""
    now, address = base.clock.now(), _address(name)
    async with base.database.work() as work:
        person_id = await base.vault.new_person(work)
    proofing_id = ProofingId(_drawn(base, "prf"))
    with psycopg.connect(owner_url, autocommit=True) as connection:
        connection.execute(PROOFING, (proofing_id, person_id, client_id, base.entropy.draw(32)))
    state = AccountState.DISABLED if name == DISABLED else AccountState.ACTIVE
    async with base.database.work() as work:
        person = await base.vault.person(work, person_id)
        sealed = person.seal(Sealed.ATTRIBUTES, person_id, b"{}")
        number = base.entropy.draw(32)
        account = Subscriber(person_id, proofing_id, None, state, Ial.IAL2, "zh-CN", sealed, number, now)
        index = base.vault.index(Use.ADDRESS, address)
        sealed = person.seal(Sealed.ALIAS, person_id, address.encode())
        await work.subscribers.add(account, Alias(Channel.PHONE, index, person_id, sealed, now), NOBODY_ELSE)
        if hashed is not None:
            authenticator_id = ids.AuthenticatorId(_drawn(base, "aut"))
            sealed = person.seal(Sealed.AUTHENTICATOR, authenticator_id, hashed.encode())
            bound = SealedAuthenticator(authenticator_id, PersonId(person_id), Kind.PASSWORD, State.ACTIVE, sealed, proofing_id, now, bound_at=now)  # fmt: skip
            await work.authenticators.add(bound)


def _drawn(base: Ground, prefix: str) -> str:
    return ids.named(prefix, base.entropy.draw(ids.NONCE_BYTES))


def _address(name: str) -> str:
    return normalised(Channel.PHONE, PHONES[name])
