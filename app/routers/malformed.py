"""What is wrong with the form of a request? Said in the caller's language and never by quoting what was sent.

What was sent may be a password, a code or a page of somebody else's choosing.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from app.routers.language import CHINESE
from app.routers.refusals import Malformed

LONGEST_NAME = 40
"""Characters shown of a field's name: an unknown one is the caller's own invention."""
UNREADABLE: Final = ("无法读取", "unreadable")
WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "missing": ("缺少", "missing"),
    "extra_forbidden": ("多余字段", "not a field of this request"),
    "repeated": ("重复", "sent more than once"),
    "packed": ("不接受压缩内容", "must not be packed"),
    "json_invalid": ("不是有效的 JSON", "not valid JSON"),
    "string_type": ("应为文本", "must be text"),
    "string_unicode": ("不是有效的 Unicode 文本", "not valid Unicode text"),
    "string_too_short": ("太短", "too short"),
    "string_too_long": ("太长", "too long"),
    "string_pattern_mismatch": ("格式不符", "not of the form asked for"),
    "enum": ("不是允许的值", "not one of the values allowed"),
    "literal_error": ("不是允许的值", "not one of the values allowed"),
    "bool_type": ("应为 true 或 false", "must be true or false"),
    "bool_parsing": ("应为 true 或 false", "must be true or false"),
    "int_type": ("应为整数", "must be a whole number"),
    "int_parsing": ("应为整数", "must be a whole number"),
    "int_from_float": ("应为整数", "must be a whole number"),
    "int_parsing_size": ("数值过大", "too large a number"),
    "greater_than_equal": ("数值过小", "too small a number"),
    "less_than_equal": ("数值过大", "too large a number"),
    "list_type": ("应为列表", "must be a list"),
    "too_long": ("项数过多", "too many items"),
    "model_attributes_type": ("应为 JSON 对象", "must be a JSON object"),
    "model_type": ("应为 JSON 对象", "must be a JSON object"),
    "dict_type": ("应为 JSON 对象", "must be a JSON object"),
}
"""Pydantic's kinds of error and ours, in our words."""


def malformed(kind: str, place: Sequence[object], *, language: str) -> Malformed:
    """The refusal of a request at fault in `place` by this kind of error; `unreadable` for any kind we have no word for."""
    chinese, english = WORDS.get(kind, UNREADABLE)
    return Malformed(where=".".join(map(_shown, place)), what=chinese if language == CHINESE else english)


def _shown(part: object) -> str:
    """A step of the place, fit to be written: a lone surrogate cannot leave in UTF-8, a control character could mislead."""
    text = str(part)[:LONGEST_NAME]
    return text if text.isprintable() else "?"
