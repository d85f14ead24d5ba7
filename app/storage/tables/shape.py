"""What are columns made of? One spelling for each kind of value we keep."""

from sqlalchemy import Column, LargeBinary, MetaData, Text
from sqlalchemy.dialects.postgresql import ARRAY, TIMESTAMP

metadata = MetaData()
MOMENT = TIMESTAMP(timezone=True)


def moment(name: str, *, nullable: bool = False) -> Column[object]:
    """A point in time, UTC."""
    return Column(name, MOMENT, nullable=nullable)


def texts(name: str) -> Column[object]:
    """A list of words."""
    return Column(name, ARRAY(Text), nullable=False)


def sealed(name: str, *, nullable: bool = False) -> Column[object]:
    """Ciphertext or a keyed hash."""
    return Column(name, LargeBinary, nullable=nullable)


def word(name: str, *, nullable: bool = False, **more: object) -> Column[object]:
    """Short text."""
    return Column(name, Text, nullable=nullable, **more)  # type: ignore[arg-type]
