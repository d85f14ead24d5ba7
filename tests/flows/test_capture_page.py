"""Who sees the capture page, in which language, and with which permissions?"""

from app.pages.capture import SCRIPTED
from tests.flows.conftest import Bank
from tests.flows.test_capture import code_for, entered


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


async def test_files_that_are_not_of_the_page_are_not_served(bank: Bank) -> None:
    assert (await bank.http.get("/static/capture/main.js")).headers["content-type"].startswith("text/javascript")
    for name in ("..%2Fhufu.css", "nothing.js", "%2e%2e"):
        assert (await bank.http.get(f"/static/capture/{name}")).status_code == 404
