"""How does a proofing come to a phone or a kiosk? By a code that is good once, swapped for a session of this proofing alone."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import segno

from app.core import ids
from app.core.audit import Actor, ActorKind
from app.core.entropy import Entropy, text
from app.core.ids import CaptureId
from app.core.refusal import Refusal
from app.core.secret import Secret
from app.services.callers import ApplicantCaller, CaptureCaller, Origin, PresentingCaller
from app.services.doors import Unauthenticated
from app.services.journal import Journal
from app.services.policies import Policies
from app.services.proofing_view import opened_by
from app.services.vault import Use, Vault
from app.storage.work import Work
from app.verification import capture
from app.verification.capture import OVER, Capture, CaptureCodeInvalid
from app.verification.consents import Purpose
from app.verification.evidence import SECONDARY, SIDES
from app.verification.examination import Kind
from app.verification.policy import Assessed
from app.verification.proofing import IllegalMove

ENTRANCE = "/capture"
AT_A_BRANCH = SECONDARY | {Kind.TEMPORARY_CARD}
"""Not chosen on the page: no account is opened on them from afar."""
ASKED_FOR: Final = {
    Assessed.FACE_SEARCH: Purpose.FACE_SEARCH,
    Assessed.FIT_ON_GALLERY: Purpose.FACE_FIT,
    Assessed.BLOCK_LIST: Purpose.FACE_BLOCK_LIST,
}
"""The consent that each assessed purpose needs besides (R97)."""


@dataclass(frozen=True, slots=True)
class OpenedCapture:
    """A way in; the code is shown this once."""

    id: CaptureId
    code: Secret[str]
    address: Secret[str]
    qr_svg: Secret[str]
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Entered:
    """What the code was swapped for; the token goes into a cookie."""

    token: Secret[str]
    capture: Capture


@dataclass(frozen=True, slots=True)
class Offered:
    """What the page has for whoever enters it."""

    kinds: tuple[Kind, ...]
    optional: tuple[Purpose, ...]
    """What may be consented to besides, each by itself (R96); a purpose that is off is not asked for (R101)."""


class Captures:
    """Codes, and who entered by them."""

    def __init__(self, journal: Journal, vault: Vault, policies: Policies, entropy: Entropy, *, issuer: str) -> None:
        self._journal = journal
        self._database = journal.database
        self._clock = journal.clock
        self._vault = vault
        self._policies = policies
        self._entropy = entropy
        self._issuer = issuer

    async def open(self, caller: ApplicantCaller, proofing_id: str, *, kiosk: bool) -> OpenedCapture:
        """A code for this proofing, and where it leads; raises NotFound, IllegalMove where nothing is left to do."""
        code = "hcc_" + text(self._entropy.draw(capture.CODE_BYTES))
        capture_id = CaptureId(ids.named("cap", self._entropy.draw(ids.NONCE_BYTES)))
        async with self._journal.act("capture.open", caller.actor(), object_id=capture_id) as act:
            async with self._database.work() as work:
                proofing = opened_by(caller, await work.proofings.find(proofing_id), self._vault).proofing
                act.subject = proofing.person_id
                now = self._clock.now()
                state = proofing.seen(now).state
                if state in OVER:
                    raise IllegalMove(state=state.value, move="capture")
                made = capture.opened(capture_id, proofing.id, kiosk=kiosk, now=now)
                await work.captures.add(made, self._vault.mac(Use.CAPTURE_CODE, code))
                await act.record(work, proofing=proofing.id, kiosk=kiosk)
        address = f"{self._issuer}{ENTRANCE}?code={code}"
        svg = segno.make_qr(address).svg_inline(scale=4, border=4)
        return OpenedCapture(capture_id, Secret(code), Secret(address), Secret(svg), made.expires_at)

    async def is_for_kiosk(self, code: Secret[str]) -> bool:
        """Whether it was made for a machine that others stand before next; says nothing of whether it can still be used."""
        async with self._database.looking() as work:
            found = await work.captures.find(self._vault.macs(Use.CAPTURE_CODE, code.reveal()))
        return found is not None and found.kiosk

    async def enter(self, code: Secret[str], origin: Origin) -> Entered:
        """Spend the code; raises CaptureCodeInvalid. Whoever entered this proofing elsewhere before is on the page no longer."""
        token = Secret("hct_" + text(self._entropy.draw(capture.TOKEN_BYTES)))
        async with self._journal.act("capture.enter", Actor(ActorKind.ANYONE, network=origin.network)) as act:
            async with self._database.work() as work:
                now = self._clock.now()
                found = await work.captures.find(self._vault.macs(Use.CAPTURE_CODE, code.reveal()))
                if found is None:
                    raise CaptureCodeInvalid
                act.object_id = found.id
                # The proofing first: two codes of one proofing would each hold their own and wait for the other's.
                stored = await work.proofings.lock(found.proofing_id)
                held = await work.captures.lock(found.id)
                if stored is None or held is None or stored.proofing.seen(now).state in OVER:
                    raise CaptureCodeInvalid
                act.subject = stored.proofing.person_id
                entered = held.enter(proofing_ends_at=stored.proofing.expires_at, now=now)
                await work.captures.enter(entered, self._vault.mac(Use.CAPTURE_TOKEN, token.reveal()))
                ended = await work.captures.end_others(entered, now)
                await act.record(work, proofing=entered.proofing_id, kiosk=entered.kiosk, ended=ended)
        return Entered(token, entered)

    async def admit(self, token: Secret[str], origin: Origin) -> CaptureCaller:
        """Whoever is on the page; raises Unauthenticated, which is remembered before it is spoken (A120)."""
        try:
            async with self._database.work() as work:
                found = await self._alive(work, token)
                await work.captures.use(found, self._clock.now())
        except Unauthenticated as refusal:
            await self._remember(refusal, origin)
            raise
        return CaptureCaller(found.id, found.proofing_id, found.kiosk, origin)

    async def offered(self) -> Offered:
        """What may be shown and what is asked here; documents that only support another come with it (R53)."""
        async with self._database.work() as work:
            policy = await self._policies.asked_for(work)
        kinds = tuple(kind for kind in SIDES if kind in policy.documents and kind not in AT_A_BRANCH)
        assessed = tuple(purpose for needed, purpose in ASKED_FOR.items() if policy.may(needed))
        return Offered(kinds, (Purpose.FACE_ENROLMENT, *assessed))

    async def end(self, caller: CaptureCaller) -> None:
        """Leave the page: the cookie opens nothing from now on."""
        async with self._journal.act("capture.end", caller.actor(), object_id=caller.capture_id) as act:
            async with self._database.work() as work:
                found = await work.captures.lock(caller.capture_id)
                if found is not None:
                    await work.captures.end(found, self._clock.now())
                await act.record(work)

    async def _alive(self, work: Work, token: Secret[str]) -> Capture:
        found = await work.captures.lock_session(self._vault.macs(Use.CAPTURE_TOKEN, token.reveal()))
        now = self._clock.now()
        if found is None or not found.is_alive(now):
            raise Unauthenticated
        stored = await work.proofings.find(found.proofing_id)
        if stored is None or stored.proofing.seen(now).state in OVER:
            raise Unauthenticated
        return found

    async def _remember(self, refusal: Refusal, origin: Origin) -> None:
        anyone = Actor(ActorKind.ANYONE, network=origin.network)
        await self._journal.act("caller.admit", anyone).record_alone(refusal, flaw=None, scope=None)


async def still_there(
    find: Callable[[CaptureId], Awaitable[Capture | None]], caller: PresentingCaller, now: datetime
) -> None:
    """Whoever was admitted once and is filmed since is on the page yet; raises Unauthenticated where their session was ended."""
    if not isinstance(caller, CaptureCaller):
        return
    found = await find(caller.capture_id)
    if found is None or found.is_over(now):
        raise Unauthenticated
