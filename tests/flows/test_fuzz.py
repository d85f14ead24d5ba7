"""Does whatever is sent get an answer that stands in the description, with a token and without? Drawn by schemathesis."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from schemathesis.specs.openapi.checks import negative_data_rejection

from app.embedded import Database
from tests.flows.feeding import Fed
from tests.flows.fuzzing import CHECKS, SEED, Case, Road, Tally, breaks_the_form, drawn, judged, name_of, served

pytestmark = pytest.mark.timeout(1800)
REACHED = 0.8
"""Of all operations, at least."""
SPENT = frozenset({*range(200, 300), 409, 410, 429})
"""Answers after which what was fed is good no longer."""
WHOLE, MIXED, DRAWN_BODY, DRAWN_ADDRESS, SOMEBODY_ELSE = MANNERS = range(5)
"""All of it as it should be; its body besides what was drawn; no body; no address either; somebody else's token."""
STRANGER = {"authorization": "Bearer nobodys"}


@pytest.fixture
def road(fresh_database: Database, start_bank: Callable[..., Any]) -> Iterator[Road]:
    with served(fresh_database, start_bank) as made:
        yield made


def guarded(operation: Any) -> bool:
    """Whether nobody gets anything here without credentials."""
    return {} not in operation.definition.raw.get("security", [{}])


def fit(case: Case, fed: Fed, manner: int) -> None:
    """Put into a drawn request what makes it a good one, or some of it."""
    if manner != DRAWN_ADDRESS:
        case.path_parameters = {**(case.path_parameters or {}), **fed.path}
    if manner == WHOLE:
        case.query = {}
        case.headers.clear()
        if fed.body is not None:
            case.body = fed.body
        if isinstance(fed.body, bytes):
            case.media_type = "image/jpeg"
    # Of a form of pictures every part would be put right, and nothing drawn would be left.
    of_parts = case.media_type == "multipart/form-data"
    if manner == MIXED and isinstance(fed.body, dict) and isinstance(case.body, dict) and not of_parts:
        case.body = {**case.body, **fed.body}


def test_with_a_token_every_answer_is_described_and_nearly_every_operation_does_what_it_is_for(road: Road) -> None:
    tally = Tally()
    for operation in road.operations():
        fed, name, is_guarded = None, name_of(operation), guarded(operation)
        for at, case in enumerate(drawn(operation, SEED)):
            manner = MANNERS[at % len(MANNERS)]
            fed = fed or road.fed(name)
            fit(case, fed, manner)
            asked_by_another = is_guarded and manner == SOMEBODY_ELSE
            headers = road.do(road.feeder.somebody()) if asked_by_another else fed.headers
            strict = manner != WHOLE and breaks_the_form(case)
            checks = [*CHECKS, negative_data_rejection] if strict else CHECKS
            if judged(road, tally, case, at, headers, checks) in SPENT:
                fed = None
    assert not tally.faults, "\n\n".join(tally.faults)
    assert len(tally.unreached()) <= (1 - REACHED) * len(tally.statuses), tally.unreached()


def test_without_a_token_every_answer_is_described_and_nothing_guarded_is_done(road: Road) -> None:
    tally = Tally()
    for operation in road.operations():
        fed = road.fed(name_of(operation)) if guarded(operation) else Fed()
        for at, case in enumerate(drawn(operation, SEED + 1)):
            fit(case, fed, MANNERS[at % SOMEBODY_ELSE])
            case.headers.pop("authorization", None)
            status = judged(road, tally, case, at, {} if at % 2 else STRANGER, CHECKS)
            if guarded(operation) and status not in {401, 404, 422}:
                tally.faults.append(f"{name_of(operation)}, example {at}: {status} without a token")
    assert not tally.faults, "\n\n".join(tally.faults)
