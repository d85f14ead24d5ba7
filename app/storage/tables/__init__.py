"""What do the rows look like? Shapes and constraints; the migrations make them, the stores' statements use them.

Columns named `sealed…` hold ciphertext only; columns named `…_index` hold keyed hashes of what they find.
"""

from app.storage.tables.house import audit_events, keys, messages
from app.storage.tables.proofing import consents, contacts, images, persons, proofings
from app.storage.tables.shape import metadata
from app.storage.tables.subscriber import aliases, authenticators, subscribers
from app.storage.tables.token import authorization_codes, clients, guesses, logins, revoked_tokens, sessions

__all__ = [
    "aliases",
    "audit_events",
    "authenticators",
    "authorization_codes",
    "clients",
    "consents",
    "contacts",
    "guesses",
    "images",
    "keys",
    "logins",
    "messages",
    "metadata",
    "persons",
    "proofings",
    "revoked_tokens",
    "sessions",
    "subscribers",
]
