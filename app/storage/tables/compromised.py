"""Which numbers does the bank know to be misused? Their keyed hashes: the numbers themselves rest nowhere (R23)."""

from sqlalchemy import Column, LargeBinary, Table

from app.storage.tables.shape import metadata, moment, word

compromised_numbers = Table(
    "compromised_numbers",
    metadata,
    # Once, whoever races.
    Column("number_index", LargeBinary, primary_key=True),
    moment("listed_at"),
    word("listed_by"),
)
