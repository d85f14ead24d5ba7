"""Who looks at the frames of a performance, and did they come to it in time? Where not, it is not held against whom they show."""

from collections.abc import Sequence
from typing import Final

from app.core.clock import Clock
from app.core.refusal import Unavailable
from app.gateways.vision import Vision, VisionFailed
from app.services.performance import Performance, Sent
from app.verification.faces.liveness.batch import placed
from app.verification.faces.liveness.frame import Frame
from app.verification.faces.liveness.still import may_be_chosen

RETRY_AFTER_SECONDS: Final = 5


class Watching:
    """Looks through the vision pool."""

    def __init__(self, vision: Vision, clock: Clock) -> None:
        self._vision = vision
        self._clock = clock

    async def ready(self) -> None:
        """Before anything is drawn or revealed: the first who performs would wait for the models in the middle of it."""
        try:
            await self._vision.ready_for_film()
        except VisionFailed as failed:
            raise Unavailable(retry_after_seconds=RETRY_AFTER_SECONDS) from failed

    async def look(self, performance: Performance, batch: Sequence[Sent]) -> tuple[Frame, ...]:
        """The frames that came together, one after the other; raises the refusals of `verification.picture`, Unavailable."""
        before = performance.challenge
        arrived_ms = round(self._clock.now().timestamp() * 1000)
        times_ms = placed([each.client_ms for each in batch], before, performance.limits, arrived_ms=arrived_ms)
        looked: list[Frame] = []
        for sent, server_ms in zip(batch, times_ms, strict=True):
            wanted = before.wants_descriptor(server_ms, performance.limits, looked)
            looked.append(await self._looked_at(performance, sent, server_ms, wants_descriptor=wanted))
        return tuple(looked)

    async def _looked_at(
        self, performance: Performance, sent: Sent, server_ms: int, *, wants_descriptor: bool
    ) -> Frame:
        begun = self._clock.now()
        try:
            view = await self._vision.read_frame(sent.jpeg, near=performance.near, wants_descriptor=wants_descriptor)
        except (VisionFailed, Unavailable) as failed:
            performance.spoilt = True
            raise Unavailable(retry_after_seconds=RETRY_AFTER_SECONDS) from failed
        if (self._clock.now() - begun).total_seconds() * 1000 > performance.limits.liveness_gap_most_ms.value:
            performance.spoilt = True
        performance.near = None if view.face is None else view.face.box
        if view.face is not None and view.face.descriptor is not None and may_be_chosen(performance.challenge):
            performance.described[sent.sequence] = sent.jpeg
        return Frame(sent.sequence, sent.client_ms, server_ms, view)
