"""Does the level follow from evidence and controls, never fall by one more, and rise by what is said to be missing?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.acr import Control, Ial
from app.verification.assurance import NOTHING, RANK, STRENGTHS, Assurance, Strength, assured, strength
from app.verification.examination import Kind

A, C = Control, Kind
IN_PERSON = {A.AUTHORITY, A.ATTENDED}
BY_PEOPLE = {A.AUTHORITY, A.REVIEWED, A.CAPTURE, A.LIVENESS}
BY_MACHINE = {A.AUTHORITY, A.DOCUMENT, A.CAPTURE, A.CONSENT, A.FACE, A.LIVENESS}
ON_SITE = IN_PERSON | {A.CONSENT, A.BIOMETRIC, A.BINDING}
CARD = {C.RESIDENT_CARD}
BESIDE_LICENCE = CARD | {C.DRIVING_LICENCE}

kinds = st.frozensets(st.sampled_from(Kind))
controls = st.frozensets(st.sampled_from(Control))


@pytest.mark.rule("R84")
@pytest.mark.parametrize(
    ("evidence", "passed", "level", "missing"),
    [
        (CARD, set(), "none", ("authority", "attended")),
        (CARD, IN_PERSON, "ial1", ("evidence",)),
        (CARD, BY_PEOPLE, "ial1", ("evidence", "each")),
        (CARD, BY_MACHINE, "ial1", ("evidence", "each")),
        (CARD, BY_MACHINE - {A.LIVENESS}, "none", ("liveness",)),
        (CARD, BY_MACHINE - {A.LIVENESS, A.AUTHORITY}, "none", ("authority", "liveness")),
        (CARD, BY_PEOPLE - {A.CAPTURE}, "none", ("capture",)),
        (BESIDE_LICENCE, IN_PERSON, "ial2", ("consent", "biometric", "binding")),
        (BESIDE_LICENCE, BY_MACHINE, "ial1", ("each",)),
        (BESIDE_LICENCE, BY_MACHINE | {A.EACH}, "ial2", ("attended", "biometric", "binding")),
        (BESIDE_LICENCE, ON_SITE, "ial3", ()),
        ({C.PASSPORT, C.RESIDENT_CARD}, IN_PERSON, "ial2", ("consent", "biometric", "binding")),
        (set(), IN_PERSON, "none", ("evidence",)),
    ],
)
def test_the_level_follows_from_evidence_and_controls(
    evidence: set[Kind], passed: set[Control], level: str, missing: tuple[str, ...]
) -> None:
    found = assured(evidence, passed)
    assert (found.ial.value, tuple(each.value for each in found.missing)) == (level, missing)


@pytest.mark.rule("R45")
@given(kinds, controls)
def test_without_an_authority_there_is_no_level(evidence: frozenset[Kind], passed: frozenset[Control]) -> None:
    found = assured(evidence, passed - {A.AUTHORITY})
    assert (found.ial, A.AUTHORITY in found.missing) == (Ial.NONE, True)


@pytest.mark.rule("R53")
@given(controls)
def test_a_driving_licence_alone_opens_nothing(passed: frozenset[Control]) -> None:
    assert assured({C.DRIVING_LICENCE}, passed).ial is Ial.NONE
    assert assured({C.DRIVING_LICENCE, C.VISA}, passed).ial is Ial.NONE


@pytest.mark.rule("R44", "R74")
@given(kinds, controls)
def test_a_verified_chip_is_a_passports_alone(evidence: frozenset[Kind], passed: frozenset[Control]) -> None:
    superior = {kind for kind in evidence if strength(kind, passed) is Strength.SUPERIOR}
    assert superior == ({C.PASSPORT} & evidence if A.CHIP in passed else set())


@pytest.mark.rule("R74", "R84")
def test_one_document_whose_chip_was_verified_is_enough_for_the_second_level() -> None:
    assert assured({C.PASSPORT}, BY_MACHINE).ial is Ial.IAL1
    assert assured({C.PASSPORT}, BY_MACHINE | {A.CHIP}).ial is Ial.IAL2
    assert assured(CARD, BY_MACHINE | {A.CHIP}).ial is Ial.IAL1


@pytest.mark.rule("R42")
def test_every_kind_has_a_strength_and_none_is_superior_to_the_eye() -> None:
    assert set(STRENGTHS) == set(Kind)
    assert max(STRENGTHS.values()) is Strength.STRONG
    assert STRENGTHS[C.TEMPORARY_CARD] < STRENGTHS[C.RESIDENT_CARD]


@given(kinds, controls, st.sampled_from(Control))
def test_one_more_control_never_lowers_the_level(
    evidence: frozenset[Kind], passed: frozenset[Control], more: Control
) -> None:
    assert RANK[assured(evidence, passed | {more}).ial] >= RANK[assured(evidence, passed).ial]


@given(kinds, controls, st.sampled_from(Kind))
def test_one_more_document_never_lowers_the_level(
    evidence: frozenset[Kind], passed: frozenset[Control], more: Kind
) -> None:
    assert RANK[assured(evidence | {more}, passed).ial] >= RANK[assured(evidence, passed).ial]


@given(kinds, controls)
def test_what_is_missing_raises_the_level_once_it_is_passed(
    evidence: frozenset[Kind], passed: frozenset[Control]
) -> None:
    now = assured(evidence, passed)
    more = {C.RESIDENT_CARD, C.PASSPORT} if A.EVIDENCE in now.missing else set()
    then = assured(evidence | more, passed | set(now.missing))
    assert RANK[then.ial] > RANK[now.ial] or now.ial is Ial.IAL3


@given(kinds, controls)
def test_nothing_is_called_missing_that_could_be_left_out(
    evidence: frozenset[Kind], passed: frozenset[Control]
) -> None:
    now = assured(evidence, passed)
    for each in now.missing:
        assert assured(evidence, passed | (set(now.missing) - {each})).ial is now.ial


@given(kinds, controls, st.sampled_from(Ial))
def test_a_policy_caps_and_never_raises(evidence: frozenset[Kind], passed: frozenset[Control], cap: Ial) -> None:
    computed = assured(evidence, passed)
    capped = computed.capped(cap)
    assert RANK[capped.ial] == min(RANK[computed.ial], RANK[cap])
    assert (capped.missing == (A.POLICY,)) == (RANK[computed.ial] > RANK[cap])


def test_who_was_not_accepted_is_assured_of_nothing_whatever_they_passed() -> None:
    found = assured(BESIDE_LICENCE, ON_SITE)
    nobody = found.of_nobody()
    assert (nobody.ial, nobody.missing, nobody.passed) == (Ial.NONE, (), found.passed)
    assert Assurance(Ial.NONE, (), (), ()) == NOTHING
