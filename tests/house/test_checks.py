"""Do the checks see what they are there to see?"""

from importlib import metadata
from pathlib import Path

import pytest
import sqlalchemy as sa
from packaging.requirements import Requirement
from sqlalchemy.dialects import postgresql

from checks import licences, locks, migrations, rules

HASH = "--hash=sha256:" + "0" * 64
LOCK = f"asked==1.2 \\\n    {HASH}\ninner==3.0 ; python_version >= '3' \\\n    {HASH} \\\n    {HASH}\n"


def requires(name: str) -> list[str]:
    return {"asked": ["inner>=2", "absent ; extra == 'more'"], "inner": []}[name]


def found(lock: str, *wanted: str) -> list[str]:
    return list(locks.faults(lock, [Requirement(line) for line in wanted], requires))


def test_a_lock_that_holds_everything_has_no_fault() -> None:
    assert found(LOCK, "asked>=1") == []


def test_a_lock_without_what_is_asked_for_is_at_fault() -> None:
    assert found(LOCK, "other") == ["pyproject asks for other, which it does not hold"]


def test_a_lock_with_another_version_is_at_fault() -> None:
    assert found(LOCK, "asked>=2") == ["pyproject asks for asked>=2, it holds 1.2"]


def test_what_a_package_asks_for_in_turn_must_be_held_in_its_version() -> None:
    assert found(LOCK.replace("3.0", "1.0"), "asked") == ["asked asks for inner>=2, it holds 1.0"]


def test_an_extra_asks_for_more() -> None:
    assert found(LOCK, "asked[more]") == ['asked asks for absent; extra == "more", which it does not hold']


def test_a_pin_without_a_hash_is_at_fault() -> None:
    assert found("asked==1.2\n" + LOCK.partition("\ninner")[1].lstrip() + "==3 \\\n    " + HASH, "inner") == [
        "asked has no hash"
    ]


@pytest.mark.parametrize(
    "line", ["--index-url https://example.org/simple", "-i x", "asked @ https://example.org/a.whl"]
)
def test_an_address_in_a_lock_is_at_fault(line: str) -> None:
    assert "an address of an index stands in it" in found(
        f"{LOCK}# {line}\n{line if line[0] == '-' else ''}\n", "asked"
    )


def package(folder: Path, line: str) -> metadata.PackageMetadata:
    (folder / "METADATA").write_text(f"Metadata-Version: 2.4\nName: it\n{line}\n\n")
    return metadata.Distribution.at(folder).metadata


RULES = licences.Policy(frozenset({"MIT", "Apache-2.0"}), {"MIT License": "MIT"}, {}, {})


@pytest.mark.parametrize(
    ("line", "allowed"),
    [
        ("License-Expression: MIT", True),
        ("License-Expression: MIT OR GPL-3.0-only", True),
        ("License-Expression: MIT AND GPL-3.0-only", False),
        ("License-Expression: GPL-3.0-or-later", False),
        ("License-Expression: AGPL-3.0-only", False),
        ("Classifier: License :: OSI Approved :: MIT License", True),
        ("Classifier: License :: OSI Approved :: GNU General Public License v3 (GPLv3)", False),
        ("License: MIT", True),
        ("License: As you like", False),
        ("Summary: says nothing", False),
    ],
)
def test_a_licence_is_allowed_by_name_only(tmp_path: Path, line: str, allowed: bool) -> None:  # noqa: FBT001  a column
    assert licences.permitted(licences.told(package(tmp_path, line)), RULES) is allowed


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("libpq-c07d8585.so.5.18", "libpq"),
        ("libgfortran-040039e1-0352e75f.so.5.0.0", "libgfortran"),
        ("libscipy_openblas64_-32a4b2a6.so", "libscipy_openblas64_"),
        ("libopenblasp-r0-59ffcd50.3.15.so", "libopenblasp"),
        ("libcrypto-5409cd36.so.1.1.1k", "libcrypto.1"),
        ("libssl-6a9b88ec.so.3", "libssl.3"),
    ],
)
def test_a_bundled_library_is_known_by_its_name_without_hash(file: str, name: str) -> None:
    assert licences.stem(file) == name


def test_readline_is_not_in_the_list_of_bundled_libraries() -> None:
    assert "libreadline" not in licences.policy(licences.POLICY.read_text(encoding="utf-8")).bundled


SOURCE = """
import pytest
pytestmark = pytest.mark.rule("R1")

@pytest.mark.rule("R2", "A3")
@pytest.mark.parametrize("x", [1])
def test_one(x): ...

class TestMore:
    @pytest.mark.rule("R4")
    async def test_two(self): ...

@pytest.mark.rule("R9")
def not_a_test(): ...
"""


def test_rules_are_read_from_module_and_function() -> None:
    assert set(rules.markers(SOURCE)) == {
        ("R1", "test_one"),
        ("R2", "test_one"),
        ("A3", "test_one"),
        ("R1", "test_two"),
        ("R4", "test_two"),
    }


def test_a_rule_without_a_test_is_red_unless_put_off() -> None:
    assert rules.unkept({"R1": ["test"]}, ["R1", "R2", "R3"], ["R3"]) == ["R2"]


def test_the_table_says_who_keeps_what() -> None:
    assert "| R1 | `tests/test_x.py::test_y` |" in rules.table({"R1": ["tests/test_x.py::test_y"]})


def test_no_rule_is_put_off_without_a_reason() -> None:
    assert all(reason.strip() for reason in rules.DEFERRED.values())
    assert set(rules.DEFERRED) <= set(rules.CITED)


def test_equal_types_get_equal_samples_so_that_foreign_keys_hold() -> None:
    columns = sa.Column("a", sa.Text), sa.Column("b", sa.Text)
    assert migrations.value(columns[0], {}) == migrations.value(columns[1], {})


def test_a_column_bound_by_a_check_gets_a_word_it_lets_in() -> None:
    assert migrations.value(sa.Column("state", sa.Text), {"state": "open"}) == "open"


def test_a_type_without_a_sample_is_said() -> None:
    table = sa.Table("t", sa.MetaData(), sa.Column("range", postgresql.INT4RANGE))
    with pytest.raises(TypeError, match=r"t\.range: no sample"):
        migrations.value(table.c.range, {})


def test_the_makefile_and_the_image_strip_what_is_gpl() -> None:
    root = Path(__file__).parents[2]
    for file in ("Makefile", "Dockerfile"):
        assert "checks.strip" in (root / file).read_text(encoding="utf-8")
