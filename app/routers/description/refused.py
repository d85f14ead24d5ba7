"""Which refusals can an operation meet? By their codes; status and words come from THE table."""

from collections import defaultdict
from typing import Any, Final

from app.assertion.oauth import OAuthRefusal
from app.core.refusal import Refusal
from app.routers.problems import PROBLEMS

BY_CODE: Final[dict[str, type[Refusal]]] = {refusal.code: refusal for refusal in PROBLEMS}
REPEATED = ("idempotency_key_reused", "answer_in_progress", "answer_not_repeated")
ANYWHERE = ("too_many_requests", "unavailable", "outcome_unknown", "internal_error")
PROOFING = ("illegal_move", "proofing_expired")
UNREADABLE = (
    "empty_image", "image_too_large", "unsupported_image", "too_many_pixels", "broken_image", "body_too_slow",
)  # fmt: skip
PICTURE = (*PROOFING, "consent_needed", *UNREADABLE)
FILMED = (
    "liveness_not_shown", "liveness_line_slow", "batch_out_of_order", "challenge_not_begun", "challenge_elsewhere", "challenge_over",
    "challenge_expired", "frame_out_of_order", "frame_too_large", "frames_too_many", "consent_needed",
)  # fmt: skip
PASSWORD = (
    "password_too_short", "password_too_long", "password_unusable", "password_too_simple", "password_too_common",
    "password_predictable", "password_personal",
)  # fmt: skip
SIGN_IN = ("staff_not_proven", "sign_in_out_of_order", "sign_in_closed", "too_many_tries")
OWN = ("declare_first", "own_case")
LISTING = ("purpose_off", "consent_needed", "no_face_enrolled", "face_listed_already", "face_not_listed", *OWN)
CHANGE = ("not_found", "roles_conflict", "login_name_taken", "invalid_client_metadata", "unknown_policy", *LISTING)
CASE = ("not_found", *OWN)
VOTE = (
    *CASE, "review_closed", "already_voted", "took_part", "still_unread", "date_malformed", "day_impossible", "card_expired", "authority_denies", "guardian_needed",
    "already_enrolled", "number_malformed", "number_first_generation", "number_check_wrong", "number_province_unknown",
    "number_birth_impossible", "number_country_unknown", "foreign_number_malformed", "document_number_malformed",
    "number_tells_otherwise", "state_unknown", "sex_unknown", "document_not_accepted",
)  # fmt: skip
NUMBER = ("state_unknown", *(code for code in VOTE if "number_" in code and code != "number_tells_otherwise"))
REVIEW_MET: Final[dict[str, tuple[str, ...]]] = {
    "declare_number": ("already_declared", *NUMBER),
    "claim_review": (*CASE, "review_closed", "already_voted", "took_part", "claimed_by_another"),
    "read_review": (*CASE, "claim_first"),
    "read_review_image": (*CASE, "claim_first"),
    "vote_on_review": (*VOTE, "claim_first"),
    "compare_in_person": (*VOTE, *PROOFING, "consent_needed"),
    "appeal_decision": PROOFING,
}
STAFF_MET: Final[dict[str, tuple[str, ...]]] = {
    "enrol_staff": ("enrolment_code_invalid", *(code for code in PASSWORD if code != "password_too_simple")),
    "confirm_staff": ("enrolment_code_invalid", "enrolment_not_begun", "wrong_code"),
    "prove_staff_password": SIGN_IN,
    "prove_staff_totp": SIGN_IN,
    "make_proposal": CHANGE,
    "approve_proposal": (*CHANGE, "proposal_closed", "own_proposal", "proposer_gone", "too_few_officers"),
    "reject_proposal": ("not_found", "proposal_closed", *OWN),
}
LOGIN = ("wrong_proof", "step_out_of_order", "login_closed")
OAUTH = ("invalid_request", "invalid_client")
GRANT = ("invalid_grant", "unauthorized_client", "unsupported_grant_type", "invalid_scope", "invalid_target")

MET: Final[dict[str, tuple[str, ...]]] = {
    "open_proofing": ("invalid_address",),
    "answer_notice": (*PROOFING, "unknown_notice"),
    "present_document": (*PICTURE, "document_not_accepted", "too_many_documents"),
    "present_face": (*PICTURE, "liveness_needed"),
    "open_challenge": (*PROOFING, "consent_needed", "liveness_tries_over"),
    "begin_performance": (*PROOFING, "consent_needed", "challenge_begun", "challenge_over", "challenge_expired"),
    "send_frames": (*FILMED, *PROOFING, *UNREADABLE),
    "read_document": UNREADABLE,
    "enrol_faces": ("not_found", "consent_needed", *UNREADABLE, "face_model_outdated"),
    "read_faces": ("not_found",),
    "erase_faces": ("not_found",),
    "answer_face_notice": ("not_found", "unknown_notice", *PROOFING),
    "compare_face": ("not_found", "consent_needed", *UNREADABLE, "no_face_enrolled", "face_model_outdated"),
    "compare_pictures": ("consent_needed", *UNREADABLE),
    "submit_proofing": (*PROOFING, "still_needed"),
    "type_fields": (*PROOFING, "field_not_asked", "date_malformed", "day_impossible", "sex_unknown"),
    "open_capture": ("illegal_move",),
    "read_proofing": ("not_found",),
    "follow_proofing": ("not_found",),
    "withdraw_proofing": PROOFING,
    "send_code": (*PROOFING, "invalid_address", "sent_too_often", "contact_code_closed"),
    "prove_contact": (*PROOFING, "wrong_contact_code", "contact_code_closed", "customer_ref_taken", "contact_taken", "already_enrolled"),
    "set_password": (*PROOFING, *PASSWORD),
    "begin_totp": (*PROOFING, "authenticator_already_bound"),
    "confirm_totp": (*PROOFING, "totp_not_begun", "wrong_code", "too_many_tries"),
    "begin_login": (*OAUTH, "unauthorized_client", "invalid_scope", "invalid_target"),
    "prove_password": (*LOGIN, "too_many_tries"),
    "prove_totp": (*LOGIN, "authenticator_not_bound", "too_many_tries"),
    "send_sms_code": (*LOGIN, "authenticator_not_bound", "sms_forbidden", "sent_too_often", "too_many_tries"),
    "prove_sms_code": (*LOGIN, "authenticator_not_bound", "sms_forbidden", "sms_code_closed", "too_many_tries"),
    "change_password": (*LOGIN, *PASSWORD, "password_reused"),
    "complete_login": (*LOGIN, "password_expired"),
    **STAFF_MET,
    **REVIEW_MET,
    "move_sandbox_clock": ("clock_too_far",),
    "read_account": ("not_found",),
    "end_session": ("not_found",),
    "forget_device": ("not_found",),
    "token": (*OAUTH, *GRANT),
    "introspect": OAUTH,
    "revoke": OAUTH,
    "show_problem_type": ("not_found",),
    "enter_capture": ("invalid_request",),
    "read_capture_file": ("not_found",),
}  # fmt: skip
"""What an operation's own rules refuse; what callers and bodies are refused for follows from its form."""

IN_OAUTH_FORM = frozenset({"token", "introspect", "revoke"})
PROBLEM = {
    "type": "object",
    "description": "Why not, RFC 9457; in the caller's language, and equal refusals are equal to the byte.",
    "required": ["type", "title", "status", "detail", "code"],
    "properties": {
        "type": {"type": "string", "format": "uri", "description": "A page that says what it means."},
        "title": {"type": "string", "description": "What it is, in a few words."},
        "status": {"type": "integer", "description": "The answer's status."},
        "detail": {"type": "string", "description": "What to do about it."},
        "code": {"type": "string", "description": "Stable; what a program decides by."},
        "retry_after_seconds": {"type": "integer", "description": "As the header Retry-After."},
    },
}
OAUTH_ERROR = {
    "type": "object",
    "description": "Why not, RFC 6749 §5.2.",
    "required": ["error"],
    "properties": {
        "error": {"type": "string", "description": "Stable; what a program decides by."},
        "error_description": {"type": "string", "description": "For the developer."},
    },
}
SCHEMAS = {"Problem": PROBLEM, "OAuthError": OAUTH_ERROR}
HEADERS = {
    401: {"WWW-Authenticate": {"description": "What to bring (RFC 6750 §3).", "schema": {"type": "string"}}},
    429: {"Retry-After": {"description": "Seconds.", "schema": {"type": "integer"}}},
    503: {"Retry-After": {"description": "Seconds.", "schema": {"type": "integer"}}},
}


def describe(operation: dict[str, Any]) -> None:
    """Give the operation an answer for every status it refuses with, in place of FastAPI's own 422."""
    operation["responses"].pop("422", None)
    by_status: dict[int, list[str]] = defaultdict(list)
    for code in codes(operation):
        by_status[PROBLEMS[BY_CODE[code]].status].append(code)
    for status, found in sorted(by_status.items()):
        operation["responses"].setdefault(str(status), _answer(operation["operationId"], status, found))


def codes(operation: dict[str, Any]) -> tuple[str, ...]:
    """Every code this operation may refuse with, each once."""
    found = [*MET.get(operation["operationId"], ())]
    schemes = {name for wanted in operation.get("security", ()) for name in wanted}
    if schemes & {"client", "subscriber", "applicant", "staff"}:
        found.append("unauthenticated")
    if schemes & {"client", "subscriber"}:
        found += ["invalid_token", "insufficient_scope"]
    if "staff" in schemes:
        found += ["invalid_token", "not_allowed"]
    if "applicant" in schemes:
        found.append("not_found")
    if "requestBody" in operation:
        found.append("body_too_large")
    takes_json = "application/json" in operation.get("requestBody", {}).get("content", ())
    if operation["tags"] != ["protocol"] and (takes_json or operation.get("parameters")):
        found.append("malformed")
    if any(parameter["name"] == "Idempotency-Key" for parameter in operation.get("parameters", ())):
        found += REPEATED
    if operation["tags"] != ["operation"]:
        found += ANYWHERE
    return tuple(dict.fromkeys(found))


def _answer(operation_id: str, status: int, found: list[str]) -> dict[str, Any]:
    spoken = [code for code in found if operation_id in IN_OAUTH_FORM and issubclass(BY_CODE[code], OAuthRefusal)]
    problems = [code for code in found if code not in spoken]
    content = {}
    if problems:
        content["application/problem+json"] = {"schema": _narrowed("Problem", "code", problems)}
    if spoken:
        content["application/json"] = {"schema": _narrowed("OAuthError", "error", spoken)}
    words = "; ".join(f"`{code}`: {PROBLEMS[BY_CODE[code]].title_en}" for code in found)
    answer: dict[str, Any] = {"description": words, "content": content}
    return answer | ({"headers": HEADERS[status]} if status in HEADERS else {})


def _narrowed(schema: str, field: str, values: list[str]) -> dict[str, Any]:
    """The schema with the values its field has here."""
    return {"allOf": [{"$ref": f"#/components/schemas/{schema}"}, {"properties": {field: {"enum": values}}}]}
