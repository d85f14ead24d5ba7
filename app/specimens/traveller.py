"""Who could hold a passport of Utopia? People with Latin names, and how a page prints their dates; R70."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import numpy as np

from app.specimens.drawing import Sheet
from app.specimens.people import pick, years_later
from app.specimens.zone import Said

SURNAMES: Final = (
    "ERIKSSON", "STEVENSON", "VAN DER BERG", "GARCIA LOPEZ", "OKONKWO", "TANAKA", "NOVAK", "LYU", "ZHANG", "OYELARAN",
    "MUELLER", "DUBOIS", "XU", "QUISPE", "JHA",
)  # fmt: skip
GIVEN: Final = {
    "F": ("ANNA MARIA", "ELENA", "XIAOYAN", "YUKO", "INGRID KARIN", "FATIMA ZAHRA", "WEI"),
    "M": ("PETER JOHN", "MARCO", "KENJI", "THOMAS", "OLAV", "JIANGUO", "QI"),
}
MONTHS: Final = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
NUMBER_LETTERS: Final = tuple("ABCDEFGHJKLMNPRSTUVWXYZ")
PLACES: Final = ("ZENITH", "ALDERMOOR", "NEW HAVEN", "PORT ELARA")
ENGLISH_AND: Final[Mapping[str, Mapping[str, str]]] = {
    "French": {
        "type": "Type/Type", "state": "Code/Code", "number": "Passport No./No. de passeport", "surname": "Surname/Nom",
        "given_names": "Given names/Prénoms", "nationality": "Nationality/Nationalité",
        "birth": "Date of birth/Date de naissance", "sex": "Sex/Sexe", "place": "Place of birth/Lieu de naissance",
        "issue": "Date of issue/Date de délivrance", "expiry": "Date of expiry/Date d'expiration",
        "authority": "Authority/Autorité", "document": "Document No./No. du document", "visa": "Visa No./No. de visa",
        "from": "Valid from/Valable du", "entries": "Number of entries/Nombre d'entrées",
    },
    "Chinese": {
        "type": "类型/Type", "state": "国家码/Country Code", "number": "护照号/Passport No.", "surname": "姓/Surname",
        "given_names": "名/Given names", "nationality": "国籍/Nationality", "birth": "出生日期/Date of birth",
        "sex": "性别/Sex", "place": "出生地点/Place of birth", "issue": "签发日期/Date of issue",
        "expiry": "有效期至/Date of expiry", "authority": "签发机关/Authority", "document": "证件号码/Document No.",
        "visa": "签证号/Visa No.", "from": "有效期自/Valid from", "entries": "入境次数/Number of entries",
    },
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Traveller:
    """What zone and page say, and what the page alone says."""

    said: Said
    issued: date
    place: str
    words: Mapping[str, str]
    """Of the page's labels, in two languages."""


def random_traveller(seed: int, on: date, document_code: str, years: int = 10) -> Traveller:
    """A document of so many years that is valid on that day; the number fills its field."""
    chance = np.random.default_rng((seed, ord(document_code[0]), len(document_code), years))
    sex = pick(chance, ("F", "M"))
    issued = on - timedelta(days=int(chance.integers(10, max(11, years * 365 - 30))))
    birth = years_later(issued, -int(chance.integers(18, 80))) - timedelta(days=int(chance.integers(1, 365)))
    said = Said(
        document_code=document_code,
        surname=pick(chance, SURNAMES),
        given=pick(chance, GIVEN[sex]),
        number=pick(chance, NUMBER_LETTERS) + f"{chance.integers(0, 100_000_000):08d}",
        birth=birth,
        sex=sex,
        expiry=years_later(issued, years),
    )
    return Traveller(said, issued, pick(chance, PLACES), ENGLISH_AND[pick(chance, tuple(ENGLISH_AND))])


def in_words(day: date) -> str:
    """`12 AUG 1974`, Doc 9303 part 3 §3.5."""
    return f"{day.day:02d} {MONTHS[day.month - 1]} {day.year}"


def item(sheet: Sheet, words: str, value: str, at: tuple[int, int], name: str = "") -> None:
    """A small label and its value under it; `name` where the zone says it too."""
    sheet.label(words, at)
    below = (at[0], at[1] + 32)
    if name:
        sheet.value(name, value, below, 28)
    else:
        sheet.plain(value, below, 28)


def identity(sheet: Sheet, traveller: Traveller, at: tuple[int, int], step: int) -> None:
    """Names, nationality, birth and sex, one under the other."""
    said, words, (x, y) = traveller.said, traveller.words, at
    item(sheet, words["surname"], said.surname, (x, y), "surname")
    item(sheet, words["given_names"], said.given, (x, y + step), "given_names")
    item(sheet, words["nationality"], "UTOPIAN", (x, y + 2 * step), "nationality")
    item(sheet, words["birth"], in_words(said.birth), (x, y + 3 * step), "birth")
    item(sheet, words["sex"], said.sex, (x + 330, y + 3 * step), "sex")
