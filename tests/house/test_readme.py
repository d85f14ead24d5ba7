"""Does the README tell what is so, and does its check see where it does not?"""

from pathlib import Path

import pytest

from app.settings import Settings
from app.verification.proofing import diagram
from checks import readme

TEXT = readme.README.read_text(encoding="utf-8")
WANTED = readme.direct((readme.ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def found(text: str, *wanted: str, root: Path = readme.ROOT) -> list[str]:
    return list(readme.faults(text, list(wanted), root))


def test_the_readme_tells_what_is_so() -> None:
    assert found(TEXT, *WANTED) == []


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_is_in_the_table_with_a_word_of_what_it_is(name: str) -> None:
    row = next(line for line in readme.part(TEXT, "settings").splitlines() if f"`HUFU_{name.upper()}`" in line)
    assert len(row.split("|")[3].strip()) > 10


@pytest.mark.rule("R114")
def test_the_state_diagram_is_the_state_table() -> None:
    assert diagram() in readme.part(TEXT, "proofing-states")


def test_an_old_part_is_at_fault() -> None:
    old = TEXT.replace("| `HUFU_PORT` | `8000` |", "| `HUFU_PORT` | `80` |")
    assert found(old, *WANTED) == ["the part `settings` is old; run `make table`"]


def test_writing_it_anew_repairs_an_old_part() -> None:
    old = TEXT.replace("| `HUFU_PORT` | `8000` |", "| `HUFU_PORT` | `80` |")
    assert readme.written(old) == readme.written(TEXT)
    assert found(readme.written(old), *WANTED) == []


def test_a_dependency_nobody_explains_is_at_fault() -> None:
    assert found(TEXT, *WANTED, "left-pad") == ["no word says what left-pad is for"]


def test_a_file_that_is_not_there_is_at_fault() -> None:
    assert found(f"{TEXT}`tests/nowhere.py`", *WANTED) == ["tests/nowhere.py is named and not there"]


@pytest.mark.parametrize(
    "text", ["", "<!-- x -->\n", "<!-- /x -->\n<!-- x -->\n", "<!-- x -->\n<!-- x -->\n<!-- /x -->"]
)
def test_markers_that_do_not_stand_once_each_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="once each"):
        readme.part(text, "x")
