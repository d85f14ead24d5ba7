"""May a client read one document alone, is it told all that was found, and is nothing of it kept?"""

from base64 import b64decode

import httpx
import pytest

from app.assertion.client import ClientKind
from app.gateways.vision import VisionFailed, Why
from tests.flows.conftest import ISSUER, Bank
from tests.flows.feeding import jpeg
from tests.flows.people import bearer
from tests.flows.stolen import stolen_from
from tests.verification.examinations import PORTRAIT, changed, read

NUMBER = "11010119900307002X"


async def ask(bank: Bank, octets: bytes | None = None, *, key: str = "") -> httpx.Response:
    headers = bearer(await bank.kiosk_token()) | {"accept-language": "en"} | ({"idempotency-key": key} if key else {})
    return await bank.http.post("/v1/documents/readings", content=jpeg() if octets is None else octets, headers=headers)


async def test_every_field_is_told_with_how_sure_it_is(bank: Bank) -> None:
    bank.eyes.page = changed(PORTRAIT, number=read(NUMBER), name=read("某", 0.4))
    told = (await ask(bank)).json()
    assert (told["kind"], told["side"]) == ("resident_card", "portrait")
    assert (told["fields"]["number"]["value"], told["fields"]["number"]["sure"]) == (NUMBER, True)
    assert (told["fields"]["name"]["value"], told["fields"]["name"]["sure"]) == ("某", False)
    (finding,) = told["findings"]
    assert (finding["code"], finding["facts"]["field"], finding["facts"]["threshold"]) == ("field_unclear", "name", 0.9)


@pytest.mark.rule("R40")
async def test_a_field_that_is_not_sure_comes_with_its_picture_and_a_sure_one_without(bank: Bank) -> None:
    bank.eyes.page = changed(PORTRAIT, name=read("某", 0.4), address=read("某地", 0.93))
    bank.eyes.crops = {"name": b"\xff\xd8 a name", "address": b"\xff\xd8 an address"}
    fields = (await ask(bank)).json()["fields"]
    assert b64decode(fields["name"]["crop"]) == b"\xff\xd8 a name"
    assert {fields[name]["crop"] for name in ("address", "number", "sex")} == {None}


async def test_what_is_no_document_is_an_answer_too(bank: Bank) -> None:
    answer = await ask(bank)
    told = answer.json()
    assert (answer.status_code, told["kind"], told["side"], told["fields"]) == (200, None, None, {})
    assert [each["code"] for each in told["findings"]] == ["card_not_found"]


@pytest.mark.rule("R23", "R111")
async def test_nothing_of_a_document_is_kept_but_that_it_was_read_and_by_whom(bank: Bank) -> None:
    bank.eyes.page = changed(PORTRAIT, number=read(NUMBER))
    assert (await ask(bank, key="reading-0001")).status_code == 200
    ((client, detail),) = bank.sql("SELECT client_id, detail FROM audit_events WHERE action = 'document.read'")
    assert (client, detail) == (bank.clients["kiosk"].id, {"kind": "resident_card", "side": "portrait"})
    stolen, said = stolen_from(bank.owner_url), [NUMBER, PORTRAIT.name.raw, PORTRAIT.address.raw]
    assert (stolen.holds(said), stolen.confirms(said), stolen.marks()) == ([], [], [])


async def test_a_repeated_key_is_told_no_document_again(bank: Bank) -> None:
    assert (await ask(bank, key="reading-0002")).status_code == 200
    again = await ask(bank, key="reading-0002")
    assert (again.status_code, again.json()["code"]) == (409, "answer_not_repeated")


async def test_a_client_without_the_scope_reads_nothing(bank: Bank) -> None:
    await bank.client("kiosk", kind=ClientKind.KIOSK, scopes=["proofing:create"], audiences=[ISSUER])
    answer = await ask(bank)
    assert (answer.status_code, answer.json()["scope"]) == (403, "documents:read")


@pytest.mark.parametrize(
    ("octets", "status", "code"),
    [(b"", 422, "empty_image"), (b"no picture", 415, "unsupported_image"), (b"x" * 15_000_001, 413, "body_too_large")],
)
async def test_what_is_no_picture_is_refused_and_recorded(bank: Bank, octets: bytes, status: int, code: str) -> None:
    answer = await ask(bank, octets)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_a_process_that_is_lost_is_answered_by_come_later(bank: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
    async def lost(*_: object) -> None:
        raise VisionFailed(Why.DIED)

    monkeypatch.setattr(bank.eyes, "read", lost)
    answer = await ask(bank)
    assert (answer.status_code, answer.json()["code"], answer.headers["retry-after"]) == (503, "unavailable", "5")
    outcomes = bank.sql("SELECT count(*) FROM audit_events WHERE action = 'document.read'")
    assert outcomes == [(0,)]  # where nothing was decided there is nothing to record
