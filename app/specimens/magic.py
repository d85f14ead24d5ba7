"""Which specimens lead where? Each kind by the name on its card; conjured.py draws them, the real engines find it out.

Nothing in the service knows these names: a card leads where it leads because of what is wrong with its picture.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Leads(StrEnum):
    """Where a submission with such specimens ends in the sandbox."""

    ACCEPTED = "accepted"
    RETRY = "retry"
    """Open again: a better picture or another card is asked for."""
    REFERRED = "referred"
    REJECTED = "rejected"


class Magic(StrEnum):
    """Called by the reason that staff see."""

    ACCEPT = "accept"
    FACE_DIFFERS = "face_differs"
    NUMBER_CHECK_WRONG = "number_check_wrong"
    NUMBER_BIRTH_IMPOSSIBLE = "number_birth_impossible"
    NUMBER_PROVINCE_UNKNOWN = "number_province_unknown"
    SEX_DIFFERS = "sex_differs"
    BIRTH_DIFFERS = "birth_differs"
    PERMIT_CONTRADICTION = "permit_contradiction"
    NOT_YET_VALID = "not_yet_valid"
    TEMPORARY_CARD = "temporary_card"
    TERM_UNKNOWN = "term_unknown"
    TERM_WRONG_FOR_AGE = "term_wrong_for_age"
    LONG_TERM_TOO_YOUNG = "long_term_too_young"
    GUARDIAN_NEEDED = "guardian_needed"
    AGE_IMPLAUSIBLE = "age_implausible"
    AUTHORITY_UNUSUAL = "authority_unusual"
    EXPIRED = "expired"
    WRONG_SIDE = "wrong_side"
    CARD_NOT_FOUND = "card_not_found"
    CARD_BLURRED = "card_blurred"
    CARD_GLARE = "card_glare"
    CARD_DARK = "card_dark"
    CARD_SMALL = "card_small"
    FACE_ABSENT = "face_absent"
    FACES_MANY = "faces_many"
    FACE_BLURRED = "face_blurred"


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of specimen."""

    name: str
    """As its card prints it: whoever sees the case knows what it was drawn for."""
    leads: Leads
    shows: str


KINDS: Final[Mapping[Magic, Kind]] = {
    Magic.ACCEPT: Kind("王芳", Leads.ACCEPTED, "nothing wrong; with the seed of an enrolled one: `already_enrolled`"),
    Magic.FACE_DIFFERS: Kind("李娜", Leads.REJECTED, "somebody else's face"),
    Magic.NUMBER_CHECK_WRONG: Kind("张敏", Leads.REJECTED, "one digit of the number painted over"),
    Magic.NUMBER_BIRTH_IMPOSSIBLE: Kind("刘静", Leads.REJECTED, "a number that says born on 30 February"),
    Magic.NUMBER_PROVINCE_UNKNOWN: Kind("陈丽", Leads.REJECTED, "a number of a province there is not, 10"),
    Magic.SEX_DIFFERS: Kind("杨艳", Leads.REJECTED, "a man's number on a woman's card"),
    Magic.BIRTH_DIFFERS: Kind("赵娟", Leads.REJECTED, "born a year after what the number says"),
    Magic.PERMIT_CONTRADICTION: Kind("黄霞", Leads.REJECTED, "a resident card with a residence permit's number, 81"),
    Magic.NOT_YET_VALID: Kind("周玲", Leads.REFERRED, "valid from 30 days later"),
    Magic.TEMPORARY_CARD: Kind("吴桂英", Leads.REFERRED, "valid for three months"),
    Magic.TERM_UNKNOWN: Kind("徐梅", Leads.REFERRED, "valid for 20 years and 11 days"),
    Magic.TERM_WRONG_FOR_AGE: Kind("孙莉", Leads.REFERRED, "issued at 30 for 10 years instead of 20"),
    Magic.LONG_TERM_TOO_YOUNG: Kind("马雪", Leads.REFERRED, "issued at 30 for ever"),
    Magic.GUARDIAN_NEEDED: Kind("朱琳", Leads.REFERRED, "14 years old"),
    Magic.AGE_IMPLAUSIBLE: Kind("胡萍", Leads.REFERRED, "125 years old"),
    Magic.AUTHORITY_UNUSUAL: Kind("林红", Leads.REFERRED, "issued by a town hall"),
    Magic.EXPIRED: Kind("郭玉兰", Leads.RETRY, "ran out 30 days ago"),
    Magic.WRONG_SIDE: Kind("何慧", Leads.RETRY, "the emblem side twice"),
    Magic.CARD_NOT_FOUND: Kind("高婷", Leads.RETRY, "a desk without a card"),
    Magic.CARD_BLURRED: Kind("罗佳", Leads.RETRY, "the emblem side out of focus"),
    Magic.CARD_GLARE: Kind("郑欣", Leads.RETRY, "a lamp mirrored in the card"),
    Magic.CARD_DARK: Kind("梁颖", Leads.RETRY, "too little light"),
    Magic.CARD_SMALL: Kind("谢怡", Leads.RETRY, "too few pixels"),
    Magic.FACE_ABSENT: Kind("宋晓", Leads.RETRY, "a wall instead of a face"),
    Magic.FACES_MANY: Kind("唐燕", Leads.RETRY, "somebody looking over the shoulder"),
    Magic.FACE_BLURRED: Kind("许倩", Leads.RETRY, "a face out of focus"),
}


def table() -> str:
    """All of them, for the README."""
    lines = ["| `--magic` | name on the card | leads to | what is drawn |", "| --- | --- | --- | --- |"]
    lines += [f"| `{magic}` | {kind.name} | {kind.leads} | {kind.shows} |" for magic, kind in KINDS.items()]
    return "\n".join(lines)
