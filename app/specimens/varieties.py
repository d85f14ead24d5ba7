"""Which resident cards are unusual? With a second script, a rare character, or an address of three full lines; R36-R40."""

from dataclasses import replace
from datetime import date
from enum import StrEnum
from typing import Final

import numpy as np

from app.specimens.canvas import Picture
from app.specimens.faces import BUILT_IN, Face, chinese_faces
from app.specimens.people import DOTTED_NAMES, CardTruth, pick, random_card
from app.specimens.resident_card import ADDRESS_CHARACTERS, CardDrawing, draw_emblem_side, draw_portrait_side
from app.specimens.second_script import SecondScript, second_scripts


class Variety(StrEnum):
    """What is unusual about a card."""

    PLAIN = "plain"
    BILINGUAL = "bilingual"
    DOTTED = "dotted"
    """A name with ·."""
    RARE = "rare"
    """A character few readers know; only of those for which the face has a glyph."""
    LONG_ADDRESS = "long_address"


OF_EIGHT: Final = (
    Variety.PLAIN, Variety.PLAIN, Variety.LONG_ADDRESS, Variety.PLAIN, Variety.BILINGUAL, Variety.DOTTED,
    Variety.PLAIN, Variety.RARE,
)  # fmt: skip
"""By the seed; plain ones may have a dot or three lines too."""
RARE_CHARACTERS: Final = "㛃䶮𬭎㸆犇翀祎昇龑喆堃赟頔甯"
"""Of the names that banks could not enter, those of GB 18030-2022's new levels first."""
ESTATE: Final = "新城国际花园示范小区二期"


def variety_of(seed: int) -> Variety:
    """The variety that `draw_resident_card` draws."""
    return OF_EIGHT[seed % len(OF_EIGHT)]


def draw_resident_card(
    seed: int, on: date, portrait: Picture, face: Face = BUILT_IN
) -> tuple[CardDrawing, CardDrawing]:
    """Both sides of a card that is valid on that day, every eighth of each unusual kind."""
    return draw_variety(variety_of(seed), seed, on, portrait, face)


def draw_variety(
    variety: Variety, seed: int, on: date, portrait: Picture, face: Face = BUILT_IN
) -> tuple[CardDrawing, CardDrawing]:
    """Both sides of a card of this variety."""
    chance = np.random.default_rng((seed, 36))
    truth, second = random_card(seed, on), None
    if variety is Variety.BILINGUAL:
        second = pick(chance, second_scripts())
        truth = at_home(truth, second, chance)
    if variety is Variety.DOTTED:
        name, ethnicity = pick(chance, DOTTED_NAMES[truth.person.sex])
        truth = replace(truth, person=replace(truth.person, name=name, ethnicity=ethnicity))
    if variety is Variety.RARE:
        face = rarest(face)
        known = tuple(character for character in RARE_CHARACTERS if face.has(character))
        name = truth.person.name.split("·")[0][:2] + pick(chance, known)
        truth = replace(truth, person=replace(truth.person, name=name))
    if variety is Variety.LONG_ADDRESS:
        truth = replace(truth, person=replace(truth.person, address=long_address(truth, chance)))
    return (
        draw_portrait_side(truth, portrait, face=face, second=second),
        draw_emblem_side(truth, face=face, second=second),
    )


def at_home(truth: CardTruth, second: SecondScript, chance: np.random.Generator) -> CardTruth:
    """Its holder is of the people whose script it is, and named so."""
    names = second.names.get(truth.person.sex, (truth.person.name.split("·")[0],))
    return replace(truth, person=replace(truth.person, name=pick(chance, names), ethnicity=second.ethnicity))


def rarest(face: Face) -> Face:
    """Of the installed faces the one that knows most of the rare characters."""
    return max((face, *chinese_faces()), key=lambda each: sum(map(each.has, RARE_CHARACTERS)))


def long_address(truth: CardTruth, chance: np.random.Generator) -> str:
    """Three full lines, or nearly."""
    head = f"{truth.person.address.split('号')[0]}号{ESTATE}"
    flat = f"{chance.integers(1, 30)}号楼{chance.integers(1, 5)}单元{chance.integers(101, 3005)}室"
    return f"{head}{flat}"[: 3 * ADDRESS_CHARACTERS]
