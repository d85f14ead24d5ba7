"""May this stand between people and their money? What production refuses to start with, each by its setting, and why."""

import ipaddress
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from app.core.master import MasterKeyFrom

if TYPE_CHECKING:
    from pydantic import SecretStr

    from app.settings import Settings

SHORTEST_SECRET = 16
"""Characters: 128 bits of base64 are 22, what a provider hands out begins at 16 (A119)."""
DEVELOPMENT_WORDS = ("changeme", "change-me", "default", "example", "hufu", "password", "secret", "test")
"""What a secret is called where nobody has made one."""
VERIFIED = "verify-full"


def refusals(settings: "Settings") -> Iterator[str]:
    """Every reason why not, as `SETTING: why`."""
    yield from _databases(settings)
    yield from _master_key(settings)
    yield from _messages(settings)
    yield from _network(settings)
    yield from _witnesses(settings)
    if settings.authority_url and settings.authority_secret_file is not None:
        yield from _secret(settings, "HUFU_AUTHORITY_SECRET_FILE", settings.authority_secret_file)


def _witnesses(settings: "Settings") -> Iterator[str]:
    if not settings.witnessed_elsewhere:
        yield "HUFU_AUDIT_WITNESS_FILE or HUFU_AUDIT_WITNESS_URL: no witness outside the data folder; who owns the database could write the past anew (A121)"
    if settings.audit_witness_url:
        yield from _secret(settings, "HUFU_AUDIT_WITNESS_SECRET_FILE", settings.audit_witness_secret_file)


def _databases(settings: "Settings") -> Iterator[str]:
    if settings.database_url is None:
        yield "HUFU_DATABASE_URL: not set, and the embedded PostgreSQL is for one desk: no replica, no verified connection"
    given = {
        "HUFU_DATABASE_URL": settings.database_url,
        "HUFU_OWNER_DATABASE_URL": settings.owner_database_url,
        "HUFU_AUDITOR_DATABASE_URL": settings.auditor_database_url,
        "HUFU_APPENDER_DATABASE_URL": settings.appender_database_url,
    }
    for name, url in given.items():
        if url is not None:
            yield from (f"{name}: {why}" for why in _connection(url))


def _connection(url: "SecretStr") -> Iterator[str]:
    from psycopg import ProgrammingError  # noqa: PLC0415  the driver is not needed to read any other setting
    from psycopg.conninfo import conninfo_to_dict  # noqa: PLC0415

    try:
        told = conninfo_to_dict(url.get_secret_value())
    except ProgrammingError:
        yield "not a connection string"
        return
    hosts = str(told.get("host", "")).split(",")
    if any(not host or host.startswith(("/", "@")) for host in hosts):
        yield "names no host: the embedded PostgreSQL, or a socket of this machine, which nothing verifies"
    if told.get("sslmode") != VERIFIED:
        yield f"needs sslmode={VERIFIED}: anything less talks to whoever answers"
    password = told.get("password")
    if password is not None and (why := _weak(str(password))):
        yield f"its password {why}"


def _master_key(settings: "Settings") -> Iterator[str]:
    if settings.master_key_from is MasterKeyFrom.FILE:
        yield "HUFU_MASTER_KEY_FROM: `file` is for development and sandbox; a key service or a module keeps it from whoever reads the disk (A116)"
    if settings.master_key_file is not None:
        yield "HUFU_MASTER_KEY_FILE: a master key in a file can be copied with it (A116)"
    if settings.master_key_from is MasterKeyFrom.KMS:
        yield from _secret(settings, "HUFU_KMS_SECRET_FILE", settings.kms_secret_file)


def _messages(settings: "Settings") -> Iterator[str]:
    if settings.messages == "null":
        yield "HUFU_MESSAGES: `null` sends nothing: nobody would get a code or a notice"
        return
    yield from _secret(settings, "HUFU_SMS_GATEWAY_SECRET_FILE", settings.sms_gateway_secret_file)
    if settings.smtp_user or settings.smtp_password_file is not None:
        yield from _secret(settings, "HUFU_SMTP_PASSWORD_FILE", settings.smtp_password_file)


def _network(settings: "Settings") -> Iterator[str]:
    if not settings.issuer.startswith("https://"):
        yield "HUFU_ISSUER: not an https address; tokens would name an issuer that nothing vouches for"
    if "forwarded_allow_ips" not in settings.model_fields_set:
        yield "HUFU_FORWARDED_ALLOW_IPS: not set; the API speaks plain HTTP, so name the proxy before it that speaks TLS"
        return
    for proxy in settings.forwarded_allow_ips.split(","):
        if not _is_network(proxy.strip()):
            yield f"HUFU_FORWARDED_ALLOW_IPS: {proxy.strip() or 'nothing'} is not the address of a proxy; anybody could say where they come from"


def _is_network(text: str) -> bool:
    try:
        return ipaddress.ip_network(text).prefixlen > 0
    except ValueError:
        return False


def _secret(settings: "Settings", name: str, file: Path | None) -> Iterator[str]:
    if file is None:
        yield f"{name}: not set"
        return
    if file.absolute().is_relative_to(settings.secrets_folder.absolute()):
        yield f"{name}: lies among the development secrets of the data folder"
    try:
        text = file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as unread:
        yield f"{name}: cannot be read ({type(unread).__name__})"
        return
    if file.stat().st_mode & 0o077:
        yield f"{name}: can be read by others than its owner"
    if why := _weak(text):
        yield f"{name}: {why}"


def _weak(secret: str) -> str | None:
    """Why nobody may rest on this secret; never shows it."""
    if len(secret) < SHORTEST_SECRET:
        return f"is shorter than {SHORTEST_SECRET} characters"
    if len(set(secret)) < SHORTEST_SECRET // 2:
        return "repeats itself"
    if any(word in secret.lower() for word in DEVELOPMENT_WORDS):
        return "holds a word that stands for a secret nobody has made"
    return None


def is_https(url: str, hosts: frozenset[str]) -> bool:
    """Whether this is an https address at one of these hosts, without anything that could lead elsewhere."""
    parts = urlsplit(url)
    return parts.scheme == "https" and parts.hostname in hosts and not (parts.query or parts.fragment or parts.username)
