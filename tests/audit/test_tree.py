"""Is the tree RFC 9162's? The reference vectors of Certificate Transparency, and properties over trees of any size.

Vectors: github.com/transparency-dev/merkle (Apache-2.0, Google LLC), testonly/constants.go (eight leaves, the roots of
their first n) and testonly/reference_test.go (proofs), which are those of certificate-transparency's own tests.
"""

import hashlib
from collections.abc import Sequence

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from app.audit.tree import Edge, Growth, Hashing, ProofBroken, check_consistency, check_inclusion

SHA, SM3 = Hashing.SHA_256, Hashing.SM3
INPUTS = [bytes.fromhex(each) for each in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")]  # fmt: skip
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
L01, L1 = ROOTS[2], "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7"
L23 = "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e"
L4 = "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"
L45 = "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a"
L67 = "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0"
L4567 = "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"
INCLUSIONS = [
    (0, 1, []), (0, 2, [L1]), (1, 2, [ROOTS[1]]), (2, 3, [L01]), (1, 5, [ROOTS[1], L23, L4]),
    (0, 8, [L1, L23, L4567]), (5, 8, [L4, L67, ROOTS[4]]),
]  # fmt: skip
CONSISTENCIES = [(1, 1, []), (1, 8, [L1, L23, L4567]), (2, 5, [L23, L4]), (6, 8, [L45, L67, ROOTS[4]])]
HASHINGS = st.sampled_from(Hashing)
SIZES = st.integers(0, 70)


def leaves(size: int, hashing: Hashing = SHA) -> list[bytes]:
    return [hashing.leaf(bytes([index])) for index in range(size)]


def grown(old: int, new: int, hashing: Hashing = SHA) -> Growth:
    made = leaves(new, hashing)
    return Growth(Edge(hashing).appended(made[:old]), made[old:])


def defined(hashing: Hashing, given_leaves: Sequence[bytes]) -> bytes:
    """The root as §2.1.1 defines it, with no edge in it."""
    if len(given_leaves) < 2:
        return given_leaves[0] if given_leaves else hashing.digest(b"")
    split = max(1 << bit for bit in range(20) if 1 << bit < len(given_leaves))
    return hashing.node(defined(hashing, given_leaves[:split]), defined(hashing, given_leaves[split:]))


def hexed(path: Sequence[bytes]) -> list[str]:
    return [step.hex() for step in path]


@pytest.mark.rule("A121")
@pytest.mark.parametrize("size", range(9))
def test_the_roots_are_the_references(size: int) -> None:
    assert Edge(SHA).appended(SHA.leaf(each) for each in INPUTS[:size]).root.hex() == ROOTS[size]


@pytest.mark.parametrize(("index", "size", "path"), INCLUSIONS)
def test_inclusion_proofs_are_the_references(index: int, size: int, path: list[str]) -> None:
    made = [SHA.leaf(each) for each in INPUTS[:size]]
    for old in range(index + 1):
        growth = Growth(Edge(SHA).appended(made[:old]), made[old:])
        assert hexed(growth.inclusion(index)) == path
    check_inclusion(SHA, made[index], index, size, [bytes.fromhex(step) for step in path], bytes.fromhex(ROOTS[size]))


@pytest.mark.parametrize(("old", "new", "path"), CONSISTENCIES)
def test_consistency_proofs_are_the_references(old: int, new: int, path: list[str]) -> None:
    made = [SHA.leaf(each) for each in INPUTS[:new]]
    assert hexed(Growth(Edge(SHA).appended(made[:old]), made[old:]).consistency()) == path
    before, after = (old, bytes.fromhex(ROOTS[old])), (new, bytes.fromhex(ROOTS[new]))
    check_consistency(SHA, before, after, [bytes.fromhex(step) for step in path])


def test_sm3_is_the_standards() -> None:
    # GB/T 32905-2016 appendix A.1.
    assert SM3.digest(b"abc").hex() == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"


@given(HASHINGS, SIZES, st.lists(st.integers(0, 20), max_size=5))
def test_appended_in_any_batches_the_root_is_the_one_defined(hashing: Hashing, size: int, cuts: list[int]) -> None:
    made, edge = leaves(size, hashing), Edge(hashing)
    for cut in cuts:
        edge = edge.appended(made[edge.size : edge.size + cut])
    edge = edge.appended(made[edge.size :])
    assert edge.root == defined(hashing, made)


@given(HASHINGS, SIZES, SIZES)
def test_every_leaf_appended_since_is_proven_and_at_no_other_place(hashing: Hashing, old: int, more: int) -> None:
    growth, made = grown(old, old + more, hashing), leaves(old + more, hashing)
    for index in range(old, old + more):
        path = growth.inclusion(index)
        check_inclusion(hashing, made[index], index, growth.size, path, growth.root)
        for other in (index - 1, index + 1):
            with pytest.raises(ProofBroken):
                check_inclusion(hashing, made[index], other, growth.size, path, growth.root)


@given(HASHINGS, SIZES, SIZES)
def test_every_growth_is_proven(hashing: Hashing, old: int, more: int) -> None:
    growth = grown(old, old + more, hashing)
    check_consistency(hashing, (old, growth.before.root), (growth.size, growth.root), growth.consistency())


@given(SIZES, SIZES, st.integers(0, 69))
def test_no_proof_covers_a_rewritten_past(old: int, more: int, rewritten: int) -> None:
    assume(rewritten < old)
    honest, forged = grown(old, old + more), leaves(old + more)
    forged[rewritten] = SHA.leaf(b"forged")
    growth = Growth(Edge(SHA).appended(forged[:old]), forged[old:])
    with pytest.raises(ProofBroken):
        check_consistency(SHA, (old, honest.before.root), (growth.size, growth.root), growth.consistency())


@given(st.integers(1, 70), st.integers(0, 69), st.data())
def test_a_bent_proof_proves_nothing(size: int, index: int, data: st.DataObject) -> None:
    assume(index < size)
    growth, leaf = grown(0, size), leaves(size)[index]
    path = list(growth.inclusion(index))
    bent = [[*path, leaf], path[:-1]] if path else [[leaf]]
    if path:
        at = data.draw(st.integers(0, len(path) - 1))
        bent.append([*path[:at], hashlib.sha256(path[at]).digest(), *path[at + 1 :]])
    for each in bent:
        with pytest.raises(ProofBroken):
            check_inclusion(SHA, leaf, index, size, each, growth.root)


def test_a_tree_that_shrank_or_another_of_the_same_size_is_no_growth() -> None:
    small, large = Edge(SHA).appended(leaves(3)), Edge(SHA).appended(leaves(5))
    for old, new in ((large, small), (large, Edge(SHA).appended(leaves(6)[1:]))):
        with pytest.raises(ProofBroken):
            check_consistency(SHA, (old.size, old.root), (new.size, new.root), [])


def test_a_leaf_is_never_taken_for_a_node() -> None:
    left, right = leaves(2)
    assert SHA.leaf(left + right) != SHA.node(left, right)
    assert Edge(SHA).appended([SHA.leaf(left + right)]).root != Edge(SHA).appended([left, right]).root


@pytest.mark.parametrize(("size", "peaks"), [(-1, ()), (1, ()), (2, (b"", b"")), (3, (b"",))])
def test_an_edge_has_as_many_peaks_as_its_size_has_ones(size: int, peaks: tuple[bytes, ...]) -> None:
    with pytest.raises(ValueError, match="peaks"):
        Edge(SHA, size, peaks)


@pytest.mark.parametrize("index", [-1, 2, 5])
def test_only_what_was_appended_since_is_proven_from_it(index: int) -> None:
    with pytest.raises(ValueError, match="not appended"):
        grown(3, 5).inclusion(index)
