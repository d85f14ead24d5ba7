"""Are password and TOTP bound only as the policy and the standard allow, and kept where nobody can read them?"""

import base64
import re
from datetime import timedelta
from xml.etree import ElementTree as ET

import httpx
import pytest

from tests.flows.conftest import PASSWORD, PHONE, Applicant, Bank, Subscriber


@pytest.fixture
async def applicant(bank: Bank) -> Applicant:
    """Somebody who has proven an address."""
    accepted = await bank.accepted()
    await accepted.bind_contact(PHONE)
    return accepted


def of(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


async def choose(applicant: Applicant, password: str, language: str = "en") -> httpx.Response:
    return await applicant.put("/password", json={"password": password}, headers={"accept-language": language})


async def begun(applicant: Applicant) -> Subscriber:
    """A TOTP authenticator waiting for its first code."""
    return Subscriber(applicant.bank, PHONE, base64.b32decode((await applicant.post("/totp")).json()["seed"]))


async def confirm(applicant: Applicant, code: str) -> httpx.Response:
    return await applicant.post("/totp/confirmation", json={"code": code})


REFUSED = [
    ("Kran-47", "password_too_short", "At least 8 characters.", "至少 8 个字符。"),
    ("Kranich-4" * 29, "password_too_long", "At most 256 characters.", "最多 256 个字符。"),
    ("Kranich\x07Lotus-47", "password_unusable", "The password holds a control character.", "密码含有控制字符。"),
    ("kranichlotus", "password_too_simple", "It needs 3 kinds of: upper lower digit other.", None),
    ("Password2024!", "password_too_common", "It is on the list of common passwords.", "该密码在常见密码表中。"),
    ("1qaz@WSX3edc$RFV", "password_predictable", "It follows a pattern: keyboard.", None),
]


@pytest.mark.parametrize(("password", "code", "english", "chinese"), REFUSED)
async def test_a_password_the_policy_forbids_is_refused_with_its_reason_in_both_languages(
    bank: Bank, applicant: Applicant, password: str, code: str, english: str | None, chinese: str | None
) -> None:
    answers = {language: await choose(applicant, password, language) for language in ("en", "zh-CN")}
    assert {of(answer) for answer in answers.values()} == {(422, code)}
    details = {language: answer.json()["detail"] for language, answer in answers.items()}
    assert details["en"] == (english or details["en"])
    assert details["zh-CN"] == (chinese or details["zh-CN"])
    assert details["en"].isascii()
    assert not details["zh-CN"].isascii()
    assert bank.sql("SELECT count(*) FROM authenticators") == [(0,)]


@pytest.mark.parametrize(
    "password",
    [
        "欧阳样例-Lotus47",
        "Ouyang-Yangli-8R",
        "Zq-11010119900307002X",
        "Zq.07002X-wm",
        "Zq-19900307.wm",
        "Zq-070390-Mw",
        f"Zq-{PHONE}.w",
    ],
)
async def test_name_number_birth_date_and_phone_make_no_password(
    bank: Bank, applicant: Applicant, password: str
) -> None:
    assert of(await choose(applicant, password)) == (422, "password_personal")
    assert bank.sql("SELECT count(*) FROM authenticators") == [(0,)]


async def test_the_hash_of_a_password_rests_encrypted(bank: Bank, applicant: Applicant) -> None:
    assert (await choose(applicant, PASSWORD)).status_code == 200
    dump = bank.dump()
    assert not [clear for clear in (b"argon2", PASSWORD.encode(), b"m=19456") if clear in dump]
    assert bank.sql("SELECT substr(sealed_secret, 1, 1) FROM authenticators") == [(b"H",)]


async def test_a_password_chosen_again_ends_the_one_before(bank: Bank, applicant: Applicant) -> None:
    await choose(applicant, PASSWORD)
    assert (await choose(applicant, "Another-Heron.52")).status_code == 200
    rows = bank.sql("SELECT state, ended_at IS NULL FROM authenticators ORDER BY state")
    assert rows == [("active", True), ("ended", False)]


@pytest.mark.rule("A6")
async def test_after_180_days_another_password_is_due_and_none_of_the_last_five(bank: Bank) -> None:
    subscriber = await bank.enrolled()
    bank.clock.move(timedelta(days=180))
    login = await bank.begin(PHONE)
    await login.password(PASSWORD)
    await login.totp(subscriber.code())
    assert of(await login.complete()) == (403, "password_expired")

    async def change(password: str) -> httpx.Response:
        return await bank.http.put(f"/v1/logins/{login.id}/new-password", json={"password": password})

    used = [PASSWORD, *(f"Kranich-Lotus-{word}4" for word in ("Fjord", "Tulpe", "Segel", "Wolke"))]
    assert [(await change(each)).status_code for each in used[1:]] == [200] * 4
    assert {of(await change(each)) for each in used} == {(422, "password_reused")}
    assert (await change("Kranich-Lotus-Birke4")).status_code == 200
    assert (await change(PASSWORD)).status_code == 200
    assert (await login.complete()).status_code == 201


@pytest.mark.rule("A38")
async def test_the_code_that_bound_an_authenticator_opens_no_log_in(bank: Bank, applicant: Applicant) -> None:
    await choose(applicant, PASSWORD)
    subscriber = await begun(applicant)
    assert (await confirm(applicant, subscriber.code())).json()["state"] == "enrolled"
    login = await bank.begin(PHONE)
    await login.password(PASSWORD)
    assert (await login.totp(subscriber.code())).status_code == 401
    bank.clock.move(timedelta(seconds=30))
    assert (await login.totp(subscriber.code())).status_code == 200


@pytest.mark.rule("A33")
@pytest.mark.parametrize(("steps", "status"), [(-2, 403), (-1, 200), (0, 200), (1, 200), (2, 403)])
async def test_the_first_code_is_of_this_step_or_a_neighbour(applicant: Applicant, steps: int, status: int) -> None:
    subscriber = await begun(applicant)
    assert (await confirm(applicant, subscriber.code(steps))).status_code == status


@pytest.mark.rule("A36")
async def test_a_seed_rests_encrypted_before_and_after_it_is_bound(bank: Bank, applicant: Applicant) -> None:
    subscriber = await begun(applicant)
    written = [subscriber.seed, base64.b32encode(subscriber.seed), subscriber.seed.hex().encode()]
    assert not [clear for clear in written if clear in bank.dump()]
    await confirm(applicant, subscriber.code())
    assert not [clear for clear in written if clear in bank.dump()]


@pytest.mark.rule("A35")
async def test_an_app_gets_160_bits_and_a_label_without_the_identity_number(applicant: Applicant) -> None:
    shown = (await applicant.post("/totp")).json()
    assert len(base64.b32decode(shown["seed"])) == 20
    assert shown["otpauth_uri"].startswith("otpauth://totp/Hufu:")
    assert f"secret={shown['seed']}" in shown["otpauth_uri"]
    assert not re.search(r"11010119900307002X|13800138000", shown["otpauth_uri"])


async def test_the_qr_code_is_a_drawing_that_runs_nothing(applicant: Applicant) -> None:
    drawing = (await applicant.post("/totp")).json()["qr_svg"]
    root = ET.fromstring(drawing)  # noqa: S314  our own answer
    assert root.tag.endswith("svg")
    assert {element.tag.rpartition("}")[2] for element in root.iter()} <= {"svg", "path", "g"}


async def test_a_new_seed_takes_the_place_of_one_never_confirmed(applicant: Applicant) -> None:
    first, second = await begun(applicant), await begun(applicant)
    assert of(await confirm(applicant, first.code())) == (403, "wrong_code")
    assert (await confirm(applicant, second.code())).status_code == 200


async def test_a_bound_authenticator_is_not_begun_again(applicant: Applicant) -> None:
    subscriber = await begun(applicant)
    await confirm(applicant, subscriber.code())
    assert of(await applicant.post("/totp")) == (409, "authenticator_already_bound")
    assert of(await confirm(applicant, subscriber.code(1))) == (409, "totp_not_begun")


async def test_what_was_never_begun_is_not_confirmed(applicant: Applicant) -> None:
    assert of(await confirm(applicant, "123456")) == (409, "totp_not_begun")


async def test_wrong_first_codes_block_like_wrong_codes_of_a_log_in(bank: Bank, applicant: Applicant) -> None:
    subscriber = await begun(applicant)
    for _ in range(5):
        assert of(await confirm(applicant, subscriber.code(9))) == (403, "wrong_code")
    assert of(await confirm(applicant, subscriber.code())) == (429, "too_many_tries")
    bank.clock.move(timedelta(minutes=30))
    assert (await confirm(applicant, subscriber.code())).status_code == 200


@pytest.mark.parametrize("first", ["password", "totp"])
async def test_either_order_ends_enrolled_and_then_nothing_more_is_bound(applicant: Applicant, first: str) -> None:
    if first == "password":
        await choose(applicant, PASSWORD)
    await confirm(applicant, (await begun(applicant)).code())
    if first == "totp":
        await choose(applicant, PASSWORD)
    assert (await applicant.get()).json()["state"] == "enrolled"
    assert of(await choose(applicant, "Another-Heron.52")) == (409, "illegal_move")
    assert of(await applicant.post("/totp")) == (409, "illegal_move")
