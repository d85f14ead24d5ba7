"""What can be drawn, and what can be done to it? Names alone: whoever asks for a list needs no OpenCV."""

from enum import StrEnum


class Kind(StrEnum):
    """The kinds of document that can be drawn, named as their readers name them."""

    RESIDENT_CARD = "resident_card"
    RESIDENCE_PERMIT = "residence_permit"
    PERMANENT_RESIDENT_CARD = "permanent_resident_card"
    TEMPORARY_CARD = "temporary_card"
    DRIVING_LICENCE = "driving_licence"
    PASSPORT = "passport"
    IDENTITY_CARD = "identity_card"
    VISA = "visa"


class Degradation(StrEnum):
    """What can go wrong with a picture, or be done to it."""

    PERSPECTIVE = "perspective"
    BLUR = "blur"
    GLARE = "glare"
    SHADOW = "shadow"
    UNEVEN_LIGHT = "uneven_light"
    JPEG = "jpeg"
    NOISE = "noise"
    DARK = "dark"
    OVER_EXPOSED = "over_exposed"
    SHRUNK = "shrunk"
    CUT_AT_EDGE = "cut_at_edge"
    OCCLUDED = "occluded"
    PATTERNED_TABLE = "patterned_table"
    SEVERAL_CARDS = "several_cards"
    BOTH_SIDES = "both_sides"
    PAGE_OF_TEXT = "page_of_text"
    HAND_DRAWN = "hand_drawn"
    SCREEN = "screen"
    PHOTOCOPY = "photocopy"
    EDITED_DIGIT = "edited_digit"
    """The check character is the old one."""
    EDITED_DIGIT_CHECKED = "edited_digit_checked"
    """The check character was made right again."""
    SWAPPED_PORTRAIT = "swapped_portrait"
