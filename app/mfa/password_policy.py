"""What does the bank ask of a password? Three profiles as data; every setting names the clause it comes from."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Generic, TypeVar

from app.core.acr import Acr

T = TypeVar("T")


class Kind(StrEnum):
    """The kinds of character a composition rule can ask for."""

    LETTER = "letter"
    UPPER = "upper"
    LOWER = "lower"
    DIGIT = "digit"
    OTHER = "other"
    """Neither a digit nor a letter with case: signs, spaces, Chinese characters."""


@dataclass(frozen=True, slots=True)
class Setting(Generic[T]):
    """One value and where it comes from."""

    value: T
    clause: str


@dataclass(frozen=True, slots=True)
class Composition:
    """At least `count` of these kinds must occur; nothing is asked where `count` is 0."""

    count: int
    kinds: tuple[Kind, ...]


@dataclass(frozen=True, slots=True)
class PasswordPolicy:
    """One profile of requirements on passwords."""

    name: str
    min_length_alone: Setting[int]
    """Code points, where the password is the only factor."""
    min_length_with_mfa: Setting[int]
    max_length: Setting[int]
    composition: Setting[Composition]
    common_word_tail: Setting[int]
    """So many digits and signs around a common word do not make it uncommon; 0: only the whole password is compared."""
    change_after: Setting[timedelta | None]
    history: Setting[int]
    """So many former passwords, the present one among them, may not come again."""

    def min_length(self, used_for: Acr) -> int:
        """The shortest password for log-ins at this level, in code points (A1)."""
        alone = used_for is Acr.AAL1
        return self.min_length_alone.value if alone else self.min_length_with_mfa.value


@dataclass(frozen=True, slots=True)
class Departure:
    """A setting that knowingly departs from a rule of the default; the service logs it as a warning (A6)."""

    rule: str
    setting: str
    clause: str


_ALONE = Setting(15, "SP 800-63B-4 §3.1.1.2: 15 characters where the password is the only factor")
# Longest accepted; 64 is the least a verifier must take. The bound stops hashing of megabytes.
_LONGEST = Setting(256, "SP 800-63B-4 §3.1.1.2: at least 64; ASVS 5.0 6.2.9")
_FREE = Composition(0, ())
_LETTERS_AND_DIGITS = Composition(2, (Kind.LETTER, Kind.DIGIT))
_THREE_OF_FOUR = Composition(3, (Kind.UPPER, Kind.LOWER, Kind.DIGIT, Kind.OTHER))

NIST = PasswordPolicy(
    name="nist",
    min_length_alone=_ALONE,
    min_length_with_mfa=Setting(8, "SP 800-63B-4 §3.1.1.2: 8 characters as part of multi-factor authentication"),
    max_length=_LONGEST,
    composition=Setting(_FREE, "SP 800-63B-4 §3.1.1.2: no composition rules"),
    common_word_tail=Setting(0, "SP 800-63B-4 §3.1.1.2: the entire password is compared, not parts of it"),
    change_after=Setting(None, "SP 800-63B-4 §3.1.1.2: no periodic change"),
    history=Setting(0, "SP 800-63B-4 names none"),
)

PCI = PasswordPolicy(
    name="pci",
    min_length_alone=_ALONE,
    min_length_with_mfa=Setting(12, "PCI DSS 4.0.1 8.3.6: 12 characters"),
    max_length=_LONGEST,
    composition=Setting(_LETTERS_AND_DIGITS, "PCI DSS 4.0.1 8.3.6: numeric and alphabetic characters"),
    common_word_tail=Setting(6, "ours: `Password2024!` satisfies 8.3.6 and is guessed first"),
    change_after=Setting(timedelta(days=90), "PCI DSS 4.0.1 8.3.9: every 90 days"),
    history=Setting(4, "PCI DSS 4.0.1 8.3.7: not one of the last four"),
)

# GB/T 22239-2019 asks for complexity and regular change and gives no figures: the figures are the bank's own.
CN_BANK = PasswordPolicy(
    name="cn-bank",
    min_length_alone=_ALONE,
    min_length_with_mfa=Setting(8, "the bank's own rule; not below SP 800-63B-4 §3.1.1.2 with multi-factor"),
    max_length=_LONGEST,
    composition=Setting(_THREE_OF_FOUR, "GB/T 22239-2019 8.1.4.1 a: complexity; three kinds of four: the bank's"),
    common_word_tail=Setting(6, "ours: `Password2024!` is complex and is guessed first"),
    change_after=Setting(timedelta(days=180), "GB/T 22239-2019 8.1.4.1 a: regular change; 180 days: the bank's"),
    history=Setting(5, "the bank's own rule"),
)

POLICIES: Mapping[str, PasswordPolicy] = MappingProxyType({policy.name: policy for policy in (NIST, PCI, CN_BANK)})


def departures(policy: PasswordPolicy) -> tuple[Departure, ...]:
    """Where the policy departs from A1, A4 and A5; empty for `nist`."""
    return tuple(_departures(policy))


def _departures(policy: PasswordPolicy) -> Iterator[Departure]:
    if policy.min_length_alone.value < NIST.min_length_alone.value:
        yield Departure("A1", "min_length_alone", policy.min_length_alone.clause)
    if policy.min_length_with_mfa.value < NIST.min_length_with_mfa.value:
        yield Departure("A1", "min_length_with_mfa", policy.min_length_with_mfa.clause)
    if policy.composition.value.count:
        yield Departure("A4", "composition", policy.composition.clause)
    if policy.change_after.value is not None:
        yield Departure("A5", "change_after", policy.change_after.clause)


def expires_at(changed_at: datetime, policy: PasswordPolicy) -> datetime | None:
    """From this moment on the password must be changed; None: never by age (A5)."""
    after = policy.change_after.value
    return None if after is None else changed_at + after
