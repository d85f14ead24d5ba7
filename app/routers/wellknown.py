"""What does the service say of itself? Discovery, keys, health and metrics; plain routes."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.registry import Collector
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from app.assertion import metadata
from app.assertion.key_ring import JWKS_MAX_AGE, KeyRing, jwks, published
from app.core.clock import Clock
from app.routers.plain import PlainRoute

JSON = "application/json"
PUBLIC = {"cache-control": f"public, max-age={int(JWKS_MAX_AGE.total_seconds())}"}


@dataclass(frozen=True, slots=True)
class Self:
    """What these routes tell."""

    issuer: str
    ring: Callable[[], KeyRing]
    clock: Clock
    checks: dict[str, Callable[[], Awaitable[bool]]]
    """What must answer before we are ready, by name."""
    gauges: Collector
    """What this application alone knows of itself; counters of requests are the process's."""


def routes(told: Self) -> list[PlainRoute]:
    """The routes, with what they tell."""
    discovery = _rendered(metadata.document(told.issuer))
    key_sets: dict[tuple[str, ...], bytes] = {}
    gauges = CollectorRegistry()
    gauges.register(told.gauges)

    async def read_discovery(_: Request) -> Response:
        return Response(discovery, headers=PUBLIC, media_type=JSON)

    async def read_jwks(_: Request) -> Response:
        # Written once for each set of keys there is: everybody who checks a token asks for it.
        now, ring = told.clock.now(), told.ring()
        kids = tuple(key.kid for key in published(ring, now))
        if kids not in key_sets:
            key_sets[kids] = _rendered(jwks(ring, now))
        return Response(key_sets[kids], headers=PUBLIC, media_type=JSON)

    async def live(_: Request) -> Response:
        return JSONResponse({"live": True})

    async def ready(_: Request) -> Response:
        answers = {name: await check() for name, check in told.checks.items()}
        return JSONResponse({"ready": all(answers.values()), "checks": answers}, 200 if all(answers.values()) else 503)

    async def metrics(_: Request) -> Response:
        return Response(generate_latest() + generate_latest(gauges), media_type=CONTENT_TYPE_LATEST)

    return [
        PlainRoute("/.well-known/openid-configuration", read_discovery),
        PlainRoute("/.well-known/oauth-authorization-server", read_discovery),
        PlainRoute("/oauth2/jwks", read_jwks),
        PlainRoute("/livez", live),
        PlainRoute("/readyz", ready),
        PlainRoute("/metrics", metrics),
    ]


def _rendered(document: object) -> bytes:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
