"""By what are faces judged here? Fits and calibrations as signed files, and the loading of those that belong together."""

import base64
import binascii
from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields
from datetime import date
from typing import Final, TypeVar

import numpy as np
import numpy.typing as npt

from app.audit.entry import Value
from app.gateways.statements import Genuine, StatementMalformed, parsed
from app.verification.faces.calibration import Calibration, CalibrationBroken, Point, Usage
from app.verification.faces.fit import Fit, FitBroken
from app.verification.faces.weighing import Judged

Made = TypeVar("Made", Fit, Calibration)
FIT: Final = "hufu-face-fit/1"
CALIBRATION: Final = "hufu-face-calibration/1"
MOST_OCTETS: Final = 64 << 20
"""Of a fit of 2,048 dimensions, the most that networks give."""
_AT_REST: Final = np.dtype("<f4")
_ARRAYS: Final = ("centre", "whitening", "cohort_mean", "cohort_moment")
_FIT: Final = frozenset({"format", "id", "model", "population", "made_on", "pictures", "people", "repeated", *_ARRAYS})
_CALIBRATION: Final = frozenset(
    {"format", "id", "usage", "population", "persons", "genuine", "impostor", "made_on", "points"}
)


class FaceFileRefused(Exception):
    """The file is not gone by; the message says why."""


class FaceFileBroken(FaceFileRefused):
    """It is no such file, or was cut or changed without regard to its form."""


class FaceFileUnsigned(FaceFileRefused):
    """Nobody who is trusted signed it, or it was changed since."""


class FaceFileOfAnother(FaceFileRefused):
    """It belongs to another model or another fit."""


def judged_by(model: str, fit: bytes | None, calibrations: Sequence[bytes], genuine: Genuine) -> Judged:
    """What these files say together; raises FaceFileRefused where one is broken, unsigned or of another model, fit or population."""
    found = None if fit is None else read_fit(fit, genuine)
    if found is not None and found.model != model:
        raise FaceFileOfAnother(f"the fit is of {found.model}, faces are described by {model}")
    named, measured = None if found is None else found.id, [read_calibration(each, genuine) for each in calibrations]
    for each in measured:
        if each.usage.model != model:
            raise FaceFileOfAnother(f"{each.id} is of {each.usage.model}, faces are described by {model}")
        if each.usage.fit != named:
            raise FaceFileOfAnother(f"{each.id} was measured with fit {each.usage.fit}, not {named}")
    _refuse_two_populations(measured)
    return Judged(model, found, tuple(measured))


def _refuse_two_populations(measured: Sequence[Calibration]) -> None:
    """Whose face it is, nobody knows beforehand: the limits of one population would be gone by for another's faces."""
    known: dict[Usage, Calibration] = {}
    for each in measured:
        other = known.setdefault(each.usage, each)
        if other.population != each.population:
            raise FaceFileOfAnother(
                f"{other.id} and {each.id} cover the same comparison and are of two populations:"
                f" {other.population!r} and {each.population!r}; measure both in one, as cohorts"
            )


def fit_document(fit: Fit) -> dict[str, Value]:
    """What is signed of a fit."""
    arrays = {name: base64.b64encode(getattr(fit, name).astype(_AT_REST).tobytes()).decode("ascii") for name in _ARRAYS}
    return {
        "format": FIT,
        "id": fit.id,
        "model": fit.model,
        "population": fit.population,
        "made_on": fit.made_on.isoformat(),
        "pictures": fit.pictures,
        "people": fit.people,
        "repeated": fit.repeated,
        **arrays,
    }


def calibration_document(calibration: Calibration) -> dict[str, Value]:
    """What is signed of a calibration."""
    return {
        "format": CALIBRATION,
        "id": calibration.id,
        "usage": asdict(calibration.usage),
        "population": calibration.population,
        "persons": calibration.persons,
        "genuine": calibration.genuine,
        "impostor": calibration.impostor,
        "made_on": calibration.made_on.isoformat(),
        "points": [{name: repr(value) for name, value in asdict(point).items()} for point in calibration.points],
    }


def read_fit(octets: bytes, genuine: Genuine) -> Fit:
    """The fit in a file; raises FaceFileBroken, FaceFileUnsigned."""
    said = _said(octets, genuine, FIT, _FIT)
    try:
        arrays = {name: _array(said[name]) for name in _ARRAYS}
        size = len(arrays["centre"])
        square = {name: arrays[name].reshape(size, size) for name in ("whitening", "cohort_moment")}
        fit = Fit(
            model=_text(said["model"]),
            population=_text(said["population"]),
            made_on=date.fromisoformat(_text(said["made_on"])),
            pictures=_count(said["pictures"]),
            people=_count(said["people"]),
            repeated=_count(said["repeated"]),
            centre=arrays["centre"],
            cohort_mean=arrays["cohort_mean"],
            **square,
        )
    except (FitBroken, ValueError, TypeError, binascii.Error) as error:
        raise FaceFileBroken(f"no fit: {error}") from None
    return _named(fit, said)


def read_calibration(octets: bytes, genuine: Genuine) -> Calibration:
    """The calibration in a file; raises FaceFileBroken, FaceFileUnsigned."""
    said = _said(octets, genuine, CALIBRATION, _CALIBRATION)
    try:
        calibration = Calibration(
            usage=_usage(said["usage"]),
            population=_text(said["population"]),
            persons=_count(said["persons"]),
            genuine=_count(said["genuine"]),
            impostor=_count(said["impostor"]),
            made_on=date.fromisoformat(_text(said["made_on"])),
            points=tuple(_point(each) for each in _list(said["points"])),
        )
    except (CalibrationBroken, ValueError, TypeError) as error:
        raise FaceFileBroken(f"no calibration: {error}") from None
    return _named(calibration, said)


def _said(octets: bytes, genuine: Genuine, form: str, members: frozenset[str]) -> Mapping[str, Value]:
    """The signature is judged before anything is made of what was said."""
    if len(octets) > MOST_OCTETS:
        raise FaceFileBroken("too large")
    try:
        statement = parsed(octets)
    except StatementMalformed as error:
        raise FaceFileBroken(str(error)) from None
    if not genuine(statement):
        raise FaceFileUnsigned(f"not signed by a key that is trusted: {statement.key}")
    if statement.document.get("format") != form or set(statement.document) != members:
        raise FaceFileBroken(f"not the members of {form}")
    return statement.document


def _named(found: Made, said: Mapping[str, Value]) -> Made:
    """The id is of the content, so that nobody names another by hand."""
    if found.id != said["id"]:
        raise FaceFileBroken("its id is not that of its content")
    return found


def _usage(value: Value) -> Usage:
    if not isinstance(value, Mapping) or set(value) != {each.name for each in fields(Usage)}:
        raise TypeError("usage")
    fit = value["fit"]
    return Usage(
        _text(value["model"]), None if fit is None else _text(fit), _text(value["kind"]), _count(value["references"])
    )


def _point(value: Value) -> Point:
    names = [each.name for each in fields(Point)]
    if not isinstance(value, Mapping) or set(value) != set(names):
        raise TypeError("point")
    return Point(*(float(_text(value[name])) for name in names))


def _array(value: Value) -> npt.NDArray[np.float32]:
    return np.frombuffer(base64.b64decode(_text(value), validate=True), _AT_REST).astype(np.float32)


def _text(value: Value) -> str:
    if not isinstance(value, str):
        raise TypeError("not a text")
    return value


def _count(value: Value) -> int:
    if type(value) is not int or value < 0:
        raise TypeError("not a count")
    return value


def _list(value: Value) -> Sequence[Value]:
    if not isinstance(value, list):
        raise TypeError("not a list")
    return value
