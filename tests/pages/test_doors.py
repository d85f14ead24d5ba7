"""Does the page say which door is for whom, with the lives that are so?"""

import pytest

from app.assertion.client import ClientKind, Grant
from app.pages.doors import DOORS, LIVES, show_doors
from app.pages.rendering import STRINGS
from app.routers.language import CHINESE, ENGLISH


@pytest.mark.parametrize("language", [CHINESE, ENGLISH])
async def test_every_door_is_told_in_both_languages(language: str) -> None:
    html = bytes((await show_doors(language)).body).decode()
    assert all(f"<h2>{STRINGS[language]['doors'][door].replace(chr(39), '&#39;')}</h2>" in html for door in DOORS)
    assert "{" not in html


@pytest.mark.parametrize("language", [CHINESE, ENGLISH])
async def test_every_kind_of_client_has_a_door(language: str) -> None:
    html = bytes((await show_doors(language)).body).decode()
    assert all(kind.value in html for kind in ClientKind)
    assert all(grant.value in html for grant in Grant if grant is not Grant.REFRESH_TOKEN)


def test_the_lives_are_those_that_are_kept() -> None:
    assert LIVES == {
        "access_minutes": 5, "code_seconds": 60, "refresh_hours": 24, "idle_minutes": 15, "session_hours": 12,
    }  # fmt: skip
