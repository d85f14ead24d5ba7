"""What is the API? Settings → gateways → services → routers; knows everyone, decides nothing."""

import asyncio
import gc
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import timedelta
from typing import Final

from fastapi import Depends, FastAPI
from starlette.applications import Starlette

from app import log
from app.assertion.metadata import check_issuer
from app.building import Ground, ground, house_of, passwords_of
from app.building.faces import face_choice
from app.building.judged import judged_of
from app.core.audit import Actor, ActorKind
from app.core.clock import Machine, SystemClock
from app.core.entropy import NameEntropy
from app.core.environment import Environment
from app.gateways.passwords import Passwords
from app.gateways.vision import Eyes
from app.gateways.vision.pooled import pooled_vision
from app.mfa.password_policy import POLICIES, departures
from app.pages import capture, doors, messages, problem_types, stylesheet
from app.routers import (
    accounts,
    answers,
    audit,
    bindings,
    captures,
    description,
    document_readings,
    face_listings,
    faces,
    liveness,
    logins,
    oauth,
    performances,
    progress,
    proofings,
    proposals,
    reviews,
    sandbox,
    sandbox_clock,
    sms_logins,
    staff,
    typed_fields,
    wellknown,
)
from app.routers.answered import Answered
from app.routers.documents import Document, documents
from app.routers.envelope import Envelope
from app.routers.gauges import Gauges
from app.routers.plain import PlainRoutes
from app.routers.quotas import Threshold
from app.routers.wiring import House, addressed
from app.services.journal import Journal
from app.settings import Settings
from app.storage.notices import Notices
from app.verification.faces.weighing import Judged

LONGEST_UNIT = timedelta(seconds=10)
"""Of work that a caller waits for: then the connection is given up, and the answer is 503."""
YOUNG: Final = 10_000
"""Objects that the collector lets gather before it looks for circles among them; requests leave none, so 700 is too often."""
LONGEST_CALLBACK: Final = timedelta(milliseconds=20)
"""All others wait while one callback runs: what takes longer belongs to a thread or a process."""


def create_app(
    settings: Settings | None = None,
    *,
    clock: Machine | None = None,
    vision: Eyes | None = None,
    passwords: Passwords | None = None,
) -> Envelope:
    """The whole application; it connects when it starts up.

    Tests give a clock that they move, eyes that see at once, and a hasher that counts.
    """
    chosen = settings or Settings()
    if chosen.issuer:
        check_issuer(chosen.base_url)
    log.configure(chosen.log_level)
    protocol = Starlette(routes=[*oauth.routes, *problem_types.routes])
    application = FastAPI(
        title="Hufu 虎符",
        summary="Identity verification and authentication for banks",
        version="0.1.0",
        lifespan=_lifespan(chosen, protocol, clock, vision, passwords),
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,  # the address it would send the caller to is made of the Host header, whatever that says
        generate_unique_id_function=description.operation_id,
    )
    protocol.state = application.state
    protocol.router.redirect_slashes = False  # as above
    answers.install(application, issuer=chosen.base_url)
    spoken = answers.install(protocol, issuer=chosen.base_url)
    description.install(application, issuer=chosen.base_url)
    _mount(application, protocol, chosen.environment)
    application.state.sheet = sheet = log.sheet(chosen.log_level)
    answered = Answered(SystemClock(), None if sheet is None else sheet.write)
    in_sandbox = chosen.environment is Environment.SANDBOX  # there its router reads the clock before each request
    plain = protocol if in_sandbox else PlainRoutes(oauth.routes, protocol, spoken)
    application.add_middleware(Threshold, issuer=chosen.base_url, state=application.state)
    threshold = Threshold(plain, issuer=chosen.base_url, state=application.state)
    application.state.envelope = envelope = Envelope(application, threshold, NameEntropy(), answered)
    return envelope


def _mount(application: FastAPI, protocol: Starlette, environment: Environment) -> None:
    """Every route; what belongs to a sandbox is not there in production at all."""
    # What is asked most comes first: the router tries one after the other.
    for router in (
        logins.router,
        sms_logins.router,
        accounts.router,
        proofings.router,
        captures.router,
        progress.router,
        bindings.router,
        document_readings.router,
        faces.router,
        typed_fields.router,
        liveness.router,
        performances.router,
    ):
        application.include_router(router, dependencies=[Depends(addressed)])
    for router in (staff.router, proposals.router, face_listings.router, reviews.router, audit.router):
        application.include_router(router, dependencies=[Depends(addressed)])
    application.include_router(liveness.sockets)
    application.include_router(stylesheet.router)
    application.include_router(doors.router)
    application.include_router(capture.router)
    if environment is not Environment.PRODUCTION:
        application.include_router(sandbox.router)
        application.include_router(messages.router)
    if environment is Environment.SANDBOX:
        application.include_router(sandbox_clock.router)
        for each in (application, protocol):
            each.add_middleware(sandbox_clock.InSandboxTime)


def _lifespan(  # type: ignore[no-untyped-def]  # noqa: ANN202  FastAPI's own shape
    settings: Settings, protocol: Starlette, clock: Machine | None, eyes: Eyes | None, hasher: Passwords | None
):
    @asynccontextmanager
    async def lifespan(application: FastAPI) -> AsyncIterator[None]:
        _tell_of_slow_callbacks(asyncio.get_running_loop())
        base = await ground(settings, clock=clock, longest=LONGEST_UNIT)
        vision = eyes or pooled_vision(
            intake_processes=settings.intake_processes,
            examiner_processes=0,
            reader_processes=settings.reader_processes,
            looker_processes=settings.looker_processes,
            faces=face_choice(settings),
        )
        notices = Notices(settings.application_url())
        passwords = hasher or passwords_of(settings, base.entropy)
        try:
            await vision.start()
            judged = await judged_of(base, vision)
            notices.start()
            application.state.ground = base
            application.state.house = house = house_of(base, vision, notices, passwords, judged=judged)
            house.standing.start()
            told = documents(issuer=settings.base_url, ring=lambda: base.keys.ring, clock=base.clock)
            if settings.environment is not Environment.SANDBOX:  # there its router reads the clock before each request
                application.state.envelope.documents = told
            protocol.router.routes.extend(wellknown.routes(_told(base, house, vision, passwords, told, judged)))
            await _warn_of_departures(settings, base.journal)
            async with base.keyring.followed():
                with _loaded_for_good():
                    yield
        finally:
            if application.state.sheet is not None:
                application.state.sheet.flush()  # every answer has left by now
            if hasattr(application.state, "house"):
                await application.state.house.liveness_batches.stop()
                await application.state.house.standing.stop()
            await notices.stop()
            await vision.stop()
            passwords.close()
            await base.database.close()

    return lifespan


@contextmanager
def _loaded_for_good() -> Iterator[None]:
    """What was loaded stays to the end: the collector need not look at it again, 0.1 s each time."""
    usual = gc.get_threshold()
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, *usual[1:])
    yield
    gc.set_threshold(*usual)
    gc.unfreeze()


def _tell_of_slow_callbacks(loop: asyncio.AbstractEventLoop) -> None:
    """In asyncio's debug mode, which uvicorn takes back; never by our own log level, for it prints what callbacks were given."""
    loop.set_debug(bool(os.environ.get("PYTHONASYNCIODEBUG")))
    loop.slow_callback_duration = LONGEST_CALLBACK.total_seconds()


def _told(
    base: Ground, house: House, vision: Eyes, passwords: Passwords, told: dict[str, Document], judged: Judged
) -> wellknown.Self:
    return wellknown.Self(
        documents=told.values(),
        health=house.standing.look,
        gauges=Gauges(
            vision.stats,
            {"passwords": passwords.load, "database": base.database.load},
            standing=house.standing.figures,
            refused=house.quotas.refused,
            judged=judged,
        ),
    )


async def _warn_of_departures(settings: Settings, journal: Journal) -> None:
    """A policy that departs from A4–A5 says so in the audit, at every start (A6)."""
    for departure in departures(POLICIES[settings.password_policy]):
        async with journal.act("policy.departs", Actor(ActorKind.SYSTEM)) as act, journal.database.work() as work:
            await act.record(
                work,
                policy=settings.password_policy,
                rule=departure.rule,
                setting=departure.setting,
                clause=departure.clause,
            )
