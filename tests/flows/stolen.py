"""What does a thief of the whole database hold? Every row of every table, as text and as octets, and what can be made of them."""

import base64
import hashlib
import hmac
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import httpx
import psycopg
from psycopg.sql import SQL, Identifier

TABLES = "SELECT schemaname, tablename FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1, 2"
COLUMNS = """SELECT table_schema, table_name, column_name FROM information_schema.columns
             WHERE data_type = 'bytea' AND table_schema NOT IN ('pg_catalog', 'information_schema')"""
MARKS: Final[Mapping[str, bytes]] = {
    "JPEG": rb"\xff\xd8\xff[\xe0\xe1\xdb]..(JFIF|Exif)", "JFIF": rb"JFIF\0", "Exif": rb"Exif\0\0", "PNG": rb"\x89PNG\r\n\x1a\n",
    "WebP": rb"WEBPVP8", "HEIC": rb"ftyp(heic|heix|mif1)", "argon2": rb"\$argon2", "bcrypt": rb"\$2[aby]\$\d\d\$", "PBKDF2": rb"\$pbkdf2",
    "scrypt": rb"\$scrypt", "seed": rb"otpauth", "JWT": rb"eyJ[\w-]{8,}\.eyJ[\w-]{8,}\.", "applicant token": rb"hat_[\w-]{20}",
    "private key": rb"PRIVATE KEY|\x2a\x86\x48\xce\x3d\x03\x01\x07",
}  # fmt: skip
"""How what must be sealed would show."""
TELLING_OCTETS = 6
"""Fewer stand by chance in some megabytes of ciphertext."""
HASHES: Final = ("md5", "sha1", "sha256", "sha384", "sha512", "sha3_256", "blake2b", "blake2s")


@dataclass(frozen=True)
class Stolen:
    """A dump, in both of PostgreSQL's forms; octets stand as they are in the one and in hexadecimal in the other."""

    tables: tuple[str, ...]
    binary: bytes
    text: bytes
    octets: tuple[bytes, ...]
    """Every value of every column of octets."""

    def marks(self) -> list[str]:
        """What kinds of sealed things show."""
        return [
            name
            for name, mark in MARKS.items()
            if re.search(mark, self.binary, re.DOTALL) or re.search(mark, self.text)
        ]

    def holds(self, values: Iterable[str]) -> list[str]:
        """Which values stand in it, in whatever spelling."""
        return [value for value in values if any(self._has(spelling) for spelling in spellings(value))]

    def confirms(self, values: Iterable[str]) -> list[str]:
        """Which values could be confirmed by whoever guesses them: their hash without a key stands in it."""
        return [value for value in values if any(self._has(digest) for digest in digests(value))]

    def _has(self, octets: bytes) -> bool:
        if re.fullmatch(rb"\d{1,8}", octets):
            # A short number is one only where no figure or letter goes on before or behind it: in megabytes of hexadecimal
            # any six figures stand somewhere. Written into a column of octets it would show as theirs.
            alone = re.compile(rb"(?<![0-9A-Za-z.])" + octets + rb"(?![0-9A-Za-z])")
            return bool(alone.search(self.text)) or octets.hex().encode() in self.text
        return octets in self.binary or octets in self.text or octets.hex().encode() in self.text


def stolen_from(owner_url: str) -> Stolen:
    """Every table of every schema that is not PostgreSQL's own: procrastinate's and Alembic's too."""
    with psycopg.connect(owner_url, autocommit=True) as connection, connection.cursor() as cursor:
        tables = cursor.execute(TABLES).fetchall()
        copies = {}
        for form in ("binary", "text"):
            parts = []
            for schema, table in tables:
                statement = SQL("COPY {}.{} TO STDOUT (FORMAT {})").format(
                    Identifier(schema), Identifier(table), SQL(form)
                )
                with cursor.copy(statement) as copy:
                    parts += [f"\n{table}\n".encode(), *map(bytes, copy)]
            copies[form] = b"".join(parts)
        octets: list[bytes] = []
        for schema, table, column in cursor.execute(COLUMNS.encode()).fetchall():
            wanted = SQL("SELECT {} FROM {}.{}").format(Identifier(column), Identifier(schema), Identifier(table))
            octets += [row[0] for row in cursor.execute(wanted).fetchall() if row[0] is not None]
    return Stolen(tuple(name for _, name in tables), copies["binary"], copies["text"], tuple(octets))


def spellings(value: str) -> Iterator[bytes]:
    """As text in several encodings, and in base64 wherever in a longer text it begins."""
    yield value.encode()
    if value.isascii() and len(value) <= 8:
        return
    encoded = [value.encode(encoding) for encoding in ("utf-16-le", "utf-16-be", "gb18030", "unicode_escape")]
    packed = [base64.b64encode(bytes(before) + value.encode())[before + (before > 0) : -4] for before in range(3)]
    yield from (each for each in encoded + packed if len(each) >= TELLING_OCTETS)


def digests(value: str) -> Iterator[bytes]:
    """Without a key, or with one that is none; and of a value's usual spellings."""
    for spelling in {value, value.upper(), value.removeprefix("+86"), value.lstrip("+")}:
        octets = spelling.encode()
        yield from (hashlib.new(name, octets).digest() for name in HASHES)
        yield from (hmac.digest(key, octets, "sha256") for key in (b"", bytes(32)))


def doors_opened(
    url: str, public: str, confidential: str, octets: Iterable[bytes]
) -> tuple[int, list[tuple[str, str]]]:
    """How often was knocked, and where somebody was let in who showed what is stored instead of what it was made of (A116)."""
    knocked, opened = 0, []
    with httpx.Client(base_url=url, trust_env=False, timeout=60) as http:
        for each in octets:
            for shown in (each.hex(), base64.urlsafe_b64encode(each).rstrip(b"=").decode()):
                for door, answer in _knock(http, public, confidential, shown):
                    knocked += 1
                    if answer.is_success:
                        opened.append((door, shown))
    return knocked, opened


def _knock(http: httpx.Client, public: str, confidential: str, shown: str) -> Iterator[tuple[str, httpx.Response]]:
    for address in ("/v1/me", "/v1/staff/me", "/v1/reviews"):
        yield address, http.get(address, headers={"authorization": f"Bearer {shown}"})
    yield "applicant", http.get("/v1/proofings/prf_none", headers={"authorization": f"Bearer hat_{shown}"})
    client = {"grant_type": "client_credentials"}
    refresh = {"grant_type": "refresh_token", "refresh_token": shown, "client_id": public}
    code = {"grant_type": "authorization_code", "code": shown, "code_verifier": "a" * 43, "client_id": public}
    yield "client", http.post("/oauth2/token", data=client, auth=(confidential, shown))
    yield "refresh", http.post("/oauth2/token", data=refresh)
    yield "code", http.post("/oauth2/token", data=code)
    body = {"enrolment_code": shown, "password": "Kranich-Lotus-47"}
    yield "enrolment", http.post("/v1/staff/enrolment", json=body)
