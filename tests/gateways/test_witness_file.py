"""Does a file witness what continues the log and nothing else, and whose signature is it?"""

from dataclasses import replace
from pathlib import Path

import pytest

from app.audit.head import ALGORITHM, Handed, TreeHead
from app.audit.tree import Edge, Growth, Hashing
from app.core.clock import SetClock
from app.core.entropy import SystemEntropy
from app.gateways.audit_signing import HeadSigner, sound, trusting
from app.gateways.keys import KeyChain, audit_keys
from app.gateways.witness import WitnessRefused, WitnessUnavailable
from app.gateways.witness.file import FileWitness, witnessed
from tests.gateways.forging import NOW, master_key

pytestmark = pytest.mark.rule("A121")
EMPTY = Edge(Hashing.SHA_256)


@pytest.fixture
def signer(tmp_path: Path) -> HeadSigner:
    master = master_key(tmp_path)
    return HeadSigner(audit_keys(master, KeyChain.fresh(master, SystemEntropy(), NOW)))


def handed(signer: HeadSigner, number: int, before: Edge, *leaves: bytes) -> tuple[Handed, Edge]:
    growth = Growth(before, [Hashing.SHA_256.leaf(leaf) for leaf in leaves])
    edge = before.appended(Hashing.SHA_256.leaf(leaf) for leaf in leaves)
    head = TreeHead(
        "log_1", number, edge.size, edge.root, edge.hashing, SetClock(NOW).now(), 1, 9, 9, 9, ALGORITHM, "", 0
    )
    return Handed(signer.signed(head, edge, now=NOW), growth.consistency()), edge


async def test_a_file_keeps_what_continues_the_last(signer: HeadSigner, tmp_path: Path) -> None:
    file = FileWitness(tmp_path / "w" / "heads.jsonl")
    first, edge = handed(signer, 1, EMPTY, b"a", b"b", b"c")
    second, _ = handed(signer, 2, edge, b"d", b"e")
    for each in (first, first, second, second):
        await file.take(each)
    assert [each.head.size for each in witnessed(tmp_path / "w" / "heads.jsonl")] == [3, 5]


async def test_a_file_refuses_every_head_that_does_not_continue_the_last(signer: HeadSigner, tmp_path: Path) -> None:
    file = FileWitness(tmp_path / "heads.jsonl")
    first, edge = handed(signer, 1, EMPTY, b"a", b"b", b"c")
    good, _ = handed(signer, 2, edge, b"d")
    with pytest.raises(WitnessRefused):
        await file.take(good)
    await file.take(first)
    rewritten, _ = handed(signer, 2, EMPTY.appended(Hashing.SHA_256.leaf(leaf) for leaf in (b"x", b"b", b"c")), b"d")
    other_log = replace(good, signed=signer.signed(replace(good.signed.head, log="log_2"), edge, now=NOW))
    skipping, again = handed(signer, 3, edge, b"d")[0], handed(signer, 1, EMPTY, b"x")[0]
    unsigned = replace(good, signed=replace(good.signed, signature=bytes(64)))
    for bad in (rewritten, other_log, skipping, again, unsigned, replace(good, consistency=())):
        with pytest.raises(WitnessRefused):
            await file.take(bad)
    await file.take(good)


async def test_a_file_is_not_followed_through_a_link(signer: HeadSigner, tmp_path: Path) -> None:
    (tmp_path / "heads.jsonl").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(WitnessUnavailable):
        await FileWitness(tmp_path / "heads.jsonl").take(handed(signer, 1, EMPTY, b"a")[0])


def test_a_head_is_sound_under_its_own_key_and_trusted_under_a_named_one(signer: HeadSigner) -> None:
    signed = handed(signer, 1, EMPTY, b"a")[0].signed
    assert sound(signed)
    assert trusting({signed.head.key})(signed)
    assert not trusting({"another"})(signed)
    for bent in ({"size": 2}, {"algorithm": "none"}, {"key": "another"}, {"key_version": 2}):
        assert not sound(replace(signed, head=replace(signed.head, **bent)))
    for key in ({}, {"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA"}):
        assert not sound(replace(signed, public_key=key))
