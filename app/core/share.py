"""May this task have all there is of something bounded, or only what log-ins and tokens can spare?"""

from contextvars import ContextVar
from enum import StrEnum
from typing import Final


class Share(StrEnum):
    """Who yields to whom when there is not enough."""

    FULL = "full"
    LESSER = "lesser"
    """Of what can wait a minute: pictures, submissions, those who follow them."""


SHARE: Final[ContextVar[Share]] = ContextVar("hufu_share", default=Share.FULL)
"""Set at the door for everything that one request does."""
