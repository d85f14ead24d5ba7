"""How is a password hashed and compared, at the same cost for everybody? argon2id in threads of its own.

Memory is threads × cost, so both are bounded; whoever comes when the queue is full is told to come later.
The finished hash string is encrypted by the service that stores it (A12).

A bank that moves here brings hashes of other schemes, and one that raises the cost has hashes of the old one. They are
read where the settings name them, at the cost they were made at, and from then on every comparison computes each of them
once, whoever it is for: were a person's old hash dearer or cheaper than the stand-in of nobody, the clock would tell who
is enrolled (A28).
"""

import asyncio
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Final, NamedTuple, TypeVar

from passlib.context import CryptContext

from app.core.load import Load
from app.core.refusal import Unavailable
from app.mfa.password import normalised

T = TypeVar("T")

# A10, ASVS 5.0 appendix C: (KiB, passes), any of which is enough.
LEAST_COSTS = ((47104, 1), (19456, 2), (12288, 3))


@dataclass(frozen=True, slots=True)
class Cost:
    """What one argon2id hash takes."""

    memory_kib: int = 19456
    passes: int = 2
    lanes: int = 1

    def is_enough(self) -> bool:
        """A10."""
        return any(self.memory_kib >= memory and self.passes >= passes for memory, passes in LEAST_COSTS)


@dataclass(frozen=True, slots=True)
class OldScheme:
    """A scheme that is read and no longer written, at the cost its hashes were made at."""

    name: str
    cost: int
    memory_kib: int = 0
    """Of argon2 alone."""


class Place(NamedTuple):
    """What one comparison costs: hashes of one place take as long."""

    scheme: str
    rounds: int
    memory_kib: int


DEAREST_ARGON2: Final = (1_048_576, 10)
DEAREST_OLD: Final = {"bcrypt": 14, "pbkdf2_sha256": 2_000_000, "pbkdf2_sha512": 2_000_000, "scrypt": 17}
"""Rounds (of bcrypt and scrypt their binary logarithm) that a comparison's time limit still allows."""


def old_schemes(named: str) -> tuple[OldScheme, ...]:
    """What a setting like `bcrypt:12 argon2id:19456x2` names. Raises `ValueError` saying what is wrong with it."""
    found = [_old_argon2(word) if word.startswith("argon2id:") else _old_scheme(word) for word in named.split()]
    if len(set(found)) < len(found):
        raise ValueError(f"{named}: each once")
    return tuple(found)


def _old_scheme(word: str) -> OldScheme:
    name, _, cost = word.partition(":")
    known = name.replace("-", "_")
    if known not in DEAREST_OLD or not cost.isdecimal() or not 1 <= int(cost) <= DEAREST_OLD[known]:
        raise ValueError(f"{word}: not SCHEME:COST; the schemes, and the dearest that is read: {DEAREST_OLD}")
    return OldScheme(known, int(cost))


def _old_argon2(word: str) -> OldScheme:
    memory, _, passes = word.partition(":")[2].partition("x")
    given = (memory, passes)
    if not all(each.isdecimal() and 1 <= int(each) <= most for each, most in zip(given, DEAREST_ARGON2, strict=True)):
        raise ValueError(f"{word}: not argon2id:KIBxPASSES, at most {DEAREST_ARGON2}: SCHEME:COST")
    return OldScheme("argon2", int(passes), int(memory))


def argon2id(cost: Cost, old: Iterable[OldScheme] = ()) -> CryptContext:
    """The schemes we hash and verify with. Raises `ValueError` where the cost is too low (A10)."""
    if not cost.is_enough():
        raise ValueError(f"argon2id at {cost} is below every cost of ASVS 5.0 appendix C: {LEAST_COSTS}")
    read = {scheme.name: scheme.cost for scheme in old if scheme.name != "argon2"}
    # Named after argon2, they are outdated: verified, and then rewritten (A13).
    return CryptContext(
        schemes=["argon2", *read],
        deprecated="auto",
        argon2__type="ID",
        argon2__memory_cost=cost.memory_kib,
        argon2__rounds=cost.passes,
        argon2__parallelism=cost.lanes,
        **{f"{name}__rounds": rounds for name, rounds in read.items()},
    )


class Passwords:
    """Hashes and compares; `close` it at the end."""

    def __init__(
        self,
        context: CryptContext,
        *,
        dummy_secret: str,
        old: Iterable[OldScheme] = (),
        threads: int = 2,
        queue: int = 64,
        timeout_seconds: float = 5.0,
    ) -> None:
        """`dummy_secret`: fresh random text, whose hash stands in where a person has none.

        `old`: costs that are read besides the one of each scheme of the context.
        """
        self._context = context
        self.stand_in = str(context.hash(dummy_secret))
        stand_ins = [self.stand_in, *(str(_handler(context, each).hash(dummy_secret)) for each in _read(context, old))]
        self._stand_ins = {self._place(each): each for each in stand_ins}
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="passwords")
        self._limit = threads
        self._places = threads + queue
        self._taken: set[Future[Any]] = set()
        self._timeout_seconds = timeout_seconds

    async def hash(self, password: str) -> str:
        """Scheme, cost, 128-bit salt and digest in one string (A11). Raises `Unavailable`."""
        text = normalised(password)
        if text is None:
            raise ValueError("a password is judged before it is hashed")
        return await self._compute(lambda: str(self._context.hash(text)))

    async def verify(self, password: str, stored: str | None) -> bool:
        """Whether it is the password; one hash of each scheme at full cost in any case (A28). Raises `Unavailable`.

        `stored` None: the person has no password, or there is no such person. What cannot be a password (over-long,
        NUL) and a hash nobody can read are wrong passwords.
        """
        text = normalised(password)
        readable = stored if text is not None and stored is not None and self._context.identify(stored) else None
        matched = await self._compute(lambda: self._matches(text or "", readable or self.stand_in))
        return matched and readable is not None

    def needs_rehash(self, stored: str) -> bool:
        """Whether a hash that just verified is of an outdated scheme or cost, to be rewritten at once (A13)."""
        return bool(self._context.needs_update(stored))

    def load(self) -> Load:
        """Hashes being computed and waiting."""
        taken = len(self._taken)
        return Load(in_use=min(taken, self._limit), waiting=max(0, taken - self._limit), limit=self._limit)

    def close(self) -> None:
        """Let running hashes end, start no other."""
        self._threads.shutdown(cancel_futures=True)

    def _matches(self, text: str, stored: str) -> bool:
        """One comparison at each place: with what is stored where it is of the place, else with a stand-in."""
        matched, own = False, self._place(stored)
        if own not in self._stand_ins:  # broken, or of a cost nobody named: then it takes its scheme's place
            own = next(each for each in self._stand_ins if each.scheme == own.scheme)
        for place, stand_in in self._stand_ins.items():
            if place == own:
                matched = self._is(text, stored, stand_in)
            else:
                self._context.verify("", stand_in)
        return matched

    def _place(self, hashed: str) -> Place:
        scheme = str(self._context.identify(hashed))
        try:
            parsed = self._context.handler(scheme).from_string(hashed)
        except ValueError:
            return Place(scheme, 0, 0)
        return Place(scheme, int(parsed.rounds), int(getattr(parsed, "memory_cost", 0)))

    def _is(self, text: str, stored: str, stand_in: str) -> bool:
        try:
            return bool(self._context.verify(text, stored))
        except ValueError:  # the scheme's mark is there, the rest is not its hash; or bcrypt was given over 72 bytes
            self._context.verify("", stand_in)
            return False

    async def _compute(self, work: Callable[[], T]) -> T:
        if len(self._taken) >= self._places:
            raise Unavailable(retry_after_seconds=1)
        try:
            future: Future[T] = self._threads.submit(work)
        except RuntimeError:  # closed: we are shutting down
            raise Unavailable(retry_after_seconds=1) from None
        # A caller that went away frees its place only when its thread is free again.
        self._taken.add(future)
        future.add_done_callback(self._taken.discard)
        try:
            return await asyncio.wait_for(asyncio.wrap_future(future), self._timeout_seconds)
        except TimeoutError:
            raise Unavailable(retry_after_seconds=1) from None


def _read(context: CryptContext, old: Iterable[OldScheme]) -> list[OldScheme]:
    """The schemes of the context besides argon2 at the costs it gives them, and what else is read."""
    given = [OldScheme(name, 0) for name in context.schemes() if name != "argon2"]
    return [*given, *old]


def _handler(context: CryptContext, scheme: OldScheme) -> Any:  # libpass has no types
    handler = context.handler(scheme.name)
    if scheme.memory_kib:
        return handler.using(rounds=scheme.cost, memory_cost=scheme.memory_kib)
    return handler.using(rounds=scheme.cost) if scheme.cost else handler
