"""Does everything hold? Runs each check, tells how long it took, and shows what those that failed had to say."""

import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
BIN = Path(sys.executable).parent
CHECKS = {
    "style": [str(BIN / "ruff"), "check", "."],
    "format": [str(BIN / "ruff"), "format", "--check", "."],
    "types": [str(BIN / "mypy"), "app", "tests", "checks", "benchmarks"],
    "floors": [str(BIN / "lint-imports")],
    "locks": [sys.executable, "-m", "checks.locks"],
    "licences": [sys.executable, "-m", "checks.licences"],
    "readme": [sys.executable, "-m", "checks.readme"],
    "rules": [sys.executable, "-m", "checks.rules"],
    "migrations": [sys.executable, "-m", "checks.migrations"],
}


def holds(name: str, command: list[str]) -> bool:
    """Run one check and tell of it."""
    before = time.monotonic()
    done = subprocess.run(  # noqa: S603  our own tools
        command, cwd=ROOT, env=os.environ | {"NO_COLOR": "1"}, capture_output=True, text=True, check=False
    )
    sign = "✓" if done.returncode == 0 else "✗"
    print(f"{sign} {name}  {time.monotonic() - before:.1f} s", flush=True)
    if done.returncode != 0:
        print(done.stdout + done.stderr, flush=True)
    return done.returncode == 0


def main(names: list[str]) -> int:
    """Run the checks named, or all; 1 if any fails."""
    results = [holds(name, command) for name, command in CHECKS.items() if not names or name in names]
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
