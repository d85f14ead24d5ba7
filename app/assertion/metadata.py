"""What does the server say of itself? RFC 8414 §2, as OpenID Connect Discovery 1.0 §4 serves it."""

from urllib.parse import urlsplit

from app.assertion.client import Grant

_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


def check_issuer(issuer: str) -> None:
    """Whether this can be our name: an https origin and nothing behind it (A101); raises ValueError.

    Plain http is for a loopback address alone, where nobody stands in between.
    """
    parts = urlsplit(issuer)
    secure = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)
    if not secure or not parts.hostname or issuer != f"{parts.scheme}://{parts.netloc}" or "@" in parts.netloc:
        raise ValueError("the issuer must be an https origin without path, query or fragment (RFC 8414 §2)")


def document(issuer: str) -> dict[str, object]:
    """The metadata: only what is true today. RFC 8414 §2.

    There is no authorization endpoint yet: codes come from the first-party log-in.
    """
    return {
        "issuer": issuer,
        "token_endpoint": f"{issuer}/oauth2/token",
        "jwks_uri": f"{issuer}/oauth2/jwks",
        "introspection_endpoint": f"{issuer}/oauth2/introspect",
        "revocation_endpoint": f"{issuer}/oauth2/revoke",
        "grant_types_supported": [grant.value for grant in Grant],
        "response_types_supported": ["code"],
        "code_challenge_methods_supported": ["S256"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post", "none"],
        "introspection_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
        "revocation_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post", "none"],
        "subject_types_supported": ["public"],
    }
