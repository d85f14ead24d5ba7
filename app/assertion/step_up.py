"""Is this log-in strong and fresh enough for what is asked? RFC 9470 §3 (A98)."""

from datetime import datetime, timedelta

from app.assertion.claims import AccessToken
from app.core.acr import Acr
from app.core.refusal import Refusal


class InsufficientAuthentication(Refusal, code="insufficient_user_authentication"):
    """The log-in behind the token is too weak or too old. Facts: acr_values, max_age (seconds), for the challenge."""


def demand(token: AccessToken, *, acr: Acr, max_age: timedelta, now: datetime) -> None:
    """Whether a person stands behind the token, authenticated at `acr` or above and within `max_age`.

    Raises InsufficientAuthentication with what a new log-in must bring. A client's own token never satisfies it.
    """
    log_in = token.authentication
    order = [*Acr]
    if log_in is None or order.index(log_in.acr) < order.index(acr) or now - log_in.auth_time > max_age:
        raise InsufficientAuthentication(acr_values=acr.value, max_age=int(max_age.total_seconds()))
