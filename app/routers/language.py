"""Which of our two languages does the caller read? (RFC 9110 §12.5.4)"""

from typing import Final

CHINESE: Final = "zh-CN"
ENGLISH: Final = "en"


def preferred(accept_language: str | None) -> str:
    """`zh-CN` or `en`: the one with the higher quality; Chinese where nothing is said, as the first banks are."""
    quality = {CHINESE: 0.0, ENGLISH: 0.0}
    for item in (accept_language or "").split(",")[:16]:
        tag, _, parameters = item.strip().partition(";")
        primary = tag.strip().lower().partition("-")[0]
        language = {"zh": CHINESE, "en": ENGLISH}.get(primary)
        if language is not None:
            quality[language] = max(quality[language], _quality(parameters))
    return ENGLISH if quality[ENGLISH] > quality[CHINESE] else CHINESE


def _quality(parameters: str) -> float:
    name, _, value = parameters.strip().partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        return min(max(float(value), 0.0), 1.0)
    except ValueError:
        return 0.0
