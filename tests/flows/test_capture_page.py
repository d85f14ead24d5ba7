"""Who sees the capture page, in which language, and with which permissions?"""

import pytest

from app.pages.capture import SCRIPTED
from app.services.captures import Captures
from app.services.policies import Policies
from tests.flows.conftest import ISSUER, Bank
from tests.flows.test_capture import code_for, entered, let_in, swap
from tests.flows.test_face_search import assessed


async def test_whoever_is_not_on_it_sees_how_to_come(bank: Bank) -> None:
    answer = await bank.http.get("/capture", headers={"accept-language": "en"})
    assert (answer.status_code, "Nothing is open here" in answer.text) == (200, True)
    assert bank.events("caller.admit") == []


async def test_whoever_is_on_it_may_use_the_camera_and_nothing_from_elsewhere(bank: Bank) -> None:
    applicant = await bank.applicant()
    answer = await bank.http.get("/capture?language=en", headers=await entered(bank, applicant, kiosk=True))
    assert f'data-proofing="{applicant.id}" data-kiosk' in answer.text
    assert answer.headers["permissions-policy"].startswith("camera=(self)")
    assert {name: answer.headers[name] for name in SCRIPTED} == SCRIPTED
    assert answer.headers["cache-control"] == "no-store"


async def test_it_is_entered_in_the_language_that_is_chosen(bank: Bank) -> None:
    made = await code_for(await bank.applicant())
    shown = await bank.http.get(f"{made['address']}&language=zh-CN", headers={"accept-language": "en"})
    assert "身份核验" in shown.text


@pytest.mark.parametrize("language", ["zh-CN", "en"])
async def test_a_kiosk_whose_entrance_nobody_uses_shows_no_code_after_a_minute(bank: Bank, language: str) -> None:
    made = await code_for(await bank.applicant(), kiosk=True)
    shown = await bank.http.get(f"{made['address']}&language={language}")
    over = f"/capture?language={language}"
    assert (made["code"] in shown.text, f'data-over="{over}"' in shown.text) == (True, True)
    assert f'<noscript><meta http-equiv="refresh" content="60; url={over}"></noscript>' in shown.text
    after = await bank.http.get(over)
    assert after.status_code == 200
    assert made["code"] not in after.text
    assert "<form" not in after.text


async def test_looking_at_a_kiosks_entrance_spends_nothing_and_tells_nothing_of_its_code(bank: Bank) -> None:
    applicant = await bank.applicant()
    made = await code_for(applicant, kiosk=True)
    before = await bank.http.get(made["address"])
    assert let_in(await swap(bank, made["code"]))
    bank.http.cookies.clear()
    after = await bank.http.get(made["address"])
    assert before.text == after.text


async def test_a_phones_entrance_stays_for_whoever_reads_it_slowly(bank: Bank) -> None:
    made = await code_for(await bank.applicant())
    for address in (made["address"], "/capture?code=hcc_unknown", "/capture?refused=true"):
        shown = (await bank.http.get(address)).text
        assert ("refresh" in shown, "data-idle" in shown, "entry.js" in shown) == (False, False, False)


async def test_files_that_are_not_of_the_page_are_not_served(bank: Bank) -> None:
    assert (await bank.http.get("/static/capture/main.js")).headers["content-type"].startswith("text/javascript")
    for name in ("..%2Fhufu.css", "nothing.js", "%2e%2e"):
        assert (await bank.http.get(f"/static/capture/{name}")).status_code == 404


@pytest.mark.rule("R101")
async def test_a_purpose_that_is_off_is_not_asked_for(bank: Bank) -> None:
    answer = await bank.http.get("/capture?language=en", headers=await entered(bank, await bank.applicant()))
    assert 'data-optional="face_enrolment"' in answer.text


@pytest.mark.rule("R96")
async def test_one_that_is_on_is_asked_for_by_itself(bank: Bank) -> None:
    own = bank.ground
    captures = Captures(own.journal, own.vault, Policies({}, assessed()), own.entropy, issuer=ISSUER)
    assert (await captures.offered()).optional == ("face_enrolment", "face_search")
