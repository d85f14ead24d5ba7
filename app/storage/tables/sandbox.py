"""What does the sandbox alone keep? How far its clock is ahead; in other environments nobody reads it."""

from sqlalchemy import BigInteger, CheckConstraint, Column, SmallInteger, Table

from app.storage.tables.shape import metadata

sandbox_clock = Table(
    "sandbox_clock",
    metadata,
    Column(
        "id",
        SmallInteger,
        CheckConstraint("id = 1", name="sandbox_clock_is_one"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("ahead_seconds", BigInteger, nullable=False),
)
