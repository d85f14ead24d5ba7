"""What is the API? Settings → gateways → services → routers; knows everyone, decides nothing."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import Depends, FastAPI
from starlette.applications import Starlette

from app import log
from app.assertion.metadata import check_issuer
from app.building import Ground, ground, house_of, passwords_of
from app.core.audit import Actor, ActorKind
from app.core.clock import Clock
from app.core.entropy import SystemEntropy
from app.core.environment import Environment
from app.gateways.passwords import Passwords
from app.gateways.vision import Eyes
from app.gateways.vision.pooled import pooled_vision
from app.mfa.password_policy import POLICIES, departures
from app.pages import doors, messages, problem_types, stylesheet
from app.routers import (
    accounts,
    answers,
    audit,
    bindings,
    description,
    logins,
    oauth,
    progress,
    proofings,
    proposals,
    reviews,
    sandbox,
    sandbox_clock,
    sms_logins,
    staff,
    wellknown,
)
from app.routers.envelope import Envelope
from app.routers.gauges import Gauges
from app.routers.wiring import addressed
from app.services.journal import Journal
from app.settings import Settings
from app.storage.notices import Notices


def create_app(settings: Settings | None = None, *, clock: Clock | None = None, vision: Eyes | None = None) -> Envelope:
    """The whole application; it connects when it starts up. Tests give a clock that they move, and eyes that see at once."""
    chosen = settings or Settings()
    if chosen.issuer:
        check_issuer(chosen.base_url)
    log.configure(chosen.log_level)
    protocol = Starlette(routes=[*oauth.routes, *problem_types.routes])
    application = FastAPI(
        title="Hufu 虎符",
        summary="Identity verification and authentication for banks",
        version="0.1.0",
        lifespan=_lifespan(chosen, protocol, clock, vision),
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,  # the address it would send the caller to is made of the Host header, whatever that says
        generate_unique_id_function=description.operation_id,
    )
    protocol.state = application.state
    protocol.router.redirect_slashes = False  # as above
    for each in (application, protocol):
        answers.install(each, issuer=chosen.base_url)
    description.install(application, issuer=chosen.base_url)
    _mount(application, protocol, chosen.environment)
    return Envelope(application, protocol, SystemEntropy())


def _mount(application: FastAPI, protocol: Starlette, environment: Environment) -> None:
    """Every route; what belongs to a sandbox is not there in production at all."""
    for router in (
        proofings.router,
        progress.router,
        bindings.router,
        logins.router,
        sms_logins.router,
        accounts.router,
    ):
        application.include_router(router, dependencies=[Depends(addressed)])
    for router in (staff.router, proposals.router, reviews.router, audit.router):
        application.include_router(router, dependencies=[Depends(addressed)])
    application.include_router(stylesheet.router)
    application.include_router(doors.router)
    if environment is not Environment.PRODUCTION:
        application.include_router(sandbox.router)
        application.include_router(messages.router)
    if environment is Environment.SANDBOX:
        application.include_router(sandbox_clock.router)
        for each in (application, protocol):
            each.add_middleware(sandbox_clock.InSandboxTime)


def _lifespan(settings: Settings, protocol: Starlette, clock: Clock | None, eyes: Eyes | None):  # type: ignore[no-untyped-def]  # noqa: ANN202  FastAPI's own shape
    @asynccontextmanager
    async def lifespan(application: FastAPI) -> AsyncIterator[None]:
        base = await ground(settings, clock=clock)
        vision = eyes or pooled_vision(intake_processes=settings.intake_processes, examiner_processes=0)
        notices = Notices(settings.application_url())
        passwords = passwords_of(settings, base.entropy)
        try:
            await vision.start()
            notices.start()
            application.state.ground = base
            application.state.house = house_of(base, vision, notices, passwords)
            protocol.router.routes.extend(wellknown.routes(_told(base, vision, passwords)))
            await _warn_of_departures(settings, base.journal)
            async with base.keyring.followed():
                yield
        finally:
            await notices.stop()
            await vision.stop()
            passwords.close()
            await base.database.close()

    return lifespan


def _told(base: Ground, vision: Eyes, passwords: Passwords) -> wellknown.Self:
    return wellknown.Self(
        issuer=base.settings.base_url,
        ring=lambda: base.keys.ring,
        clock=base.clock,
        checks={"database": base.database.answers, "keys": base.keyring.answers},
        gauges=Gauges(vision.stats, {"passwords": passwords.load, "database": base.database.load}),
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
