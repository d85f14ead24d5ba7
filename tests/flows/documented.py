"""Does every answer of a journey stand in the interface's description? Status and code, or the journey fails."""

import re
from collections.abc import Awaitable, Callable
from typing import Any

import httpx


def hook(document: dict[str, Any]) -> Callable[[httpx.Response], Awaitable[None]]:
    """To be called with every answer."""
    patterns = {re.compile(re.sub(r"{\w+}", "[^/]+", path)): found for path, found in document["paths"].items()}

    async def check(answer: httpx.Response) -> None:
        path, method = answer.request.url.path, answer.request.method.lower()
        for pattern, operations in patterns.items():
            if pattern.fullmatch(path) and method in operations:
                await answer.aread()
                judge(operations[method], answer)

    return check


def judge(operation: dict[str, Any], answer: httpx.Response) -> None:
    """The status is one of the operation's, and so is the code."""
    told = operation["responses"].get(str(answer.status_code))
    assert told is not None, f"{operation['operationId']} answered {answer.status_code} {answer.text[:200]}"
    form = answer.headers.get("content-type", "").partition(";")[0]
    if not answer.is_error or form not in told["content"]:
        assert not answer.is_error or form in told["content"], f"{operation['operationId']} answered in {form}"
        return
    for narrowed in told["content"][form]["schema"].get("allOf", ()):
        for field, values in narrowed.get("properties", {}).items():
            assert answer.json()[field] in values["enum"], f"{operation['operationId']} answered {answer.text[:200]}"
