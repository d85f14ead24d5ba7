"""Is a deed kept as it was proposed?"""

import json

from hypothesis import given
from hypothesis import strategies as st

from app.core.ids import PersonId, StaffId
from app.staff.deeds import (
    BY_KIND,
    AddStaff,
    BlockFace,
    ChangeRoles,
    ChoosePolicy,
    CreateClient,
    Deed,
    DisableStaff,
    Kind,
    UnblockFace,
    deed_of,
    facts_of,
    kind_of,
)
from app.staff.listing import Ground, Release
from app.staff.roles import Role

WORDS = st.text(max_size=10)
ROLES = st.frozensets(st.sampled_from(Role))
SETS = st.frozensets(WORDS, max_size=3)
IDS = WORDS.map(StaffId)
DEEDS: st.SearchStrategy[Deed] = st.one_of(
    st.builds(AddStaff, WORDS, ROLES),
    st.builds(ChangeRoles, IDS, ROLES),
    st.builds(DisableStaff, IDS),
    st.builds(CreateClient, WORDS, WORDS, WORDS, SETS, SETS, SETS, SETS, SETS, st.booleans(), st.booleans()),
    st.builds(ChoosePolicy, WORDS),
    st.builds(BlockFace, WORDS.map(PersonId), st.sampled_from(Ground)),
    st.builds(UnblockFace, WORDS.map(PersonId), st.sampled_from(Release)),
)


@given(DEEDS)
def test_a_deed_comes_back_from_what_was_kept(deed: Deed) -> None:
    assert deed_of(kind_of(deed), json.loads(json.dumps(facts_of(deed)))) == deed


def test_every_kind_has_a_deed_of_its_own() -> None:
    assert set(BY_KIND) == set(Kind)
    assert len(set(BY_KIND.values())) == len(Kind)
