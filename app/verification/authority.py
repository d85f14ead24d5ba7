"""What does the issuing source say of a number and a name? R45: no image shows that a card was lost or cancelled."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class AuthorityAnswer(StrEnum):
    """What came of asking; only the first speaks for anybody."""

    CONFIRMED = "confirmed"  # there is this number, it is this name's, and the document is good
    DIFFERS = "differs"  # the number is another name's
    UNKNOWN = "unknown"  # there is no such number
    REVOKED = "revoked"  # lost, cancelled, or its holder dead
    UNASKED = "unasked"  # nobody was asked: no authority is connected, or there was nothing sure to ask about
    UNAVAILABLE = "unavailable"  # no answer in time, or none that can be understood


DENIES = frozenset({AuthorityAnswer.REVOKED, AuthorityAnswer.DIFFERS})
"""With these nobody is accepted, by whomever."""
SILENT = frozenset({AuthorityAnswer.UNASKED, AuthorityAnswer.UNAVAILABLE})
_WHOSE: Final = frozenset({"number", "name"})
_DENIED: Final = frozenset({"number", "name", "authority"})
"""A number of many states is one document's beside its state alone (R70)."""


@dataclass(frozen=True, slots=True)
class Said:
    """An answer, and what was asked: an answer to half a question is no answer to the whole of it, or to another."""

    answer: AuthorityAnswer
    about: Mapping[str, str]
    """What the question told of a document, by what attributes are called, and its kind as `kind`; what nobody knew
    surely was not asked about. Empty: nobody was asked.
    """

    def speaks_of(self, found: Mapping[str, str]) -> bool:
        """Whether it is about what people found, both spelled alike.

        What is denied to a number and a name stays denied whatever term is typed beside them: or typing another would
        do away with it.
        """
        told = self.about.keys() & _DENIED if self.answer in DENIES else self.about.keys()
        return all(self.about.get(name) == found.get(name) for name in told | _WHOSE)


NOTHING_SAID: Final = Said(AuthorityAnswer.UNASKED, {})


def standing_answer(said: Iterable[Said], found: Mapping[str, str]) -> AuthorityAnswer:
    """The authority's last word about what people found, of all it said in their case, oldest first.

    What it denied of one card, asked with its term, no answer takes back to a question without: the number and the name may be
    sound, and the card is the lost one.
    """
    last = NOTHING_SAID
    for each in said:
        if each.answer in SILENT or not each.speaks_of(found):
            continue
        if last.answer not in DENIES or each.answer in DENIES or each.about.keys() >= last.about.keys():
            last = each
    return last.answer
