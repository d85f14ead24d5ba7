"""Is a face looked for among many by the same score as beside one, and the more strictly the more there are?"""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from app.core.ids import FaceId, PersonId
from app.verification.faces.calibration import Calibration, Point, Usage
from app.verification.faces.comparison import to_octets
from app.verification.faces.learning import learned
from app.verification.faces.person_score import person_score
from app.verification.faces.search import MOST_CANDIDATES, Block, block
from app.verification.faces.search_scores import Ruler, places, resembling, ruler_of
from app.verification.faces.weighing import DOC_SELFIE, SELFIE_SELFIE, Judged
from tests.verification.faces_population import flat, population

MODEL, DAY = "net@1", date(2026, 11, 26)
DRAWN = population(1500)
FIT = learned(flat(DRAWN.drawn(300, 1)), model=MODEL, population="drawn", made_on=DAY)
FACES = DRAWN.drawn(40, 5)
POINTS = tuple(
    Point(fmr, threshold, fmr, fmr, fnmr, fnmr, fnmr)
    for fmr, threshold, fnmr in ((1e-1, -9.0, 0.0), (1e-2, 2.0, 0.1), (1e-3, 4.0, 0.2))
)


def covering(*counts: int, fit: str | None = FIT.id, kind: str = SELFIE_SELFIE) -> tuple[Calibration, ...]:
    return tuple(Calibration(Usage(MODEL, fit, kind, many), "drawn", 300, 900, 90_000, DAY, POINTS) for many in counts)


def ruler(*counts: int) -> Ruler:
    found = ruler_of(Judged(MODEL, FIT, covering(*counts)), MODEL)
    assert found is not None
    return found


def stood(by: Ruler, photographs: int) -> Block:
    enrolled = {
        FaceId(f"fac_{at:02}_{slot}"): (PersonId(f"per_{at:02}"), to_octets(each))
        for at, pictures in enumerate(FACES)
        for slot, each in enumerate(pictures[:photographs])
    }
    found = block(enrolled)
    return replace(found, places=places(found, by))


def test_no_score_is_gone_by_that_nobody_measured() -> None:
    fitted = Judged(MODEL, FIT, covering(1))
    assert ruler_of(Judged(MODEL, FIT, ()), MODEL) is None
    assert ruler_of(fitted, "other@1") is None
    assert ruler_of(replace(fitted, calibrations=covering(1, fit=None)), MODEL) is None
    assert ruler_of(replace(fitted, calibrations=covering(1, kind=DOC_SELFIE)), MODEL) is None
    assert ruler_of(replace(fitted, calibrations=covering(2)), MODEL) is None


@pytest.mark.parametrize(("photographs", "counts", "compared"), [(1, (1,), 1), (3, (1,), 1), (4, (1, 3), 3)])
def test_the_score_is_that_beside_one_person_by_as_many_photographs_as_were_measured(
    photographs: int, counts: tuple[int, ...], compared: int
) -> None:
    by = ruler(*counts)
    found = resembling(to_octets(FACES[7, 4]), [stood(by, photographs)], by, most=100)
    assert len(found) == MOST_CANDIDATES
    for each in found:
        known = list(FACES[int(each.person_id[4:]), :compared])
        assert each.value == pytest.approx(person_score(FIT, known, FACES[7, 4]), abs=1e-3)
    assert [each.value for each in found] == sorted((each.value for each in found), reverse=True)


def test_without_a_fit_it_is_the_cosine_that_was_measured() -> None:
    by = ruler_of(Judged(MODEL, None, covering(1, fit=None)), MODEL)
    assert by is not None
    (nearest, *_) = resembling(to_octets(FACES[7, 4]), [stood(by, 1)], by, most=100)
    assert nearest.value == pytest.approx(
        person_score(None, [FACES[int(nearest.person_id[4:]), 0]], FACES[7, 4]), abs=1e-5
    )


@pytest.mark.rule("R94")
@pytest.mark.parametrize(("strangers", "threshold"), [(4.0, -9.0), (0.4, 2.0), (0.04, 4.0), (0.004, 4.0)])
def test_the_more_are_searched_the_more_alike_a_candidate_must_be(strangers: float, threshold: float) -> None:
    by = ruler(1)
    assert by.limit(1, 40, strangers) == threshold
    found = resembling(to_octets(FACES[7, 4]), [stood(by, 1)], by, most=strangers)
    assert all(each.value >= threshold for each in found)
    assert by.limit(1, 4, strangers) <= by.limit(1, 40, strangers) <= by.limit(1, 4_000, strangers)


def test_more_owners_are_found_than_by_the_distance_at_which_no_more_strangers_are() -> None:
    by, faces = ruler(1), DRAWN.drawn(300, 2)
    enrolled = block({FaceId(f"fac_{at}"): (PersonId(f"{at}"), to_octets(each[0])) for at, each in enumerate(faces)})
    here = replace(enrolled, places=places(enrolled, by))
    found = [{each.person_id for each in resembling(to_octets(one[1]), [here], by, most=0.3)} for one in faces]
    owners = sum(PersonId(f"{at}") in seen for at, seen in enumerate(found))
    strangers = sum(map(len, found)) - owners
    apart = np.linalg.norm(faces[:, 1][:, None] - faces[:, 0], axis=2)
    no_more = np.sort(apart[~np.eye(len(faces), dtype=bool)])[strangers]
    assert 0 < strangers < len(faces)
    assert owners > (apart.diagonal() < no_more).sum()


def test_nobody_is_found_in_blocks_where_nobody_stands() -> None:
    by = ruler(1)
    empty = block({})
    assert resembling(to_octets(FACES[0, 0]), [replace(empty, places=places(empty, by))], by, most=1) == ()
    assert resembling(to_octets(FACES[0, 0]), [], by, most=1) == ()


def test_a_descriptor_without_direction_is_nobodys() -> None:
    by = ruler_of(Judged(MODEL, None, covering(1, fit=None)), MODEL)
    assert by is not None
    found = block({FaceId("fac_0"): (PersonId("per_0"), to_octets(np.zeros(128, np.float32)))})
    with np.errstate(invalid="ignore"):
        here = replace(found, places=places(found, by))
    assert resembling(to_octets(FACES[0, 0]), [here], by, most=100) == ()
