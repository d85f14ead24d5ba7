"""Do the locks still hold what pyproject asks for, all the way down, with hashes and without an index's address?"""

import re
import sys
import tomllib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
SUBSTITUTES = {"dlib": "dlib-bin"}
"""face-recognition asks for dlib, which needs a compiler; dlib-bin is the same library as a wheel."""
ADDRESS = re.compile(
    r"(https?|file|git\+\w+)://|^\s*(-i|-f|--(extra-)?index-url|--find-links|--trusted-host)\b", re.MULTILINE
)

Requires = Callable[[str], list[str]]


@dataclass(frozen=True, slots=True)
class Pin:
    """One line of a lock with its hashes."""

    name: str
    version: str
    marker: str | None
    hashes: tuple[str, ...]


def pins(lock: str) -> list[Pin]:
    """The pins of a lock's text."""
    stanzas = re.split(r"\n(?=[A-Za-z0-9])", lock.replace("\\\n", " "))
    return [_pin(stanza) for stanza in stanzas if stanza.strip() and not stanza.lstrip().startswith("#")]


def faults(lock: str, wanted: Iterable[Requirement], requires: Requires) -> Iterator[str]:
    """What is wrong with a lock for these requirements; `requires` tells what a package asks for in turn."""
    if ADDRESS.search(lock):
        yield "an address of an index stands in it"
    here = {}
    for pin in pins(lock):
        if not pin.hashes:
            yield f"{pin.name} has no hash"
        if pin.marker is None or Marker(pin.marker).evaluate():
            here[pin.name] = pin.version
    yield from _unmet(here, list(wanted), requires)


def installed_requires(name: str) -> list[str]:
    """What an installed package asks for, from its own METADATA."""
    return metadata.requires(name) or []


def wanted_by(pyproject: str) -> tuple[list[Requirement], list[Requirement]]:
    """The requirements of the product, and of the product with its tests."""
    read = tomllib.loads(pyproject)
    product = [Requirement(line) for line in read["project"]["dependencies"]]
    return product, product + [Requirement(line) for line in read["dependency-groups"]["dev"]]


def main() -> int:
    """Look at both locks; 1 when something is wrong."""
    product, everything = wanted_by((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    runtime = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    dev = (ROOT / "requirements-dev.lock").read_text(encoding="utf-8")
    found = [f"requirements.lock: {fault}" for fault in faults(runtime, product, installed_requires)]
    found += [f"requirements-dev.lock: {fault}" for fault in faults(dev, everything, installed_requires)]
    found += [f"{pin.name} differs between the locks" for pin in pins(runtime) if pin not in pins(dev)]
    found += [f"installed: {fault}" for fault in _installed_otherwise(dev)]
    for fault in found:
        print(fault)
    return 1 if found else 0


def _pin(stanza: str) -> Pin:
    head, *rest = stanza.split("--hash=")
    requirement = Requirement(re.sub(r"\s*#.*", "", head).strip())
    version = str(requirement.specifier).removeprefix("==")
    marker = str(requirement.marker) if requirement.marker else None
    return Pin(canonicalize_name(requirement.name), version, marker, tuple(part.split()[0] for part in rest))


def _unmet(here: dict[str, str], wanted: list[Requirement], requires: Requires) -> Iterator[str]:
    """Walk what is wanted and what that wants; each (package, extras) once."""
    seen: set[tuple[str, str, str]] = set()
    queue = [(requirement, "pyproject") for requirement in wanted]
    while queue:
        requirement, asker = queue.pop()
        name = SUBSTITUTES.get(canonicalize_name(requirement.name), canonicalize_name(requirement.name))
        if name not in here:
            yield f"{asker} asks for {requirement}, which it does not hold"
            continue
        if not requirement.specifier.contains(here[name], prereleases=True):
            yield f"{asker} asks for {requirement}, it holds {here[name]}"
        for extra in ("", *sorted(requirement.extras)):
            if (name, extra, str(requirement.specifier)) not in seen:
                seen.add((name, extra, str(requirement.specifier)))
                queue += [(inner, name) for inner in _asked(requires(name), extra)]


def _asked(lines: list[str], extra: str) -> Iterator[Requirement]:
    for line in lines:
        requirement = Requirement(line)
        for_extra = requirement.marker is not None and "extra" in str(requirement.marker)
        if for_extra != bool(extra):
            continue
        if requirement.marker is None or requirement.marker.evaluate({"extra": extra}):
            yield requirement


def _installed_otherwise(dev: str) -> Iterator[str]:
    for pin in pins(dev):
        try:
            version = metadata.version(pin.name)
        except metadata.PackageNotFoundError:
            continue  # its marker is for another platform; _unmet reports what is wanted here
        if version != pin.version and pin.marker is None:
            yield f"{pin.name} is {version}, the lock says {pin.version}"


if __name__ == "__main__":
    sys.exit(main())
