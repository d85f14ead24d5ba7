"""How well does a photograph show its document? Measures on the canvas; what is good enough is policy's to say."""

from app.verification.documents.quality.expected import EXPECTED, Expected, expected
from app.verification.documents.quality.measuring import measures
from app.verification.documents.quality.whole import measure

__all__ = ["EXPECTED", "Expected", "expected", "measure", "measures"]
