"""What does OCR hand over for a card? Lines placed as it places them, without a picture."""

from collections.abc import Callable

from app.verification.documents.layout import CANVAS_HEIGHT, CANVAS_WIDTH, cells
from app.verification.examination import CardView, Line, Point

VIEW = CardView(
    found=True, kind=None, seen=None, blur=80, glare=0, brightness=170, width_px=1200, edge_cut=False, specimen=False
)
FIRST, SECOND = 66.0, 160.0
"""Left edge of the labels, and of what stands beside them."""


def line(text: str, left: float, top: float, score: float = 0.99, height: float = 36.0) -> Line:
    """A line as RapidOCR boxes it: 1.2 glyphs high, 0.4 heights wider than its text."""
    right, bottom = left + (cells(text) / 1.2 + 0.4) * height, top + height
    return Line(text, score, ((left, top), (right, top), (right, bottom), (left, bottom)))


def portrait_lines(**values: str) -> list[Line]:
    """Labels and values apart; a value given as empty is not read, `name_label=…` misreads a label."""
    said = {
        "name": "欧阳样例",
        "sex": "女",
        "ethnicity": "汉",
        "birth": "1990年3月7日",
        "first": "北京市东城区示例街道样板胡同",
        "second": "十二号院三单元",
        "third": "",
        "number": "11010119900307002X",
        "name_label": "姓名",
        "sex_label": "性别",
        "ethnicity_label": "民族",
        "birth_label": "出生",
        "address_label": "住址",
        "number_label": "公民身份号码",
    } | values
    rows = [
        line(said["name_label"], FIRST, 80),
        line(said["name"], SECOND, 78),
        line(said["sex_label"], FIRST, 152),
        line(said["sex"], SECOND, 152),
        line(said["ethnicity_label"], 285, 152),
        line(said["ethnicity"], 380, 152),
        line(said["birth_label"], FIRST, 226),
        line(said["birth"], SECOND, 226),
        line(said["address_label"], FIRST, 304),
        line(said["first"], SECOND, 304),
        line(said["second"], SECOND, 350),
        line(said["third"], SECOND, 396),
        line(said["number_label"], FIRST, 532),
        line(said["number"], 340, 528),
    ]
    return [row for row in rows if row.text]


def emblem_lines(**values: str) -> list[Line]:
    """Labels and values apart."""
    said = {
        "state": "中华人民共和国",
        "title": "居民身份证",
        "authority_label": "签发机关",
        "validity_label": "有效期限",
        "authority": "北京市公安局东城分局",
        "validity": "2015.06.01-2025.06.01",
    } | values
    rows = [
        line(said["state"], 377, 97, height=64),
        line(said["title"], 385, 187, height=76),
        line(said["authority_label"], 228, 441),
        line(said["authority"], 397, 440),
        line(said["validity_label"], 228, 521),
        line(said["validity"], 396, 518),
    ]
    return [row for row in rows if row.text]


def turned(lines: list[Line]) -> list[Line]:
    """The same text on a canvas turned by 180 degrees; OCR reads it all the same."""
    return [moved(one, lambda x, y: (CANVAS_WIDTH - x, CANVAS_HEIGHT - y)) for one in lines]


def moved(one: Line, move: Callable[[float, float], Point]) -> Line:
    """The line with each of its corners elsewhere."""
    a, b, c, d = (move(x, y) for x, y in one.box)
    return Line(one.text, one.score, (a, b, c, d))
