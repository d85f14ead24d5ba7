"""Do the screens say what they mean in both languages, and nothing they were not given?"""

from datetime import UTC, datetime

from app.pages.rendering import STRINGS, page
from app.services.deliveries import Shown

HOSTILE = Shown(
    "phone", "+86138", "<script>alert(1)</script>", "en", datetime(2026, 11, 22, tzinfo=UTC), delivered=True
)


def test_both_languages_have_the_same_words() -> None:
    chinese, english = ({(table, name) for table in STRINGS[each] for name in STRINGS[each][table]} for each in STRINGS)
    assert chinese == english


def test_what_is_shown_is_escaped() -> None:
    html = bytes(page("messages", language="en", messages=[HOSTILE]).body).decode()
    assert "&lt;script&gt;" in html
    assert "<script" not in html


def test_a_page_takes_nothing_inline_and_nothing_from_elsewhere() -> None:
    answer = page("messages", language="zh-CN", messages=[])
    assert "unsafe" not in answer.headers["content-security-policy"]
    assert b"style=" not in bytes(answer.body)
    assert b"://" not in bytes(answer.body)


def test_a_page_says_its_language() -> None:
    answer = page("messages", language="zh-CN", messages=[])
    assert b'<html lang="zh-CN">' in bytes(answer.body)
    assert answer.headers["content-language"] == "zh-CN"
