"""What does the server say of itself? RFC 8414 §2, as OpenID Connect Discovery 1.0 §4 serves it."""

from app.assertion.client import ORIGIN, Grant


def check_issuer(issuer: str) -> None:
    """Whether this can be our name: a web origin and nothing behind it (A101); raises ValueError."""
    if not ORIGIN.fullmatch(issuer):
        raise ValueError(
            "the issuer (HUFU_ISSUER) must be an https origin without path, query or fragment (RFC 8414 §2)"
        )


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
