"""What is kept of the liveness challenges of one proofing? Sealed while they are performed, judged, and read again at the decision."""

import json
from dataclasses import dataclass
from typing import Final

from pydantic import TypeAdapter

from app.core.audit import Actor
from app.services.vault import PersonVault, Sealed
from app.storage.images import SealedImage
from app.storage.liveness import StoredChallenge
from app.storage.work import Work
from app.verification.faces.liveness.challenge import Challenge
from app.verification.faces.liveness.judgement import Judgement
from app.verification.faces.liveness.judging import judge
from app.verification.policy import Policy
from app.verification.proofing import Proofing

DECISION: Final = "decision"
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


async def tries_of(
    work: Work, person: PersonVault, proofing: Proofing, face: SealedImage | None, *, by: Actor
) -> Tries:
    """Every try that was judged; `face`: the picture of the applicant's face as it is now."""
    held = await work.liveness.judged(proofing.id)
    judged = [(each.image_id, await _opened(person, each, by)) for each in held]
    chosen = [judgement for image_id, judgement in judged if face is not None and image_id == face.id]
    return Tries(chosen[-1] if chosen else None, tuple(each for image_id, each in judged if image_id is None))


def judged_by(challenge: Challenge, policy: Policy) -> Judgement:
    """What a policy makes of it."""
    return judge(challenge, policy.thresholds, calibration=policy.liveness_calibration)


def sealed_try(person: PersonVault, challenge: Challenge) -> bytes:
    """A challenge under way, as it rests."""
    return person.seal(Sealed.LIVENESS, challenge.id, _CHALLENGE.dump_json(challenge))


def opened_try(plain: bytes) -> Challenge:
    """The challenge that rested so."""
    return _CHALLENGE.validate_json(plain)


def told(judged: Judgement) -> dict[str, str | int | None]:
    """For the event: which figures spoke against it, and where it is counted (R91)."""
    codes = " ".join(dict.fromkeys(finding.code for finding in judged.findings))
    return {"verdict": judged.verdict, "findings": codes, "frames": judged.frames, "counted": judged.count}


async def _opened(person: PersonVault, held: StoredChallenge, by: Actor) -> Judgement:
    kept = await person.open(Sealed.LIVENESS_JUDGEMENT, held.id, held.sealed_judgement or b"", by=by, purpose=DECISION)
    return _JUDGEMENT.validate_python(json.loads(kept)["judgement"])
