"""What is kept of an examination? What was read; what was typed, in its place and it beside; pictures of what was unclear."""

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, Final

from app.gateways.vision import Examined
from app.verification.decision import Decision
from app.verification.documents.reading import unsure
from app.verification.evidence import Examination, primary
from app.verification.examination import Field, Kind, Source
from app.verification.findings.typed import counted
from app.verification.holder import ATTRIBUTES, attribute, holder, number_indexed

Document = dict[str, Any]
SURE: Final = 1.0
"""What a person typed is certain to be what they typed; whether it is what the document says is for others to compare."""


def document_of(examined: Examined, examination: Examination, decision: Decision) -> Document:
    """The examination as it is sealed, what was typed with it where the decision found it unclear."""
    measured = examination.measured
    kind, attributes = primary(measured.kinds), holder(measured)
    document: Document = {
        "kind": kind,
        "fields": {name: asdict(field) for name, field in attributes.items()},
        **asdict(measured),
        "text_model": examined.text_model,
        "capture_gap_seconds": examination.capture_gap_seconds,
        "already_enrolled": examination.already_enrolled,
        "authority_answer": examination.authority,
        "image_seen_before": examination.image_seen_before,
        "face_candidates": examination.face_candidates,
        "crops": {} if kind is None else _crops(examined.crops, kind, attributes),
    }
    typed = {} if kind is None else counted(decision.reasons, examination.typed, kind)
    for name, text in typed.items():
        document = with_typed(document, name, Field(text, text, SURE, Source.APPLICANT))
    return document


def as_now(document: Document) -> Document:
    """A document as it is kept today; those of before other kinds were taken hold a resident card's two sides."""
    if "fields" in document or not document:
        return document
    sides = {**document.get("portrait", {}), **document.get("emblem", {})}
    return {
        **document,
        "kind": Kind.RESIDENT_CARD,
        "fields": {name: sides[name] for name in ATTRIBUTES if name in sides},
    }


def number_in(document: Document) -> str | None:
    """What its holder's account is known by."""
    return number_indexed(kind_of(document), values(document))


def known_by(attributes: Mapping[str, str]) -> str:
    """What tells that two accounts are one person's; accounts of before other kinds were taken rest on a resident card."""
    kind = Kind(attributes.get("document", Kind.RESIDENT_CARD))
    return number_indexed(kind, attributes) or attributes["number"]


def values(document: Document) -> dict[str, str | None]:
    """What was understood of each field an account needs."""
    return {name: field["value"] for name, field in document.get("fields", {}).items()}


def kind_of(document: Document) -> Kind:
    """The kind of document the case rests on; where nothing was read, what nearly every customer has."""
    kind = document.get("kind")
    return Kind.RESIDENT_CARD if kind is None else Kind(kind)


def with_typed(document: Document, name: str, typed: Field) -> Document:
    """The document with what a person typed in place of a field; what stood there stays beside it, and what beside that."""
    fields, read = document.get("fields", {}), document.get("read", {})
    before = fields.get(name)
    if before is not None and name in read:
        before = {**before, "read": read[name]}
    return {**document, "fields": {**fields, name: asdict(typed)}, "read": {**read, name: before}}


def raw_of(document: Document, name: str) -> str:
    """What a machine saw of a field, whoever typed it since; empty: nothing."""
    read = document.get("read", {})
    held = read[name] if name in read else document.get("fields", {}).get(name)
    while held is not None and held.get("read") is not None:
        held = held["read"]
    return "" if held is None else str(held["raw"])


def _crops(crops: Mapping[str, bytes], kind: Kind, attributes: Mapping[str, Field]) -> dict[str, str]:
    """Of the attributes that were not surely read, in base64."""
    found: dict[str, str] = {}
    for page, octets in crops.items():
        of_kind, _, name = page.split("/")
        name = attribute(kind, name)
        if of_kind == kind and name in attributes and unsure(attributes[name]):
            found.setdefault(name, b64encode(octets).decode())
    return found
