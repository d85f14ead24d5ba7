"""What does one applicant send? The two sides of a drawn card and a face, as a front end would upload them."""

from dataclasses import dataclass
from datetime import date

from app.specimens.people import CardTruth, Sex, random_card
from app.specimens.photograph import Capture, photograph
from app.specimens.portraits import Portrait, selfie
from app.specimens.resident_card import alter_number, draw_emblem_side, draw_portrait_side


@dataclass(frozen=True, slots=True)
class Upload:
    """Three JPEG pictures, and what a perfect reader would find on the card."""

    truth: CardTruth
    portrait_side: bytes
    emblem_side: bytes
    face: bytes
    """A rendition of the very photograph on the card, not a second photograph."""


def honest_upload(seed: int, on: date, portrait: Portrait) -> Upload:
    """A card valid `on` that day, and its holder's own face; both portraits we have are of women."""
    truth = random_card(seed, on, Sex.FEMALE)
    return Upload(
        truth=truth,
        portrait_side=photograph(draw_portrait_side(truth, portrait.for_card()), Capture(seed=seed)).jpeg(),
        emblem_side=photograph(draw_emblem_side(truth), Capture(seed=seed + 1)).jpeg(),
        face=selfie(portrait, seed),
    )


def retaken_upload(upload: Upload, seed: int, portrait: Portrait) -> Upload:
    """The same card and person, photographed anew."""
    truth = upload.truth
    portrait_side = photograph(draw_portrait_side(truth, portrait.for_card()), Capture(seed=seed)).jpeg()
    emblem_side = photograph(draw_emblem_side(truth), Capture(seed=seed + 1)).jpeg()
    return Upload(truth, portrait_side, emblem_side, selfie(portrait, seed))


def impostor_upload(seed: int, on: date, portrait: Portrait, stranger: Portrait) -> Upload:
    """The same card, but the face of somebody else."""
    honest = honest_upload(seed, on, portrait)
    return Upload(honest.truth, honest.portrait_side, honest.emblem_side, selfie(stranger, seed))


def forged_upload(seed: int, on: date, portrait: Portrait) -> Upload:
    """The holder's own face, but one digit of the number painted over; the truth is what the card now says."""
    honest = honest_upload(seed, on, portrait)
    forged = alter_number(draw_portrait_side(honest.truth, portrait.for_card()))
    altered_side = photograph(forged, Capture(seed=seed)).jpeg()
    return Upload(forged.truth, altered_side, honest.emblem_side, honest.face)
