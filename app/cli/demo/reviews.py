"""What do people decide? Who refused the face comparison is accepted by two reviewers; an appealed rejection is looked at."""

from typing import Any

from app.cli.demo.colleagues import Colleague, colleagues
from app.cli.demo.stage import Stage
from app.cli.demo.steps import Differs, expect, same
from app.core.entropy import SystemEntropy
from app.settings import Settings
from app.specimens.applicant import honest_upload
from app.specimens.people import CardTruth
from app.specimens.portraits import astronaut

ENOUGH_SEEDS = 7
"""Past those of the other applicants."""


def walk_reviews(stage: Stage, settings: Settings) -> None:
    """Two people each time, neither seeing what the other found."""
    stage.steps.console.print("[bold]What people decide[/]")
    with stage.steps.step(
        "two officers bootstrapped, two reviewers proposed and approved, all with two factors"
    ) as noted:
        found = colleagues(stage.http, settings, SystemEntropy())
        noted.say("this bank's staff was founded by others: reviews are not walked" if found is None else "")
    if found is not None:
        _without_a_face(stage, *found)
        _an_appeal(stage, *found)


def _without_a_face(stage: Stage, first: Colleague, second: Colleague) -> None:
    with stage.steps.step("who refuses the face comparison: referred, two reviewers, accepted") as noted:
        upload = honest_upload(stage.seed + ENOUGH_SEEDS, stage.on, astronaut())
        applicant = stage.kiosk.open()
        applicant.answer_notices("identity_verification")
        applicant.refuse_face()
        applicant.present_card(upload)
        same("outcome", stage.kiosk.decided(applicant.proofing_id)["decision"]["outcome"], "refer")
        review_id = _review_of(stage, first, applicant.proofing_id)
        _vote(stage, first, review_id, "accept", upload.truth)
        twice = first.call(stage.http, "POST", f"/reviews/{review_id}/claim")
        same("one person", expect(twice, 409)["code"], "already_voted")
        same("blind", _vote(stage, second, review_id, "accept", upload.truth)["votes"], [])
        decided = stage.kiosk.decided(applicant.proofing_id)
        same("state", (decided["state"], decided["decision"]["decided_by"]), ("accepted", "review"))
        noted.say("a third vote by one of them: already_voted; neither saw the other's before their own")


def _an_appeal(stage: Stage, first: Colleague, second: Colleague) -> None:
    with stage.steps.step("an appeal against an automatic rejection: two reviewers confirm it") as noted:
        if stage.rejected is None:
            raise Differs("nobody was rejected")
        words = {"statement": "It is me on the card: please look again."}
        appealed = expect(stage.rejected.call("POST", "/appeal", json=words), 201)
        review_id = _review_of(stage, first, stage.rejected.proofing_id)
        for each in (first, second):
            _vote(stage, each, review_id, "reject", None)
        decided = stage.kiosk.decided(stage.rejected.proofing_id)
        same("state", (decided["state"], decided["decision"]["decided_by"]), ("rejected", "review"))
        again = expect(stage.rejected.call("POST", "/appeal", json=words), 409)
        same("a second appeal", again["code"], "illegal_move")
        noted.say(f"was due by {appealed['answer_due_at'][:10]}; a second appeal: illegal_move")


def _review_of(stage: Stage, reviewer: Colleague, proofing_id: str) -> str:
    """The open review of a case, however many pages wait."""
    after: dict[str, str] = {}
    while True:
        page = expect(reviewer.call(stage.http, "GET", "/reviews", params={"limit": "100", **after}), 200)
        for each in page["items"]:
            if each["proofing_id"] == proofing_id:
                return str(each["id"])
        if page["next"] is None:
            raise Differs(f"no review of {proofing_id}")
        after = {"after": page["next"]}


def _vote(stage: Stage, reviewer: Colleague, review_id: str, outcome: str, truth: CardTruth | None) -> dict[str, Any]:
    """Claim, look at case and card, vote; what was not surely read is typed. The case as it was seen before the vote."""
    expect(reviewer.call(stage.http, "POST", f"/reviews/{review_id}/claim"), 200)
    case = expect(reviewer.call(stage.http, "GET", f"/reviews/{review_id}"), 200)
    picture = reviewer.call(stage.http, "GET", f"/reviews/{review_id}/images/resident-card-portrait")
    same("picture", (picture.status_code, picture.headers["cache-control"]), (200, "no-store"))
    body: dict[str, Any] = {"outcome": outcome, "reason": f"Demonstration: {outcome} after a look at the card."}
    if truth is not None:
        body["fields"] = _typed(case["unread"], truth)
    expect(reviewer.call(stage.http, "POST", f"/reviews/{review_id}/votes", json=body), 201)
    return case


def _typed(unread: list[str], truth: CardTruth) -> dict[str, str]:
    """What is printed where the machine could not read it, or not surely."""
    person = truth.person
    printed = {
        "name": person.name,
        "number": person.number,
        "address": person.address,
        "authority": truth.authority,
        "valid_from": truth.valid_from.isoformat(),
        "valid_to": "long_term" if truth.valid_to is None else truth.valid_to.isoformat(),
    }
    return {name: printed[name] for name in unread}
