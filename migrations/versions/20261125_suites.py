"""Digests name their algorithm; a reviewer's own number rests sealed beside its digest, so that it can be hashed anew."""

import sqlalchemy as sa
from alembic import op

revision = "20261125_suites"
down_revision = "20261125_unsent"

HMAC_SHA_256 = r"'\x03'::bytea"
"""The one suite there was; the key's version follows it."""
DIGESTS = {
    "aliases": ("address_index",),
    "authorization_codes": ("code_index",),
    "clients": ("secret_index",),
    "contacts": ("address_index", "digest"),
    "guesses": ("value_index",),
    "idempotency_keys": ("key_index", "fingerprint"),
    "images": ("sha256_index",),
    "logins": ("identifier_hash",),
    "proofings": ("applicant_token_index", "number_index"),
    "reviewers": ("number_index",),
    "sendings": ("value_index",),
    "sms_codes": ("digest",),
    "staff": ("enrolment_index",),
    "staff_sessions": ("token_index",),
    "staff_sign_ins": ("name_index",),
    "subscribers": ("number_index",),
    "votes": ("identity_index",),
}
BEFORE, AFTER = 33, 34
"""Octets: a version and 32 of HMAC; a suite, a version and 32 of HMAC."""


def upgrade() -> None:
    # An answer is sealed for its row, whose name changes: it is not told again, and its request is not done again either.
    op.execute("UPDATE idempotency_keys SET sealed_answer = NULL WHERE sealed_answer IS NOT NULL")
    for table, columns in DIGESTS.items():
        for column in columns:
            op.execute(
                f"UPDATE {table} SET {column} = {HMAC_SHA_256} || {column} WHERE octet_length({column}) = {BEFORE}"
            )
    op.add_column("reviewers", sa.Column("sealed_number", sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    op.drop_column("reviewers", "sealed_number")
    op.execute("UPDATE idempotency_keys SET sealed_answer = NULL WHERE sealed_answer IS NOT NULL")
    for table, columns in DIGESTS.items():
        for column in columns:
            op.execute(
                f"UPDATE {table} SET {column} = substring({column} from 2) "
                f"WHERE octet_length({column}) = {AFTER} AND substring({column} from 1 for 1) = {HMAC_SHA_256}"
            )
