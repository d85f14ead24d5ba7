"""How is a refusal written over HTTP? Its row of the table as an RFC 9457 document, and the headers that go with it."""

from app.assertion import oauth, step_up
from app.assertion.token import InvalidToken
from app.core.refusal import NotAllowed, Refusal
from app.routers.language import CHINESE
from app.routers.problems import PROBLEMS, SILENT
from app.services import doors


def described(refusal: Refusal, *, language: str, issuer: str) -> tuple[int, dict[str, object]]:
    """Status and problem document of a refusal; equal refusals are equal to the byte."""
    shown = _shown(refusal)
    problem = PROBLEMS.get(type(refusal), SILENT)
    chinese = language == CHINESE
    detail = problem.detail_zh if chinese else problem.detail_en
    return problem.status, {
        **{name: fact for name, fact in shown.facts.items() if name not in {"where", "what"}},
        "type": f"{issuer}/problems/{shown.code}",
        "title": problem.title_zh if chinese else problem.title_en,
        "status": problem.status,
        "detail": detail.format_map(shown.facts),
        "code": shown.code,
    }


def headers(refusal: Refusal, *, language: str) -> dict[str, str]:
    """What travels in headers: language, how long to wait, and the challenge of RFC 6750 §3 and RFC 9470 §3."""
    found = {"content-language": language, "content-type": "application/problem+json"}
    if "retry_after_seconds" in _shown(refusal).facts:
        found["retry-after"] = str(refusal.facts["retry_after_seconds"])
    match refusal:
        case doors.Unauthenticated():
            found["www-authenticate"] = "Bearer"
        case InvalidToken():
            found["www-authenticate"] = 'Bearer error="invalid_token"'
        case doors.InsufficientScope():
            found["www-authenticate"] = f'Bearer error="insufficient_scope", scope="{refusal.facts["scope"]}"'
        case step_up.InsufficientAuthentication():
            found["www-authenticate"] = (
                f'Bearer error="{refusal.code}", acr_values="{refusal.facts["acr_values"]}", max_age="{refusal.facts["max_age"]}"'
            )
        case oauth.InvalidClient():
            found["www-authenticate"] = 'Basic realm="hufu", charset="UTF-8"'
    return found


def _shown(refusal: Refusal) -> Refusal:
    """What may be told of it: of one that is not in the table, nothing."""
    return refusal if type(refusal) in PROBLEMS else NotAllowed()
