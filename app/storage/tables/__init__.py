"""What do the rows look like? Shapes and constraints; the migrations make them, the stores' statements use them.

Columns named `sealed…` hold ciphertext only; columns named `…_index` hold keyed hashes of what they find.
"""

from app.storage.tables.audit import audit_heads, audit_leaves, audit_witnessed
from app.storage.tables.capture import captures
from app.storage.tables.compromised import compromised_numbers
from app.storage.tables.face import (
    face_compared,
    face_comparisons,
    face_counts,
    face_descriptors,
    face_listings,
    face_references,
)
from app.storage.tables.house import audit_events, keys, messages
from app.storage.tables.liveness import liveness_challenges
from app.storage.tables.manners import idempotency_keys, proofing_events
from app.storage.tables.proofing import consents, contacts, images, persons, proofings
from app.storage.tables.review import reviewers, reviews, votes
from app.storage.tables.sandbox import sandbox_clock
from app.storage.tables.shape import metadata
from app.storage.tables.sms import sendings, sms_codes
from app.storage.tables.staff import chosen_policies, staff, staff_proposals, staff_sessions, staff_sign_ins
from app.storage.tables.subscriber import account_numbers, aliases, authenticators, subscribers
from app.storage.tables.token import (
    authorization_codes,
    clients,
    guesses,
    known_devices,
    logins,
    revoked_tokens,
    sessions,
)

__all__ = [
    "account_numbers",
    "aliases",
    "audit_events",
    "audit_heads",
    "audit_leaves",
    "audit_witnessed",
    "authenticators",
    "authorization_codes",
    "captures",
    "chosen_policies",
    "clients",
    "compromised_numbers",
    "consents",
    "contacts",
    "face_compared",
    "face_comparisons",
    "face_counts",
    "face_descriptors",
    "face_listings",
    "face_references",
    "guesses",
    "idempotency_keys",
    "images",
    "keys",
    "known_devices",
    "liveness_challenges",
    "logins",
    "messages",
    "metadata",
    "persons",
    "proofing_events",
    "proofings",
    "reviewers",
    "reviews",
    "revoked_tokens",
    "sandbox_clock",
    "sendings",
    "sessions",
    "sms_codes",
    "staff",
    "staff_proposals",
    "staff_sessions",
    "staff_sign_ins",
    "subscribers",
    "votes",
]
