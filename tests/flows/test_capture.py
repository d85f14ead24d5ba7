"""Does a proofing come to a phone or kiosk by a code that is good once, and does the cookie open nothing else?"""

import asyncio
import re
from datetime import timedelta
from typing import Any

import httpx
import pytest

from app.services.purges import Purges
from tests.flows.conftest import PICTURE, Applicant, Bank, bearer
from tests.flows.feeding import FROM_OUR_PAGE
from tests.flows.reviewing import unclear

COOKIE = "__Host-hufu-capture"
OF_ANOTHER_PAGE = {"sec-fetch-site": "cross-site", "origin": "https://evil.example"}


async def code_for(applicant: Applicant, **body: Any) -> dict[str, Any]:
    answer = await applicant.post("/captures", json=body)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def swap(bank: Bank, code: str, **headers: str) -> httpx.Response:
    """Press the button of the entrance."""
    said = FROM_OUR_PAGE | {"accept-language": "en"} | headers
    return await bank.http.post("/capture", data={"code": code}, headers=said)


async def entered(bank: Bank, applicant: Applicant, **body: Any) -> dict[str, str]:
    """The headers of whoever is on the page."""
    answer = await swap(bank, (await code_for(applicant, **body))["code"])
    assert let_in(answer), answer.headers
    token = answer.cookies[COOKIE]
    bank.http.cookies.clear()  # each request of a test brings what it says it brings
    return FROM_OUR_PAGE | {"cookie": f"{COOKIE}={token}", "accept-language": "en"}


def let_in(answer: httpx.Response) -> bool:
    return answer.status_code == 303 and COOKIE in answer.cookies


async def asked(bank: Bank, applicant: Applicant, headers: dict[str, str]) -> int:
    return (await bank.http.get(f"/v1/proofings/{applicant.id}", headers=headers)).status_code


async def test_following_the_address_spends_nothing(bank: Bank) -> None:
    made = await code_for(await bank.applicant())
    for _ in range(3):
        shown = await bank.http.get(made["address"], headers={"accept-language": "en"})
        assert (shown.status_code, shown.headers.get("set-cookie")) == (200, None)
        assert f'value="{made["code"]}"' in shown.text
    assert let_in(await swap(bank, made["code"]))


async def test_the_swap_leads_to_an_address_without_a_code(bank: Bank) -> None:
    answer = await swap(bank, (await code_for(await bank.applicant()))["code"])
    assert answer.headers["location"] == "/capture?language=en"
    attributes = {each.strip() for each in answer.headers["set-cookie"].split(";")[1:]}
    assert attributes == {"HttpOnly", "Path=/", "SameSite=strict", "Secure"}


async def test_a_qr_code_carries_the_address(bank: Bank) -> None:
    import cv2
    import numpy as np

    made = await code_for(await bank.applicant())
    size = int(re.findall(r'width="(\d+)"', made["qr_svg"])[0]) // 4
    dark = np.full((size, size), 255, np.uint8)
    x = y = 0.0
    for command, first, second in re.findall(r"([Mmh])(-?[\d.]+)(?: (-?[\d.]+))?", made["qr_svg"]):
        if command == "h":
            dark[int(y), int(x) : int(x) + int(first)] = 0
            x += int(first)
        else:
            x, y = (x + float(first), y + float(second)) if command == "m" else (float(first), float(second))
    # OpenCV's older detector reads nothing of one sound code in eighty; this one read 8,000 of 8,000.
    read, _, _ = cv2.QRCodeDetectorAruco().detectAndDecode(
        cv2.resize(dark, None, fx=6, fy=6, interpolation=cv2.INTER_NEAREST)
    )
    assert read == made["address"]


async def test_of_two_who_swap_one_code_one_enters(bank: Bank, twin: Bank) -> None:
    code = (await code_for(await bank.applicant()))["code"]
    answers = await asyncio.gather(*(swap(each, code) for each in (bank, twin) * 5))
    assert sorted(map(let_in, answers)) == [False] * 9 + [True]
    assert bank.sql("SELECT count(*) FROM captures WHERE entered_at IS NOT NULL") == [(1,)]


async def test_unknown_spent_and_old_codes_are_one_answer(bank: Bank) -> None:
    applicant = await bank.applicant()
    spent, old = (await code_for(applicant))["code"], (await code_for(applicant))["code"]
    await swap(bank, spent)
    bank.clock.move(timedelta(minutes=10))
    answers = [await swap(bank, code) for code in (spent, old, "hcc_nobodys", "x")]
    told = {(answer.status_code, answer.headers["location"], answer.content) for answer in answers}
    assert told == {(303, "/capture?language=en&refused=true", b"")}
    bank.http.cookies.clear()
    shown = await bank.http.get("/capture?language=en&refused=true")
    assert "This code is not valid" in shown.text


async def test_a_code_good_for_ten_minutes_is_good_in_the_last_second(bank: Bank) -> None:
    made = await code_for(await bank.applicant())
    bank.clock.move(timedelta(minutes=10, seconds=-1))
    assert let_in(await swap(bank, made["code"]))


async def test_another_page_cannot_swap_a_code_in_its_visitors_browser(bank: Bank) -> None:
    code = (await code_for(await bank.applicant()))["code"]
    assert not let_in(await swap(bank, code, **OF_ANOTHER_PAGE))
    assert let_in(await swap(bank, code))


async def test_neither_code_nor_cookie_rests_in_the_database_or_the_audit(bank: Bank) -> None:
    applicant = await bank.applicant()
    code = (await code_for(applicant))["code"]
    token = (await swap(bank, code)).cookies[COOKIE]
    assert code[4:].encode() not in bank.dump()
    assert token[4:].encode() not in bank.dump()


async def test_the_cookie_presents_and_submits_its_proofing(bank: Bank) -> None:
    applicant = await bank.applicant()
    headers, own = await entered(bank, applicant), f"/v1/proofings/{applicant.id}"
    for notice in (await bank.http.get("/v1/notices?language=en")).json():
        answer = {"purpose": notice["purpose"], "given": True, "text_sha256": notice["text_sha256"], "channel": "web"}
        assert (await bank.http.post(f"{own}/consents", json=answer, headers=headers)).status_code == 201
    for path in ("/evidence/resident-card/portrait", "/evidence/resident-card/emblem", "/face"):
        assert (await bank.http.put(own + path, content=PICTURE, headers=headers)).status_code == 201
    assert (await bank.http.post(f"{own}/submission", headers=headers)).status_code == 202
    assert (await bank.http.get(f"{own}?wait=1", headers=headers)).json()["state"] == "examining"


async def test_the_cookie_reads_and_types_the_fields_of_its_proofing(bank: Bank) -> None:
    applicant = await unclear(bank)
    headers, fields = await entered(bank, applicant), f"/v1/proofings/{applicant.id}/fields"
    (asked_for,) = (await bank.http.get(fields, headers=headers)).json()["items"]
    typed = {"fields": {asked_for["name"]: "欧阳样例"}}
    assert (await bank.http.put(fields, json=typed, headers=headers)).status_code == 200


async def test_the_cookie_opens_no_other_proofing(bank: Bank) -> None:
    headers = await entered(bank, await bank.applicant())
    assert await asked(bank, await bank.applicant(), headers) == 404


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("DELETE", "", None), ("POST", "/captures", {}), ("POST", "/contact", {"channel": "phone", "address": "13800138000"}),
        ("PUT", "/password", {"password": "Kranich-Lotus-47"}), ("POST", "/totp", None),
        ("POST", "/appeal", {"statement": "It is me, look again, please."}),
    ],
)  # fmt: skip
async def test_what_binds_or_ends_takes_more_than_the_cookie(
    bank: Bank, method: str, path: str, body: dict[str, str] | None
) -> None:
    applicant = await bank.accepted()
    headers = await entered(bank, applicant)
    answer = await bank.http.request(method, f"/v1/proofings/{applicant.id}{path}", json=body, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated")


async def test_another_page_acts_in_nobodys_name(bank: Bank) -> None:
    applicant = await bank.applicant()
    headers = await entered(bank, applicant)
    assert await asked(bank, applicant, headers) == 200
    assert await asked(bank, applicant, headers | OF_ANOTHER_PAGE) == 401
    answer = await bank.http.post(f"/v1/proofings/{applicant.id}/submission", headers=headers | OF_ANOTHER_PAGE)
    assert answer.status_code == 401


async def test_a_bearer_that_was_brought_decides_and_no_cookie_beside_it(bank: Bank) -> None:
    applicant = await bank.applicant()
    assert await asked(bank, applicant, await entered(bank, applicant) | bearer("hat_wrong")) == 404


@pytest.mark.parametrize(("kiosk", "seconds"), [(True, 60), (False, 900)])
async def test_a_session_nobody_uses_ends(bank: Bank, *, kiosk: bool, seconds: int) -> None:
    applicant = await bank.applicant()
    headers = await entered(bank, applicant, kiosk=kiosk)
    for _ in range(2):  # each use begins the time anew
        bank.clock.move(timedelta(seconds=seconds - 1))
        assert await asked(bank, applicant, headers) == 200
    bank.clock.move(timedelta(seconds=seconds))
    assert await asked(bank, applicant, headers) == 401


async def test_leaving_ends_it_at_once(bank: Bank) -> None:
    applicant = await bank.applicant()
    headers = await entered(bank, applicant)
    left = await bank.http.post("/capture/end", headers=headers)
    assert (left.status_code, "Max-Age=0" in left.headers["set-cookie"]) == (200, True)
    assert await asked(bank, applicant, headers) == 401


async def test_another_page_cannot_make_its_visitor_leave(bank: Bank) -> None:
    applicant = await bank.applicant()
    headers = await entered(bank, applicant)
    answer = await bank.http.post("/capture/end", headers=headers | OF_ANOTHER_PAGE)
    assert "set-cookie" not in answer.headers
    assert await asked(bank, applicant, headers) == 200


async def test_whoever_goes_on_elsewhere_is_on_the_first_device_no_longer(bank: Bank) -> None:
    applicant = await bank.applicant()
    first, second = await entered(bank, applicant), await entered(bank, applicant)
    assert (await asked(bank, applicant, first), await asked(bank, applicant, second)) == (401, 200)


async def test_the_session_ends_with_its_proofing(bank: Bank) -> None:
    applicant = await bank.applicant()
    made, headers = await code_for(applicant), await entered(bank, applicant)
    await applicant.call("DELETE")
    assert await asked(bank, applicant, headers) == 401
    assert not let_in(await swap(bank, made["code"]))
    assert (await applicant.post("/captures", json={})).json()["code"] == "illegal_move"


async def test_entering_and_whoever_may_not_are_in_the_audit(bank: Bank) -> None:
    applicant = await bank.applicant()
    await entered(bank, applicant, kiosk=True)
    await swap(bank, "hcc_nobodys")
    first, second = bank.events("capture.enter")
    assert (first["outcome"], first["detail"]) == ("allowed", {"proofing": applicant.id, "kiosk": True, "ended": 0})
    assert (second["outcome"], second["reason"]) == ("refused", "capture_code_invalid")


async def test_what_is_over_is_taken_away_a_day_later(bank: Bank) -> None:
    await code_for(await bank.applicant())
    purges = Purges(bank.ground.journal)
    bank.clock.move(timedelta(days=1, minutes=10, seconds=-1))
    assert (await purges.outdated())["captures"] == 0
    bank.clock.move(timedelta(seconds=1))
    assert (await purges.outdated())["captures"] == 1
