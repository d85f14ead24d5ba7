"""How does an applicant become known? Open, consent, present evidence, submit; each a unit of work."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass, replace
from datetime import timedelta

from app.core import ids
from app.core.entropy import Entropy, text
from app.core.ids import ImageId, ProofingId
from app.core.refusal import Unavailable
from app.gateways.vision import Vision, VisionFailed
from app.mfa.contact_address import Channel, normalised
from app.services import first_face
from app.services.callers import ApplicantCaller, ClientCaller, PresentingCaller
from app.services.journal import Act, Detail, Journal
from app.services.places import Places
from app.services.policies import Policies
from app.services.proofing_view import Caller, ProofingView, opened_by, viewed
from app.services.vault import Sealed, Use, Vault
from app.storage.images import SealedImage
from app.storage.notices import Notices
from app.storage.proofings import StoredProofing
from app.storage.work import Work
from app.verification.asked import without
from app.verification.consents import OF_FACES, Consent, Purpose
from app.verification.known import NOTHING_KNOWN, Known
from app.verification.notices import notice
from app.verification.presenting import accepted, may_present, may_upload, room_for, still_needed
from app.verification.proofing import WHOSE_MOVE, ImageKind, Move, Mover, Proofing, State

TOKEN_BYTES = 32
RETRY_AFTER_SECONDS = 5
FULL_RETRY_AFTER_SECONDS = 60
PICTURES_AT_ONCE = 32
"""Held in memory by one process, each of 15 MB at most."""
OF_ONE_PROOFING = 4
"""Of these, at once: both sides of two documents."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the applicant answered to one notice."""

    purpose: Purpose
    given: bool
    text_sha256: str
    channel: str


class Proofings:
    """The applicant's road up to the decision."""

    def __init__(
        self,
        journal: Journal,
        vault: Vault,
        vision: Vision,
        notices: Notices,
        policies: Policies,
        entropy: Entropy,
        *,
        life: timedelta,
        most_waiting: int,
    ) -> None:
        self._journal = journal
        self._database = journal.database
        self._clock = journal.clock
        self._vault = vault
        self._vision = vision
        self._notices = notices
        self._policies = policies
        self._entropy = entropy
        self._life = life
        self._most_waiting = most_waiting
        self._places = Places(PICTURES_AT_ONCE, of_one=OF_ONE_PROOFING)

    async def open(
        self, caller: ClientCaller, *, language: str, customer_ref: str | None, known: Known = NOTHING_KNOWN
    ) -> tuple[ProofingView, str]:
        """A new proofing and the applicant token good for it alone, shown once, kept as a keyed hash; raises InvalidAddress."""
        token = "hat_" + text(self._entropy.draw(TOKEN_BYTES))
        now = self._clock.now()
        proofing_id = ProofingId(ids.named("prf", self._entropy.draw(ids.NONCE_BYTES)))
        async with self._journal.act("proofing.open", caller.actor(), object_id=proofing_id) as act:
            async with self._database.work() as work:
                person_id = await self._vault.new_person(work)
                proofing = Proofing(
                    id=proofing_id,
                    person_id=person_id,
                    client_id=caller.client_id,
                    state=State.OPEN,
                    language=language,
                    customer_ref=customer_ref,
                    created_at=now,
                    changed_at=now,
                    expires_at=now + self._life,
                )
                sealed = None
                if known != NOTHING_KNOWN:
                    if known.phone is not None:
                        known = replace(known, phone=normalised(Channel.PHONE, known.phone))
                    person = await self._vault.person(work, person_id)
                    sealed = person.seal(Sealed.KNOWN, proofing_id, json.dumps(asdict(known), default=str).encode())
                await work.proofings.add(proofing, self._vault.mac(Use.APPLICANT_TOKEN, token), sealed)
                act.subject = person_id
                await act.record(work)
        return ProofingView(proofing, still_needed((), ()), ()), token

    async def answer(self, caller: PresentingCaller, proofing_id: str, answer: Answer) -> ProofingView:
        """Record the applicant's answer to a notice; a refused or withdrawn face consent deletes the face at once (R109)."""
        async with self._journal.act("proofing.answer_notice", caller.actor(), object_id=proofing_id) as act:
            async with self._database.work() as work:
                stored = await self._mine(work, caller, proofing_id)
                act.subject = stored.proofing.person_id
                shown = notice(answer.purpose, answer.text_sha256)
                now = self._clock.now()
                refused = answer.purpose in OF_FACES and not answer.given
                proofing = stored.proofing.move(Move.REFUSE_FACE if refused else Move.CONSENT, now=now)
                await work.consents.add(
                    proofing,
                    Consent(
                        answer.purpose, answer.given, shown.version, shown.sha256, shown.language, answer.channel, now
                    ),
                )
                let_go: dict[str, Detail] = {}
                if refused:
                    policy, by = await self._policies.in_force(work), act.actor
                    let_go = await first_face.withdraw(
                        work, self._vault, proofing, answer.purpose, policy, by=by, at=now
                    )
                await work.proofings.save(proofing)
                facts = {"purpose": answer.purpose.value, "text_version": shown.version}
                await act.record(work, None, given=answer.given, **facts, **let_go)
                return await viewed(work, proofing, now)

    async def present(
        self, caller: PresentingCaller, proofing_id: str, kind: ImageKind, read: Callable[[], Awaitable[bytes]]
    ) -> ProofingView:
        """Take one picture: allowed? then read, and decoded beside us, sealed, stored in place of an earlier one of its kind.

        Nothing is read for whoever may not present it: a stranger could fill our memory otherwise.
        """
        async with self._journal.act("proofing.present", caller.actor(), object_id=proofing_id) as act:
            async with self._database.work() as work:
                stored = await self._mine(work, caller, proofing_id)
                act.subject = stored.proofing.person_id
                stored.proofing.move(Move.PRESENT, now=self._clock.now())
                may_present(kind, await work.consents.of(stored.proofing.id))
                policy = await self._policies.asked_for(work)
                accepted(kind, policy.documents)
                may_upload(kind, requires_liveness=policy.requires_liveness)
                room_for(kind, await work.images.kinds(stored.proofing.id))
            with self._places.taken(f"{proofing_id} {kind}", proofing_id):
                octets = await read()
                return await self._take(act, caller, proofing_id, kind, octets)

    async def _take(
        self, act: Act, caller: PresentingCaller, proofing_id: str, kind: ImageKind, octets: bytes
    ) -> ProofingView:
        try:
            picture = await self._vision.intake(octets)
        except VisionFailed as failed:
            raise Unavailable(retry_after_seconds=RETRY_AFTER_SECONDS) from failed
        image_id = ImageId(ids.named("img", self._entropy.draw(ids.NONCE_BYTES)))
        async with self._database.work() as work:
            stored = await self._mine(work, caller, proofing_id)
            now = self._clock.now()
            proofing = stored.proofing.move(Move.PRESENT, now=now)
            # Asked again: consent may have been withdrawn, or another kind come, while the picture was being decoded.
            may_present(kind, await work.consents.of(proofing.id))
            room_for(kind, await work.images.kinds(proofing.id))
            person = await self._vault.person(work, proofing.person_id)
            await work.images.put(
                SealedImage(
                    id=image_id,
                    proofing_id=proofing.id,
                    person_id=proofing.person_id,
                    kind=kind,
                    sealed=person.seal(Sealed.IMAGE, image_id, octets),
                    sha256_index=self._vault.index(Use.IMAGE, picture.sha256),
                    format=picture.format,
                    width=picture.width,
                    height=picture.height,
                    software=picture.traces.software,
                    at=now,
                )
            )
            await work.proofings.keep_fields(proofing.id, without(await work.proofings.fields(proofing.id), kind))
            await work.proofings.save(proofing)
            await act.record(work, kind=kind, format=picture.format, width=picture.width, height=picture.height)
            return await viewed(work, proofing, now)

    async def submit(self, caller: PresentingCaller, proofing_id: str) -> ProofingView:
        """Hand over for examination; the job exists if and only if the state moved. Raises Unavailable while too many wait."""
        async with self._journal.act("proofing.submit", caller.actor(), object_id=proofing_id) as act:
            async with self._database.work() as work:
                stored = await self._mine(work, caller, proofing_id)
                act.subject = stored.proofing.person_id
                now = self._clock.now()
                missing = (await viewed(work, stored.proofing, now)).needed
                proofing = stored.proofing.submit(missing, now=now)
                if await work.jobs.examinations_waiting(self._most_waiting) >= self._most_waiting:
                    # Shed here, where all that is lost is one request: the pictures stay, and log-ins go on.
                    raise Unavailable(retry_after_seconds=FULL_RETRY_AFTER_SECONDS)
                await work.proofings.save(proofing)
                await work.jobs.examine(proofing.id)
                await act.record(work)
                return await viewed(work, proofing, now)

    async def withdraw(self, caller: ApplicantCaller, proofing_id: str) -> ProofingView:
        """The applicant takes everything back: pictures, address, messages and what was measured go at once (R97)."""
        async with self._journal.act("proofing.withdraw", caller.actor(), object_id=proofing_id) as act:
            async with self._database.work() as work:
                stored = await self._mine(work, caller, proofing_id)
                act.subject = stored.proofing.person_id
                now = self._clock.now()
                proofing = stored.proofing.move(Move.WITHDRAW, now=now)
                await work.images.remove_all(proofing.id)
                under_review = await work.reviews.open_of(proofing.id)
                if under_review is not None:
                    await work.reviews.save(under_review.review.closed(now=now))
                await work.proofings.save(proofing)
                await work.leftovers.forget(proofing.id, proofing.person_id)
                await act.record(work)
                return await viewed(work, proofing, now)

    async def read(self, caller: Caller, proofing_id: str, *, wait: timedelta = timedelta()) -> ProofingView:
        """The proofing now, or, while the move is ours, as soon as it changes within `wait`."""
        async with self._journal.act("proofing.read", caller.actor(), object_id=proofing_id) as act:
            changed = self._notices.watch(proofing_id)
            loop = asyncio.get_running_loop()
            deadline = loop.time() + wait.total_seconds()
            try:
                view = await self._look(caller, proofing_id)
                # More than once: the first notice to come may be of what this caller did itself.
                while WHOSE_MOVE[view.proofing.state] is Mover.US and loop.time() < deadline:
                    await _set_until(changed, deadline)
                    changed.clear()
                    view = await self._look(caller, proofing_id)
            finally:
                self._notices.unwatch(proofing_id, changed)
            act.subject = view.proofing.person_id
            async with self._database.work() as work:
                await act.record(work)
            return view

    async def _look(self, caller: Caller, proofing_id: str) -> ProofingView:
        async with self._database.work() as work:
            stored = await work.proofings.find(proofing_id)
            return await viewed(work, opened_by(caller, stored, self._vault).proofing, self._clock.now())

    async def _mine(self, work: Work, caller: PresentingCaller, proofing_id: str) -> StoredProofing:
        return opened_by(caller, await work.proofings.lock(proofing_id), self._vault)


async def _set_until(event: asyncio.Event, deadline: float) -> None:
    try:
        async with asyncio.timeout_at(deadline):
            await event.wait()
    except TimeoutError:
        return
