"""Is the authority asked over HTTPS that is verified, and is whatever it does but answer no answer? R45, R23, A123."""

import json
import logging
from pathlib import Path
from time import monotonic

import pytest

from app.core.entropy import SystemEntropy
from app.core.secret import Secret
from app.gateways.authority import NullAuthority, Question
from app.gateways.authority.http import LONGEST_ANSWER, AuthorityHouse, HttpAuthority
from app.verification.authority import AuthorityAnswer
from app.verification.examination import Kind
from tests.gateways.answering import HERE, Answer, answering, saying
from tests.gateways.authority import Authority
from tests.house.production import STRONG

NUMBER, NAME = "11010119900307002X", "欧阳样例"
QUESTION = Question(Kind.RESIDENT_CARD, NUMBER, NAME)
UNAVAILABLE = AuthorityAnswer.UNAVAILABLE
CONFIRMS = saying("confirmed")


@pytest.mark.rule("R45")
@pytest.mark.parametrize("said", ["confirmed", "differs", "unknown", "revoked"])
async def test_what_is_answered_is_understood(tmp_path: Path, said: str) -> None:
    with answering(tmp_path, saying(said)) as house:
        assert (await house.gateway().check(QUESTION)).value == said


@pytest.mark.rule("R23")
async def test_the_question_is_posted_with_the_secret_and_nobody_is_named_in_an_address(tmp_path: Path) -> None:
    with answering(tmp_path, CONFIRMS) as house:
        await house.gateway().check(QUESTION)
    ((line, headers, body),) = house.asked
    assert (line, headers["authorization"]) == ("POST /check HTTP/1.1", f"Bearer {STRONG}")
    assert NUMBER not in str(headers)
    assert body.pop("id").startswith("ask_")
    nothing_more = {"issuing_state": None, "valid_to": None}
    assert body == {"number": NUMBER, "name": NAME, "kind": "resident_card"} | nothing_more


@pytest.mark.rule("R45", "R70")
async def test_a_passports_number_is_asked_about_with_its_state_and_its_day(tmp_path: Path) -> None:
    question = Question(Kind.PASSPORT, "K204418C7", "ERIKSSON ANNA", issuing_state="SWE", valid_to="2030-01-01")
    with answering(tmp_path, CONFIRMS) as house:
        assert await house.gateway().check(question) is AuthorityAnswer.CONFIRMED
    ((_, _, body),) = house.asked
    assert (body["kind"], body["issuing_state"], body["valid_to"]) == ("passport", "SWE", "2030-01-01")
    assert "K204418C7" not in repr(question)


@pytest.mark.rule("R23")
async def test_no_log_and_no_trace_tells_who_was_asked_about(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG), answering(tmp_path, CONFIRMS, status=500) as house:
        await house.gateway().check(QUESTION)
    told = caplog.text + repr(QUESTION)
    assert not [secret for secret in (NUMBER, NAME, STRONG) if secret in told]


async def test_two_questions_are_never_called_the_same(tmp_path: Path) -> None:
    with answering(tmp_path, CONFIRMS) as house:
        for _ in range(2):
            await house.gateway().check(QUESTION)
    first, second = (body["id"] for _, _, body in house.asked)
    assert first != second


@pytest.mark.rule("R45", "A123")
@pytest.mark.parametrize("status", [201, 204, 301, 302, 307, 308, 400, 401, 404, 429, 500, 503])
async def test_any_other_status_is_no_answer_and_leads_nowhere(tmp_path: Path, status: int) -> None:
    with answering(tmp_path, CONFIRMS, status=status) as house:
        assert await house.gateway().check(QUESTION) is UNAVAILABLE
    assert [line for line, *_ in house.asked] == ["POST /check HTTP/1.1"]


def raw(text: str) -> Answer:
    """An answer that says `ID` where the question's belongs."""
    return lambda asked: text.replace("ID", asked["id"]).encode("utf-8", "surrogatepass")


GARBAGE: dict[str, Answer] = {
    "nothing": raw(""),
    "no JSON": raw("confirmed"),
    "a list": raw('["ID", "confirmed"]'),
    "a bare word": raw('"confirmed"'),
    "another question": raw('{"id": "ask_other", "answer": "confirmed"}'),
    "no question": raw('{"answer": "confirmed"}'),
    "a lone surrogate": raw('{"id": "\\ud800", "answer": "confirmed"}'),
    "a stranger's word": raw('{"id": "ID", "answer": "yes"}'),
    "another case": raw('{"id": "ID", "answer": "Confirmed"}'),
    "ours to say": raw('{"id": "ID", "answer": "unasked"}'),
    "true": raw('{"id": "ID", "answer": true}'),
    "a list of words": raw('{"id": "ID", "answer": ["confirmed"]}'),
    "two meanings": raw('{"id": "ID", "answer": "differs", "answer": "confirmed"}'),
    "more than was asked": saying("confirmed", photo="/9j/"),
    "UTF-16": lambda asked: json.dumps({"id": asked["id"], "answer": "confirmed"}).encode("utf-16"),
    "no UTF-8": lambda _: b"\xff\xfe\x00",
    "deep": raw("[" * 4000),
    "oversize": lambda asked: b" " * LONGEST_ANSWER + CONFIRMS(asked),
}


@pytest.mark.rule("R45", "A123")
@pytest.mark.parametrize("answer", GARBAGE.values(), ids=GARBAGE)
async def test_what_cannot_be_understood_in_one_way_is_no_answer(tmp_path: Path, answer: Answer) -> None:
    with answering(tmp_path, answer) as house:
        assert await house.gateway().check(QUESTION) is UNAVAILABLE


async def test_the_longest_answer_is_still_read(tmp_path: Path) -> None:
    whole: Answer = lambda asked: CONFIRMS(asked).rjust(LONGEST_ANSWER)  # noqa: E731  one line of a test
    with answering(tmp_path, whole) as house:
        assert await house.gateway().check(QUESTION) is AuthorityAnswer.CONFIRMED


@pytest.mark.rule("A123")
@pytest.mark.parametrize("behaviour", ["hangs", "drips"])
async def test_whoever_is_slow_is_left_within_the_whole_time(tmp_path: Path, behaviour: str) -> None:
    with answering(tmp_path, CONFIRMS, behaviour=behaviour) as house:
        begun = monotonic()
        assert await house.gateway(whole_seconds=0.5).check(QUESTION) is UNAVAILABLE
        assert monotonic() - begun < 3


@pytest.mark.rule("A123")
async def test_an_answer_without_an_end_is_not_read(tmp_path: Path) -> None:
    with answering(tmp_path, CONFIRMS, behaviour="floods") as house:
        assert await house.gateway().check(QUESTION) is UNAVAILABLE


@pytest.mark.rule("A123")
async def test_a_house_with_the_certificate_of_another_is_told_nothing(tmp_path: Path) -> None:
    with answering(tmp_path, CONFIRMS, address="192.0.2.7") as house:
        assert await house.gateway().check(QUESTION) is UNAVAILABLE
    assert house.asked == []


@pytest.mark.rule("A123")
async def test_a_house_whose_certificate_nobody_vouches_for_is_told_nothing(tmp_path: Path) -> None:
    (other := tmp_path / "other").mkdir()
    with answering(tmp_path, CONFIRMS) as house:
        assert await house.gateway(ca_file=Authority(other).file).check(QUESTION) is UNAVAILABLE
    assert house.asked == []


@pytest.mark.parametrize(("shown", "expected"), [(True, AuthorityAnswer.CONFIRMED), (False, UNAVAILABLE)])
async def test_a_client_certificate_is_shown_where_it_is_asked_for(
    tmp_path: Path, expected: AuthorityAnswer, *, shown: bool
) -> None:
    with answering(tmp_path, CONFIRMS, asks_who=True) as house:
        house.authority.server_context("192.0.2.9")
        ours = {"certificate_file": tmp_path / "192.0.2.9.pem"} if shown else {}
        assert await house.gateway(secret=None, **ours).check(QUESTION) is expected


@pytest.mark.rule("A123")
async def test_a_house_that_is_not_there_is_unavailable() -> None:
    nobody = HttpAuthority(AuthorityHouse(f"https://{HERE}:1/check", Secret(STRONG)), SystemEntropy())
    assert await nobody.check(QUESTION) is UNAVAILABLE


async def test_a_proxy_of_the_environment_is_not_believed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", f"http://{HERE}:1")
    with answering(tmp_path, CONFIRMS) as house:
        assert await house.gateway().check(QUESTION) is AuthorityAnswer.CONFIRMED


@pytest.mark.rule("R45")
async def test_where_nobody_is_connected_nobody_was_asked() -> None:
    assert await NullAuthority().check(QUESTION) is AuthorityAnswer.UNASKED
