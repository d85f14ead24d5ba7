"""Which refusals are of the interface itself, before any service was asked?"""

from app.core.refusal import Refusal


class Malformed(Refusal, code="malformed"):
    """The request is not of the form the interface describes. Facts: where, what."""


class NoSuchRoute(Refusal, code="no_such_route"):
    """Nothing is at this address."""


class MethodNotAllowed(Refusal, code="method_not_allowed"):
    """The address is there, the method is not."""


class BodyTooLarge(Refusal, code="body_too_large"):
    """The body is larger than this address takes."""


class BodyTooSlow(Refusal, code="body_too_slow"):
    """The body did not come within its time."""


class InternalError(Refusal, code="internal_error"):
    """A mistake of ours."""
