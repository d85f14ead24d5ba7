"""The file that describes the gateway for text messages: what is unsafe or unclear in it stops the start."""

import pytest

from app.gateways.messages.sms_file import filled, filled_json, filled_url, parsed

GOOD = """
[request]
url = "https://sms.example/send"
json = { to = "{recipient}", text = "{body}" }
[success]
pointer = "/result/0/code"
equals = 0
"""
HOSTS = {"sms.example"}


def test_a_whole_description_is_taken() -> None:
    assert parsed(GOOD, hosts=HOSTS).request.method == "POST"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("sms.example", "other.example"),
        ("sms.example/send", "sms.example@other.example/send"),
        ("https:", "http:"),
        ("/send", "/{recipient}"),
        ("{body}", "{password}"),
        ("json =", "form = { to = '1' }\njson ="),
        ("json =", "headers = { x = '{body}' }\njson ="),
        ("equals = 0", ""),
        ('pointer = "/result/0/code"\nequals = 0', "status = [200]"),
        ("equals = 0", "pattern = '('"),
        ("[success]", "[success]\nmystery = 1"),
    ],
)
def test_what_is_unsafe_or_unclear_stops_the_start(old: str, new: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        parsed(GOOD.replace(old, new), hosts=HOSTS)


@pytest.mark.parametrize(
    ("status", "answer", "taken"),
    [
        (200, b'{"result": [{"code": 0}]}', True),
        (201, b'{"result": [{"code": 0}]}', False),
        (200, b'{"result": [{"code": 1}]}', False),
        (200, b'{"result": [{"code": false}]}', False),
        (200, b'{"result": [{"code": "0"}]}', False),
        (200, b'{"result": []}', False),
        (200, b'{"result": {"code": 0}}', False),
        (200, b"", False),
        (200, b"\xff", False),
        (200, b"[" * 100_000, False),
    ],
)
def test_success_is_what_the_file_says_and_nothing_like_it(status: int, answer: bytes, *, taken: bool) -> None:
    assert parsed(GOOD, hosts=HOSTS).success.holds(status, answer) is taken


def test_a_pattern_may_stand_beside_or_in_place_of_a_pointer() -> None:
    success = parsed(GOOD.replace('pointer = "/result/0/code"\nequals = 0', "pattern = '^0,'"), hosts=HOSTS).success
    assert (success.holds(200, b"0,17"), success.holds(200, b"1,0,")) == (True, False)


def test_a_value_is_never_read_as_a_place() -> None:
    values = {"body": "{secret}", "secret": "s"}
    assert filled("{body}", values) == "{secret}"
    assert filled_json({"a": ["{body}", 1]}, values) == {"a": ["{secret}", 1]}
    assert filled_url("https://h/?a={body}", {"body": "1&b=2#?/é"}) == "https://h/?a=1%26b%3D2%23%3F%2F%C3%A9"
