"""What would a well-meant caller send? For each operation an address, credentials and a body that are good at this moment."""

import asyncio
import base64
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import count, cycle
from typing import Any

from app.services.performance import LOOKS_EVERY_SECONDS
from tests.flows.house import Bank, seen
from tests.flows.people import CORE, PASSWORD, Applicant, LogIn, Subscriber, bearer, claims_of
from tests.flows.reviewing import impostor, number, unclear
from tests.verification.examinations import PORTRAIT, read

NEXT_CODE = timedelta(seconds=60)
LAST_BIRTH = date(1990, 3, 6)
NUMBERS_OF_A_DAY = 400
"""Birthdays differ after so many people: a resident number has three digits for those of one day."""


def jpeg() -> bytes:
    """A real photograph's octets, small."""
    import cv2
    import numpy as np

    return bytes(cv2.imencode(".jpg", np.full((16, 24, 3), (200, 180, 90), np.uint8))[1])


STALLED = timedelta(seconds=10)
"""Longer than a kiosk is waited for."""
BETWEEN_APPLICANTS = timedelta(seconds=10)
"""So that the codes of one network stay below what it is sent in an hour."""


FROM_OUR_PAGE = {"sec-fetch-site": "same-origin"}
"""What a browser says of a form of ours."""


@dataclass(frozen=True, slots=True)
class Fed:
    """What goes into a request."""

    path: dict[str, str] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    body: dict[str, Any] | bytes | None = None


class People:
    """Those who knock, called in as they are needed."""

    def __init__(self, bank: Bank) -> None:
        self.bank = bank
        self._numbers = count(1)
        self._subscriber: Subscriber | None = None

    def forget(self) -> None:
        """Whoever was blocked for too many tries is not asked again."""
        self._subscriber = None

    def phone(self) -> str:
        """A number nobody has, of a range that no other has been sent a code in."""
        return f"138{next(self._numbers):04}0000"

    async def accepted(self) -> Applicant:
        """An applicant whose card is nobody else's."""
        self.bank.clock.move(BETWEEN_APPLICANTS)  # the newest message is told by its moment
        at = next(self._numbers)
        birth = (LAST_BIRTH - timedelta(days=at // NUMBERS_OF_A_DAY)).isoformat()
        own = number(birth.replace("-", ""), f"{2 + 2 * (at % NUMBERS_OF_A_DAY):03}")
        self.bank.eyes.examined = seen(portrait=replace(PORTRAIT, number=read(own), birth=read(birth)))
        return await self.bank.accepted()

    async def bound(self) -> Applicant:
        """Somebody whose phone is proven."""
        applicant = await self.accepted()
        await applicant.bind_contact(self.phone())
        return applicant

    async def subscriber(self) -> Subscriber:
        """Somebody with two factors."""
        if self._subscriber is None:
            phone, applicant = self.phone(), await self.accepted()
            await applicant.bind_contact(phone)
            assert (await applicant.put("/password", json={"password": PASSWORD})).status_code == 200
            seed = base64.b32decode((await applicant.post("/totp")).json()["seed"])
            self._subscriber = Subscriber(self.bank, phone, seed)
            confirmed = await applicant.post("/totp/confirmation", json={"code": self._subscriber.code()})
            assert confirmed.json()["state"] == "enrolled", confirmed.text
        self.bank.clock.move(NEXT_CODE)
        return self._subscriber

    async def login(self) -> tuple[Subscriber, LogIn]:
        """A log-in just begun."""
        subscriber = await self.subscriber()
        return subscriber, await self.bank.begin(subscriber.phone)

    async def half_proven(self) -> tuple[Subscriber, LogIn]:
        """A log-in that wants its second factor."""
        subscriber, login = await self.login()
        if (await login.password(PASSWORD)).status_code == 200:
            return subscriber, login
        self.forget()
        return await self.half_proven()

    async def proven(self) -> LogIn:
        """A log-in to be completed."""
        subscriber, login = await self.half_proven()
        assert (await login.totp(subscriber.code())).status_code == 200
        return login

    async def tokens(self, **more: Any) -> dict[str, Any]:
        """A token answer of a whole log-in, for our own interface unless it is asked otherwise."""
        login = await self.proven()
        answer = await login.exchange(**({"resource": self.bank.ground.settings.base_url} | more))
        assert answer.status_code == 200, answer.text
        return dict(answer.json())


def basic(name: str, bank: Bank) -> dict[str, str]:
    """A client's own credentials."""
    pair = ":".join(bank.clients[name].basic)
    return {"authorization": "Basic " + base64.b64encode(pair.encode()).decode()}


def of(applicant: Applicant, body: dict[str, Any] | bytes | None = None, **path: str) -> Fed:
    """The applicant's own call on the own proofing."""
    return Fed({"proofing_id": applicant.id, **path}, bearer(applicant.token), body)


class Outside(People):
    """Operations of clients, applicants, claimants and subscribers, each under its own name."""

    def __init__(self, bank: Bank) -> None:
        super().__init__(bank)
        self._states = cycle([self.bank.applicant, self.accepted, self.bound, self._rejected, self._withdrawn])
        self._grants = cycle([self._for_client, self._for_code, self._for_refresh])

    async def _rejected(self) -> Applicant:
        return await impostor(self.bank)

    async def _withdrawn(self) -> Applicant:
        applicant = await self.bank.applicant()
        assert (await applicant.call("DELETE")).status_code == 200
        return applicant

    async def open_proofing(self) -> Fed:
        return Fed(headers=bearer(await self.bank.kiosk_token()), body={"language": "en"})

    async def read_document(self) -> Fed:
        self.bank.eyes.page = PORTRAIT if next(self._numbers) % 2 else None
        return Fed(headers=bearer(await self.bank.kiosk_token()), body=jpeg())

    async def answer_notice(self) -> Fed:
        notice = (await self.bank.http.get("/v1/notices")).json()[0]
        body = {"purpose": notice["purpose"], "given": True, "text_sha256": notice["text_sha256"], "channel": "web"}
        return of(await self.bank.applicant(), body)

    async def present_document(self) -> Fed:
        applicant = await self.bank.applicant()
        await applicant.answer("identity_verification")
        return of(applicant, jpeg(), kind="resident-card", side="portrait")

    async def read_fields(self) -> Fed:
        return of(await unclear(self.bank))

    async def type_fields(self) -> Fed:
        return of(await unclear(self.bank), {"fields": {"resident-card/portrait/name": "欧阳样例"}})

    async def known_again(self, *slots: int) -> Fed:
        """A subscriber who agreed to be known again by their face, with photographs in these slots."""
        subscriber = claims_of((await self.tokens())["access_token"])["sub"]
        notices = (await self.bank.http.get("/v1/notices", params={"purpose": "face_enrolment"})).json()
        headers = bearer(await self.bank.kiosk_token())
        body = {"purpose": "face_enrolment", "given": True, "text_sha256": notices[0]["text_sha256"], "channel": "web"}
        answer = await self.bank.http.post(f"/v1/subscribers/{subscriber}/face-consents", json=body, headers=headers)
        assert answer.status_code == 201, answer.text
        if slots:
            files = {str(slot): jpeg() for slot in slots}
            answer = await self.bank.http.put(f"/v1/subscribers/{subscriber}/faces", files=files, headers=headers)
            assert answer.status_code == 200, answer.text
        return Fed({"subscriber_id": subscriber}, headers)

    async def enrol_faces(self) -> Fed:
        return replace(await self.known_again(), body={"1": jpeg(), "2": jpeg()})

    async def read_faces(self) -> Fed:
        return await self.known_again(1)

    erase_faces = read_faces

    async def answer_face_notice(self) -> Fed:
        notice = (await self.bank.http.get("/v1/notices", params={"purpose": "face_enrolment"})).json()[0]
        body = {"purpose": "face_enrolment", "given": False, "text_sha256": notice["text_sha256"], "channel": "web"}
        return replace(await self.known_again(1), body=body)

    async def compare_face(self) -> Fed:
        return replace(await self.known_again(1, 2), body=jpeg())

    async def compare_pictures(self) -> Fed:
        notice = (await self.bank.http.get("/v1/notices", params={"purpose": "face_comparison"})).json()[0]
        body = {"first": jpeg(), "second": jpeg(), "consent": notice["text_sha256"]}
        return Fed(headers=bearer(await self.bank.kiosk_token()), body=body)

    async def _consented(self) -> Applicant:
        applicant = await self.bank.applicant()
        for purpose in ("identity_verification", "face_comparison"):
            await applicant.answer(purpose)
        return applicant

    async def present_face(self) -> Fed:
        return of(await self._consented(), jpeg())

    async def open_challenge(self) -> Fed:
        return of(await self._consented())

    async def read_challenge(self) -> Fed:
        applicant = await self._consented()
        return of(applicant, challenge_id=(await applicant.post("/liveness")).json()["id"])

    async def begin_performance(self) -> Fed:
        self.bank.clock.move(STALLED)  # whoever began before holds one of few places until then
        await asyncio.sleep(2 * LOOKS_EVERY_SECONDS)
        applicant = await self._consented()
        body = {"mirrored": bool(next(self._numbers) % 2)}
        return of(applicant, body, challenge_id=(await applicant.post("/liveness")).json()["id"])

    async def send_frames(self) -> Fed:
        begin = await self.begin_performance()
        path = "/v1/proofings/{proofing_id}/liveness/{challenge_id}/performances".format(**begin.path)
        begun = (await self.bank.http.post(path, json=begin.body, headers=begin.headers)).json()
        body = {"batch": "1", "times": "120,240", "1": jpeg(), "2": jpeg()}
        return replace(begin, path=begin.path | {"performance_id": begun["id"]}, body=body)

    async def open_capture(self) -> Fed:
        return of(await self.bank.applicant(), {"kiosk": bool(next(self._numbers) % 2)})

    async def enter_capture(self) -> Fed:
        made = await (await self.bank.applicant()).post("/captures", json={})
        return Fed(headers=FROM_OUR_PAGE, body={"code": made.json()["code"], "language": "en"})

    async def read_capture_file(self) -> Fed:
        return Fed({"name": "main.js"})

    async def submit_proofing(self) -> Fed:
        applicant = await self.bank.applicant()
        await applicant.complete_evidence()
        return of(applicant)

    async def read_proofing(self) -> Fed:
        """In one state after the other; by its applicant, and by the client that opened it."""
        applicant = await next(self._states)()
        if next(self._numbers) % 2:
            return of(applicant)
        return Fed({"proofing_id": applicant.id}, bearer(await self.bank.kiosk_token()))

    async def follow_proofing(self) -> Fed:
        return of(await self._withdrawn())

    async def withdraw_proofing(self) -> Fed:
        return of(await self.bank.applicant())

    async def send_code(self) -> Fed:
        return of(await self.accepted(), {"channel": "phone", "address": self.phone()})

    async def prove_contact(self) -> Fed:
        applicant = await self.accepted()
        return of(applicant, {"code": await applicant.contact_code(self.phone())})

    async def set_password(self) -> Fed:
        return of(await self.bound(), {"password": PASSWORD})

    async def begin_totp(self) -> Fed:
        return of(await self.bound())

    async def confirm_totp(self) -> Fed:
        applicant = await self.bound()
        seed = base64.b32decode((await applicant.post("/totp")).json()["seed"])
        return of(applicant, {"code": Subscriber(self.bank, "", seed).code()})

    async def appeal_decision(self) -> Fed:
        return of(await self._rejected(), {"statement": "I have grown a beard since the card was made."})

    async def begin_login(self) -> Fed:
        challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
        body = {"client_id": self.bank.clients["app"].id, "identifier": self.phone(), "code_challenge": challenge}
        return Fed(body=body | {"scope": "account:read", "resources": [CORE]})

    async def prove_password(self) -> Fed:
        return Fed({"login_id": (await self.login())[1].id}, body={"password": PASSWORD})

    async def prove_totp(self) -> Fed:
        subscriber, login = await self.half_proven()
        return Fed({"login_id": login.id}, body={"code": subscriber.code()})

    async def send_sms_code(self) -> Fed:
        return Fed({"login_id": (await self.half_proven())[1].id})

    async def prove_sms_code(self) -> Fed:
        _, login = await self.half_proven()
        if (await self.bank.http.post(f"/v1/logins/{login.id}/sms")).status_code != 202:
            self.forget()
            return await self.prove_sms_code()
        words = (await self.bank.messages())[0]["body"].replace(",", " ").split()
        return Fed({"login_id": login.id}, body={"code": next(w for w in words if w.isdecimal() and len(w) == 6)})

    async def change_password(self) -> Fed:
        fed = Fed({"login_id": (await self.proven()).id}, body={"password": f"Silber-Reiher-{next(self._numbers)}"})
        self.forget()
        return fed

    async def complete_login(self) -> Fed:
        return Fed({"login_id": (await self.proven()).id})

    async def read_account(self) -> Fed:
        return Fed(headers=bearer((await self.tokens())["access_token"]))

    read_sessions = end_sessions = read_devices = read_account

    async def forget_device(self) -> Fed:
        headers = bearer((await self.tokens())["access_token"])
        items = (await self.bank.http.get("/v1/me/devices", headers=headers)).json()["items"]
        if not items:  # all were forgotten: the next log-in makes one known
            self.forget()
            return await self.forget_device()
        return Fed({"device_id": items[-1]["id"]}, headers)

    async def end_session(self) -> Fed:
        headers = bearer((await self.tokens())["access_token"])
        items = (await self.bank.http.get("/v1/me/sessions", headers=headers)).json()["items"]
        return Fed({"session_id": items[-1]["id"]}, headers)

    async def token(self) -> Fed:
        """One grant after the other."""
        return await next(self._grants)()

    async def _for_client(self) -> Fed:
        return Fed(headers=basic("kiosk", self.bank), body={"grant_type": "client_credentials"})

    async def _for_code(self) -> Fed:
        login = await self.proven()
        code = (await login.complete()).json()["code"]
        form = {"grant_type": "authorization_code", "code": code, "code_verifier": login.verifier}
        return Fed(body=form | {"client_id": self.bank.clients["app"].id})

    async def _for_refresh(self) -> Fed:
        form = {"grant_type": "refresh_token", "refresh_token": (await self.tokens())["refresh_token"]}
        return Fed(body=form | {"client_id": self.bank.clients["app"].id})

    async def introspect(self) -> Fed:
        return Fed(headers=basic("core", self.bank), body={"token": (await self.tokens(resource=CORE))["access_token"]})

    async def revoke(self) -> Fed:
        return Fed(headers=basic("kiosk", self.bank), body={"token": await self.bank.kiosk_token()})

    async def show_problem_type(self) -> Fed:
        return Fed({"code": "wrong_proof"})

    async def move_sandbox_clock(self) -> Fed:
        return Fed(body={"advance_seconds": 1})
