"""Pictures that end too early: a connection that broke, or a probe of what a decoder does at its end."""

from functools import partial

from tests.corpus import BROKEN, UNKNOWN, Make, Sample
from tests.corpus.drawing import heic, jpeg, png, webp

WHOLE: dict[str, Make] = {
    "JPEG baseline": partial(jpeg, quality=95),
    "JPEG progressive": partial(jpeg, quality=95, progressive=True),
    "PNG": png,
    "WebP lossy": partial(webp, quality=80),
    "WebP lossless": partial(webp, lossless=True),
    "HEIC": heic,
}
WHY = "what is missing would be shown as grey, and judged as if it had been photographed"


def _cut(whole: Make, tenth: int) -> bytes:
    octets = whole()
    return octets[: len(octets) * tenth // 10]


SAMPLES = [
    Sample(f"{name}, {tenth} tenths of it", partial(_cut, whole, tenth), BROKEN, WHY)
    for name, whole in WHOLE.items()
    for tenth in range(1, 10)
] + [
    Sample(
        f"{name}, its first three octets",
        partial(lambda w: w()[:3], whole),
        UNKNOWN if not name.startswith("JPEG") else BROKEN,
        WHY,
    )
    for name, whole in WHOLE.items()
]
