"""How does an applicant show that they are there? A challenge is opened, performed before us once, judged, and forgotten.

What is compared with the document afterwards is chosen here from the frames; nothing is uploaded for it (R83).
"""

import asyncio
from collections.abc import Sequence
from contextlib import AbstractContextManager, ExitStack
from datetime import datetime
from typing import Final

from app.core import ids
from app.core.entropy import Entropy
from app.core.ids import ImageId, ProofingId
from app.core.refusal import NotFound, Refusal, Unavailable
from app.gateways.vision import Vision
from app.services.callers import PresentingCaller
from app.services.captures import still_there
from app.services.journal import Act, Journal
from app.services.liveness_tries import give_up, judged_by, keep, opened, sealed_try, told, unbegun
from app.services.performance import Performance, Sent
from app.services.places import Places
from app.services.policies import Policies
from app.services.proofing_view import opened_by
from app.services.vault import PersonVault, Sealed, Use, Vault
from app.services.watching import Watching
from app.storage.images import SealedImage
from app.storage.liveness import StoredChallenge
from app.storage.proofings import StoredProofing
from app.storage.work import Work
from app.verification.faces.liveness.challenge import (
    CHANCE_BYTES,
    Challenge,
    ChallengeState,
    TriesOver,
    open_challenge,
)
from app.verification.faces.liveness.frame import Frame
from app.verification.faces.liveness.judgement import Judgement, Verdict
from app.verification.faces.liveness.line import not_shown
from app.verification.presenting import may_present
from app.verification.proofing import ImageKind, Move, Proofing

TRIES: Final = 3
"""For each submission (R115): whoever cannot do it in three is helped by people."""
JPEG: Final = "jpeg"


class Liveness:
    """Challenges of proofings."""

    def __init__(
        self, journal: Journal, vault: Vault, vision: Vision, policies: Policies, entropy: Entropy, *, most: int
    ) -> None:
        """`most`: performances at once, of this process; more would starve each other of frames."""
        self._journal = journal
        self._database = journal.database
        self._clock = journal.clock
        self._vault = vault
        self._watching = Watching(vision, self._clock)
        self._policies = policies
        self._entropy = entropy
        self._places = Places(most)

    def place(self, proofing_id: str) -> AbstractContextManager[None]:
        """Room for one performance of this proofing; raises Unavailable where there is none, or it has one."""
        return self._places.taken(proofing_id)

    async def room(self, caller: PresentingCaller, proofing_id: str, challenge_id: str) -> ExitStack:
        """The same for whoever may perform it; a stranger is told nothing of whether somebody does. Raises NotFound."""
        room = ExitStack()
        try:
            room.enter_context(self.place(proofing_id))
        except Unavailable:
            await self.state(caller, proofing_id, challenge_id)
            raise
        return room

    async def open(self, caller: PresentingCaller, proofing_id: str) -> Challenge:
        """Draw a challenge, or hand back the one that nobody began: it was no try. One under way comes to nothing.

        Raises ConsentNeeded, TriesOver, Unavailable.
        """
        await self._watching.ready()
        async with self._journal.act("liveness.open", caller.actor(), object_id=proofing_id) as act:
            async with self._database.work() as work:
                stored = await self._presenting(work, act, caller, proofing_id)
                now, proofing = self._clock.now(), stored.proofing
                person = await self._vault.person(work, proofing.person_id)
                challenge = await unbegun(work, person, proofing, by=act.actor, at=now)
                if challenge is None:
                    challenge = await self._drawn(work, act, person, proofing, now)
                await act.record(work, challenge=challenge.id)
        return challenge

    async def _drawn(self, work: Work, act: Act, person: PersonVault, proofing: Proofing, now: datetime) -> Challenge:
        """A further one; raises TriesOver."""
        policy = await self._policies.in_force(work)
        await give_up(work, self._vault, proofing, policy, by=act.actor, at=now)
        most = TRIES * (proofing.attempts + 1)
        had, spoilt = await work.liveness.count(proofing.id)
        # Given back no more often than there are: whoever knew how to kill who looks would draw until it suits them.
        if had - min(spoilt, most) >= most:
            raise TriesOver(most=most)
        challenge_id = ids.named("liv", self._entropy.draw(ids.NONCE_BYTES))
        challenge = open_challenge(challenge_id, nonce=self._entropy.draw(CHANCE_BYTES), now=now)
        await work.liveness.add(
            StoredChallenge(
                id=challenge.id,
                proofing_id=proofing.id,
                person_id=proofing.person_id,
                state=challenge.state,
                sealed=sealed_try(person, challenge),
                opened_at=now,
                expires_at=challenge.expires_at,
            )
        )
        return challenge

    async def state(
        self, caller: PresentingCaller, proofing_id: str, challenge_id: str
    ) -> tuple[ChallengeState, datetime]:
        """Where a challenge stands, and when it is over."""
        async with self._journal.act("liveness.read", caller.actor(), object_id=proofing_id) as act:
            async with self._database.work() as work:
                stored = opened_by(caller, await work.proofings.find(proofing_id), self._vault)
                act.subject = stored.proofing.person_id
                found = await work.liveness.find(challenge_id, stored.proofing.id)
                if found is None:
                    raise NotFound
                await act.record(work)
        over = found.judged_at is None and self._clock.now() >= found.expires_at
        return ChallengeState.EXPIRED if over else ChallengeState(found.state), found.expires_at

    async def begin(
        self, caller: PresentingCaller, proofing_id: str, challenge_id: str, *, mirrored: bool
    ) -> Performance:
        """Reveal the first prompt, once; from here on this connection alone performs it. Raises Unavailable."""
        await self._watching.ready()
        async with self._journal.act("liveness.begin", caller.actor(), object_id=proofing_id) as act:
            async with self._database.work() as work:
                stored = await self._presenting(work, act, caller, proofing_id)
                person, challenge = await self._held(work, act, stored, challenge_id)
                source = ids.named("con", self._entropy.draw(ids.NONCE_BYTES))
                begun = challenge.begin(source=source, mirrored=mirrored, now=self._clock.now())
                await work.liveness.save(begun.id, begun.state, sealed_try(person, begun))
                policy = await self._policies.asked_for(work)
                await act.record(work, challenge=begun.id)
        return Performance(proofing_id, begun, policy)

    async def take(self, caller: PresentingCaller, performance: Performance, batch: Sequence[Sent]) -> None:
        """Look at the next frames, which came together; what they reveal is shown after all of them.

        Raises the refusals of `verification.picture` and of the challenge, Unavailable.
        """
        before = performance.challenge
        looked = await self._watching.look(performance, batch)
        performance.challenge = before.with_frames(
            looked, source=before.source or "", limits=performance.limits, now=self._clock.now()
        )
        if len(performance.challenge.prompts) > len(before.prompts):
            await self._still_held(caller, performance)

    async def _still_held(self, caller: PresentingCaller, performance: Performance) -> None:
        """Whoever withdrew meanwhile, here or by another process, is not looked at until the end (R109).

        Nor is whoever left the page, or went on elsewhere. Raises NotFound, Unauthenticated.
        """
        async with self._database.looking() as work:
            await still_there(work.captures.by_id, caller, self._clock.now())
            held = await work.liveness.find(performance.challenge.id, ProofingId(performance.proofing_id))
        if held is None or held.judged_at is not None:
            raise NotFound

    def passed(self, performance: Performance) -> None:
        """Nothing came for a while: a prompt may have gone unanswered."""
        performance.challenge = performance.challenge.seen(self._clock.now(), performance.limits)

    async def end(self, caller: PresentingCaller, performance: Performance) -> Judgement:
        """Judge what there is; where it succeeded, the picture it chose is the applicant's face from now on.

        Who withdraws, submits, opens another, leaves or goes on elsewhere meanwhile is refused, but what was seen of an
        attack stays seen (R82).
        """
        challenge = performance.challenge.broken_off()
        judged = await asyncio.to_thread(judged_by, challenge, performance.policy)  # 120 ms of 750 frames
        judged = judged.spoilt() if performance.spoilt else judged
        async with self._journal.act("liveness.judge", caller.actor(), object_id=performance.proofing_id) as act:
            async with self._database.work() as work:
                stored = opened_by(caller, await work.proofings.lock(performance.proofing_id), self._vault)
                act.subject = stored.proofing.person_id
                held = await work.liveness.lock(challenge.id, stored.proofing.id)
                if held is None:  # forgotten with the whole proofing
                    raise NotFound
                refusal = await self._too_late(work, caller, stored.proofing, held)
                judged = judged if refusal is None else judged.late()
                person = await self._vault.person(work, stored.proofing.person_id)
                image_id = ImageId(ids.named("img", self._entropy.draw(ids.NONCE_BYTES)))
                now = self._clock.now()
                await keep(work, self._vault, held, challenge, judged, image_id, by=act.actor, at=now)
                if judged.still is not None:
                    frame, jpeg = challenge.frames[judged.still], performance.described[judged.still]
                    await self._choose(work, person, stored.proofing, image_id, frame, jpeg)
                await act.record(work, refusal, challenge=held.id, **told(judged))
            if refusal is not None:
                raise refusal
        return judged

    async def outcome(
        self, caller: PresentingCaller, performance: Performance, met: Refusal | None = None
    ) -> Refusal | None:
        """What is said of it in the end, `met` being what broke it off; None: it succeeded. Judged whoever still listens."""
        try:
            judged = await self.end(caller, performance)
        except Refusal as refusal:  # withdrawn meanwhile
            return refusal
        if judged.verdict is Verdict.BONA_FIDE:
            return None
        return met or not_shown(performance.challenge, performance.limits)

    async def _too_late(
        self, work: Work, caller: PresentingCaller, proofing: Proofing, held: StoredChallenge
    ) -> Refusal | None:
        """Why nothing can come of a try that was under way."""
        try:
            # Held: whoever ends the session meanwhile does so after this, or this is refused.
            await still_there(work.captures.lock, caller, self._clock.now())
            proofing.move(Move.PRESENT, now=self._clock.now())
            may_present(ImageKind.FACE, await work.consents.of(proofing.id))
        except Refusal as refusal:
            return refusal
        return None if held.judged_at is None else NotFound()  # another was opened

    async def _choose(
        self, work: Work, person: PersonVault, proofing: Proofing, image_id: ImageId, frame: Frame, jpeg: bytes
    ) -> None:
        """Make the chosen frame the proofing's picture of the face."""
        now = self._clock.now()
        await work.images.put(
            SealedImage(
                id=image_id,
                proofing_id=proofing.id,
                person_id=proofing.person_id,
                kind=ImageKind.FACE,
                sealed=person.seal(Sealed.IMAGE, image_id, jpeg),
                sha256_index=self._vault.index(Use.IMAGE, frame.view.sha256),
                format=JPEG,
                width=frame.view.width,
                height=frame.view.height,
                software=None,
                at=now,
            )
        )
        await work.proofings.save(proofing.move(Move.PRESENT, now=now))

    async def _presenting(self, work: Work, act: Act, caller: PresentingCaller, proofing_id: str) -> StoredProofing:
        """The caller's proofing, held, while evidence may be presented and the face may be looked at (R95)."""
        stored = opened_by(caller, await work.proofings.lock(proofing_id), self._vault)
        act.subject = stored.proofing.person_id
        stored.proofing.move(Move.PRESENT, now=self._clock.now())
        may_present(ImageKind.FACE, await work.consents.of(stored.proofing.id))
        return stored

    async def _held(
        self, work: Work, act: Act, stored: StoredProofing, challenge_id: str
    ) -> tuple[PersonVault, Challenge]:
        held = await work.liveness.lock(challenge_id, stored.proofing.id)
        if held is None:
            raise NotFound
        person = await self._vault.person(work, stored.proofing.person_id)
        return person, await opened(person, held, by=act.actor)
