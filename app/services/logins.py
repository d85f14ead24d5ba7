"""How does a subscriber sign in through a front end of the bank's own? One stored log-in, proven step by step."""

import contextlib
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from app.assertion import authorization_code, pkce
from app.assertion import client as registration
from app.assertion.authorization_code import AuthorizationCode
from app.assertion.claims import Authentication
from app.assertion.client import Client, Grant
from app.assertion.oauth import UnauthorizedClient
from app.core import ids
from app.core.entropy import Entropy, text
from app.core.ids import LoginId, SessionId
from app.core.refusal import Refusal, Unavailable
from app.core.secret import Secret
from app.gateways.passwords import Passwords
from app.mfa import login as rules
from app.mfa.contact_address import identifier
from app.mfa.guessing import Keys
from app.mfa.login import AuthenticationResult, Login, LoginClosed, OutOfOrder, State, WrongProof
from app.mfa.password_policy import expires_at
from app.services.authenticators import AuthenticatorBinder, StoredPassword
from app.services.clients import Clients, Credentials, claimed, known
from app.services.journal import Act, Journal
from app.services.known_devices import KnownDevices
from app.services.login_steps import LoginSteps, Progress, claimant, progress_of
from app.services.outbox import Outbox
from app.services.vault import Use, Vault
from app.services.wording import Template
from app.storage.authenticators import Kind
from app.storage.subscribers import AccountState
from app.storage.work import Work


class PasswordExpired(Refusal, code="password_expired"):
    """The policy's age is reached: a new password must be set before this log-in can be completed (A6)."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a front end asks a log-in for."""

    identifier: Secret[str]
    code_challenge: str | None
    code_challenge_method: str | None
    scope: str | None
    resources: tuple[str, ...]
    device_token: Secret[str] | None = None


@dataclass(frozen=True, slots=True)
class Completed:
    """What a completed log-in hands out."""

    code: Secret[str]
    device_token: Secret[str]
    """To be shown at the next one."""


class Logins:
    """Log-ins at first-party clients."""

    def __init__(
        self,
        journal: Journal,
        vault: Vault,
        clients: Clients,
        steps: LoginSteps,
        binder: AuthenticatorBinder,
        devices: KnownDevices,
        outbox: Outbox,
        passwords: Passwords,
        entropy: Entropy,
    ) -> None:
        self._journal = journal
        self._database = journal.database
        self._clock = journal.clock
        self._vault = vault
        self._clients = clients
        self._steps = steps
        self._binder = binder
        self._devices = devices
        self._outbox = outbox
        self._passwords = passwords
        self._entropy = entropy

    async def begin(self, credentials: Credentials, asked: Asked, network: str | None) -> Progress:
        """A log-in for whoever was named; the answer is the same whether anybody has that name."""
        actor = claimed(credentials, network)
        async with self._journal.act("login.begin", actor) as act:
            client = await self._clients.recognised(credentials)
            act.actor = known(client, actor)
            if not client.first_party or Grant.AUTHORIZATION_CODE not in client.grants:
                raise UnauthorizedClient
            return await self._begun(act, client, asked)

    async def _begun(self, act: Act, client: Client, asked: Asked) -> Progress:
        name = identifier(asked.identifier.reveal())
        # Only where a token is shown a device may have to be ended.
        async with self._database.work() if asked.device_token else self._database.looking() as work:
            person_id = await work.subscribers.signing_in(self._vault.indexes(Use.ADDRESS, name))
            device_id = await self._devices.recognised(work, asked.device_token, person_id, client.id, act)
        login = rules.begin(
            LoginId(ids.named("lgn", self._entropy.draw(ids.NONCE_BYTES))),
            client_id=client.id,
            identifier_hash=self._vault.index(Use.ADDRESS, name),
            person_id=person_id,
            code_challenge=pkce.challenge(asked.code_challenge, asked.code_challenge_method),
            scopes=tuple(sorted(registration.granted(asked.scope, client))),
            resources=registration.targets(asked.resources, client),
            now=self._clock.now(),
            device_id=device_id,
        )
        act.object_id, act.subject = login.id, login.person_id
        async with self._database.writing() as work:
            await act.record_with(partial(work.logins.begin, login))
        return progress_of(login, by_sms=False)

    async def prove_password(self, login_id: str, password: Secret[str], network: str | None) -> Progress:
        """One password, one hash at full cost whoever it is; the try leaves its mark before it is refused (A28)."""
        async with self._journal.act("login.prove_password", claimant(network), object_id=login_id) as act:
            async with self._database.looking() as work:
                login, stored = await self._binder.password_at(work, login_id)
                keys = self._steps.keys(login, network)
                blocked = await self._steps.guesses.refuse_before_hashing(work, keys)
            matched = await self._passwords.verify(password.reveal(), None if stored is None else stored.hashed)
            if login is None:
                await self._steps.strike_network(network)
                raise WrongProof
            progress = None
            # A right password behind a block must take the road of a wrong one (A28).
            if matched and stored is not None and not blocked:
                progress = await self._proven(act, login, stored, keys)
            if progress is None:
                progress = await self._judged(act, login, stored, keys, matched)
            if stored is not None:
                await self._rehash(act, stored, password)
        return progress

    async def _proven(self, act: Act, login: Login, stored: StoredPassword, keys: Keys) -> Progress | None:
        """A right password taken in one statement; None: something has changed since it was read."""
        proven, refusal = login.prove_password(matched=True, now=self._clock.now())
        if refusal is not None:
            return None
        self._steps.tell(act, login)
        async with self._database.writing() as work:
            prove = partial(work.logins.prove, login, proven, stored.id, keys)
            found = await act.record_with(prove, strikes=proven.strikes)
        if found is None:
            return None
        return progress_of(proven, by_sms=self._steps.sms_allowed and found.has_phone)

    async def _judged(
        self,
        act: Act,
        read: Login,
        stored: StoredPassword | None,
        keys: Keys,
        matched: bool,  # noqa: FBT001  a fact
    ) -> Progress:
        """The outcome of a password on a log-in that is held meanwhile; behind a block none, whatever it was."""
        async with self._database.work() as work:
            login = await self._steps.locked(work, read.id, act)
            held = await self._steps.guesses.hold(work, keys)
            # Another may have taken its place while it was compared.
            matched = await self._binder.is_present(work, stored) and matched
            refusal: Refusal | None = held.refusal
            if refusal is None:
                login, refusal = login.prove_password(matched, now=self._clock.now())
            await self._steps.settle(work, act, login, keys, held, refusal)
            progress = await self._steps.progress(work, login)
        if refusal is not None:
            raise refusal
        return progress

    async def _rehash(self, act: Act, stored: StoredPassword, password: Secret[str]) -> None:
        """Rewrite an outdated hash at the log-in that proved its password (A13).

        Only once the proof is kept: a second hash before it would tell by its time that a guess is right, though a block
        hides it. What cannot be hashed now is rewritten at the next log-in.
        """
        with contextlib.suppress(Unavailable):
            rehashed = await self._binder.rehashed(password, stored.hashed)
            if rehashed is None:
                return
            async with self._database.work() as work:
                if await self._binder.is_present(work, stored):
                    await self._binder.reseal_password(work, stored, rehashed)
                    rewritten = self._journal.act(
                        "password.rehash", act.actor, subject=act.subject, object_id=stored.id
                    )
                    await rewritten.record(work)

    async def prove_totp(self, login_id: str, code: str, network: str | None) -> Progress:
        """One code, accepted once across all processes (A32)."""
        async with self._journal.act("login.prove_totp", claimant(network), object_id=login_id) as act:
            async with self._database.work() as work:
                login = await self._steps.locked(work, login_id, act)
                # Before the first proof nothing of the person is asked for, so that it takes as long for nobody (A28).
                person_id = login.person_id if login.proofs else None
                sealed = None if person_id is None else await work.authenticators.lock(person_id, Kind.TOTP)
                index = None if sealed is None else self._steps.app_index(sealed.id)
                keys = self._steps.keys(login, network, index)
                held = await self._steps.guesses.hold(work, keys)
                held.refuse()
                authenticator = None if sealed is None else await self._binder.totp(work, sealed)
                login, spent, refusal = login.prove_totp(authenticator, code, now=self._clock.now())
                if sealed is not None and spent is not None and refusal is None:
                    await work.authenticators.save(replace(sealed, last_step=spent.last_step))
                await self._steps.settle(work, act, login, keys, held, refusal)
                progress = await self._steps.progress(work, login)
            if refusal is not None:
                raise refusal
        return progress

    async def complete(self, login_id: str, network: str | None) -> Completed:
        """The authorization code, to be exchanged at the one door; the log-in is over, its failures forgotten (A25)."""
        async with self._journal.act("login.complete", claimant(network), object_id=login_id) as act:
            async with self._database.work() as work:
                login = await self._steps.locked(work, login_id, act)
                now = self._clock.now()
                completed, result = login.complete(now)
                await self._refuse_expired_password(work, login, now)
                await work.logins.save(completed)
                await self._steps.forget_failures(work, login)
                code = await self._authorization_code(work, login, result, network)
                token = await self._devices.handed_out(
                    work, login.device_id, result.person_id, login.client_id, network
                )
                act.actor = act.actor._replace(factors=tuple(result.amr))
                await act.record(work, acr=result.acr, device=login.device_id is not None)
        return Completed(code, token)

    async def change_password(self, login_id: str, password: Secret[str], network: str | None) -> Progress:
        """A new password in place of one that has expired, once every factor is proven; the old one may not return."""
        async with self._journal.act("password.change", claimant(network), object_id=login_id) as act:
            async with self._database.work() as work:
                login = await self._steps.locked(work, login_id, act)
                person_id = _proven_person(login, self._clock.now())
                words = await self._binder.own_words(work, person_id, by=act.actor)
                former = await self._binder.former_hashes(work, person_id)
            judged = self._binder.judge(password, words)
            await self._binder.refuse_reuse(judged, former)
            hashed = await self._binder.hash_password(judged)
            async with self._database.work() as work:
                login = await self._steps.locked(work, login_id, act)
                person_id = _proven_person(login, self._clock.now())
                # First the log-ins, then the password: whoever proves it holds them in this order too.
                await work.sessions.end_all(person_id, self._clock.now(), "password_changed", besides=login.id)
                await self._binder.replace_password(work, person_id, hashed, source=login.id)
                await self._outbox.tell(work, person_id, Template.PASSWORD_CHANGED, by=act.actor)
                progress = await self._steps.progress(work, login)
                await act.record(work, policy=self._binder.policy.name)
        return progress

    async def _authorization_code(
        self, work: Work, login: Login, result: AuthenticationResult, network: str | None
    ) -> Secret[str]:
        subscriber = await work.subscribers.find(result.person_id)
        # Disabled since the log-in began: over, like any other that cannot go on.
        if subscriber is None or subscriber.state is not AccountState.ACTIVE:
            raise LoginClosed
        code = Secret("hac_" + text(self._entropy.draw(authorization_code.CODE_BYTES)))
        session_id = SessionId(ids.named("ses", self._entropy.draw(ids.NONCE_BYTES)))
        await work.tokens.add_code(
            self._vault.mac(Use.AUTHORIZATION_CODE, code.reveal()),
            AuthorizationCode(
                client_id=login.client_id,
                person_id=result.person_id,
                code_challenge=login.code_challenge,
                scopes=frozenset(login.scopes),
                audiences=login.resources,
                authentication=Authentication(
                    result.acr, result.amr, result.auth_time, subscriber.ial, session_id, subscriber.ial_missing
                ),
                expires_at=self._clock.now() + authorization_code.LIFETIME,
            ),
            network,
        )
        return code

    async def _refuse_expired_password(self, work: Work, login: Login, now: datetime) -> None:
        sealed = None if login.person_id is None else await work.authenticators.find(login.person_id, Kind.PASSWORD)
        age_ends = None if sealed is None else expires_at(sealed.created_at, self._binder.policy)
        if age_ends is not None and now >= age_ends:
            raise PasswordExpired


def _proven_person(login: Login, now: datetime) -> ids.PersonId:
    state = login.state(now)
    if state is State.OPEN:
        raise OutOfOrder
    if state is not State.PROVEN or login.person_id is None:
        raise LoginClosed
    return login.person_id
