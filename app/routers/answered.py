"""What is kept of every answer? One metric and one line: method, route, status, time; never an address, for addresses hold ids."""

from collections.abc import Callable
from functools import lru_cache
from typing import Final

from prometheus_client import Counter, Histogram
from starlette.types import Scope

from app.core.clock import Clock

REQUESTS = Counter("hufu_http_requests_total", "Requests answered", ("method", "route", "status"))
SECONDS = Histogram("hufu_http_seconds", "Time to the answer's first byte", ("route",))
METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"})
Write = Callable[[str], object]


class Answered:
    """Counts answers and tells of each."""

    def __init__(self, clock: Clock, write: Write | None) -> None:
        """`write` None: nobody wants a line for each."""
        self._clock = clock
        self._write = write

    def note(self, scope: Scope, status: int, seconds: float, request_id: str) -> None:
        """One answer; the route's template stands for its address."""
        route = getattr(scope.get("route"), "path", "unmatched")
        method = scope["method"] if scope["method"] in METHODS else "other"  # callers do not make our metrics grow
        counted, timed = _metrics(method, route, status)
        counted.inc()
        timed.observe(seconds)
        if self._write is not None:
            # Put together by hand, as the log's other lines are by structlog at five times the cost: nothing in it is
            # a caller's own words but the request id, which was held to letters, digits and `._-`.
            at = self._clock.now().isoformat(timespec="microseconds")
            self._write(
                f'{{"method": "{method}", "route": "{route}", "status": {status}, "ms": {seconds * 1000:.1f}, '
                f'"request_id": "{request_id}", "event": "answered", "level": "info", '
                f'"timestamp": "{at[:26]}Z"}}\n'
            )


@lru_cache(maxsize=1024)
def _metrics(method: str, route: str, status: int) -> tuple[Counter, Histogram]:
    """Found once for each kind of answer: looking them up costs more than counting."""
    return REQUESTS.labels(method, route, status), SECONDS.labels(route)
