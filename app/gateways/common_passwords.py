"""Is a password one that everybody uses? Lists held in memory, asked offline, never silently absent (A8, A9)."""

import hashlib
import importlib
import os
import sys
import unicodedata
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice, product
from pathlib import Path

# Issue of the bank: at least this many common passwords are refused.
FEWEST_FROM_WHEEL = 30_000
DIGEST_BYTES = 8
MOST_READINGS = 64
"""Of one name; three characters have eight at most."""


class ListUnavailable(Exception):
    """A list of common passwords is missing, unreadable or too short: do not start, or everything would pass (A9)."""


class CommonPasswords:
    """A set of passwords as sorted 64-bit digests: 8 bytes each, so ten million fit in 80 MB.

    A wrong hit needs an accidental collision, 1 in 10^12 for ten million entries; there is no wrong miss.
    """

    def __init__(self, passwords: Iterable[str]) -> None:
        buckets = [array("Q") for _ in range(256)]
        for password in passwords:
            digest = _digest(password)
            buckets[digest >> 56].append(digest)
        # Sorted bucket by bucket, so that never the whole list stands in memory as Python numbers.
        self._buckets = [array("Q", sorted(set(bucket))) for bucket in buckets]

    @classmethod
    def from_wheel(cls) -> "CommonPasswords":
        """The frequency lists of zxcvbn's wheel: leaked passwords, names, words. Raises `ListUnavailable`."""
        try:
            lists: Mapping[str, Iterable[str]] = importlib.import_module("zxcvbn.frequency_lists").FREQUENCY_LISTS
        except (ImportError, AttributeError) as problem:
            raise ListUnavailable("zxcvbn's frequency lists are not installed") from problem
        found = cls(word for words in lists.values() for word in words)
        # The words are not needed again: 14 MB in every process that knows the digests.
        for module in [name for name in sys.modules if name.partition(".")[0] == "zxcvbn"]:
            del sys.modules[module]
        return found.at_least(FEWEST_FROM_WHEEL)

    @classmethod
    def load(cls, path: Path) -> "CommonPasswords":
        """The bank's own list, one password a line, UTF-8, read line by line. Raises `ListUnavailable`."""
        try:
            with path.open(encoding="utf-8", errors="replace") as lines:
                found = cls(line.rstrip("\r\n") for line in lines if line.strip())
        except OSError as problem:
            raise ListUnavailable(f"{path}: {problem.strerror}") from problem
        return found.at_least(1)

    def at_least(self, count: int) -> "CommonPasswords":
        """Itself, or `ListUnavailable` where it has fewer entries."""
        if len(self) < count:
            raise ListUnavailable(f"{len(self)} common passwords where at least {count} are needed")
        return self

    def __len__(self) -> int:
        return sum(len(bucket) for bucket in self._buckets)

    def __contains__(self, password: str) -> bool:
        digest = _digest(password)
        bucket = self._buckets[digest >> 56]
        place = bisect_left(bucket, digest)
        return place < len(bucket) and bucket[place] == digest


def spelled(name: str) -> tuple[str, ...]:
    """The ways to write a Chinese name in pinyin: 王小明 → wangxiaoming, xiaoming, wxm; 单, dan, is shan as a surname.

    Every reading of every character, so the dictionary of phrases, of 42 MB, is not needed to choose among them.
    """
    os.environ |= {"PYPINYIN_NO_PHRASES": "1", "PYPINYIN_NO_DICT_COPY": "1"}  # read when it is imported
    from pypinyin import Style, pinyin  # noqa: PLC0415  its dictionary is loaded by the first who binds a password

    readings = pinyin(name, style=Style.NORMAL, heteronym=True, errors="ignore")
    ways = islice(product(*readings), MOST_READINGS) if readings else ()
    return tuple(dict.fromkeys(way for syllables in ways for way in _written(syllables)))


def _written(syllables: Sequence[str]) -> tuple[str, str, str]:
    return ("".join(syllables), "".join(syllables[1:]), "".join(syllable[0] for syllable in syllables))


def _digest(password: str) -> int:
    plain = unicodedata.normalize("NFKC", password).casefold()
    data = plain.encode("utf-8", errors="surrogatepass")
    return int.from_bytes(hashlib.blake2b(data, digest_size=DIGEST_BYTES).digest(), "big")
