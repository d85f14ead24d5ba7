"""What is held before the camera? Drawn specimens with a real portrait; the same in every test."""

from datetime import date
from functools import cache

from app.specimens.degradations import blurred, darkened
from app.specimens.people import Sex, random_card
from app.specimens.photograph import Capture, Photograph, photograph
from app.specimens.portraits import astronaut
from app.specimens.resident_card import draw_emblem_side, draw_portrait_side

TRUTH = random_card(2026, date(2026, 11, 22), Sex.FEMALE)
NEAR = Capture(seed=2026, card_share=0.8, lean_degrees=3, turn_degrees=2)
"""Held into the outline, as the page asks."""


@cache
def portrait_side() -> Photograph:
    """The side with the portrait, in good light."""
    return photograph(draw_portrait_side(TRUTH, astronaut().for_card()), NEAR)


@cache
def emblem_side() -> Photograph:
    """The other side."""
    return photograph(draw_emblem_side(TRUTH), NEAR)


@cache
def out_of_focus() -> Photograph:
    """The side with the portrait, blurred beyond reading."""
    return blurred(portrait_side())


@cache
def in_the_dark() -> Photograph:
    """The same without a lamp."""
    return darkened(portrait_side())
