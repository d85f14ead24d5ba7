"""What is kept of every answer? One metric and one line: method, route, status, time; never an address, for addresses hold ids."""

from bisect import bisect_left
from collections.abc import Callable, Iterable
from itertools import accumulate
from typing import Final

from prometheus_client import REGISTRY
from prometheus_client.core import CounterMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector
from starlette.types import Scope

from app.core.clock import Clock

BOUNDS: Final = (0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0)
"""Of the times told apart, in seconds."""
METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"})
Write = Callable[[str], object]


class _Times:
    """How long the answers of one route took."""

    __slots__ = ("counts", "total")

    def __init__(self) -> None:
        self.counts = [0] * (len(BOUNDS) + 1)
        self.total = 0.0


class _Tally(Collector):
    """Counts by itself, in one thread; made into metrics where they are read: the library's own cost a request ten times more."""

    def __init__(self) -> None:
        self._answers: dict[tuple[str, str, int], int] = {}
        self._times: dict[str, _Times] = {}

    def add(self, method: str, route: str, status: int, seconds: float) -> None:
        """One answer."""
        kind = method, route, status
        self._answers[kind] = self._answers.get(kind, 0) + 1
        times = self._times.get(route)
        if times is None:
            times = self._times[route] = _Times()
        times.counts[bisect_left(BOUNDS, seconds)] += 1
        times.total += seconds

    def collect(self) -> Iterable[Metric]:
        """Both metrics as they stand."""
        answers = CounterMetricFamily("hufu_http_requests", "Requests answered", labels=("method", "route", "status"))
        for (method, route, status), count in self._answers.items():
            answers.add_metric((method, route, str(status)), count)
        yield answers
        seconds = HistogramMetricFamily("hufu_http_seconds", "Time to the answer's first byte", labels=("route",))
        for route, times in self._times.items():
            upper = [*map(str, BOUNDS), "+Inf"]
            seconds.add_metric((route,), list(zip(upper, accumulate(times.counts), strict=True)), times.total)
        yield seconds


TALLY: Final = _Tally()
REGISTRY.register(TALLY)


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
        TALLY.add(method, route, status, seconds)
        if self._write is not None:
            # Put together by hand, as the log's other lines are by structlog at five times the cost: nothing in it is
            # a caller's own words but the request id, which was held to letters, digits and `._-`.
            at = self._clock.now().isoformat(timespec="microseconds")
            self._write(
                f'{{"method": "{method}", "route": "{route}", "status": {status}, "ms": {seconds * 1000:.1f}, '
                f'"request_id": "{request_id}", "event": "answered", "level": "info", '
                f'"timestamp": "{at[:26]}Z"}}\n'
            )
