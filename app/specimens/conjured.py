"""How is a specimen drawn that leads to one reason? An honest one with just one thing wrong."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

import cv2
import numpy as np

from app.specimens.applicant import Upload
from app.specimens.canvas import Picture, to_picture
from app.specimens.degradations import blurred, darkened, shrunk, with_glare
from app.specimens.magic import KINDS, Magic
from app.specimens.people import CardTruth, Sex, check_character, number_for, random_card, years_later
from app.specimens.photograph import Capture, Photograph, desk, photograph
from app.specimens.portraits import Portrait, selfie
from app.specimens.resident_card import alter_number, draw_emblem_side, draw_portrait_side

AGE_AT_ISSUE, TERM_YEARS = 30, 20
"""居民身份证法 Art. 5: from 26 to 45 a card runs 20 years (R28)."""
BIRTHDAY = (8, 26)
"""Of all of them: digits that no reader takes for others."""
WALL = (1280, 960)
Written = Callable[[CardTruth, date], CardTruth]
Seen = Callable[[Photograph], Photograph]


@dataclass(frozen=True, slots=True)
class Faces:
    """Who may be photographed."""

    holder: Portrait
    stranger: Portrait
    seed: int


def honest_card(name: str, seed: int, on: date) -> CardTruth:
    """A woman's card of three to four years; another seed gives another number."""
    start = years_later(on, -3) - timedelta(days=seed % 300)
    drawn = random_card(seed, on, Sex.FEMALE)
    named = replace(drawn, person=replace(drawn.person, name=name, ethnicity="汉"))
    return issued(named, start, years=TERM_YEARS, age=AGE_AT_ISSUE)


def issued(card: CardTruth, start: date, *, years: int | None, age: int) -> CardTruth:
    """The card as issued that day to a holder of that age or a year more, its number agreeing."""
    birth = date(start.year - age - 1, *BIRTHDAY)
    number = number_for(card.person.number[:2], birth, int(card.person.number[14:17]))
    valid_to = None if years is None else years_later(start, years)
    return replace(card, person=replace(card.person, birth=birth, number=number), valid_from=start, valid_to=valid_to)


def numbered(card: CardTruth, first_17: str) -> CardTruth:
    """The card with this number, its check character right."""
    return replace(card, person=replace(card.person, number=first_17 + check_character(first_17)))


def of_a_man(card: CardTruth, _on: date) -> CardTruth:
    """An odd sequence number is a man's (R7)."""
    number = card.person.number
    return numbered(card, f"{number[:14]}{int(number[14:17]) + 1:03d}")


def born_later(card: CardTruth, _on: date) -> CardTruth:
    """Printed a year after what the number says."""
    return replace(card, person=replace(card.person, birth=years_later(card.person.birth, 1)))


WRITTEN: Final[Mapping[Magic, Written]] = {
    Magic.NUMBER_BIRTH_IMPOSSIBLE: lambda card, _: numbered(
        card, f"{card.person.number[:10]}0230{card.person.number[14:17]}"
    ),
    Magic.NUMBER_PROVINCE_UNKNOWN: lambda card, _: numbered(card, f"10{card.person.number[2:17]}"),
    Magic.PERMIT_CONTRADICTION: lambda card, _: numbered(
        replace(card, valid_to=years_later(card.valid_from, 5)), f"81{card.person.number[2:17]}"
    ),
    Magic.SEX_DIFFERS: of_a_man,
    Magic.BIRTH_DIFFERS: born_later,
    Magic.NOT_YET_VALID: lambda card, on: issued(card, on + timedelta(days=30), years=TERM_YEARS, age=AGE_AT_ISSUE),
    Magic.TEMPORARY_CARD: lambda card, on: replace(
        card, valid_from=on - timedelta(days=10), valid_to=on + timedelta(days=80)
    ),
    Magic.TERM_UNKNOWN: lambda card, _: replace(
        card, valid_to=years_later(card.valid_from, TERM_YEARS) + timedelta(days=11)
    ),
    Magic.TERM_WRONG_FOR_AGE: lambda card, _: issued(card, card.valid_from, years=10, age=AGE_AT_ISSUE),
    Magic.LONG_TERM_TOO_YOUNG: lambda card, _: issued(card, card.valid_from, years=None, age=AGE_AT_ISSUE),
    Magic.GUARDIAN_NEEDED: lambda card, on: issued(card, years_later(on, -1), years=5, age=13),
    Magic.AGE_IMPLAUSIBLE: lambda card, on: issued(card, years_later(on, -3), years=None, age=122),
    Magic.AUTHORITY_UNUSUAL: lambda card, _: replace(card, authority="云津市人民政府"),
    Magic.EXPIRED: lambda card, on: issued(
        card, years_later(on - timedelta(days=30), -TERM_YEARS), years=TERM_YEARS, age=AGE_AT_ISSUE
    ),
}
"""What a card says that should not."""
SEEN: Final[Mapping[Magic, Seen]] = {
    Magic.CARD_NOT_FOUND: lambda photo: replace(photo, pixels=without_card()),
    Magic.CARD_GLARE: with_glare,
    Magic.CARD_DARK: darkened,
    Magic.CARD_SMALL: shrunk,
}
"""What is wrong with the photograph of the portrait side."""


def magic_upload(magic: Magic, seed: int, on: date, holder: Portrait, stranger: Portrait) -> Upload:
    """Three pictures that lead where KINDS says, on the day `on`."""
    honest = honest_card(KINDS[magic].name, seed, on)
    written = WRITTEN[magic](honest, on) if magic in WRITTEN else honest
    drawing = draw_portrait_side(written, holder.for_card())
    if magic is Magic.NUMBER_CHECK_WRONG:
        drawing = alter_number(drawing)
    portrait = photograph(drawing, Capture(seed=seed))
    emblem = photograph(draw_emblem_side(written), Capture(seed=seed + 1))
    if magic in SEEN:
        portrait = SEEN[magic](portrait)
    if magic is Magic.CARD_BLURRED:  # of the other side: a portrait out of focus is no longer surely the holder's
        emblem = blurred(emblem)
    if magic is Magic.WRONG_SIDE:
        portrait = photograph(draw_emblem_side(written), Capture(seed=seed))
    return Upload(drawing.truth, portrait.jpeg(), emblem.jpeg(), face(magic, Faces(holder, stranger, seed)))


def face(magic: Magic, faces: Faces) -> bytes:
    """The photograph of the applicant's face."""
    own = selfie(faces.holder, faces.seed)
    if magic is Magic.FACE_DIFFERS:
        return selfie(faces.stranger, faces.seed)
    if magic is Magic.FACE_ABSENT:
        return jpeg(without_card(WALL))
    if magic is Magic.FACES_MANY:
        return jpeg(np.hstack([pixels(own), smaller(pixels(selfie(faces.stranger, faces.seed)))]))
    if magic is Magic.FACE_BLURRED:
        return jpeg(np.asarray(cv2.GaussianBlur(pixels(own), (0, 0), 6.0), np.uint8))
    return own


def smaller(picture: Picture) -> Picture:
    """At half the size, as tall as before."""
    half = cv2.resize(picture, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    below = picture.shape[0] - half.shape[0]
    return np.asarray(cv2.copyMakeBorder(half, 0, below, 0, 0, cv2.BORDER_REPLICATE), np.uint8)


def without_card(frame: tuple[int, int] = (1600, 1200)) -> Picture:
    """A plain surface."""
    return to_picture(desk(Capture(frame=frame), np.random.default_rng(0)))


def pixels(octets: bytes) -> Picture:
    """A picture of ours, decoded."""
    return np.asarray(cv2.imdecode(np.frombuffer(octets, np.uint8), cv2.IMREAD_COLOR), np.uint8)


def jpeg(picture: Picture) -> bytes:
    """As a phone sends it."""
    return cv2.imencode(".jpg", picture, (cv2.IMWRITE_JPEG_QUALITY, 92))[1].tobytes()
