"""Which test keeps which numbered rule? Reads the `rule` markers, and is red where a rule has none.

`python -m checks.rules --write` makes tests/RULES.md anew; without it the table in the repository is compared.
"""

import ast
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
TABLE = ROOT / "tests" / "RULES.md"


def numbered(letter: str, *ranges: tuple[int, int]) -> list[str]:
    """R1, R2, … of the ranges given, both ends included."""
    return [f"{letter}{number}" for first, last in ranges for number in range(first, last + 1)]


CITED = [
    *numbered("R", (1, 22), (24, 75), (80, 81), (84, 84), (92, 92), (95, 97), (102, 102), (114, 114)),
    *numbered("A", (4, 6), (20, 28), (32, 38), (66, 66)),
]
"""What the main road promises, by number: R of identity proofing, A of authentication."""
DEFERRED: dict[str, str] = {
    "A37": "counter-based codes (HOTP) are not offered; the main road binds time-based ones alone",
}
"""Rule → why no test keeps it yet and which issue brings it."""


def markers(source: str) -> Iterator[tuple[str, str]]:
    """(rule, test) for each test function of the source that has markers, on itself, its class or its module."""
    tree = ast.parse(source)
    everywhere = list(_module_rules(tree))
    for node in tree.body:
        if isinstance(node, ast.ClassDef):
            of_class = [*everywhere, *_rules(node.decorator_list)]
            for inner in node.body:
                yield from _of_test(inner, of_class)
        yield from _of_test(node, everywhere)


def collect(folder: Path) -> dict[str, list[str]]:
    """Rule → `path::test`, sorted, of all test files below the folder."""
    found: dict[str, set[str]] = defaultdict(set)
    for path in sorted(folder.rglob("test_*.py")):
        for rule, test in markers(path.read_text(encoding="utf-8")):
            found[rule].add(f"{path.relative_to(folder.parent).as_posix()}::{test}")
    return {rule: sorted(tests) for rule, tests in found.items()}


def unkept(found: dict[str, list[str]], cited: Iterable[str], deferred: Iterable[str]) -> list[str]:
    """The cited rules that no test keeps and nobody put off."""
    return [rule for rule in cited if rule not in found and rule not in set(deferred)]


def table(found: dict[str, list[str]]) -> str:
    """The Markdown table: the cited rules first, then what else the tests name."""
    rules = [*CITED, *sorted(set(found) - set(CITED), key=_by_number)]
    lines = [
        "# Which test keeps which rule",
        "",
        "Made by `make table` from the `rule` markers; `make check` compares it. R: identity proofing, A: authentication.",
        "",
        "| rule | kept by |",
        "| --- | --- |",
    ]
    for rule in rules:
        tests = "<br>".join(f"`{test}`" for test in found.get(rule, []))
        lines.append(f"| {rule} | {tests or 'later: ' + DEFERRED.get(rule, '**nobody**')} |")
    return "\n".join([*lines, ""])


def main(arguments: list[str]) -> int:
    """Write or compare the table; 1 when a rule has no test or the table is old."""
    found = collect(ROOT / "tests")
    if "--write" in arguments:
        TABLE.write_text(table(found), encoding="utf-8")
    missing = unkept(found, CITED, DEFERRED)
    if missing:
        print(f"no test keeps {', '.join(missing)}")
    stale = not TABLE.exists() or TABLE.read_text(encoding="utf-8") != table(found)
    if stale:
        print("tests/RULES.md is old; run `make table`")
    return 1 if missing or stale else 0


def _module_rules(tree: ast.Module) -> Iterator[str]:
    for node in tree.body:
        if isinstance(node, ast.Assign) and any(isinstance(t, ast.Name) and t.id == "pytestmark" for t in node.targets):
            yield from _rules(node.value.elts if isinstance(node.value, ast.List | ast.Tuple) else [node.value])


def _of_test(node: ast.stmt, inherited: list[str]) -> Iterator[tuple[str, str]]:
    if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) or not node.name.startswith("test_"):
        return
    for rule in [*inherited, *_rules(node.decorator_list)]:
        yield rule, node.name


def _rules(decorators: Iterable[ast.expr]) -> Iterator[str]:
    for call in decorators:
        if isinstance(call, ast.Call) and ast.unparse(call.func) == "pytest.mark.rule":
            yield from (str(ast.literal_eval(argument)) for argument in call.args)


def _by_number(rule: str) -> tuple[str, int, str]:
    digits = "".join(character for character in rule if character.isdigit())
    return rule[:1], int(digits or 0), rule


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
