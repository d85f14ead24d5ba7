"""What does a foreign permanent resident card look like? Front and back, editions of 2017 and 2023; R18-R20.

Labels in two languages with the value under them, as on the published specimens. What the back of 2017 prints we have
not seen published; drawn is a title and the authority.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

import numpy as np

from app.specimens.canvas import Box, Colour, Picture, draw_disc, draw_hills, paper, set_portrait, write
from app.specimens.drawing import Drawing, Sheet
from app.specimens.faces import BUILT_IN, Face
from app.specimens.names import Kind
from app.specimens.people import PROVINCES, Sex, age_on, check_character, pick, years_later

TINT: Final[Colour] = (4, 6, -10)
LABELS: Final[Colour] = (120, 92, 58)
PORTRAIT: Final[Box] = (700, 130, 262, 330)
TITLE: Final = "中华人民共和国外国人永久居留身份证"
TITLE_ENGLISH: Final = "PEOPLE'S REPUBLIC OF CHINA FOREIGN PERMANENT RESIDENT ID CARD"
ADMINISTRATION: Final = ("中华人民共和国国家移民管理局", "National Immigration Administration, PRC")
FULL_AGE: Final = 18
"""Below it at issue the card runs 5 years, from it on 10 (R20)."""
LAST_ORDER: Final = 990
"""No office has reached this order code: it marks a specimen, whose area code is the law's."""
FIRST_ISSUED_2023: Final = date(2023, 12, 1)
"""R18."""


class Side(StrEnum):
    """The two sides."""

    FRONT = "front"
    BACK = "back"


@dataclass(frozen=True, slots=True)
class Country:
    """As ISO 3166-1 and the card name it."""

    name: str
    letters: str
    digits: str


COUNTRIES: Final = (
    Country("加拿大", "CAN", "124"), Country("德国", "DEU", "276"), Country("法国", "FRA", "250"),
    Country("日本", "JPN", "392"), Country("巴西", "BRA", "076"), Country("新加坡", "SGP", "702"),
    Country("澳大利亚", "AUS", "036"), Country("沙特阿拉伯", "SAU", "682"), Country("美国", "USA", "840"),
)  # fmt: skip
SURNAMES: Final = ("CESHI", "ERIKSSON", "YANGLI", "MARTIN", "OKONKWO", "TANAKA", "VAN DER BERG", "GARCIA", "NOVAK")
GIVEN: Final = {
    Sex.FEMALE: ("ANNA MARIA", "ELENA", "CLAIRE", "YUKO", "INGRID"),
    Sex.MALE: ("PETER JOHN", "MARCO", "KENJI", "THOMAS", "OLAV"),
}
CHINESE_NAMES: Final = {
    Sex.FEMALE: ("", "安娜", "林雅文", "样例测试"),
    Sex.MALE: ("", "马可", "林克明", "样例测试"),
}
"""Not every holder has one."""


@dataclass(frozen=True, slots=True)
class Foreigner:
    """What the card says of its holder."""

    surname: str
    given: str
    chinese: str
    sex: Sex
    birth: date
    country: Country
    number: str
    previous: str
    """The number of 2017, where it was another."""
    valid_from: date
    valid_to: date

    @property
    def latin(self) -> str:
        """As printed."""
        return f"{self.surname}, {self.given}"


def draw_permanent_card(seed: int, on: date, portrait: Picture, face: Face = BUILT_IN) -> tuple[Drawing, Drawing]:
    """Both sides: of 2023 for an even seed where it was issued by then, of 2017 for an odd one."""
    if seed % 2 == 0 and on > FIRST_ISSUED_2023:
        holder = random_foreigner(seed, on, since=FIRST_ISSUED_2023)
        return draw_front(holder, portrait, face, number=holder.number), draw_back_2023(holder, face)
    holder = random_foreigner(seed, on, since=on - timedelta(days=365 * 4))
    return draw_front_2017(holder, portrait, face), draw_back_2017(face)


def random_foreigner(seed: int, on: date, since: date) -> Foreigner:
    """The card is valid on that day and was issued since the other; its end is the day before the anniversary (R20)."""
    chance = np.random.default_rng((seed, 18))
    sex, country = pick(chance, tuple(Sex)), pick(chance, COUNTRIES)
    start = since + timedelta(days=int(chance.integers(0, max(1, (on - since).days))))
    birth = years_later(start, -int(chance.integers(16, 70))) - timedelta(days=int(chance.integers(1, 365)))
    years = 5 if age_on(birth, start) < FULL_AGE else 10
    return Foreigner(
        surname=pick(chance, SURNAMES),
        given=pick(chance, GIVEN[sex]),
        chinese=pick(chance, CHINESE_NAMES[sex]),
        sex=sex,
        birth=birth,
        country=country,
        number=number_2023(pick(chance, PROVINCES)[0], country, birth, int(chance.integers(0, 5)), sex),
        previous=f"{country.letters}{chance.integers(0, 10_000):04d}{birth:%y%m%d}{chance.integers(10, 100)}",
        valid_from=start,
        valid_to=anniversary(start, years) - timedelta(days=1),
    )


def number_2023(province: str, country: Country, birth: date, order: int, sex: Sex) -> str:
    """9, province, country, birth, order (odd: a man's) and the check character (R18)."""
    first_17 = f"9{province}{country.digits}{birth:%Y%m%d}{LAST_ORDER + 2 * order + (sex is Sex.MALE):03d}"
    return first_17 + check_character(first_17)


def anniversary(start: date, years: int) -> date:
    """29 February's is 1 March where the year has none."""
    day = years_later(start, years)
    return day if (day.month, day.day) == (start.month, start.day) else day + timedelta(days=1)


def draw_front(holder: Foreigner, portrait: Picture, face: Face, number: str, number_label: str = "ID No.") -> Drawing:
    """The front of 2023."""
    return _front(_rows(holder, face, (number, number_label)), portrait)


def draw_front_2017(holder: Foreigner, portrait: Picture, face: Face) -> Drawing:
    """The front of 2017, which prints the authority too and its English under it."""
    sheet = _rows(holder, face, (holder.previous, "ID Card No."))
    _authority(sheet, 478)
    return _front(sheet, portrait)


def draw_back_2023(holder: Foreigner, face: Face) -> Drawing:
    """Title, authority and the number that went before."""
    sheet = _back(face)
    _authority(sheet, 372)
    _stacked(sheet, ("曾持证件号码", "Previous ID No."), (60, 500), ("previous_number", holder.previous))
    return sheet.drawn(Kind.PERMANENT_RESIDENT_CARD, Side.BACK)


def draw_back_2017(face: Face) -> Drawing:
    """Title and authority."""
    sheet = _back(face)
    _authority(sheet, 420)
    return sheet.drawn(Kind.PERMANENT_RESIDENT_CARD, Side.BACK)


def _rows(holder: Foreigner, face: Face, number: tuple[str, str]) -> Sheet:
    sheet = Sheet(paper(TINT), face, label_colour=LABELS, label_size=20)
    _titles(sheet, 78)
    _stacked(sheet, ("姓名", "Name"), (60, 138), ("latin_name", holder.latin))
    if holder.chinese:
        sheet.value("chinese_name", holder.chinese, (60, 208), 30)
    sex = f"{holder.sex}/{'M' if holder.sex is Sex.MALE else 'F'}"
    _stacked(sheet, ("性别", "Sex"), (60, 244), ("sex", sex), says=holder.sex)
    born = ("birth", f"{holder.birth:%Y.%m.%d}")
    _stacked(sheet, ("出生日期", "Date of Birth"), (330, 244), born, says=holder.birth.isoformat())
    country = ("nationality", f"{holder.country.name}/{holder.country.letters}")
    _stacked(sheet, ("国籍", "Nationality"), (60, 320), country, says=holder.country.letters)
    term = ("valid_from", f"{holder.valid_from:%Y.%m.%d}-{holder.valid_to:%Y.%m.%d}")
    _stacked(sheet, ("有效期限", "Period of Validity"), (60, 396), term, says=holder.valid_from.isoformat())
    sheet.stands("valid_to", holder.valid_to.isoformat(), sheet.places["valid_from"])
    _stacked(sheet, ("证件号码", number[1]), (60, 566), ("number", number[0]))
    return sheet


def _front(sheet: Sheet, portrait: Picture) -> Drawing:
    sheet.places["portrait"] = PORTRAIT
    set_portrait(sheet.canvas, portrait, PORTRAIT)
    return sheet.drawn(Kind.PERMANENT_RESIDENT_CARD, Side.FRONT)


def _back(face: Face) -> Sheet:
    sheet = Sheet(paper(TINT), face, label_colour=LABELS, label_size=20)
    draw_hills(sheet.canvas)
    draw_disc(sheet.canvas, (506, 230), 84)
    _titles(sheet, 92)
    return sheet


def _titles(sheet: Sheet, y: int) -> None:
    write(sheet.canvas, TITLE, (60, y), 34)
    write(sheet.canvas, TITLE_ENGLISH, (60, y + 24), 16, LABELS)


def _stacked(
    sheet: Sheet, words: tuple[str, str], at: tuple[int, int], value: tuple[str, str], *, says: str | None = None
) -> None:
    """English beside its Chinese, the value under both."""
    sheet.label("/".join(words), at)
    sheet.value(value[0], value[1], (at[0], at[1] + 36), 30, says=says)


def _authority(sheet: Sheet, y: int) -> None:
    _stacked(sheet, ("签发机关", "Issuing Authority"), (60, y), ("authority", ADMINISTRATION[0]))
    write(sheet.canvas, ADMINISTRATION[1], (60, y + 58), 16, LABELS)
