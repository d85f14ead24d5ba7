"""How does an applicant show that they are there? A challenge is opened, performed before us once, judged, and forgotten.

What is compared with the document afterwards is chosen here from the frames; nothing is uploaded for it (R83).
"""

from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from pydantic import TypeAdapter

from app.core import ids
from app.core.entropy import Entropy
from app.core.ids import ImageId
from app.core.refusal import NotFound, Unavailable
from app.gateways.vision import Vision, VisionFailed
from app.services.callers import PresentingCaller
from app.services.journal import Act, Journal
from app.services.liveness_tries import written
from app.services.places import Places
from app.services.policies import Policies
from app.services.proofing_view import opened_by
from app.services.vault import PersonVault, Sealed, Use, Vault
from app.storage.images import SealedImage
from app.storage.liveness import StoredChallenge
from app.storage.proofings import StoredProofing
from app.storage.work import Work
from app.verification.faces.liveness.challenge import (
    CHANCE_BYTES,
    Challenge,
    ChallengeOver,
    State,
    TriesOver,
    open_challenge,
)
from app.verification.faces.liveness.frame import Frame
from app.verification.faces.liveness.judgement import Judgement
from app.verification.faces.liveness.judging import judge
from app.verification.faces.quality import Box
from app.verification.policy import Policy, Thresholds
from app.verification.presenting import may_present
from app.verification.proofing import ImageKind, Move, Proofing

PERFORMING: Final = "liveness"
TRIES: Final = 3
"""For each submission (R115): whoever cannot do it in three is helped by people."""
JPEG: Final = "jpeg"
RETRY_AFTER_SECONDS: Final = 5
_CHALLENGE: TypeAdapter[Challenge] = TypeAdapter(Challenge)


@dataclass(frozen=True, slots=True)
class Sent:
    """One frame as the page sent it."""

    sequence: int
    client_ms: int
    jpeg: bytes


@dataclass(slots=True)
class Performance:
    """A challenge under way, held by the one connection that performs it."""

    proofing_id: str
    challenge: Challenge
    policy: Policy
    near: Box | None = None
    """Where the face was last."""
    described: dict[int, bytes] = field(default_factory=dict)
    """JPEG of the few frames of which one may be compared; all others are forgotten where they were looked at."""

    @property
    def limits(self) -> Thresholds:
        """Of the policy that was in force when it began."""
        return self.policy.thresholds

    def is_over(self) -> bool:
        """Whether there is nothing more to perform."""
        return self.challenge.state not in {State.OPEN, State.RUNNING}


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
        self._vision = vision
        self._policies = policies
        self._entropy = entropy
        self._places = Places(most)

    def place(self, proofing_id: str) -> AbstractContextManager[None]:
        """Room for one performance of this proofing; raises Unavailable where there is none, or it has one."""
        return self._places.taken(proofing_id)

    async def open(self, caller: PresentingCaller, proofing_id: str) -> Challenge:
        """Draw a challenge; an unfinished one before it comes to nothing. Raises ConsentNeeded, TriesOver."""
        async with self._journal.act("liveness.open", caller.actor(), object_id=proofing_id) as act:
            async with self._database.work() as work:
                stored = await self._presenting(work, act, caller, proofing_id)
                now, proofing = self._clock.now(), stored.proofing
                person = await self._vault.person(work, proofing.person_id)
                before = await work.liveness.unjudged(proofing.id)
                if before is not None:  # broken off: it counts among the tries
                    left = (await self._opened(person, before, act)).broken_off()
                    await self._judged(work, person, before, left, None)
                most = TRIES * (proofing.attempts + 1)
                if await work.liveness.count(proofing.id) >= most:
                    raise TriesOver(most=most)
                challenge_id = ids.named("liv", self._entropy.draw(ids.NONCE_BYTES))
                challenge = open_challenge(challenge_id, nonce=self._entropy.draw(CHANCE_BYTES), now=now)
                await work.liveness.add(
                    StoredChallenge(
                        id=challenge.id,
                        proofing_id=proofing.id,
                        person_id=proofing.person_id,
                        state=challenge.state,
                        sealed=_sealed(person, challenge),
                        opened_at=now,
                        expires_at=challenge.expires_at,
                    )
                )
                await act.record(work, challenge=challenge.id)
        return challenge

    async def state(self, caller: PresentingCaller, proofing_id: str, challenge_id: str) -> tuple[State, datetime]:
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
        return State.EXPIRED if over else State(found.state), found.expires_at

    async def begin(
        self, caller: PresentingCaller, proofing_id: str, challenge_id: str, *, mirrored: bool
    ) -> Performance:
        """Reveal the first prompt, once; from here on this connection alone performs it."""
        try:
            await self._vision.watch()
        except VisionFailed as failed:
            raise Unavailable(retry_after_seconds=RETRY_AFTER_SECONDS) from failed
        async with self._journal.act("liveness.begin", caller.actor(), object_id=proofing_id) as act:
            async with self._database.work() as work:
                stored = await self._presenting(work, act, caller, proofing_id)
                person, challenge = await self._held(work, act, stored, challenge_id)
                source = ids.named("con", self._entropy.draw(ids.NONCE_BYTES))
                begun = challenge.begin(source=source, mirrored=mirrored, now=self._clock.now())
                await work.liveness.save(begun.id, begun.state, _sealed(person, begun))
                policy = await self._policies.asked_for(work)
                await act.record(work, challenge=begun.id)
        return Performance(proofing_id, begun, policy)

    async def take(self, performance: Performance, sent: Sent) -> None:
        """Look at the next frame; raises the refusals of `verification.picture` and of the challenge, Unavailable."""
        before, arrived = performance.challenge, self._clock.now()
        server_ms = round(arrived.timestamp() * 1000)
        wanted = before.wants_descriptor(server_ms)
        try:
            view = await self._vision.read_frame(sent.jpeg, near=performance.near, wants_descriptor=wanted)
        except VisionFailed as failed:
            raise Unavailable(retry_after_seconds=RETRY_AFTER_SECONDS) from failed
        frame = Frame(sent.sequence, sent.client_ms, server_ms, view)
        performance.challenge = before.with_frames(
            [frame], source=before.source or "", limits=performance.limits, now=self._clock.now()
        )
        performance.near = None if view.face is None else view.face.box
        if view.face is not None and view.face.descriptor is not None:
            performance.described[frame.sequence] = sent.jpeg

    def passed(self, performance: Performance) -> None:
        """Nothing came for a while: a prompt may have gone unanswered."""
        performance.challenge = performance.challenge.seen(self._clock.now(), performance.limits)

    async def end(self, caller: PresentingCaller, performance: Performance) -> Judgement:
        """Judge what there is; where it succeeded, the picture it chose is the applicant's face from now on."""
        async with self._journal.act("liveness.judge", caller.actor(), object_id=performance.proofing_id) as act:
            async with self._database.work() as work:
                stored = await self._presenting(work, act, caller, performance.proofing_id)
                held = await work.liveness.lock(performance.challenge.id, stored.proofing.id)
                if held is None or held.judged_at is not None:
                    raise NotFound  # superseded by another, or forgotten with the consent
                person = await self._vault.person(work, stored.proofing.person_id)
                challenge = performance.challenge.broken_off()
                image_id = ImageId(ids.named("img", self._entropy.draw(ids.NONCE_BYTES)))
                judged = await self._judged(work, person, held, challenge, image_id)
                if judged.still is not None:
                    frame, jpeg = challenge.frames[judged.still], performance.described[judged.still]
                    await self._choose(work, person, stored.proofing, image_id, frame, jpeg)
                await act.record(work, None, challenge=held.id, **_told(judged))
        return judged

    async def _judged(
        self, work: Work, person: PersonVault, held: StoredChallenge, challenge: Challenge, image_id: ImageId | None
    ) -> Judgement:
        """Judge, and keep what was made of it; of what was performed nothing stays but hashes and figures."""
        policy = await self._policies.in_force(work)
        judged = judge(challenge, policy.thresholds, calibration=policy.liveness_calibration)
        await work.liveness.judge(
            held.id,
            state=challenge.state,
            verdict=judged.verdict,
            sealed_judgement=person.seal(Sealed.LIVENESS_JUDGEMENT, held.id, written(judged, challenge)),
            image_id=None if judged.still is None else image_id,
            at=self._clock.now(),
        )
        return judged

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
        return person, await self._opened(person, held, act)

    async def _opened(self, person: PersonVault, held: StoredChallenge, act: Act) -> Challenge:
        """The challenge as it was saved; a judged one is over, whatever it was."""
        if held.sealed is None:
            raise ChallengeOver
        plain = await person.open(Sealed.LIVENESS, held.id, held.sealed, by=act.actor, purpose=PERFORMING)
        return _CHALLENGE.validate_json(plain)


def _sealed(person: PersonVault, challenge: Challenge) -> bytes:
    return person.seal(Sealed.LIVENESS, challenge.id, _CHALLENGE.dump_json(challenge))


def _told(judged: Judgement) -> dict[str, str | int | None]:
    """For the event: which figures spoke against it, and where it is counted (R91)."""
    codes = " ".join(dict.fromkeys(finding.code for finding in judged.findings))
    return {"verdict": judged.verdict, "findings": codes, "frames": judged.frames, "counted": judged.count}
