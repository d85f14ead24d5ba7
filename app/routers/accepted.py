"""What does the caller take, and how gladly? The values of an Accept header with their quality (RFC 9110 §12.4.2)."""

from collections.abc import Iterator
from typing import Final

MOST_VALUES: Final = 16
"""Browsers send fewer than ten; nobody makes us read a page of them."""


def weighed(header: str | None) -> Iterator[tuple[str, float]]:
    """Each value in small letters, and its quality between 0 and 1."""
    for item in (header or "").split(",")[:MOST_VALUES]:
        value, *parameters = item.split(";")
        yield value.strip().lower(), min((_quality(each) for each in parameters), default=1.0)


def wants_json(accept: str | None) -> bool:
    """Whether JSON is named, and rather than HTML; who names neither is a person following an address."""
    quality = dict(weighed(accept))
    return quality.get("application/json", 0.0) > quality.get("text/html", 0.0)


def _quality(parameter: str) -> float:
    name, _, value = parameter.strip().partition("=")
    if name.strip().lower() != "q":
        return 1.0
    try:
        return min(max(float(value), 0.0), 1.0)
    except ValueError:
        return 0.0
