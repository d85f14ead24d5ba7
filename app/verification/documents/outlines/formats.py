"""Which sizes do documents come in, and onto which canvas is each straightened?"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Format:
    """One size of document, lying on its long edge."""

    name: str
    width_mm: float
    height_mm: float
    canvas: tuple[int, int]
    """Width and height in pixels."""

    @property
    def ratio(self) -> float:
        """Long over short edge."""
        return self.width_mm / self.height_mm


ID_1 = Format("ID-1", 85.6, 54.0, (1012, 638))
"""ISO/IEC 7810; R27. Resident cards, permits, TD1."""
LICENCE = Format("licence", 88.0, 60.0, (1012, 690))
"""GA 482: the pages of the driving licence."""
ID_3 = Format("ID-3", 125.0, 88.0, (1250, 880))
"""ISO/IEC 7810: a page of a passport, TD3."""
TD_2 = Format("TD2", 105.0, 74.0, (1050, 740))
"""ID-2 of ISO/IEC 7810; ICAO Doc 9303-6, and the MRV-B of 9303-7."""
MRV_A = Format("MRV-A", 120.0, 80.0, (1200, 800))
"""ICAO Doc 9303-7."""

FORMATS = (ID_1, LICENCE, ID_3, TD_2, MRV_A)
"""ID-3 and TD2 differ by a thousandth in ratio: no outline tells them apart, so both are named."""
