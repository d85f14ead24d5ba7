"""Does each way of spoiling a picture change it in the way its name says, and keep the truth where it can?"""

from collections.abc import Callable
from datetime import date

import cv2
import numpy as np
import pytest

from app.specimens.canvas import Picture
from app.specimens.kinds import draw
from app.specimens.names import Degradation, Kind
from app.specimens.photograph import Capture, Photograph, photograph, rectified
from app.specimens.spoiling import (
    WAYS,
    Family,
    Shot,
    Spoiled,
    applies,
    place_in,
    readable,
    severity_beyond,
    severity_for,
    spoiled,
)

TODAY = date(2026, 1, 15)
GREY, STRANGER = np.full((380, 310, 3), 128, np.uint8), np.full((380, 310, 3), 70, np.uint8)
PORTRAIT, EMBLEM = draw(Kind.RESIDENT_CARD, 3, TODAY, GREY)
CAPTURE = Capture(seed=3, frame=(1000, 750))
SHOT = Shot(PORTRAIT, CAPTURE, STRANGER, EMBLEM)
CLEAN = photograph(PORTRAIT, CAPTURE)


def gone_wrong(degradation: Degradation, severity: float | None = None, shot: Shot = SHOT) -> Spoiled:
    return spoiled(degradation, shot, WAYS[degradation].most if severity is None else severity)


def part(photo: Photograph, box: tuple[int, int, int, int]) -> Picture:
    """A place of the document, as the photograph shows it."""
    left, top, width, height = box
    return rectified(photo)[top : top + height, left : left + width]


def detail(photo: Photograph) -> float:
    return float(cv2.Laplacian(cv2.cvtColor(photo.pixels, cv2.COLOR_BGR2GRAY), cv2.CV_64F).var())


def chroma(photo: Photograph) -> float:
    """Mean spread of the three colours on the card, noise aside."""
    return float(np.ptp(cv2.GaussianBlur(rectified(photo), (0, 0), 6).astype(int), axis=2).mean())


def pattern(photo: Photograph) -> float:
    """Of what lies above the card."""
    return float(photo.pixels[:40].std(axis=1).mean())


def card_light(photo: Photograph) -> float:
    return float(rectified(photo).mean())


Measure = Callable[[Photograph], float]
CHANGES: dict[Degradation, tuple[Measure, float, float]] = {
    Degradation.BLUR: (detail, 0.0, 0.2),
    Degradation.NOISE: (detail, 20.0, np.inf),
    Degradation.DARK: (card_light, 0.0, 0.05),
    Degradation.OVER_EXPOSED: (card_light, 1.25, np.inf),
    Degradation.SHADOW: (card_light, 0.2, 0.8),
    Degradation.UNEVEN_LIGHT: (card_light, 0.2, 0.8),
    Degradation.SHRUNK: (lambda photo: float(photo.pixels.size), 0.0, 0.03),
    Degradation.CUT_AT_EDGE: (lambda photo: float(photo.pixels.shape[1]), 0.3, 0.8),
    Degradation.PHOTOCOPY: (chroma, 0.0, 0.4),
    Degradation.SCREEN: (detail, 3.0, np.inf),
    Degradation.PATTERNED_TABLE: (pattern, 3.0, np.inf),
}
"""What is measured, and between which parts of the clean picture's it lies then."""


@pytest.mark.parametrize("degradation", CHANGES)
def test_a_picture_goes_wrong_as_its_name_says(degradation: Degradation) -> None:
    measure, least, most = CHANGES[degradation]
    share = measure(gone_wrong(degradation).photograph) / measure(CLEAN)
    assert least <= share <= most


@pytest.mark.parametrize("degradation", Degradation)
def test_the_seed_decides_what_goes_wrong(degradation: Degradation) -> None:
    first, again = gone_wrong(degradation), gone_wrong(degradation)
    assert np.array_equal(first.photograph.pixels, again.photograph.pixels)
    assert not np.array_equal(first.photograph.pixels, CLEAN.pixels)


def test_glare_whitens_the_place_of_a_field() -> None:
    bright = part(gone_wrong(Degradation.GLARE).photograph, place_in(SHOT))
    assert np.median(bright) > 245 > np.median(part(CLEAN, place_in(SHOT))) + 20


def test_a_finger_hides_a_field_and_is_the_colour_of_skin() -> None:
    hidden = part(gone_wrong(Degradation.OCCLUDED).photograph, place_in(SHOT))
    blue, green, red = np.median(hidden.reshape(-1, 3), axis=0)
    assert red > green > blue


def test_a_strong_jpeg_leaves_its_blocks() -> None:
    steps = np.abs(np.diff(gone_wrong(Degradation.JPEG).photograph.pixels.astype(int), axis=1)).mean(axis=(0, 2))
    assert steps[7::8].mean() > 3 * np.delete(steps, np.s_[7::8]).mean()


def test_the_steeper_a_card_leans_the_more_its_sides_run_together() -> None:
    def together(degrees: float) -> float:
        corners = gone_wrong(Degradation.PERSPECTIVE, degrees).photograph.corners
        sides = np.linalg.norm(np.roll(corners, -1, axis=0) - corners, axis=1)
        assert (corners > 0).all()
        return float(max(abs(sides[0] / sides[2] - 1), abs(sides[1] / sides[3] - 1)))

    assert 0.04 < together(15) < together(25) < together(35) > 0.15


def test_other_cards_lie_beside_the_first() -> None:
    photo = gone_wrong(Degradation.SEVERAL_CARDS, 2).photograph
    assert len(photo.others) == 2
    assert all(np.abs(photo.corners.mean(axis=0) - other.mean(axis=0)).max() > 400 for other in photo.others)


@pytest.mark.parametrize(("below", "axis"), [(0.0, 0), (1.0, 1)])
def test_both_sides_lie_in_one_picture(below: float, axis: int) -> None:
    both = gone_wrong(Degradation.BOTH_SIDES, below)
    [emblem] = both.photograph.others
    assert emblem[:, axis].min() > both.photograph.corners[:, axis].max()
    assert both.fields == {**PORTRAIT.fields, **EMBLEM.fields}


@pytest.mark.parametrize("degradation", [Degradation.PAGE_OF_TEXT, Degradation.HAND_DRAWN])
def test_where_there_is_no_document_nothing_can_be_read_of_one(degradation: Degradation) -> None:
    assert gone_wrong(degradation).fields == {}
    assert WAYS[degradation].family is Family.NO_DOCUMENT


def test_a_screen_has_a_dark_frame_and_a_band() -> None:
    photo = gone_wrong(Degradation.SCREEN, 0.4).photograph
    assert photo.pixels.min() < 25
    rows = rectified(photo)[:, 20:40].mean(axis=(1, 2))
    assert rows.min() < 0.93 * rows.max()


@pytest.mark.parametrize(
    "kind", [Kind.PERMANENT_RESIDENT_CARD, Kind.PASSPORT, Kind.IDENTITY_CARD, Kind.VISA, Kind.DRIVING_LICENCE]
)
def test_every_way_can_be_tried_on_every_kind_it_applies_to(kind: Kind) -> None:
    for drawing in draw(kind, 2, TODAY, GREY):
        for degradation in (
            each for each in Degradation if WAYS[each].family is Family.ATTACK and applies(each, drawing)
        ):
            shot = Shot(drawing, Capture(seed=2, frame=(1000, 750)), STRANGER)
            assert gone_wrong(degradation, severity_for(degradation, 2), shot).fields.keys() == drawing.fields.keys()


def test_a_side_without_portrait_or_number_is_not_forged() -> None:
    forged = {degradation for degradation in Degradation if not applies(degradation, EMBLEM)}
    assert forged == {
        Degradation.EDITED_DIGIT,
        Degradation.EDITED_DIGIT_CHECKED,
        Degradation.SWAPPED_PORTRAIT,
        Degradation.BOTH_SIDES,
    }


@pytest.mark.parametrize("degradation", Degradation)
def test_a_severity_is_one_of_its_range_and_says_whether_it_can_be_read(degradation: Degradation) -> None:
    way = WAYS[degradation]
    mild, hard = (chosen(degradation, 7) for chosen in (severity_for, severity_beyond))
    assert way.least <= mild <= way.most
    assert way.least <= hard <= way.most
    assert readable(degradation, mild) == (way.readable_to >= way.least)
    assert not readable(degradation, hard) or way.readable_to == way.most
