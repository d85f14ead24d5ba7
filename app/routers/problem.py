"""What is a row of THE table? Status and words; nothing else in the house knows a status code."""

from typing import NamedTuple


class Problem(NamedTuple):
    """Status, then title and detail in both languages; details may name facts of the refusal in braces."""

    status: int
    title_zh: str
    title_en: str
    detail_zh: str
    detail_en: str
