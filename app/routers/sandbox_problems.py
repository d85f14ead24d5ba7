"""What does the sandbox refuse? Its rows of THE table in problems.py."""

from typing import Final

from app.core.refusal import Refusal
from app.routers.problem import Problem
from app.services import sandbox_time

SANDBOX_PROBLEMS: Final[dict[type[Refusal], Problem]] = {
    sandbox_time.ClockTooFar: Problem(
        422,
        "时钟不能走得更远",
        "The clock goes no further",
        "沙箱时钟最多可超前 {most_days} 天。",
        "The sandbox's clock may be at most {most_days} days ahead.",
    ),
}
