"""How do journeys show a face? A subscriber with their consent, and photographs that eyes see as they are told to."""

from dataclasses import dataclass
from typing import Any

import httpx
import numpy as np

from app.gateways.vision import LookedAt
from app.gateways.vision.null import WELL_SHOWN
from app.verification.examination import ShownFace
from app.verification.faces.comparison import to_octets
from tests.flows.conftest import ISSUER, Bank
from tests.flows.people import PHONE, Applicant, Subscriber, bearer, claims_of

MODEL = "dlib@1"


def photograph(shade: int) -> bytes:
    """A picture of its own octets."""
    import cv2

    return bytes(cv2.imencode(".png", np.full((8, 8, 3), shade, np.uint8))[1])


def described(place: float, shown: ShownFace = WELL_SHOWN, model: str = MODEL) -> LookedAt:
    """A face so far from the one at 0."""
    descriptor = np.zeros(128, np.float32)
    descriptor[0] = place
    return LookedAt(shown, to_octets(descriptor) if shown.view.faces else b"", model)


@dataclass
class Known:
    """A subscriber, as the bank's kiosk deals with their face."""

    bank: Bank
    applicant: Applicant
    subscriber: Subscriber
    id: str

    async def call(self, method: str, path: str = "/faces", **more: Any) -> httpx.Response:
        headers = bearer(await self.bank.kiosk_token()) | more.pop("headers", {})
        return await self.bank.http.request(method, f"/v1/subscribers/{self.id}{path}", headers=headers, **more)

    async def answer(
        self, purpose: str = "face_enrolment", *, given: bool = True, at: Bank | None = None
    ) -> httpx.Response:
        """Answer the notice at the bank, where no applicant's token is any more."""
        bank = at or self.bank
        wanted = {"purpose": purpose, "language": "en"}
        notice = (await bank.http.get("/v1/notices", params=wanted)).json()[0]
        body = {"purpose": purpose, "given": given, "text_sha256": notice["text_sha256"], "channel": "kiosk"}
        headers = bearer(await bank.kiosk_token())
        return await bank.http.post(f"/v1/subscribers/{self.id}/face-consents", json=body, headers=headers)

    async def enrol(self, faces: dict[int, float | LookedAt], **more: Any) -> httpx.Response:
        """Photographs by slot, of faces so far from the one at 0, or of what they show."""
        return await self.call("PUT", files=self.files(faces), **more)

    def files(self, faces: dict[int, float | LookedAt]) -> dict[str, bytes]:
        files = {str(slot): photograph(20 * slot + len(self.bank.eyes.faces)) for slot in faces}
        for slot, face in faces.items():
            self.bank.eyes.faces[files[str(slot)]] = face if isinstance(face, LookedAt) else described(face)
        return files

    async def compare(self, face: float | LookedAt) -> httpx.Response:
        """A probe so far from the one at 0."""
        probe = photograph(255)
        self.bank.eyes.faces[probe] = face if isinstance(face, LookedAt) else described(face)
        return await self.call("POST", "/face-comparisons", content=probe)

    def held(self) -> list[int]:
        return [row[0] for row in self.bank.sql("SELECT slot FROM face_references ORDER BY slot")]


async def known(bank: Bank, *, consented: bool = True) -> Known:
    """A subscriber, enrolled without a face."""
    made = await known_from(bank, await bank.accepted())
    if consented:
        assert (await made.answer()).status_code == 201
    return made


async def known_from(bank: Bank, applicant: Applicant) -> Known:
    """Whoever was accepted, as a subscriber."""
    subscriber = await bank.enrolled_from(applicant, PHONE)
    token = (await subscriber.signed_in(resources=[ISSUER]))["access_token"]
    return Known(bank, applicant, subscriber, claims_of(token)["sub"])
