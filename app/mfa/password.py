"""May this be a subscriber's password? Raises the refusal that says why not (A8)."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from datetime import date

from app.core.acr import Acr
from app.core.refusal import Refusal
from app.mfa.password_policy import Kind, PasswordPolicy
from app.mfa.predictability import folded, pattern_of

# Longest text that is looked at, in code points; no profile's own, or a hash made under one fails under another.
LONGEST = 256
# A shorter own word ("li", "1990") would refuse half of all passwords; Chinese names have two characters.
SHORTEST_OWN_WORD = 4
SHORTEST_OWN_CHINESE_WORD = 2


class PasswordTooShort(Refusal, code="password_too_short"):
    """Facts: min_length, in code points (A1)."""


class PasswordTooLong(Refusal, code="password_too_long"):
    """Facts: max_length, in code points (A2)."""


class PasswordUnusable(Refusal, code="password_unusable"):
    """It holds a control character or half of a surrogate pair, which no keyboard types twice alike."""


class PasswordTooSimple(Refusal, code="password_too_simple"):
    """Facts: kinds_needed, kinds (names separated by spaces), of the policy's composition."""


class PasswordTooCommon(Refusal, code="password_too_common"):
    """It, or what is left of it without digits and signs around, is on the list of common passwords (A8)."""


class PasswordPredictable(Refusal, code="password_predictable"):
    """Facts: pattern, one of `Pattern` (A8)."""


class PasswordPersonal(Refusal, code="password_personal"):
    """It contains the person's own name, number, birth date, phone or e-mail address (A8)."""


class PasswordReused(Refusal, code="password_reused"):
    """Facts: history, the number of former passwords that may not come again (A6)."""


def normalised(password: str) -> str | None:
    """The text that is hashed: NFKC (A3), whole and in its own case (A7).

    None: no password was ever set from this, so it is a wrong one: over-long, a control character, a lone surrogate.
    The length is looked at before normalising too, because one code point can become eighteen.
    """
    if len(password) > LONGEST:
        return None
    text = unicodedata.normalize("NFKC", password)
    return None if len(text) > LONGEST or _has_unusable(text) else text


def judge(
    password: str,
    policy: PasswordPolicy,
    *,
    used_for: Acr,
    context: frozenset[str],
    is_common: Callable[[str], bool],
) -> None:
    """Raise the first refusal the policy has for a new password; everything but its history, which costs hashes.

    `used_for`: the weakest log-in it will serve; at AAL1 it stands alone (A1). `context`: `own_words` of the person and
    names of the service. `is_common` is given normalised, case-folded text.
    """
    text = _usable(password, policy)
    if len(text) < (shortest := policy.min_length(used_for)):
        raise PasswordTooShort(min_length=shortest)
    _refuse_simple(text, policy)
    plain = _plain(text)
    if _holds_own_word(plain, context):
        raise PasswordPersonal
    if any(is_common(candidate) for candidate in _likenesses(plain, policy.common_word_tail.value)):
        raise PasswordTooCommon
    if pattern := pattern_of(plain):
        raise PasswordPredictable(pattern=pattern.value)


def judge_reuse(matches: Iterable[bool], policy: PasswordPolicy) -> None:
    """Refuse a password that was used before (A6). `matches`: of the present and the former hashes, newest first."""
    if any(list(matches)[: policy.history.value]):
        raise PasswordReused(history=policy.history.value)


def own_words(*, names: Iterable[str], number: str, birth: date, contacts: Iterable[str]) -> frozenset[str]:
    """What others know of a person and would try first, with its derivatives.

    `names`: the name as printed and each way to write it in pinyin. `contacts`: phone numbers and e-mail addresses.
    """
    found = {*names, number, number[-6:], *(contact.split("@")[0] for contact in contacts)}
    found |= {contact.removeprefix("+86") for contact in contacts if "@" not in contact}
    found |= {birth.strftime(form) for form in ("%Y%m%d", "%y%m%d", "%d%m%Y", "%m%d%Y", "%Y%m", "%m%d%y", "%d%m%y")}
    found |= {f"{birth.year}{birth.month}{birth.day}"}
    return frozenset(found)


def _usable(password: str, policy: PasswordPolicy) -> str:
    longest = min(policy.max_length.value, LONGEST)
    if len(password) > longest:
        raise PasswordTooLong(max_length=longest)
    text = unicodedata.normalize("NFKC", password)
    if _has_unusable(text):
        raise PasswordUnusable
    if len(text) > longest:
        raise PasswordTooLong(max_length=longest)
    return text


def _has_unusable(text: str) -> bool:
    return any(unicodedata.category(character) in {"Cc", "Cs"} for character in text)


def _refuse_simple(text: str, policy: PasswordPolicy) -> None:
    wanted = policy.composition.value
    if len(set(_kinds(text)) & set(wanted.kinds)) < wanted.count:
        kinds = " ".join(kind.value for kind in wanted.kinds)
        raise PasswordTooSimple(kinds_needed=wanted.count, kinds=kinds)


def _kinds(text: str) -> Iterator[Kind]:
    for character in text:
        if character.isalpha():
            yield Kind.LETTER
        if character.isupper():
            yield Kind.UPPER
        elif character.islower():
            yield Kind.LOWER
        else:
            yield Kind.DIGIT if character.isdecimal() else Kind.OTHER


# What stands for a letter in a password that wants to look complex: p@ssw0rd.
_UNDISGUISED = str.maketrans("@4301$57!", "aaeoisstl")
_TAIL = re.compile(r"^[\W\d_]*|[\W\d_]*$")


def _likenesses(plain: str, longest_tail: int) -> Iterator[str]:
    """What a guesser derives this password from; the whole alone where the policy compares the whole alone."""
    yield plain
    yield plain.translate(_UNDISGUISED)
    if not longest_tail:
        return
    core = _TAIL.sub("", plain)
    if core and len(plain) - len(core) <= longest_tail:
        yield from (core, core.translate(_UNDISGUISED), folded(core))


def _holds_own_word(plain: str, context: frozenset[str]) -> bool:
    """Contained with or without its separators: 1990-03-07 is 19900307."""
    bare = _bare(plain)
    return any(word in plain or word in bare for word in _telling(context))


def _telling(context: frozenset[str]) -> Iterator[str]:
    for word in context:
        bare = _bare(_plain(word))
        if len(bare) >= (SHORTEST_OWN_WORD if bare.isascii() else SHORTEST_OWN_CHINESE_WORD):
            yield bare


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def _bare(plain: str) -> str:
    return re.sub(r"[\W_]", "", plain)
