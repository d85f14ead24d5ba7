"""Was nearly the same portrait sent for somebody else? Kept unreadable, looked for by its parts, compared whole."""

from collections.abc import Mapping, Sequence
from typing import Final

from app.core.audit import Actor
from app.core.ids import PersonId
from app.gateways.vision import Likenesses as Hashes
from app.services.vault import Sealed, Use, Vault
from app.storage.images import Candidate, SealedImage, SealedLikeness
from app.storage.work import Work
from app.verification.documents.authenticity.bands import bands, distance, probes
from app.verification.examination import Kind, Side
from app.verification.proofing import ImageKind

COMPARISON: Final = "comparison of portraits"
MOST_OPENED: Final = 8
"""Of the likeliest: each opening is an event in somebody else's record, and a copy has more parts in common than a stranger."""


class Likenesses:
    """The hashes of portraits, as they rest and as they are compared."""

    def __init__(self, vault: Vault, by: Actor) -> None:
        self._vault, self._by = vault, by

    async def keep(self, work: Work, person_id: PersonId, images: Mapping[str, SealedImage], hashes: Hashes) -> None:
        """Each with the picture it is of.

        In a unit before the one that looks: of two examined at once, at least one then finds the other.
        """
        person = await self._vault.person(work, person_id)
        for page, likeness in hashes.items():
            image = images[ImageKind.showing(*page)]
            indexes = tuple(self._vault.index(Use.LIKENESS, band.hex()) for band in bands(likeness))
            sealed = person.seal(Sealed.LIKENESS, image.id, likeness)
            await work.images.keep_likeness(image.id, SealedLikeness(sealed, indexes))

    async def nearest(
        self, work: Work, person_id: PersonId, hashes: Hashes, own: Sequence[bytes]
    ) -> dict[tuple[Kind, Side], int]:
        """In how many bits each page's portrait differs from the nearest in the proofing of somebody with another number.

        `own`: keyed hashes of the numbers shown. Pages without any that may be near are left out.
        """
        found = {}
        for page, likeness in hashes.items():
            wanted = [index for probe in probes(likeness) for index in self._vault.indexes(Use.LIKENESS, probe.hex())]
            candidates = await work.images.like_elsewhere(person_id, wanted, own, most=MOST_OPENED)
            apart = [distance(likeness, await self._opened(work, each)) for each in candidates]
            if apart:
                found[page] = min(apart)
        return found

    async def _opened(self, work: Work, candidate: Candidate) -> bytes:
        person = await self._vault.person(work, candidate.person_id)
        return await person.open(Sealed.LIKENESS, candidate.id, candidate.sealed, by=self._by, purpose=COMPARISON)
