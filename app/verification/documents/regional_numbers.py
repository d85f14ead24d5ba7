"""Does the number of a Hong Kong or Taiwan identity card carry its right check digit? R21, R22.

Neither is presented as evidence: a permit's holder may name theirs, and a typing error is told at once.
"""

import re
from string import ascii_uppercase

from app.verification.documents.resident_number import normalised

_HONG_KONG = re.compile(r"([A-Z]{1,2})([0-9]{6})(?:\(([0-9A])\)|([0-9A]))")
_TAIWAN = re.compile(r"[A-Z][12][0-9]{8}")
_NO_LETTER = 36
"""R21: what stands for the first of two letters where there is one."""
_TAIWAN_LETTERS = dict(zip("ABCDEFGHJKLMNPQRSTUVXYWZIO", range(10, 36), strict=True))
"""R22: by the order in which the counties were given their letters."""
_TAIWAN_WEIGHTS = (1, 9, 8, 7, 6, 5, 4, 3, 2, 1, 1)


def hong_kong_check_holds(given: str) -> bool:
    """Whether the text is a letter or two, six digits and the check digit that belongs to them, bare or in brackets."""
    match = _HONG_KONG.fullmatch(normalised(given))
    if match is None:
        return False
    letters, digits, bracketed, bare = match.groups()
    values = [*(10 + ascii_uppercase.index(letter) for letter in letters), *map(int, digits)]
    check = int((bracketed or bare).replace("A", "10"))
    padded = values if len(letters) == 2 else [_NO_LETTER, *values]
    return (sum(weight * value for weight, value in zip(range(9, 1, -1), padded, strict=True)) + check) % 11 == 0


def taiwan_check_holds(given: str) -> bool:
    """Whether the text is a letter, 1 or 2, seven digits and the check digit that belongs to them."""
    text = normalised(given)
    if _TAIWAN.fullmatch(text) is None:
        return False
    digits = f"{_TAIWAN_LETTERS[text[0]]}{text[1:]}"
    return sum(weight * int(digit) for weight, digit in zip(_TAIWAN_WEIGHTS, digits, strict=True)) % 10 == 0
