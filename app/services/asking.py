"""What is the authority asked about a person? What tells their document from every other, and no more (PIPL Art. 6)."""

from collections.abc import Mapping

from app.gateways.authority import Authority, Question
from app.verification.authority import Said
from app.verification.documents.machine_number import bare
from app.verification.examination import Kind
from app.verification.holder import MACHINE_READ


async def asked(authority: Authority, kind: Kind, said: Mapping[str, str]) -> Said:
    """What the authority answers, and to which question; in no unit of work."""
    question = question_of(kind, said)
    about = {
        "kind": kind.value,
        "number": question.number,
        "name": question.name,
        "authority": question.issuing_state,
        "valid_to": question.valid_to,
    }
    return Said(await authority.check(question), {name: told for name, told in about.items() if told is not None})


def question_of(kind: Kind, said: Mapping[str, str]) -> Question:
    """The question about attributes that are known surely; `number` and `name` are among them, of a state's document its issuer."""
    of_a_state = kind in MACHINE_READ
    return Question(
        kind=kind,
        number=bare(said["number"]) if of_a_state else said["number"],
        name=said["name"],
        issuing_state=said["authority"] if of_a_state else None,
        valid_to=said.get("valid_to"),
    )
