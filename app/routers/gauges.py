"""What fills up? Pools, threads and connections of this process, read when Prometheus asks and at no other time."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Protocol

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from app.core.load import Load
from app.services.refused_faces import Carrier
from app.services.standing import Figures
from app.verification.faces.score import UNCALIBRATED
from app.verification.faces.weighing import Judged


class PoolFigures(Protocol):
    """Of one pool of processes; counts since its start."""

    @property
    def role(self) -> str: ...  # noqa: D102  what each of these is, the metric that shows it says
    @property
    def alive(self) -> int: ...  # noqa: D102
    @property
    def waiting(self) -> int: ...  # noqa: D102
    @property
    def running(self) -> int: ...  # noqa: D102
    @property
    def done(self) -> int: ...  # noqa: D102
    @property
    def failed(self) -> int: ...  # noqa: D102
    @property
    def timed_out(self) -> int: ...  # noqa: D102
    @property
    def died(self) -> int: ...  # noqa: D102
    @property
    def turned_away(self) -> int: ...  # noqa: D102
    @property
    def replaced(self) -> int: ...  # noqa: D102
    @property
    def working_seconds(self) -> float: ...  # noqa: D102


class Gauges(Collector):
    """The collector: asks its sources at each scrape."""

    def __init__(
        self,
        pools: Callable[[], Iterable[PoolFigures]],
        resources: Mapping[str, Callable[[], Load]],
        *,
        standing: Figures,
        refused: Callable[[], Mapping[str, int]],
        judged: Judged,
    ) -> None:
        self._pools = pools
        self._resources = resources
        self._standing = standing
        self._refused = refused
        self._judged = judged

    def collect(self) -> Iterator[Metric]:
        """The figures of this moment."""
        yield from _resources({name: load() for name, load in self._resources.items()})
        yield from _pools(tuple(self._pools()))
        yield from _standing(self._standing)
        yield _judging(self._judged)
        yield from _refused_faces(self._standing)
        over = CounterMetricFamily("hufu_over_quota", "Requests over a caller's quota", labels=["counted_on"])
        for name, count in self._refused().items():
            over.add_metric([name], count)
        yield over


def _resources(loads: Mapping[str, Load]) -> Iterator[Metric]:
    in_use = GaugeMetricFamily("hufu_resource_in_use", "Of a bounded resource, in use", labels=["resource"])
    waiting = GaugeMetricFamily("hufu_resource_waiting", "Requests waiting for a resource", labels=["resource"])
    limit = GaugeMetricFamily("hufu_resource_limit", "How much of a resource there is", labels=["resource"])
    for name, load in loads.items():
        in_use.add_metric([name], load.in_use)
        waiting.add_metric([name], load.waiting)
        limit.add_metric([name], load.limit)
    yield from (in_use, waiting, limit)


def _standing(figures: Figures) -> Iterator[Metric]:
    """As the watch last saw them, a few seconds ago."""
    yield GaugeMetricFamily(
        "hufu_clock_apart_seconds",
        "Machine's clock from the database's, or from time as it passed",
        value=figures.clock_apart_seconds,
    )
    yield CounterMetricFamily("hufu_clock_steps", "Times the machine's clock was set", value=figures.clock_steps)
    yield GaugeMetricFamily(
        "hufu_outbox_oldest_seconds", "Age of the oldest message that has not left", value=figures.oldest_unsent_seconds
    )
    yield GaugeMetricFamily(
        "hufu_worker_silent_seconds", "Since any worker last said that it lives", value=figures.worker_silent_seconds
    )
    yield GaugeMetricFamily(
        "hufu_audit_unappended_seconds",
        "Age of the oldest event that the audit's log has not taken",
        value=figures.oldest_unappended_seconds,
    )
    yield GaugeMetricFamily(
        "hufu_examinations_waiting", "Submissions nobody has begun to examine", value=figures.examinations_waiting
    )
    yield GaugeMetricFamily(
        "hufu_faces_enrolled_persons",
        "Persons with an enrolled face; 100,000 are to be filed with the authorities (R100)",
        value=figures.enrolled_persons,
    )


def _refused_faces(figures: Figures) -> Iterator[Metric]:
    """Each refusal has one person, so those of persons are all; no label ever names one."""
    refusals = GaugeMetricFamily(
        "hufu_face_refusals_a_day", "Refusals of faces within a day, by the counters of R91", labels=["counter"]
    )
    reached = GaugeMetricFamily(
        "hufu_face_refused_carriers",
        "Persons, sessions of the capture page and networks refused at least so often within a day",
        labels=["counted_on", "counter", "at_least"],
    )
    for each in figures.refused_faces:
        if each.counted_on == Carrier.PERSON:
            refusals.add_metric([each.counter], each.refusals)
        for least, carriers in each.reached.items():
            reached.add_metric([each.counted_on, each.counter, str(least)], carriers)
    yield from (refusals, reached)


def _judging(judged: Judged) -> Metric:
    """One for each calibration, whatever it covers; where there is none, that is said too."""
    labels = ["model", "fit", "calibration", "covers", "references"]
    loaded = GaugeMetricFamily("hufu_faces_judged_by", "What scores of faces rest on here", labels=labels)
    fit = "" if judged.fit is None else judged.fit.id
    for each in judged.calibrations:
        loaded.add_metric([judged.model, fit, each.id, each.usage.kind, str(each.usage.references)], 1)
    if not judged.calibrations:
        loaded.add_metric([judged.model, fit, UNCALIBRATED, "", ""], 1)
    return loaded


def _pools(pools: tuple[PoolFigures, ...]) -> Iterator[Metric]:
    processes = GaugeMetricFamily("hufu_vision_processes", "Processes alive", labels=["role"])
    running = GaugeMetricFamily("hufu_vision_running", "Tasks being worked on", labels=["role"])
    waiting = GaugeMetricFamily("hufu_vision_waiting", "Tasks waiting for a process", labels=["role"])
    tasks = CounterMetricFamily("hufu_vision_tasks", "Tasks by what became of them", labels=["role", "outcome"])
    replaced = CounterMetricFamily("hufu_vision_processes_replaced", "Processes lost and replaced", labels=["role"])
    working = CounterMetricFamily("hufu_vision_working_seconds", "Time spent on tasks that were done", labels=["role"])
    for pool in pools:
        processes.add_metric([pool.role], pool.alive)
        running.add_metric([pool.role], pool.running)
        waiting.add_metric([pool.role], pool.waiting)
        outcomes = {
            "answered": pool.done - pool.failed, "failed": pool.failed, "timed_out": pool.timed_out, "died": pool.died,
            "turned_away": pool.turned_away,
        }  # fmt: skip
        for outcome, count in outcomes.items():
            tasks.add_metric([pool.role, outcome], count)
        replaced.add_metric([pool.role], pool.replaced)
        working.add_metric([pool.role], pool.working_seconds)
    yield from (processes, running, waiting, tasks, replaced, working)
