"""What is kept of an examination? What was read; what was typed, in its place and it beside; pictures of what was unclear."""

from base64 import b64encode
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict
from typing import Any, Final

from app.gateways.vision import Examined
from app.verification.authority import SILENT, AuthorityAnswer, Said
from app.verification.decision import Decision
from app.verification.documents.reading import unsure
from app.verification.evidence import Examination, primary
from app.verification.examination import Field, Kind, Side, Source
from app.verification.findings.typed import counted
from app.verification.holder import ATTRIBUTES, MACHINE_READ, attribute, holder, number_indexed
from app.verification.numbers import numbers_held, numbers_shown
from app.verification.proofing import ImageKind

Document = dict[str, Any]
ALSO: Final = "also_numbered"
"""The attribute with the other numbers of an account, blanks between them."""
SAID: Final = "authority_said"
"""The attribute with every answer of the authority's and what each was about, oldest first."""
SURE: Final = 1.0
"""What a person typed is certain to be what they typed; whether it is what the document says is for others to compare."""


def document_of(examined: Examined, examination: Examination, decision: Decision, said: Said) -> Document:
    """The examination as it is sealed, what was typed with it where the decision found it unclear."""
    measured = examination.measured
    kind, attributes = primary(measured.kinds), holder(measured)
    document: Document = {
        "kind": kind,
        "fields": {name: asdict(field) for name, field in attributes.items()},
        **asdict(measured),
        "text_model": examined.text_model,
        "capture_gaps_seconds": examination.capture_gaps_seconds,
        "already_enrolled": examination.already_enrolled,
        "image_seen_before": examination.image_seen_before,
        "portraits_apart": {"/".join(page): bits for page, bits in examination.portraits_apart.items()},
        "numbers": numbers_held(measured, decision.reasons),
        "numbers_shown": numbers_shown(measured),
        "numbers_listed": ["/".join(page) for page in examination.numbers_listed],
        "phone_enrolled": examination.phone_enrolled,
        "face_candidates": examination.face_candidates,
        "face_listed": examination.face_listed,
        "crops": {} if kind is None else _crops(examined.crops, kind, measured.showing(kind), attributes),
    }
    typed = {} if kind is None else counted(decision.reasons, examination.typed, kind)
    for name, text in typed.items():
        document = with_typed(document, name, Field(text, text, SURE, Source.APPLICANT))
    return with_said(document, said)


def unmeasured(pictures: Iterable[str]) -> Document:
    """A case of which no picture was measured: it rests on what they were presented as; {} where there are none."""
    pages = [ImageKind(each).page for each in pictures]
    kind = primary({page[0] for page in pages if page is not None})
    return {} if kind is None else {"kind": kind}


def as_now(document: Document) -> Document:
    """A document as it is kept today; those of before other kinds were taken hold a resident card's two sides."""
    if document and "fields" not in document:
        sides = {**document.get("portrait", {}), **document.get("emblem", {})}
        fields = {name: sides[name] for name in ATTRIBUTES if name in sides}
        document = {**document, "kind": Kind.RESIDENT_CARD, "fields": fields}
    answer = AuthorityAnswer(document.get("authority_answer", AuthorityAnswer.UNASKED))
    return document if SAID in document else with_said(document, Said(answer, _about_before(document)))


def _about_before(document: Document) -> dict[str, str]:
    """What was asked about where an answer was kept without its question: at most what a machine had read then."""
    kind = kind_of(document)
    names = ("number", "name", "valid_to", *(("authority",) if kind in MACHINE_READ else ()))
    read = [(name, field) for name, field in read_fields(document).items() if field.source is Source.OCR]
    return {"kind": kind.value} | {name: field.value for name, field in read if name in names and field.value}


def said_before(document: Document) -> tuple[Said, ...]:
    """What the authority said in this case, oldest first."""
    return tuple(Said(AuthorityAnswer(each["answer"]), each["about"]) for each in document.get(SAID, ()))


def with_said(document: Document, said: Said) -> Document:
    """The document with what the authority said last; its silence takes no earlier word back."""
    if said.answer in SILENT:
        return document
    others = [asdict(each) for each in said_before(document) if each.about != said.about]
    return {"fields": {}, **document, SAID: [*others, asdict(said)]}


def number_in(document: Document) -> str | None:
    """What its holder's account is known by."""
    return number_indexed(kind_of(document), values(document))


def numbers_beside(document: Document) -> tuple[str, ...]:
    """The numbers that were surely read of its holder, on whichever of their documents."""
    return tuple(document.get("numbers", ()))


def numbers_in(document: Document) -> tuple[str, ...]:
    """Every number its holder's account is known by: the one it rests on, and those of what was shown beside it."""
    return _each_once(number_in(document), *numbers_beside(document))


def numbers_seen(document: Document) -> tuple[str, ...]:
    """Every number there is in it, read or typed, however faint: by any of them its holder may be known already."""
    return _each_once(*numbers_in(document), *document.get("numbers_shown", ()))


def known_by(attributes: Mapping[str, str]) -> tuple[str, ...]:
    """What tells that two accounts are one person's, first what theirs rests on; accounts of before other kinds were
    taken rest on a resident card.
    """
    kind = Kind(attributes.get("document", Kind.RESIDENT_CARD))
    rests_on = number_indexed(kind, attributes) or attributes["number"]
    return _each_once(rests_on, *attributes.get(ALSO, "").split())


def _each_once(*numbers: str | None) -> tuple[str, ...]:
    return tuple(dict.fromkeys(number for number in numbers if number is not None))


def values(document: Document) -> dict[str, str | None]:
    """What was understood of each field an account needs."""
    return {name: field["value"] for name, field in document.get("fields", {}).items()}


def kind_of(document: Document) -> Kind:
    """The kind of document the case rests on; where nothing was read, what nearly every customer has."""
    kind = document.get("kind")
    return Kind.RESIDENT_CARD if kind is None else Kind(kind)


def read_fields(document: Document) -> dict[str, Field]:
    """The fields an account needs, as they were read and typed by the applicant."""
    held = document.get("fields", {})
    return {
        name: Field(field["raw"], field["value"], field["confidence"], Source(field["source"]))
        for name, field in held.items()
    }


def apart(document: Document, kind: Kind) -> Document:
    """A case that rests on another document than its pictures show: of what was read, nothing is anybody's now."""
    return set_beside(document, document.get("fields", {}).keys()) | {"kind": kind, "numbers": ()}


def set_beside(document: Document, names: Collection[str]) -> Document:
    """The document without these fields, that are of another which its pictures show; there they stay to be seen."""
    fields, read = document.get("fields", {}), document.get("read", {})
    others = {name: field for name, field in fields.items() if name not in names}
    beside = {name: fields[name] | ({"read": read[name]} if name in read else {}) for name in names}
    return {**document, "fields": others, "read": {**read, **beside}, "apart": bool(names)}


def with_typed(document: Document, name: str, typed: Field) -> Document:
    """The document with what a person typed in place of a field; what stood there stays beside it, and what beside that."""
    fields, read = document.get("fields", {}), document.get("read", {})
    before = fields.get(name)
    if name in read:
        before = read[name] if before is None else {**before, "read": read[name]}
    return {**document, "fields": {**fields, name: asdict(typed)}, "read": {**read, name: before}}


def raw_of(document: Document, name: str) -> str:
    """What a machine saw of a field, whoever typed it since; empty: nothing."""
    read = document.get("read", {})
    held = read[name] if name in read else document.get("fields", {}).get(name)
    while held is not None and held.get("read") is not None:
        held = held["read"]
    return "" if held is None else str(held["raw"])


def _crops(
    crops: Mapping[str, bytes], kind: Kind, sides: Collection[Side], attributes: Mapping[str, Field]
) -> dict[str, str]:
    """Of the attributes that were not surely read, in base64; `sides`: those that are what they were presented as."""
    found: dict[str, str] = {}
    for page, octets in crops.items():
        of_kind, side, name = page.split("/")
        name = attribute(kind, name)
        if of_kind == kind and side in sides and name in attributes and unsure(attributes[name]):
            found.setdefault(name, b64encode(octets).decode())
    return found
