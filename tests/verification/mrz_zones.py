"""Which zones can there be? Fields drawn for every shape, and zones made of them."""

from dataclasses import dataclass
from datetime import date

from hypothesis import strategies as st

from app.verification.documents.mrz.composing import compose
from app.verification.documents.mrz.dates import Birth
from app.verification.documents.mrz.shapes import LAYOUTS, Part, Shape
from app.verification.documents.mrz.states import KNOWN
from app.verification.documents.mrz.zone import Fields, Sex

TODAY = date(2025, 11, 1)
WHEN_PRINTED = date(2010, 6, 1)
"""A day on which every example of Doc 9303 lies within twenty years (R68)."""
VISAS = (Shape.MRV_A, Shape.MRV_B)
NUMBER_CHARACTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
ANNA = Fields(
    "P", "UTO", "ERIKSSON", "ANNA MARIA", "L898902C3", "UTO", Birth(1974, 8, 12), Sex.FEMALE, date(2030, 4, 15)
)


@dataclass(frozen=True, slots=True)
class Zone:
    shape: Shape
    fields: Fields

    @property
    def lines(self) -> tuple[str, ...]:
        return compose(self.shape, self.fields)

    @property
    def text(self) -> str:
        return "".join(self.lines)

    def with_changes(self, *changes: tuple[int, str]) -> tuple[str, ...]:
        """The lines with other characters at some places."""
        return cut(self.shape, put(self.text, *changes))


def put(text: str, *changes: tuple[int, str]) -> str:
    for place, character in changes:
        text = text[:place] + character + text[place + 1 :]
    return text


def cut(shape: Shape, text: str) -> tuple[str, ...]:
    width = LAYOUTS[shape].width
    return tuple(text[start : start + width] for start in range(0, len(text), width))


@st.composite
def births(draw: st.DrawFn) -> Birth:
    """Any birth of the last hundred years, parts of it unknown."""
    day = draw(st.dates(date(1926, 1, 1), TODAY))
    known = draw(st.tuples(st.booleans(), st.booleans(), st.booleans()))
    year, month, of_month = (
        part if is_known else None for part, is_known in zip(day.timetuple()[:3], known, strict=True)
    )
    return Birth(year, month, of_month)


@st.composite
def zones(draw: st.DrawFn, shapes: tuple[Shape, ...] = tuple(Shape)) -> Zone:
    """Any zone on TODAY whose name fits its line."""
    shape = draw(st.sampled_from(shapes))
    layout = LAYOUTS[shape]
    number = draw(st.text(NUMBER_CHARACTERS, min_size=1, max_size=13 if layout.long_numbers else 9))
    taken = len(number) - 9 + 2 if len(number) > 9 else 0
    words = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=1, max_size=6)
    codes = ("V", "VA") if shape in VISAS else ("P", "PO", "I", "ID", "AC", "C")
    return Zone(
        shape,
        Fields(
            draw(st.sampled_from(codes)),
            draw(st.sampled_from(sorted(KNOWN))),
            " ".join(draw(st.lists(words, min_size=1, max_size=2))),
            " ".join(draw(st.lists(words, max_size=2))),
            number,
            draw(st.sampled_from(sorted(KNOWN))),
            draw(births()),
            draw(st.sampled_from(Sex)),
            draw(st.dates(date(2005, 11, 1), date(2045, 11, 1))),
            draw(optionals(len(layout.parts[Part.OPTIONAL]) - taken)),
            draw(optionals(len(layout.parts.get(Part.OPTIONAL_SECOND, ())))),
        ),
    )


def optionals(length: int) -> st.SearchStrategy[str]:
    return st.text(NUMBER_CHARACTERS + "<", max_size=max(length, 0)).map(lambda text: text.rstrip("<"))
