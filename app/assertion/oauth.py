"""How do we say no in OAuth's words? The errors of RFC 6749 §5.2 and RFC 8707 §2, each a refusal of its own.

They share one wire form, `{"error": code}`, which is not the problem document of the rest of the house.
"""

from app.core.refusal import Refusal


class OAuthRefusal(Refusal):
    """A no whose `code` is the `error` of RFC 6749 §5.2. Facts: `parameter`, where naming one helps a developer."""


class InvalidRequest(OAuthRefusal, code="invalid_request"):
    """A parameter is missing, repeated or malformed."""


class InvalidClient(OAuthRefusal, code="invalid_client"):
    """Unknown client, wrong secret or no authentication: one answer for all."""


class InvalidGrant(OAuthRefusal, code="invalid_grant"):
    """The code or refresh token is unknown, spent, expired, revoked or another client's: one answer for all."""


class UnauthorizedClient(OAuthRefusal, code="unauthorized_client"):
    """The client is known but not registered for this grant (A105)."""


class UnsupportedGrantType(OAuthRefusal, code="unsupported_grant_type"):
    """A grant we do not have; implicit and password never exist here (A77)."""


class InvalidScope(OAuthRefusal, code="invalid_scope"):
    """A scope is malformed, unknown, or more than the client or the first grant holds."""


class InvalidTarget(OAuthRefusal, code="invalid_target"):
    """The resource is not one this client may ask a token for, RFC 8707 §2."""
