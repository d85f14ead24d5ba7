"""Does the README tell what is so? Its generated parts are current, its dependencies complete, its files there.

`python -m checks.readme --write` writes the generated parts anew; without it they are compared.
"""

import re
import sys
import tomllib
from collections.abc import Callable, Iterator, Mapping
from enum import Enum
from pathlib import Path

from packaging.requirements import Requirement
from pydantic.fields import FieldInfo

from app.pages.problem_types import BY_CODE
from app.settings import Settings
from app.specimens.magic import table as magic
from app.verification.proofing import diagram

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
PREFIX = "HUFU_"
FILE_NAMED = re.compile(r"`((?:app|tests|checks|docs|benchmarks|migrations)/[\w./-]+)`")


def settings_table() -> str:
    """Every setting, its default and what it is, in the order of the class."""
    lines = ["| setting | default | what it is |", "| --- | --- | --- |"]
    for name, field in Settings.model_fields.items():
        words = (field.description or "").replace("|", "\\|")
        lines.append(f"| `{PREFIX}{name.upper()}` | {_default(field)} | {words} |")
    return "\n".join(lines)


def states() -> str:
    """The states of a proofing as GitHub draws them."""
    return f"```mermaid\n{diagram()}\n```"


def problems() -> str:
    """Every kind of problem: code, status, what happened."""
    lines = ["| code | status | what happened |", "| --- | --- | --- |"]
    for code, problem in sorted(BY_CODE.items()):
        lines.append(f"| `{code}` | {problem.status} | {problem.title_en}. {problem.detail_en} |")
    return "\n".join(lines)


GENERATED: Mapping[str, Callable[[], str]] = {
    "settings": settings_table,
    "proofing-states": states,
    "problems": problems,
    "magic": magic,
}
"""Marker → what stands between it and its end."""


def part(text: str, marker: str) -> str:
    """What stands between `<!-- marker -->` and `<!-- /marker -->`; raises ValueError where they do not stand once each."""
    begin, end = f"<!-- {marker} -->\n", f"<!-- /{marker} -->"
    if (text.count(begin), text.count(end)) != (1, 1) or text.index(begin) > text.index(end):
        raise ValueError(f"the README needs {begin.strip()} and {end} once each, in this order")
    return text[text.index(begin) + len(begin) : text.index(end)]


def written(text: str) -> str:
    """The README with its generated parts made anew."""
    for marker, made in GENERATED.items():
        begin = f"<!-- {marker} -->\n"
        text = text.replace(begin + part(text, marker), f"{begin}{made()}\n")
    return text


def faults(text: str, wanted: list[str], root: Path) -> Iterator[str]:
    """What is not so: an old part, a direct dependency without a word, a file that is not there."""
    for marker, made in GENERATED.items():
        if part(text, marker).strip() != made().strip():
            yield f"the part `{marker}` is old; run `make table`"
    told = {name.strip() for row in part(text, "dependencies").splitlines() for name in row.split("|")[1:2] for name in name.split(",")}  # fmt: skip
    for name in sorted(set(wanted) - told):
        yield f"no word says what {name} is for"
    for path in FILE_NAMED.findall(text):
        if not (root / path).exists():
            yield f"{path} is named and not there"


def direct(pyproject: str) -> list[str]:
    """The packages the project asks for itself."""
    return [Requirement(line).name for line in tomllib.loads(pyproject)["project"]["dependencies"]]


def main(arguments: list[str]) -> int:
    """Write or compare; 1 when something is not so."""
    text = README.read_text(encoding="utf-8")
    if "--write" in arguments:
        text = written(text)
        README.write_text(text, encoding="utf-8")
    found = list(faults(text, direct((ROOT / "pyproject.toml").read_text(encoding="utf-8")), ROOT))
    print("\n".join(found), end="\n" if found else "")
    return 1 if found else 0


def _default(field: FieldInfo) -> str:
    value = field.default.value if isinstance(field.default, Enum) else field.default
    return "" if value in {None, ""} or value == () else f"`{value}`"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
