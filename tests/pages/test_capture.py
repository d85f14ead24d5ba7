"""Is the capture page of our own files alone, in both languages, and the only one that may use a camera?"""

import re
from typing import Any

import pytest

from app.pages.capture import FILES, SCRIPTED
from app.pages.rendering import CLOSED, STRINGS, page
from app.routers.language import CHINESE, ENGLISH
from app.services.captures import ASKED_FOR
from app.verification.consents import Purpose
from app.verification.evidence import SIDES
from app.verification.examination import Kind
from app.verification.faces.liveness.hints import Hint
from app.verification.faces.liveness.steps import Step
from app.verification.proofing import ImageKind

OPTIONAL = (Purpose.FACE_ENROLMENT, *ASKED_FOR.values())


def html(language: str, **more: Any) -> str:
    facts = {
        "proofing": "prf_1",
        "kiosk": False,
        "optional": "",
        "kinds": [(Kind.PASSPORT, "passport/data-page")],
        "sides": [],
        "fields": {},
        "idle": STRINGS[language]["capture_idle"],
    }
    return bytes(page("capture", language=language, **facts | more).body).decode()


def modules() -> dict[str, str]:
    return {name: content.decode() for name, (content, _) in FILES.items() if name.endswith(".js")}


@pytest.mark.parametrize("language", [CHINESE, ENGLISH])
def test_nothing_in_it_is_inline(language: str) -> None:
    shown = html(language, kiosk=True)
    assert re.findall(r"<script[^>]*>(.*?)</script>", shown, re.DOTALL) == [""]
    assert not re.findall(r"\s(?:style|on\w+)=", shown)
    assert "unsafe" not in SCRIPTED["content-security-policy"]


def test_every_module_it_loads_is_served_by_us() -> None:
    wanted = {name for text in modules().values() for name in re.findall(r'from "\./([^"]+)"', text)}
    assert wanted | {"main.js", "entry.js"} == set(modules())


def test_no_module_makes_markup_of_text() -> None:
    assert not [name for name, text in modules().items() if re.search(r"innerHTML|insertAdjacentHTML|eval\(", text)]


def test_every_word_a_module_says_is_in_the_strings() -> None:
    said = {name for text in modules().values() for name in re.findall(r'words\("(\w+)"', text)}
    assert said
    assert said <= STRINGS[ENGLISH]["capture"].keys()


def test_every_step_and_hint_of_the_challenge_has_words_and_so_has_what_may_be_consented_to() -> None:
    told = {f"move_{step}" for step in Step} | {f"hint_{hint}" for hint in Hint}
    optional = {f"optional_{part}_{each}" for part in ("title", "yes") for each in OPTIONAL}
    assert told | optional <= STRINGS[ENGLISH]["capture"].keys() & STRINGS[CHINESE]["capture"].keys()


def test_every_side_of_every_document_has_a_name() -> None:
    sides = [ImageKind.showing(kind, side).replace("/", "_") for kind in SIDES for side in SIDES[kind]]
    assert {f"side_{side}" for side in [*sides, "face"]} <= STRINGS[CHINESE]["capture"].keys()


def test_every_screen_that_asks_for_a_face_offers_the_way_without() -> None:
    screens = re.findall(r'data-screen="(\w+)".*?</section>', html(ENGLISH), re.DOTALL)
    asking = [
        each for each in re.findall(r"<section.*?</section>", html(ENGLISH), re.DOTALL) if 'choice="without"' in each
    ]
    assert {name for name in screens if f'data-screen="{name}"' in "".join(asking)} == {"consent", "face", "again"}


def test_every_screen_has_a_heading_that_takes_the_focus_and_a_place_for_trouble() -> None:
    for screen in re.findall(r"<section[^>]*data-screen.*?</section>", html(CHINESE), re.DOTALL):
        assert re.search(r'<h1 id="\w+-title" tabindex="-1">\S', screen)
        assert 'role="alert"' in screen or 'data-screen="loading"' in screen


def test_no_other_screen_may_use_the_camera() -> None:
    assert "camera=()" in CLOSED["permissions-policy"]
    assert page("messages", language=ENGLISH, messages=[]).headers["permissions-policy"] == CLOSED["permissions-policy"]
