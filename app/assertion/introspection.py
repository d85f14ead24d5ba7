"""What do we tell a resource about a token it shows us, and who may revoke one? RFC 7662 §2.2, RFC 7009 §2.1."""

from app.assertion.claims import AccessToken, claims_of
from app.core.ids import ClientId


def answer(token: AccessToken | None) -> dict[str, object]:
    """The introspection answer. None stands for expired, revoked, unknown, or another audience's: one answer (A99)."""
    if token is None:
        return {"active": False}
    return {"active": True, "token_type": "Bearer"} | claims_of(token)


def revocable(token: AccessToken, *, by: ClientId) -> bool:
    """Whether this client may revoke it: only the one it was issued to (A100)."""
    return token.client_id == by
