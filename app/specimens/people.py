"""Who could hold a specimen? Fictitious people whose number, sex, birth and validity agree with each other."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import TypeVar

import numpy as np

T = TypeVar("T")


class Sex(StrEnum):
    """As the card prints it."""

    MALE = "男"
    FEMALE = "女"


@dataclass(frozen=True, slots=True)
class Person:
    """What the portrait side says of its holder."""

    name: str
    sex: Sex
    ethnicity: str
    birth: date
    address: str
    number: str
    """18 characters, the last one computed."""


@dataclass(frozen=True, slots=True)
class CardTruth:
    """Everything a drawn card says: what a perfect reader would return."""

    person: Person
    authority: str
    valid_from: date
    valid_to: date | None
    """None: 长期."""


@dataclass(frozen=True, slots=True)
class Term:
    """How long a card runs that is issued at these ages, 居民身份证法 Art. 5 (R28)."""

    from_age: int
    to_age: int
    years: int | None


# From 14: a younger holder's card would have run out before the holder is an adult.
TERMS = (Term(14, 15, 5), Term(16, 25, 10), Term(26, 45, 20), Term(46, 75, None))
ADULT_AGE = 18
LONGEST_WEAR_YEARS = 15
DOTTED_SHARE, TWO_CHARACTER_SHARE = 0.15, 0.1
NO_COUNTY = "9900"
"""Positions 3 to 6 of every specimen's number: GB/T 2260 has given this to no city or county."""
CHECK_CHARACTERS = "0123456789X"

SURNAMES = "王李张刘陈杨黄赵周吴徐孙马朱胡林郭何高罗郑梁谢宋唐许邓冯韩曹曾彭萧蔡潘田董袁于余叶蒋杜苏魏程吕丁沈任"
TWO_CHARACTER_SURNAMES = ("欧阳", "上官", "司马", "诸葛")
GIVEN = {
    Sex.MALE: "伟强磊军洋勇杰涛明超刚平辉鹏飞波斌宇浩凯建国华志文博林峰海龙",
    Sex.FEMALE: "芳娜敏静丽艳娟霞玲桂英梅莉雪琳萍红玉兰慧婷佳欣颖怡晓燕倩蓉洁",
}
DOTTED_NAMES = {
    Sex.MALE: (("艾山·吐尔逊", "维吾尔"), ("努尔兰·哈力克", "哈萨克"), ("才让·多吉", "藏")),
    Sex.FEMALE: (("古丽娜·买买提", "维吾尔"), ("阿依努尔·艾合买提", "维吾尔"), ("阿丽玛·巴特尔", "蒙古")),
}
ETHNICITIES = ("汉", "汉", "汉", "汉", "回", "满", "壮", "苗", "土家", "彝", "朝鲜", "布依", "侗", "白", "傣")

PROVINCES = (
    ("11", "北京市", ""),
    ("31", "上海市", ""),
    ("50", "重庆市", ""),
    ("13", "河北省", "清河口市"),
    ("21", "辽宁省", "北溪市"),
    ("32", "江苏省", "云津市"),
    ("33", "浙江省", "青湖市"),
    ("42", "湖北省", "南渡市"),
    ("44", "广东省", "新榕市"),
    ("51", "四川省", "锦屏山市"),
    ("61", "陕西省", "长陵市"),
    ("65", "新疆维吾尔自治区", "沙泉市"),
)
DISTRICTS = ("云溪区", "青禾区", "望山区", "东湾区", "松林区", "明泉区")
ROADS = ("和平路", "建设大街", "学院路", "清风巷", "滨河东路", "枫林街")
ESTATES = ("", "", "阳光花园", "幸福家园", "翠竹苑")


def check_character(first_17: str) -> str:
    """ISO 7064 MOD 11-2 by its recursion, not by GB 11643's weights: a second way to the same character (R3)."""
    product = 0
    for digit in first_17:
        product = (product + int(digit)) * 2 % 11
    return CHECK_CHARACTERS[(12 - product) % 11]


def number_for(province: str, birth: date, order: int) -> str:
    """The identity number of this birth; an odd `order` (0 to 999) is a man's (R2, R7)."""
    first_17 = f"{province}{NO_COUNTY}{birth:%Y%m%d}{order:03d}"
    return first_17 + check_character(first_17)


def random_card(seed: int, on: date, sex: Sex | None = None) -> CardTruth:
    """A fictitious adult's card that is valid on the day `on`; the same seed gives the same card."""
    chance = np.random.default_rng(seed)
    sex = sex or pick(chance, tuple(Sex))
    name, ethnicity = random_name(chance, sex)
    province, region, city = pick(chance, PROVINCES)
    district = pick(chance, DISTRICTS)
    valid_from, valid_to, birth = random_validity(chance, on)
    order = 2 * int(chance.integers(0, 500)) + (sex is Sex.MALE)
    person = Person(
        name=name,
        sex=sex,
        ethnicity=ethnicity,
        birth=birth,
        address=f"{region}{city}{district}{random_house(chance)}",
        number=number_for(province, birth, order),
    )
    return CardTruth(person, f"{city or region}公安局{district.removesuffix('区')}分局", valid_from, valid_to)


def random_name(chance: np.random.Generator, sex: Sex) -> tuple[str, str]:
    """A name of two to four characters, or now and then one with ·; and an ethnicity."""
    if chance.random() < DOTTED_SHARE:
        return pick(chance, DOTTED_NAMES[sex])
    two = chance.random() < TWO_CHARACTER_SHARE
    surname = pick(chance, TWO_CHARACTER_SURNAMES if two else tuple(SURNAMES))
    given = "".join(pick(chance, tuple(GIVEN[sex])) for _ in range(int(chance.integers(1, 3))))
    return surname + given, pick(chance, ETHNICITIES)


def random_house(chance: np.random.Generator) -> str:
    """The address from the road on, short or long."""
    house = f"{pick(chance, ROADS)}{chance.integers(1, 300)}号"
    estate = pick(chance, ESTATES)
    if not estate:
        return house
    block, floor, flat = (int(chance.integers(1, end)) for end in (30, 30, 5))
    return f"{house}{estate}{block}号楼{floor}0{flat}室"


def random_validity(chance: np.random.Generator, on: date) -> tuple[date, date | None, date]:
    """Start, end and birth: the term fits the age at issue, the card is valid and its holder adult on `on` (R28)."""
    term = pick(chance, TERMS)
    age = int(chance.integers(term.from_age, term.to_age + 1))
    shortest_wear = max(0, ADULT_AGE - age)
    longest_wear = min(term.years or LONGEST_WEAR_YEARS, LONGEST_WEAR_YEARS)
    worn_days = int(chance.integers(shortest_wear * 366, longest_wear * 365))
    valid_from = on - timedelta(days=worn_days)
    past_birthday = timedelta(days=int(chance.integers(0, 365)))
    birth = years_later(valid_from, -age) - past_birthday
    valid_to = None if term.years is None else years_later(valid_from, term.years)
    return valid_from, valid_to, birth


def years_later(day: date, years: int) -> date:
    """The same day of another year; 29 February falls back to the 28th (R30)."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def age_on(birth: date, day: date) -> int:
    """Whole years lived; a birthday counts from its first moment."""
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def pick(chance: np.random.Generator, choices: tuple[T, ...]) -> T:
    """One of the choices, each equally likely."""
    return choices[int(chance.integers(0, len(choices)))]
