"""Was every word kept? What was acknowledged, held against what the database, the audit and the gateway know."""

from collections import Counter
from collections.abc import Iterator

from app.core.ids import SessionId
from tests.flows.conftest import Bank
from tests.flows.underfire import Facts
from tests.gateways.sms_server import Process

FINAL = ("accepted", "referred", "rejected")
DECISIONS = (
    "SELECT object_id, count(*) FROM audit_events WHERE action = 'proofing.decide' AND detail ? 'outcome' GROUP BY 1"
)
PROVEN = (
    "SELECT object_id, count(*) FROM audit_events WHERE action = 'login.prove_totp' AND outcome = 'allowed' GROUP BY 1"
)
STANDING = (
    "SELECT count(*) FROM procrastinate_jobs WHERE queue_name ~ '^(examine|deliver)' AND status IN ('todo', 'doing')"
)
DOING = "SELECT count(*) FROM procrastinate_jobs WHERE status = 'doing'"


def quiet(bank: Bank) -> bool:
    """Whether nothing is under way, and nobody's work was left half-done."""
    return bank.sql(STANDING) == [(0,)] and bank.sql(DOING) == [(0,)]


def broken(bank: Bank, facts: Facts, keys: Counter[str], messages: Process) -> list[str]:
    """Every promise that was not kept, in words."""
    return [
        *_proofings(bank, facts, keys),
        *_decisions(bank, facts),
        *_sessions(bank, facts),
        *_codes(bank, facts),
        *_guesses(bank, facts),
        *_messages(bank, facts, messages),
        *_grants(bank, facts),
    ]


def acts(bank: Bank, action: str, outcome: str = "allowed") -> Counter[str]:
    """How often an act is in the audit, by what it was done to."""
    found = "SELECT object_id, count(*) FROM audit_events WHERE action = %s AND outcome = %s GROUP BY 1"
    return Counter(dict(bank.sql(found, action, outcome)))


def _proofings(bank: Bank, facts: Facts, keys: Counter[str]) -> Iterator[str]:
    opened, submitted = acts(bank, "proofing.open"), acts(bank, "proofing.submit")
    rows = {row[0] for row in bank.sql("SELECT id FROM proofings")}
    yield from (f"proofing {lost} is gone" for lost in facts.opened - rows)
    yield from (f"no event of the opening of {silent}" for silent in facts.opened - opened.keys())
    if opened.total() > keys["/v1/proofings"]:
        yield f"{opened.total()} proofings opened under {keys['/v1/proofings']} keys"
    yield from (f"{each} was submitted {submitted[each]} times" for each in facts.submitted if submitted[each] != 1)
    consents = Counter(dict(bank.sql("SELECT proofing_id || ' ' || purpose, count(*) FROM consents GROUP BY 1")))
    yield from (f"{times} answers to {each}" for each, times in consents.items() if times != 1)
    missing = {" ".join(each) for each in facts.consented} - consents.keys()
    yield from (f"the answer to {each} is gone" for each in missing)
    presented = {proofing_id for proofing_id, _ in facts.presented}
    yield from (f"no event of the pictures of {each}" for each in presented - acts(bank, "proofing.present").keys())
    kept = Counter(dict(bank.sql("SELECT proofing_id, count(*) FROM images GROUP BY 1")))
    accepted = {
        row[0] for row in bank.sql("SELECT id FROM proofings WHERE state IN ('accepted', 'binding', 'enrolled')")
    }
    let_go = {(each, "/face") for each in accepted}  # nobody here agreed to be known again by it
    given = Counter(proofing_id for proofing_id, _ in facts.presented - let_go)
    yield from (f"{kept[each]} of {times} pictures of {each}" for each, times in given.items() if kept[each] < times)


def _decisions(bank: Bank, facts: Facts) -> Iterator[str]:
    states = dict(bank.sql("SELECT id, state FROM proofings"))
    made, reviews = dict(bank.sql(DECISIONS)), dict(bank.sql("SELECT proofing_id, count(*) FROM reviews GROUP BY 1"))
    for proofing_id in facts.submitted:
        told, state = facts.decided.get(proofing_id), states.get(proofing_id)
        after = ("binding", "enrolled") if told == "accepted" else ()
        if told not in FINAL or state not in {told, *after}:
            yield f"{proofing_id} was {told} and is {state}"
        if made.get(proofing_id) != 1:
            yield f"{proofing_id} was decided {made.get(proofing_id)} times"
        if reviews.get(proofing_id, 0) != (told == "referred"):
            yield f"{proofing_id} was {told} and has {reviews.get(proofing_id, 0)} reviews"
    yield from (f"{each} is not enrolled" for each in facts.enrolled if states.get(each) != "enrolled")


def _sessions(bank: Bank, facts: Facts) -> Iterator[str]:
    rows = {SessionId(row[0]): row[1:] for row in bank.sql("SELECT id, generation, ended_reason FROM sessions")}
    for session_id, generation in facts.generations.items():
        stored, ended = rows.get(SessionId(session_id), (0, "gone"))
        if stored < generation:
            yield f"session {session_id}: generation {generation} was handed out, {stored} is stored"
        if ended is not None and session_id not in facts.lost:
            yield f"session {session_id} ended: {ended}"
    begun = acts(bank, "token.authorization_code").keys()
    yield from (f"no event of session {silent}" for silent in facts.generations.keys() - begun)


def _codes(bank: Bank, facts: Facts) -> Iterator[str]:
    yield from (f"{each} was accepted {times} times" for each, times in Counter(facts.proven).items() if times > 1)
    proven = dict(bank.sql(PROVEN))
    for (phone, step), logins in facts.tried.items():
        times = sum(proven.get(login, 0) for login in logins)
        if times > 1 or ((phone, step) in facts.proven and times != 1):
            yield f"the code of step {step} of {phone} proved {times} log-ins"


def _guesses(bank: Bank, facts: Facts) -> Iterator[str]:
    refused = acts(bank, "login.prove_password", "refused")
    struck = {row[0] for row in bank.sql("SELECT id FROM logins WHERE strikes > 0")}
    yield from (f"no event of the wrong guess at {silent}" for silent in facts.struck - refused.keys())
    yield from (f"the wrong guess at {clean} left no strike" for clean in facts.struck - struck)


def _messages(bank: Bank, facts: Facts, messages: Process) -> Iterator[str]:
    sent = Counter(asked["path"] for asked in messages.received())
    yield from (f"{path} was sent {times} times" for path, times in sent.items() if times > 1)
    handed = acts(bank, "message.deliver").keys()
    rows = bank.sql("SELECT id, state FROM messages")
    yield from (f"message {each} is still {state}" for each, state in rows if state in {"queued", "sending"})
    left = {message for message, state in rows if state == "handed_over"}
    yield from (f"message {each} is said to have left, and did not" for each in left if not _came(each, sent))
    yield from (f"no event of message {each}" for each in left - handed)
    if len(rows) < len(facts.contacted):
        yield f"{len(facts.contacted)} codes were promised and {len(rows)} messages written"


def _came(message_id: str, sent: Counter[str]) -> bool:
    return any(message_id in path for path in sent)


def _grants(bank: Bank, facts: Facts) -> Iterator[str]:
    core = bank.clients["core"].id
    found = "SELECT count(*) FROM audit_events WHERE action = 'token.client_credentials' AND outcome = 'allowed' AND client_id = %s"
    if (events := bank.sql(found, core)[0][0]) < facts.granted:
        yield f"{facts.granted} tokens were granted to the core, {events} events"
