"""Is whatever a picture shows a finding or a typed problem each, and no fault of ours? Over HTTP, text as OCR hands it over."""

from collections.abc import Sequence
from datetime import timedelta

import httpx
import pytest

from app.gateways.vision import VisionFailed, Why
from app.verification.documents.layout import Box, bounds
from app.verification.documents.pages import Look, page_form
from app.verification.documents.reading import Page
from app.verification.documents.resident_number import check_character
from app.verification.examination import Line
from tests.flows.conftest import START, Bank
from tests.flows.feeding import jpeg
from tests.flows.people import bearer
from tests.verification.card_lines import VIEW, line, portrait_lines
from tests.verification.licence_lines import licence_lines
from tests.verification.test_machine_page import PRINTED, ZONE, page_lines
from tests.verification.test_pages import LABELS

TODAY = START.date()
TOMORROWS = f"110101{TODAY + timedelta(days=1):%Y%m%d}001"
PAGE_OF_TEXT = [line("关于春季运动会的通知", 60, at % 600) for at in range(5000)]
CROWD = [line(LABELS[at % len(LABELS)], at % 1000, at % 600) for at in range(5000)]
WIDE = str.maketrans({chr(code): chr(code + 0xFEE0) for code in range(0x21, 0x7F)})


def page_of(lines: Sequence[Line]) -> Page | None:
    """What is read of them where a second look says the same."""

    def again(box: Box) -> str:
        return "".join(each.text for each in lines if box.top < bounds(each).middle < box.bottom)

    form = page_form(lines)
    if form is None:
        return None
    return form.read(Look(lines, VIEW, 638, lambda box: [again(box)] * 4, lambda box: (again(box), 0.99), TODAY))


async def ask(bank: Bank, lines: Sequence[Line], kind: str = "auto") -> httpx.Response:
    bank.eyes.page = page_of(lines)
    headers = bearer(await bank.kiosk_token()) | {"accept-language": "en"}
    return await bank.http.post("/v1/documents/readings", params={"kind": kind}, content=jpeg(), headers=headers)


def codes(answer: httpx.Response) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [":".join(filter(None, (each["code"], each["facts"].get("field")))) for each in answer.json()["findings"]]


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        (PAGE_OF_TEXT, "card_not_found"),
        ([line("0000 0000 0000 0000", 60, 400), line("VALID 00/00", 60, 500)], "card_not_found"),
        (portrait_lines(name="某"), "field_unclear:name"),
        (portrait_lines(name="某" * 60), "field_unclear:name"),
        (portrait_lines(number="١١٠١٠١١٩٩٠٠٣٠٧٠٠٢X"), "number_unclear:number"),
        (portrait_lines(number=TOMORROWS + check_character(TOMORROWS)), "number_birth_impossible"),
        (portrait_lines(birth="9999年99月99日"), "field_unclear:birth"),
        (portrait_lines(sex="X"), "field_unclear:sex"),
    ],
    ids=["5,000 lines", "bank card", "name of 1", "name of 60", "other digits", "tomorrow's", "no day", "no sex"],
)
async def test_what_cannot_be_is_told_by_its_own_name(bank: Bank, lines: list[Line], told: str) -> None:
    assert told in codes(await ask(bank, lines))


@pytest.mark.rule("R1", "R65")
async def test_width_controls_and_marks_that_turn_text_round_change_nothing(bank: Bank) -> None:
    number = "11010119900307002X"
    for odd in (number.translate(WIDE), f"\u200f{number}\u202e", " ".join(number)):
        answer = await ask(bank, portrait_lines(number=odd))
        assert answer.json()["fields"]["number"]["value"] == number
    first, second = ZONE
    answer = await ask(bank, page_lines([f"\u200f{first}\x07", second.translate(WIDE)], PRINTED))
    assert answer.json()["fields"]["number"]["value"] == "L898902C3"


@pytest.mark.rule("R66")
async def test_a_zone_whose_digits_do_not_hold_is_told_as_broken(bank: Bank) -> None:
    wrong = [str((int(c) + 5) % 10) if at in {9, 19, 27} else c for at, c in enumerate(ZONE[1])]
    assert "zone_broken" in codes(await ask(bank, page_lines([ZONE[0], "".join(wrong)], PRINTED)))


async def test_another_document_than_was_announced_is_told_and_judged_no_further(bank: Bank) -> None:
    shown = licence_lines(number="110101199003070011")  # whose check character is wrong
    assert codes(await ask(bank, shown, kind="resident_card")) == ["wrong_document"]
    assert "wrong_document" not in codes(await ask(bank, shown, kind="driving_licence"))
    assert (await ask(bank, shown, kind="library_card")).status_code == 422


async def test_five_thousand_labels_are_read_too(bank: Bank) -> None:
    assert codes(await ask(bank, CROWD))


@pytest.mark.parametrize("why", [Why.TIMED_OUT, Why.FAILED])
async def test_a_picture_that_takes_too_long_or_brings_no_answer_is_answered_by_come_later(
    bank: Bank, why: Why, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fails(*_: object) -> None:
        raise VisionFailed(why)

    monkeypatch.setattr(bank.eyes, "read", fails)
    answer = await ask(bank, [])
    assert (answer.status_code, answer.json()["code"], answer.headers["retry-after"]) == (503, "unavailable", "5")


async def test_what_the_file_says_of_its_making_is_told_and_what_a_camera_says_is_not(bank: Bank) -> None:
    bank.eyes.software = "Adobe Photoshop 25.0"
    assert "edited_by_software" in codes(await ask(bank, portrait_lines()))
    bank.eyes.software = "iOS 17.5.1"
    assert "edited_by_software" not in codes(await ask(bank, portrait_lines()))
