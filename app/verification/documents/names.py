"""Is this a legal name, and do two readings of one agree? R36, R41."""

import re
import unicodedata
from enum import StrEnum

MIDDLE_DOT = "·"
"""U+00B7, as the register writes it."""
_DOTS = re.compile("[・•‧∙．.]")
_HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af\u3007"
_FOREIGN = re.compile(f"[^{_HAN}{MIDDLE_DOT}]")
_GAP = re.compile(rf"(?<=[{_HAN}])\s+(?=[{_HAN}])")
_DOTTED = re.compile(rf"(?<=[{_HAN}])\s*[・•‧∙．.{MIDDLE_DOT}]\s*(?=[{_HAN}])")
_LEGAL = re.compile(f"[{_HAN}{MIDDLE_DOT}]{{2,50}}")


class NameMatch(StrEnum):
    """How two names compare."""

    SAME = "same"
    REVIEW = "review"
    """Equal but for the dots: a person looks (R36)."""
    DIFFERENT = "different"


def folded(name: str) -> str:
    """The name for comparison: dots as U+00B7, no spaces. Variants of a character stay apart (R41)."""
    return _DOTS.sub(MIDDLE_DOT, "".join(name.split()))


def spelled_name(given: str) -> str:
    """A name as accounts write it, however it was typed: dots between Han as U+00B7 (R36), Latin letters as a zone has them."""
    name = " ".join(unicodedata.normalize("NFKC", given).replace(",", " ").split())
    return _DOTTED.sub(MIDDLE_DOT, name).upper()


def told_apart(name: str) -> str:
    """The name by which two people's findings are compared: characters are set apart by one and together by another."""
    return _GAP.sub("", spelled_name(name))


def printed_name(seen: str) -> str | None:
    """The name in a text read beside 姓名: other scripts dropped (R38), None when 2-50 characters do not remain."""
    name = _FOREIGN.sub("", folded(seen)).strip(MIDDLE_DOT)
    return name if _LEGAL.fullmatch(name) else None


def compare_names(first: str, second: str) -> NameMatch:
    """Whether two legal names are one; 張 and 张 are two names (R41)."""
    one, other = _spellings(first), _spellings(second)
    if one & other:
        return NameMatch.SAME
    if folded(first).replace(MIDDLE_DOT, "") == folded(second).replace(MIDDLE_DOT, ""):
        return NameMatch.REVIEW
    return NameMatch.DIFFERENT


def _spellings(name: str) -> frozenset[str]:
    """A gap between Han stands for the dot (R36), or for nothing: names of two characters are often set apart."""
    return frozenset({folded(name), folded(_GAP.sub(MIDDLE_DOT, name))})


def han_only(text: str) -> str:
    """The Han characters of a text, dots and all else dropped."""
    return _FOREIGN.sub("", text).replace(MIDDLE_DOT, "")
