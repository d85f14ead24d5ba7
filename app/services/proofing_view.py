"""How do its parties see a proofing? As it stands now, whose it is, and what its applicant has yet to give."""

from dataclasses import dataclass
from datetime import datetime

from app.core.refusal import NotFound
from app.services.callers import ApplicantCaller, CaptureCaller, ClientCaller, PresentingCaller
from app.services.vault import Use, Vault
from app.storage.proofings import StoredProofing
from app.storage.work import Work
from app.verification.presenting import still_needed
from app.verification.proofing import ImageKind, Proofing, State

CONTACT = "contact"
FIELD = "field:"
Caller = PresentingCaller | ClientCaller


@dataclass(frozen=True, slots=True)
class ProofingView:
    """A proofing as its parties may see it."""

    proofing: Proofing
    needed: tuple[str, ...]
    kinds: tuple[str, ...]
    answer_due_at: datetime | None = None
    """While people decide: by when."""


def opened_by(caller: Caller, stored: StoredProofing | None, vault: Vault) -> StoredProofing:
    """The proofing if it is the caller's; another's and none at all are one answer."""
    if stored is None:
        raise NotFound
    match caller:
        case ApplicantCaller():
            mine = vault.vouches(Use.APPLICANT_TOKEN, caller.token, stored.applicant_token_index)
        case CaptureCaller():
            mine = stored.proofing.id == caller.proofing_id
        case ClientCaller():
            mine = stored.proofing.client_id == caller.client_id
    if not mine:
        raise NotFound
    return stored


async def viewed(work: Work, proofing: Proofing, now: datetime) -> ProofingView:
    """The proofing as it stands at this moment, and what its applicant has yet to give."""
    seen = proofing.seen(now)
    kinds = await work.images.kinds(seen.id)
    under_review = await work.reviews.open_of(seen.id) if seen.state is State.REFERRED else None
    due_at = None if under_review is None else under_review.review.due_at
    return ProofingView(seen, await _needed(work, seen, kinds), kinds, due_at)


async def _needed(work: Work, proofing: Proofing, kinds: tuple[str, ...]) -> tuple[str, ...]:
    match proofing.state:
        case State.OPEN:
            untyped = [name for name, typed in (await work.proofings.fields(proofing.id)).items() if typed is None]
            missing = still_needed(await work.consents.of(proofing.id), [ImageKind(kind) for kind in kinds])
            return (*missing, *(f"{FIELD}{name}" for name in untyped))
        case State.ACCEPTED:
            return (CONTACT,)
        case State.BINDING:
            return await work.authenticators.unbound(proofing.person_id)
        case _:
            return ()
