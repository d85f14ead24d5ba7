"""How does a secret stay out of logs, tracebacks and answers? By never printing itself."""

import hmac
from typing import Generic, TypeVar

T = TypeVar("T", str, bytes)


class Secret(Generic[T]):
    """A value that has to be asked for by name: `secret.reveal()`."""

    __slots__ = ("_value",)

    def __init__(self, value: T) -> None:
        self._value: T = value

    def reveal(self) -> T:
        """The value itself; the caller answers for where it goes."""
        return self._value

    def matches(self, given: T) -> bool:
        """Equality in a time that does not depend on where the two differ."""
        return hmac.compare_digest(_octets(self._value), _octets(given))

    def __repr__(self) -> str:
        return "Secret(…)"

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return repr(self)

    def __reduce__(self) -> tuple[type, tuple[()]]:
        raise TypeError("a secret is not pickled: it would cross into a process or a file that must not know it")


def _octets(value: str | bytes) -> bytes:
    return value if isinstance(value, bytes) else value.encode("utf-8")
