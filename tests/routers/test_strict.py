"""Is what can be read in two ways refused?"""

import json

import pytest
from fastapi.routing import APIRoute, iter_route_contexts
from hypothesis import given
from hypothesis import strategies as st

from app.main import create_app
from app.routers.strict import StrictRoute, parsed
from app.settings import Settings
from tests.flows.conftest import inner_of

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(codec="utf-8")),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(st.characters(codec="utf-8")), inner, max_size=4)
    ),
)


@given(VALUES)
def test_what_says_everything_once_is_read_as_it_was_written(value: object) -> None:
    assert parsed(json.dumps(value).encode()) == value


@pytest.mark.parametrize(
    "body",
    [
        b'{"a":1,"a":2}', b'{"a":1,"\\u0061":2}', b'{"a":{"b":1,"b":1}}', b'[{"a":1,"b":2,"a":1}]', b'{"":0,"":0}',
        b"NaN", b'{"a":Infinity}', b"[-Infinity]", b'\xef\xbb\xbf{"a":1}', '{"a":1}'.encode("utf-16"),
        '{"a":1}'.encode("utf-32"), '{"a":1}'.encode("utf-16-le"), b'{"a":"\xff"}', b'{"a":"\xed\xa0\x80"}',
        b"9" * 1_000_000, b"[" * 100_000, b'{"a":' * 100_000, b"[" * 60_000 + b"]" * 60_000, b"", b"{}{}", b"{} x", b"{'a':1}",
        b'{"a":"\x00"}', b"\x00{}", b'{"a":1,}', b"/**/{}",
    ],
    ids=lambda body: body[:20].decode("latin-1"),
)  # fmt: skip
def test_what_can_be_read_in_two_ways_is_no_json(body: bytes) -> None:
    with pytest.raises(json.JSONDecodeError):
        parsed(body)


def test_every_typed_route_is_strict() -> None:
    application = inner_of(create_app(Settings()))
    routes = [
        context.route for context in iter_route_contexts(application.routes) if isinstance(context.route, APIRoute)
    ]
    typed = [route for route in routes if route.path.startswith(("/v1", "/sandbox/clock"))]
    assert typed
    assert not [route.path for route in typed if not isinstance(route, StrictRoute)]
