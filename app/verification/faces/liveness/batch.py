"""When was each frame of a batch filmed? As its device says, where that lies between the arrivals the server saw itself.

Over a socket a frame is as old as its way. In a batch it has waited, and only its device knows how long: believed without
a bound, whoever computes an answer to a prompt would say that it was filmed sooner.
"""

from collections.abc import Sequence
from typing import Final

from app.core.refusal import Refusal
from app.verification.faces.liveness.challenge import Challenge
from app.verification.thresholds import Thresholds

MOST_TOGETHER: Final = 8
"""Frames of one batch: a second of a camera's, at eight a second."""


class BatchOutOfOrder(Refusal, code="batch_out_of_order"):
    """Neither the next batch nor the last one again; nothing of it was taken. Facts: expected."""


def placed(times_ms: Sequence[int], challenge: Challenge, limits: Thresholds, *, arrived_ms: int) -> tuple[int, ...]:
    """When each came, had it been sent alone, by the server's clock: the last with its batch, the others before it.

    None before the batch that was taken last, nor longer ago than `limits` believe: what is claimed beyond that shows as
    clocks that disagree.
    """
    earliest = challenge.frames[-1].server_ms if challenge.frames else challenge.prompts[0].revealed_ms
    ages = [min(max(times_ms[-1] - each, 0), round(limits.liveness_batch_most_ms.value)) for each in times_ms]
    return tuple(min(arrived_ms, max(earliest, arrived_ms - age)) for age in ages)
