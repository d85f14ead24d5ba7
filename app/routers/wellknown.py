"""What does the service say of itself? Discovery, keys, health and metrics; plain routes."""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.registry import Collector
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from app.routers.documents import Document
from app.routers.plain import PlainRoute
from app.services.standing import Health


@dataclass(frozen=True, slots=True)
class Self:
    """What these routes tell."""

    documents: Iterable[Document]
    health: Callable[[], Awaitable[Health]]
    """Asked at each call of `/readyz`."""
    gauges: Collector
    """What this application alone knows of itself; counters of requests are the process's."""


def routes(told: Self) -> list[PlainRoute]:
    """The routes, with what they tell."""
    gauges = CollectorRegistry()
    gauges.register(told.gauges)

    async def live(_: Request) -> Response:
        return JSONResponse({"live": True})

    async def ready(_: Request) -> Response:
        health = await told.health()
        shown = {"ready": health.ready, "degraded": health.degraded, "checks": health.needed | health.beside}
        return JSONResponse(shown, 200 if health.ready else 503)

    async def metrics(_: Request) -> Response:
        return Response(generate_latest() + generate_latest(gauges), media_type=CONTENT_TYPE_LATEST)

    return [
        *(PlainRoute(each.path, each.read) for each in told.documents),
        PlainRoute("/livez", live),
        PlainRoute("/readyz", ready),
        PlainRoute("/metrics", metrics),
    ]
