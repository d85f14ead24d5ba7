"""What is said to the API? One conversation for each kind of work, and somebody enrolled to have it with."""

import asyncio
import base64
import io
import json
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from urllib.parse import quote, urlencode

import httpx
from rich.console import Console

from app.assertion import refresh
from app.assertion.claims import Granted, for_client
from app.assertion.refresh import Presented
from app.building import Ground, ground
from app.cli.demo.parties import CORE, FrontEnd, Kiosk, Registered, register_clients
from app.cli.demo.road import road
from app.cli.demo.stage import Stage
from app.cli.demo.steps import Steps
from app.core import ids
from app.core.clock import SystemClock
from app.core.entropy import SystemEntropy
from app.core.ids import ClientId, SessionId
from app.settings import Settings
from benchmarks.load import CONNECTIONS, Conversation, request

FORM = "application/x-www-form-urlencoded"
CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"  # RFC 7636 appendix B


@dataclass(frozen=True, slots=True)
class Enrolled:
    """Somebody who walked the main road, and the clients that took part."""

    phone: str
    password: str
    app: Registered
    core: Registered
    kiosk: Registered
    refresh_token: str


def enrol(settings: Settings) -> Enrolled:
    """Walk the demonstration's road once, on real parts."""
    entropy = SystemEntropy()
    kiosk, app, core = register_clients(settings)
    with httpx.Client(base_url=settings.base_url, timeout=60, trust_env=False) as http:
        stage = Stage(
            steps=Steps(Console(file=io.StringIO())),
            http=http,
            kiosk=Kiosk(http, kiosk),
            front_end=FrontEnd(http, app, entropy),
            core=core,
            seed=1,
            on=SystemClock().now().date(),
            phone="+8613912345678",
            password="Kranich-Lotus-47",  # noqa: S106  opens nothing
        )
        road(stage)
    return Enrolled(stage.phone, stage.password, app, core, kiosk, str(stage.live_refresh))


def client_credentials(client: Registered) -> bytes:
    """A client asking for a token of its own."""
    return _form("/oauth2/token", client, grant_type="client_credentials")


def introspections(client: Registered, tokens: Iterator[str]) -> Conversation:
    """A resource asking about one token after another."""
    for token in tokens:
        yield _form("/oauth2/introspect", client, token=token)


def refreshes(client: Registered, token: str) -> Conversation:
    """One session renewed for ever, each time with the newest token."""
    while True:
        fields = {"grant_type": "refresh_token", "refresh_token": token, "client_id": client.id}
        token = json.loads((yield request("POST", "/oauth2/token", urlencode(fields).encode(), Content_Type=FORM)))[
            "refresh_token"
        ]


def password_proofs(enrolled: Enrolled) -> Conversation:
    """A log-in begun and its password proven: two requests, one hash."""
    begin = {"client_id": enrolled.app.id, "identifier": enrolled.phone, "code_challenge": CHALLENGE,
             "scope": "account:read", "resources": [CORE]}  # fmt: skip
    while True:
        login = json.loads((yield _json("/v1/logins", begin)))["id"]
        yield _json(f"/v1/logins/{login}/password", {"password": enrolled.password})


def minted(settings: Settings, client: Registered, count: int) -> list[str]:
    """Live tokens for the bank's core, signed with the house's own key."""

    async def mint(base: Ground) -> list[str]:
        signer, now = base.keys.signer(), base.clock.now()
        granted = Granted(settings.base_url, CORE, ClientId(client.id), frozenset({"payments:read"}))
        tokens = (for_client(granted, now=now, nonce=base.entropy.draw(ids.NONCE_BYTES)) for _ in range(count))
        return [signer.sign(token, now=now) for token in tokens]

    return asyncio.run(_on_ground(settings, mint))


def sessions(settings: Settings, enrolled: Enrolled) -> list[str]:
    """A refresh token of a session of its own for each connection, copied from the one that was begun."""

    async def copy(base: Ground) -> list[str]:
        parsed = refresh.parse(enrolled.refresh_token)
        made = []
        async with base.database.work() as work:
            session = await work.sessions.lock(parsed.session_id)
            if session is None:
                raise LookupError(parsed.session_id)
            for _ in range(CONNECTIONS):
                session_id = SessionId(ids.named("ses", base.entropy.draw(ids.NONCE_BYTES)))
                family = replace(session.family, session_id=session_id)
                await work.sessions.add(replace(session, family=family))
                tag = base.keys.token_mac.tag(refresh.message(session_id, family.generation, family.client_id))
                made.append(refresh.text(Presented(tag.suite, tag.version, session_id, family.generation, tag.mac)))
        return made

    return asyncio.run(_on_ground(settings, copy))


async def _on_ground(settings: Settings, task: Callable[[Ground], Awaitable[list[str]]]) -> list[str]:
    base = await ground(settings)
    try:
        return await task(base)
    finally:
        await base.database.close()


def _form(path: str, client: Registered, **fields: str) -> bytes:
    pair = f"{quote(client.id)}:{quote(client.secret or '')}".encode()
    basic = f"Basic {base64.b64encode(pair).decode()}"
    return request("POST", path, urlencode(fields).encode(), Content_Type=FORM, Authorization=basic)


def _json(path: str, document: Mapping[str, object]) -> bytes:
    return request("POST", path, json.dumps(document).encode(), Content_Type="application/json")
