"""Which of our two languages does the caller read? (RFC 9110 §12.5.4)"""

from typing import Final

from app.routers.accepted import weighed

CHINESE: Final = "zh-CN"
ENGLISH: Final = "en"


def preferred(accept_language: str | None) -> str:
    """`zh-CN` or `en`: the one with the higher quality; Chinese where nothing is said, as the first banks are."""
    quality = {CHINESE: 0.0, ENGLISH: 0.0}
    for tag, weight in weighed(accept_language):
        language = {"zh": CHINESE, "en": ENGLISH}.get(tag.partition("-")[0])
        if language is not None:
            quality[language] = max(quality[language], weight)
    return ENGLISH if quality[ENGLISH] > quality[CHINESE] else CHINESE
