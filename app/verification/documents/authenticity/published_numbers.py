"""Which numbers does everybody know? Samples that standards and authorities print: nobody who shows one is their holder."""

GB_11643 = "GB 11643-1999, its own examples"
NIA = "National Immigration Administration, the sample cards of the 2023 edition"
ICAO = "ICAO Doc 9303, its specimen documents"

PUBLISHED = {
    "11010519491231002X": GB_11643,  # R4
    "440524188001010014": GB_11643,  # R4
    "110105491231002": GB_11643,  # the first in the 15 digits it had before, R14
    "440524880101001": GB_11643,
    "911124198108030024": NIA,  # R18
    "932682198501010017": NIA,  # R18
    "L898902C3": ICAO,  # R56
    "L898902C": ICAO,  # earlier editions of it
    "L8988901C": ICAO,  # R60
    "D23145890": ICAO,  # R57, R58
    "D231458907": ICAO,  # the same with its check digit, as a zone runs them together
    "D23145890734": ICAO,  # R59
}
"""Number → where it is printed. Numbers that a bank itself knows to be misused do not belong here in the clear (R23)."""


def published_in(number: str | None) -> str | None:
    """Where a number stands printed as a sample; None where we know of nothing."""
    return None if number is None else PUBLISHED.get(number.strip().upper())
