"""What must be refused? Another person's face, an altered number, a replayed code, a stolen refresh token."""

from app.cli.demo.stage import Stage, introspected
from app.cli.demo.steps import expect, same
from app.specimens.applicant import Upload, forged_upload, impostor_upload
from app.specimens.heads import ASTRONAUT
from app.specimens.impostures import Photo
from app.specimens.portraits import astronaut, grace_hopper

NOT_SHOWN = frozenset({"liveness_not_shown", "liveness_line_slow"})
"""Two words of equal weight: a machine under load is a slow line."""


def walk_refusals(stage: Stage, upload: Upload) -> None:
    """Each one refused, with its reason."""
    stage.steps.console.print("[bold]What must be refused[/]")
    _a_face_before_its_consent(stage, upload)
    _a_photograph_before_the_camera(stage)
    _another_face_and_an_altered_number(stage)
    _the_same_person_twice(stage, upload)
    _a_replayed_code(stage)
    _a_stolen_refresh_token(stage)


def _a_face_before_its_consent(stage: Stage, upload: Upload) -> None:
    with stage.steps.step("a face before its separate consent") as noted:
        applicant = stage.kiosk.open()
        applicant.answer_notices("identity_verification")
        refused = expect(
            applicant.call("PUT", "/face", content=upload.face, headers={"content-type": "image/jpeg"}), 403
        )
        same("code", refused["code"], "consent_needed")
        noted.say(refused["code"])


def _a_photograph_before_the_camera(stage: Stage) -> None:
    with stage.steps.step("a printed photograph held before the camera, tilted and brought near as asked") as noted:
        applicant = stage.kiosk.open()
        applicant.answer_notices("identity_verification", "face_comparison")
        film = applicant.perform(Photo(ASTRONAUT, stage.seed))
        same("last word", film.last["say"], "refused")
        same("code", film.last["problem"]["code"] in NOT_SHOWN, True)
        same("evidence", expect(applicant.call("GET"), 200)["evidence"], [])
        noted.say(f"{film.last['problem']['code']}, and not why; after {film.seconds:.1f} s")


def _another_face_and_an_altered_number(stage: Stage) -> None:
    with stage.steps.step("another person's face; an altered identity number") as noted:
        seed = stage.seed + 1
        impostor, forger = stage.kiosk.open(), stage.kiosk.open()
        stage.rejected = impostor
        for applicant, upload in (
            (impostor, impostor_upload(seed, stage.on, astronaut(), grace_hopper())),
            (forger, forged_upload(seed + 1, stage.on, astronaut())),
        ):
            applicant.answer_notices("identity_verification", "face_comparison")
            applicant.present(upload)
        found = [stage.kiosk.decided(applicant.proofing_id)["decision"] for applicant in (impostor, forger)]
        codes = [
            {reason["code"] for reason in each["staff_reasons"] if reason["outcome"] == "reject"} for each in found
        ]
        same("outcomes", [each["outcome"] for each in found], ["reject", "reject"])
        same("reasons", codes, [{"face_differs"}, {"number_check_wrong"}])
        same("right to a human review", [each["human_review"] for each in found], [True, True])
        noted.say("face_differs; number_check_wrong; each with the right to a human review")


def _the_same_person_twice(stage: Stage, upload: Upload) -> None:
    with stage.steps.step("the same card a second time") as noted:
        applicant = stage.kiosk.open()
        applicant.answer_notices("identity_verification", "face_comparison")
        applicant.present(upload)
        decision = stage.kiosk.decided(applicant.proofing_id)["decision"]
        codes = [reason["code"] for reason in decision["staff_reasons"]]
        same("outcome", (decision["outcome"], codes), ("refer", ["already_enrolled"]))
        noted.say("referred: already_enrolled")


def _a_replayed_code(stage: Stage) -> None:
    with stage.steps.step("a replayed TOTP code; a wrong password; nobody at all") as noted:
        login_id = stage.front_end.begin(stage.phone)
        expect(stage.front_end.prove(login_id, "password", stage.password), 200)
        replayed = expect(stage.front_end.prove(login_id, "totp", stage.login_code), 401)
        wrong = stage.front_end.prove(stage.front_end.begin(stage.phone), "password", "not the password")
        nobody = stage.front_end.prove(stage.front_end.begin("+8613900000000"), "password", "not the password")
        same("unknown and known", (nobody.status_code, nobody.content), (wrong.status_code, wrong.content))
        same("code", replayed["code"], "wrong_proof")
        noted.say("wrong_proof; unknown and known alike to the byte")


def _a_stolen_refresh_token(stage: Stage) -> None:
    with stage.steps.step("a refresh token whose successor was used") as noted:
        successor = expect(stage.front_end.refresh(stage.live_refresh), 200)
        reused = expect(stage.front_end.refresh(stage.spent_refresh), 400)
        same("error", reused["error"], "invalid_grant")
        dead = expect(stage.front_end.refresh(successor["refresh_token"]), 400)
        same("the family", dead["error"], "invalid_grant")
        same("its access token", introspected(stage, successor["access_token"]), {"active": False})
        noted.say("invalid_grant; the whole family is dead, its tokens inactive at once")
