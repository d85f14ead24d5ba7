"""Where do the tests of documents find their vectors?"""

import json
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parents[1] / "vectors"


def vectors(name: str) -> Any:
    """The content of one file of vectors; its `source` says where they come from."""
    return json.loads((FOLDER / f"{name}.json").read_text("utf-8"))
