"""What is kept of the liveness challenges of one proofing? Sealed while they are performed, judged, and read again at the decision.

What was made of a try outlives the consent to look at the face: figures and hashes are the record of the decision (R104, R106),
and whoever was taken for an attack would otherwise need no second person once they withdraw (R113).
"""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from pydantic import TypeAdapter

from app.core.audit import Actor
from app.core.ids import ImageId
from app.services.refused_faces import count_refusals
from app.services.vault import PersonVault, Sealed, Vault
from app.storage.images import SealedImage
from app.storage.liveness import StoredChallenge
from app.storage.work import Work
from app.verification.faces.liveness.challenge import Challenge, ChallengeOver, ChallengeState
from app.verification.faces.liveness.judgement import Judgement, Verdict
from app.verification.faces.liveness.judging import judge
from app.verification.policy import Policy
from app.verification.proofing import Proofing

DECISION: Final = "decision"
PERFORMING: Final = "liveness"
_CHALLENGE: TypeAdapter[Challenge] = TypeAdapter(Challenge)
_JUDGEMENT: TypeAdapter[Judgement] = TypeAdapter(Judgement)


@dataclass(frozen=True, slots=True)
class Tries:
    """Liveness challenges of one proofing."""

    chosen: Judgement | None
    """Of that which the picture of the face was chosen from."""
    failed: tuple[Judgement, ...]


def written(judged: Judgement, challenge: Challenge) -> bytes:
    """What is kept of a try: figures, and SHA-256 of every frame, from which nobody's face comes back."""
    hashes = [frame.view.sha256 for frame in challenge.frames]
    return json.dumps({"judgement": _JUDGEMENT.dump_python(judged, mode="json"), "frames": hashes}).encode()


async def keep(
    work: Work,
    vault: Vault,
    held: StoredChallenge,
    challenge: Challenge,
    judged: Judgement,
    image_id: ImageId | None,
    *,
    by: Actor,
    at: datetime,
) -> None:
    """Keep what was made of a try; of what was performed nothing stays but hashes and figures."""
    counts = () if judged.count is None else (judged.count,)
    person = await vault.person(work, held.person_id)
    sealed = person.seal(Sealed.LIVENESS_JUDGEMENT, held.id, written(judged, challenge))
    if held.judged_at is not None:  # when it was given up, by somebody who knew nothing of what was performed
        # Whoever judges a second time, since the first answer was lost on its way, counts nothing twice.
        if judged.verdict is Verdict.ATTACK and await work.liveness.accuse(
            held.id, verdict=judged.verdict, sealed_judgement=sealed
        ):
            await count_refusals(work, vault, counts, held.person_id, by=by, at=at)
        return
    await work.liveness.judge(
        held.id,
        state=challenge.state,
        verdict=judged.verdict,
        sealed_judgement=sealed,
        image_id=None if judged.still is None else image_id,
        at=at,
    )
    await count_refusals(work, vault, counts, held.person_id, by=by, at=at)


async def give_up(work: Work, vault: Vault, proofing: Proofing, policy: Policy, *, by: Actor, at: datetime) -> None:
    """Judge the try that is not over, if there is one, by nothing: broken off, it counts among the tries.

    Whoever performs it is looked at no more; what they were seen to do until then is written to it by them (R82).
    One that nobody began is no try, and leaves nothing.
    """
    held = await work.liveness.unjudged(proofing.id)
    if held is None:
        return
    if held.state == ChallengeState.OPEN:
        await work.liveness.remove(held.id)
        return
    challenge = (await opened(await vault.person(work, proofing.person_id), held, by=by)).broken_off()
    await keep(work, vault, held, challenge, judged_by(challenge, policy), None, by=by, at=at)


async def unbegun(work: Work, person: PersonVault, proofing: Proofing, *, by: Actor, at: datetime) -> Challenge | None:
    """The challenge of this proofing that was drawn and not begun, its time anew; None: there is none."""
    held = await work.liveness.unjudged(proofing.id)
    if held is None or held.state != ChallengeState.OPEN:
        return None
    challenge = (await opened(person, held, by=by)).renewed(at)
    await work.liveness.renew(
        held.id, sealed=sealed_try(person, challenge), opened_at=at, expires_at=challenge.expires_at
    )
    return challenge


async def opened(person: PersonVault, held: StoredChallenge, *, by: Actor) -> Challenge:
    """A challenge as it rests; raises ChallengeOver of a judged one, whatever it was."""
    if held.sealed is None:
        raise ChallengeOver
    plain = await person.open(Sealed.LIVENESS, held.id, held.sealed, by=by, purpose=PERFORMING)
    return _CHALLENGE.validate_json(plain)


async def tries_of(
    work: Work, person: PersonVault, proofing: Proofing, face: SealedImage | None, *, by: Actor
) -> Tries:
    """Every try that was judged; `face`: the picture of the applicant's face as it is now."""
    held = await work.liveness.judged(proofing.id)
    judged = [(each.image_id, await _judgement(person, each, by)) for each in held]
    chosen = [judgement for image_id, judgement in judged if face is not None and image_id == face.id]
    return Tries(chosen[-1] if chosen else None, tuple(each for image_id, each in judged if image_id is None))


def judged_by(challenge: Challenge, policy: Policy) -> Judgement:
    """What a policy makes of it."""
    return judge(challenge, policy.thresholds, calibration=policy.liveness_calibration)


def sealed_try(person: PersonVault, challenge: Challenge) -> bytes:
    """A challenge under way, as it rests."""
    return person.seal(Sealed.LIVENESS, challenge.id, _CHALLENGE.dump_json(challenge))


def told(judged: Judgement) -> dict[str, str | int | None]:
    """For the event: which figures spoke against it, and where it is counted (R91)."""
    codes = " ".join(dict.fromkeys(finding.code for finding in judged.findings))
    return {"verdict": judged.verdict, "findings": codes, "frames": judged.frames, "counted": judged.count}


async def _judgement(person: PersonVault, held: StoredChallenge, by: Actor) -> Judgement:
    kept = await person.open(Sealed.LIVENESS_JUDGEMENT, held.id, held.sealed_judgement or b"", by=by, purpose=DECISION)
    return _JUDGEMENT.validate_python(json.loads(kept)["judgement"])
