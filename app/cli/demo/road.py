"""What is the main road? Client, proofing, decision, binding, log-in, token, validation, end; then the refusals."""

import re
from typing import Any

import httpx
import pyotp
from rich.console import Console

from app.cli.demo.parties import CORE, Applicant, FrontEnd, Kiosk, message_for, register_clients
from app.cli.demo.refusals import walk_refusals
from app.cli.demo.reviews import walk_reviews
from app.cli.demo.stage import Stage, introspected, next_code, validated
from app.cli.demo.steps import Differs, Steps, expect, same
from app.core.clock import SystemClock
from app.core.entropy import SystemEntropy, digits, text
from app.services.liveness import TRIES
from app.settings import Settings
from app.specimens.applicant import Upload, honest_upload, retaken_upload
from app.specimens.heads import ASTRONAUT
from app.specimens.performing import Person
from app.specimens.portraits import PortraitMissing, astronaut
from app.verification.decision import MOST_ATTEMPTS


def walk(settings: Settings, url: str) -> int:
    """The whole demonstration; its exit status."""
    console = Console(highlight=False)
    console.print("\n[bold]The demonstration[/]: every step over HTTP, on real parts")
    entropy, clock = SystemEntropy(), SystemClock()
    kiosk, front_end, core = register_clients(settings)
    with httpx.Client(base_url=url or settings.base_url, timeout=60, trust_env=False) as http:
        stage = Stage(
            steps=Steps(console),
            http=http,
            kiosk=Kiosk(http, kiosk),
            front_end=FrontEnd(http, front_end, entropy),
            core=core,
            seed=int.from_bytes(entropy.draw(4), "big"),
            on=clock.now().date(),
            phone="+86139" + digits(entropy.draw(16), 8),
            password=text(entropy.draw(12)) + "-Aa1",
        )
        try:
            upload = road(stage)
            walk_refusals(stage, upload)
            walk_reviews(stage, settings)
        except (Differs, PortraitMissing) as difference:
            console.print(f"[bold red]The demonstration differs from what is expected:[/] {difference}", soft_wrap=True)
            return 1
    console.print(f"[bold green]All {stage.steps.done} steps as expected[/] in {stage.steps.seconds:.1f} s")
    return 0


def road(stage: Stage) -> Upload:
    """Steps 1 to 9 with an honest applicant."""
    with stage.steps.step("1 kiosk signs in: client_credentials, ES256 access token") as noted:
        stage.kiosk.sign_in()
        claims = validated(stage, stage.kiosk.token, str(stage.http.base_url).rstrip("/"))
        noted.say(f"validated by PyJWT from the JWKS alone; lives {int(claims['exp']) - int(claims['iat'])} s")
    with stage.steps.step("2 specimen card drawn and photographed") as noted:
        upload = honest_upload(stage.seed, stage.on, astronaut())
        size = (len(upload.portrait_side) + len(upload.emblem_side)) // 1024
        noted.say(f"{size} kB of JPEG; seed {stage.seed}")
    with stage.steps.step("3 liveness: notice, separate face consent, a challenge in real time (some 20 s)") as noted:
        applicant = stage.kiosk.open()
        applicant.answer_notices("identity_verification", "face_comparison")
        noted.say(alive(stage, applicant))
    with stage.steps.step("4 evidence and submission; the face is what the service chose from the film") as noted:
        same("evidence", expect(applicant.call("GET"), 200)["evidence"], ["face"])
        applicant.present_card(upload)
        noted.say(applicant.proofing_id)
    with stage.steps.step("5 examination and decision") as noted:
        upload, decision, attempts = decided(stage, applicant, upload)
        told = [(reason["code"], reason["facts"]) for reason in decision["staff_reasons"]]
        same("outcome", (decision["outcome"], told), ("accept", []))
        face = decision["comparison"]
        again = f"; {attempts} attempts" if attempts > 1 else ""
        measured = face.get(
            "score", face.get("distance")
        )  # the one where a calibration is loaded, the other where none is
        noted.say(f"accept; face {measured} by {face['model']}, {face['calibration']}{again}")
    with stage.steps.step("6 contact proven by a code, a subscriber is enrolled") as noted:
        expect(applicant.call("POST", "/contact", json={"channel": "phone", "address": stage.phone}), 202)
        found = re.search(r"\b[0-9]{6}\b", message_for(stage.http, stage.phone))
        code = found.group() if found else ""
        expect(applicant.call("POST", "/contact/code", json={"code": code}), 201)
        noted.say("the message lay at /sandbox/messages")
    with stage.steps.step("7 password bound under the policy, TOTP bound by one code"):
        refused = applicant.call("PUT", "/password", json={"password": "Password2024!"})
        same("common password", expect(refused, 422)["code"], "password_too_common")
        expect(applicant.call("PUT", "/password", json={"password": stage.password}), 200)
        stage.totp = pyotp.TOTP(str(expect(applicant.call("POST", "/totp"), 201)["seed"]))
        stage.enrolment_code = stage.totp.now()
        bound = expect(applicant.call("POST", "/totp/confirmation", json={"code": stage.enrolment_code}), 200)
        same("state", bound["state"], "enrolled")
    sign_in(stage)
    return upload


def alive(stage: Stage, applicant: Applicant) -> str:
    """Perform until it succeeds, on a slow machine as on a slow line; what to say of it."""
    for attempt in range(TRIES):
        film = applicant.perform(Person(ASTRONAUT, stage.seed + attempt))
        if film.last["say"] == "finished":
            again = f"; {attempt + 1} tries" if attempt else ""
            return (
                f"a drawn head, so plumbing and not accuracy; {film.frames} frames in {film.seconds:.1f} s, {film.a_second:.1f} "
                f"a second; prompts answered within {film.answered_ms} ms{again}"
            )
    raise Differs(f"the challenge did not succeed in {TRIES} tries: {film.last}")


def decided(stage: Stage, applicant: Applicant, upload: Upload) -> tuple[Upload, dict[str, Any], int]:
    """The decision, on the pictures it rests on; what could not be read is photographed again, as anybody would (R115)."""
    for attempt in range(1, MOST_ATTEMPTS):
        decision = stage.kiosk.decided(applicant.proofing_id)["decision"]
        if decision["outcome"] != "retry":
            return upload, decision, attempt
        upload = retaken_upload(upload, stage.seed + attempt * 1000, astronaut())
        if "face" not in expect(applicant.call("GET"), 200)["evidence"]:
            alive(stage, applicant)
        applicant.present_card(upload)
    return upload, stage.kiosk.decided(applicant.proofing_id)["decision"], MOST_ATTEMPTS


def sign_in(stage: Stage) -> None:
    """Steps 7 and 8: two factors, one door, another service, the end of the session."""
    with stage.steps.step("8 log-in: password, TOTP, authorization code with PKCE, one door") as noted:
        stage.login_code = next_code(stage)
        login_id = stage.front_end.begin(stage.phone)
        same("needed", expect(stage.front_end.prove(login_id, "password", stage.password), 200)["needed"], ["totp"])
        expect(stage.front_end.prove(login_id, "totp", stage.login_code), 200)
        issued = stage.front_end.exchange(login_id)
        claims = validated(stage, issued["access_token"], CORE)
        same("acr and amr", (claims["acr"], claims["amr"]), ("aal2", ["pwd", "otp", "mfa"]))
        lacks = " ".join(claims["ial_missing"])
        noted.say(f"acr {claims['acr']}, amr {' '.join(claims['amr'])}, ial {claims['ial']} for want of {lacks}")
    with stage.steps.step("9 another service introspects; refresh rotates, also for our own /v1/me") as noted:
        same("active", introspected(stage, issued["access_token"])["active"], True)
        stage.spent_refresh = issued["refresh_token"]
        rotated = expect(
            stage.front_end.refresh(stage.spent_refresh, resource=str(stage.http.base_url).rstrip("/")), 200
        )
        stage.live_refresh = rotated["refresh_token"]
        mine = {"authorization": f"Bearer {rotated['access_token']}"}
        account = expect(stage.http.get("/v1/me", headers=mine), 200)
        sessions = expect(stage.http.get("/v1/me/sessions", headers=mine), 200)["items"]
        noted.say(f"{account['name'][:1]}* {account['number']}, {len(sessions)} session")  # a console may be a log
