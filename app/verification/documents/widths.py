"""What is the narrow form of full-width letters and digits? OCR hands either over, and laying out keeps only the narrow."""

from collections.abc import Sequence
from dataclasses import replace

from app.verification.examination import Line

_NARROW = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
"""Full-width ASCII alone: NFKC would also fold variants of characters, which are different names (R41)."""


def narrow(text: str) -> str:
    """The text with its full-width ASCII narrow."""
    return text.translate(_NARROW)


def narrow_lines(lines: Sequence[Line]) -> tuple[Line, ...]:
    """The lines with their full-width ASCII narrow."""
    return tuple(replace(line, text=narrow(line.text)) for line in lines)
