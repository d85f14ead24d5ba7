"""What does OCR hand over for a residence permit or a temporary card? Lines placed as it places them."""

from app.verification.examination import Line
from tests.verification.card_lines import FIRST, SECOND, line, portrait_lines

LEFT, RIGHT = 228.0, 396.0
"""Left edges of the labels on the emblem side, and of what stands beside them."""


def permit_portrait_lines(**values: str) -> list[Line]:
    """The resident card's rows without 民族."""
    said = {
        "ethnicity": "",
        "ethnicity_label": "",
        "number": "810000199001010019",
        "birth": "1990年1月1日",
        "sex": "男",
    }
    return portrait_lines(**(said | values))


def permit_emblem_lines(**values: str) -> list[Line]:
    """Labels and values apart; a value given as empty is not read."""
    said = {
        "title": "港澳居民居住证",
        "authority": "深圳市公安局南山分局",
        "validity": "2021.06.01-2026.06.01",
        "travel_permit": "H12345678",
        "times": "01",
        "travel_permit_label": "通行证号码",
        "times_label": "签发次数",
    } | values
    rows = [
        line("中华人民共和国", 377, 97, height=64),
        line(said["title"], 385, 187, height=70),
        line("签发机关", LEFT, 400),
        line(said["authority"], RIGHT, 400),
        line("有效期限", LEFT, 460),
        line(said["validity"], RIGHT, 460),
        line(said["travel_permit_label"], LEFT, 520),
        line(said["travel_permit"], 420, 520),
        line(said["times_label"], 700, 520),
        line(said["times"], 860, 520),
    ]
    return [row for row in rows if row.text]


def temporary_cover_lines(title: str = "临时居民身份证") -> list[Line]:
    """The side with the title, on two rows."""
    return [line("中华人民共和国", 330, 120, height=60), line(title, 330, 200, height=60)]


def temporary_item_lines(
    *, authority: str = "北京市公安局东城分局", validity: str = "2025.06.01-2025.09.01"
) -> list[Line]:
    """The other side: who it is, and under it who issued it and until when."""
    rows = [
        line("签发机关", FIRST, 440, height=28),
        line(authority, SECOND + 30, 440, height=28),
        line("有效期限", FIRST, 480, height=28),
        line(validity, SECOND + 30, 480, height=28),
    ]
    return [*portrait_lines(), *(row for row in rows if row.text)]
