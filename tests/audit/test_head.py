"""Is every member of a head under its signature, and is what is no head refused?"""

import json
from dataclasses import fields, replace
from datetime import timedelta
from typing import Any

import pytest

from app.audit.head import Handed, HeadMalformed, TreeHead, parsed, signed_head
from app.audit.tree import Hashing
from tests.audit.logs import honest, stored

SIGNED = stored(honest(3, 2), 2)
HEAD = SIGNED.head
OTHER: dict[str, Any] = {"root": bytes(32), "hashing": Hashing.SM3, "at": HEAD.at + timedelta(seconds=1)}


@pytest.mark.rule("A121")
@pytest.mark.parametrize("name", [field.name for field in fields(TreeHead)])
def test_no_member_changes_without_what_is_signed(name: str) -> None:
    old = getattr(HEAD, name)
    other = OTHER.get(name, old + 1 if isinstance(old, int) else f"{old}x")
    assert replace(HEAD, **{name: other}).octets() != HEAD.octets()


@pytest.mark.rule("A118")
def test_a_head_names_its_algorithms_and_the_version_of_its_key() -> None:
    told = json.loads(HEAD.octets())
    assert (told["hashing"], told["algorithm"], told["key_version"], told["format"]) == (
        "sha-256",
        "ES256",
        1,
        "hufu-audit-head/1",
    )


def test_what_a_witness_wrote_down_is_read_as_it_was_handed_over() -> None:
    line = Handed(SIGNED, (bytes(32),)).line()
    assert line.count(b"\n") == 1
    assert parsed(line) == replace(SIGNED, peaks=())


def test_an_edge_that_does_not_make_the_root_is_none() -> None:
    assert SIGNED.edge is not None
    assert replace(SIGNED, peaks=SIGNED.peaks[::-1]).edge is None
    assert replace(SIGNED, peaks=SIGNED.peaks[:1]).edge is None


@pytest.mark.parametrize(
    "bend",
    [
        {"head": {}}, {"head": None}, {"head": HEAD.document() | {"more": 1}}, {"head": HEAD.document() | {"size": "5"}},
        {"head": HEAD.document() | {"size": True}}, {"head": HEAD.document() | {"log": 1}},
        {"head": HEAD.document() | {"root": "zz"}}, {"head": HEAD.document() | {"hashing": "md5"}},
        {"head": HEAD.document() | {"format": "2"}}, {"head": HEAD.document() | {"at": "never"}},
        {"signature": "*"}, {"signature": 1}, {"public_key": []}, {"public_key": None},
    ],
)  # fmt: skip
def test_what_is_no_head_is_refused(bend: dict[str, Any]) -> None:
    with pytest.raises(HeadMalformed):
        signed_head(SIGNED.document() | bend)


@pytest.mark.parametrize("text", ["", "{", "[]", "null", "1", "[" * 100_000, b"\xff"])
def test_what_is_no_document_is_refused(text: str | bytes) -> None:
    with pytest.raises(HeadMalformed):
        parsed(text)
