"""What does a CSV file of labels say? Read strictly, for a label that was misread is an error that was never made."""

import csv
from collections.abc import Sequence
from pathlib import Path


class NoLabels(ValueError):
    """The file is none of labels; the message says where and why."""


def rows(file: Path, columns: Sequence[str]) -> list[tuple[int, dict[str, str]]]:
    """Its rows with their line numbers, which have at least these columns; raises NoLabels."""
    try:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            read = csv.DictReader(lines, strict=True)
            named = read.fieldnames or ()
            if missing := [name for name in columns if name not in named]:
                raise NoLabels(f"no column {missing[0]}")
            if len(set(named)) < len(named):
                raise NoLabels("a column twice")
            found = [(read.line_num, row) for row in read]
    except (UnicodeDecodeError, csv.Error) as error:
        raise NoLabels(f"no CSV in UTF-8: {error}") from None
    for line, row in found:
        if None in row or None in row.values():
            raise NoLabels(f"line {line} has another number of columns")
    if not found:
        raise NoLabels("no picture is named")
    return found


def picture(folder: Path, name: str, line: int) -> Path:
    """The file a row names, by its path from the labels' folder; raises NoLabels."""
    file = folder / name
    if not file.is_file():
        raise NoLabels(f"line {line}: there is no file {name}")
    return file
