"""How is this service configured? One frozen object read from `HUFU_*`, checked before anything starts."""

from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from app.core.environment import Environment
from app.core.master import MasterKeyFrom
from app.core.secret import Secret
from app.core.wrapped_key import Family
from app.described import gaps
from app.production import refusals

SANDBOX_MARK = "sandbox"
"""Stands in the host's name of every sandbox's issuer, and of no production's."""


class Settings(BaseSettings):
    """Every setting, with its unit in its name. No secret has a default."""

    # A refused setting may be a password: the refusal names it and never shows it.
    model_config = SettingsConfigDict(env_prefix="HUFU_", frozen=True, extra="ignore", hide_input_in_errors=True)

    environment: Environment = Field(
        Environment.DEVELOPMENT,
        description="`development`, `sandbox` or `production`; production refuses every Null gateway but the authority's, which lets nobody in",
    )
    data: Path = Field(Path("data"), description="folder of the embedded PostgreSQL, development secrets and logs")
    host: str = Field("127.0.0.1", description="address the API listens on")
    port: Annotated[int, Field(ge=1, le=65535)] = Field(8000, description="port the API listens on")
    issuer: str = Field(
        "",
        description="public base URL, the `iss` of every token; a sandbox's host has `sandbox` in its name, production's has not; empty: `http://HOST:PORT`",
    )
    database_url: SecretStr | None = Field(
        None, description="PostgreSQL ≥ 15 as the application's role; empty: the embedded one of the data folder"
    )
    owner_database_url: SecretStr | None = Field(
        None, description="the same database as its owner, for migrations; empty: as above"
    )
    auditor_database_url: SecretStr | None = Field(
        None, description="the same database as the role that reads the audit and nothing else; empty: as above"
    )
    appender_database_url: SecretStr | None = Field(
        None,
        description="the same database as the role that appends to the audit's log, for workers alone; empty: as above",
    )
    audit_hashing: Literal["sha-256", "sm3"] = Field(
        "sha-256", description="what a new audit log is hashed with; a log keeps what it began with"
    )
    audit_witness_file: Path | None = Field(
        None,
        description="file outside the database that each audit head is written to; empty: `witness/heads.jsonl` of the data folder, refused in production",
    )
    audit_witness_url: str = Field("", description="`https` address that each audit head is posted to")
    audit_witness_hosts: str = Field("", description="hosts that address may name, separated by commas")
    audit_witness_secret_file: Path | None = Field(None, description="bearer token of that witness, mode 0600")
    audit_witness_ca_file: Path | None = Field(
        None, description="certificate authorities of that witness; empty: the system's"
    )
    database_connections: Annotated[int, Field(ge=2, le=200)] = Field(10, description="connections a process may hold")
    master_key_from: MasterKeyFrom = Field(
        MasterKeyFrom.FILE,
        description="who keeps the master key: `file`, refused in production; `kms`, a key service; `module`, the bank's own (PKCS #11, say)",
    )
    master_key_file: Path | None = Field(
        None, description="32 bytes in base64, mode 0600; empty: made in the data folder; refused in production"
    )
    master_key_module: str = Field("", description="`package.module:callable` that returns the bank's own master key")
    kms_url: str = Field("", description="https address of the key service, whose `/wrap` and `/unwrap` are asked")
    kms_hosts: str = Field("", description="hosts that address may name, separated by commas")
    kms_key: str = Field("hufu", description="what the key service calls the master key")
    kms_secret_file: Path | None = Field(None, description="the secret of the key service, mode 0600")
    kms_ca_file: Path | None = Field(
        None, description="certificate authorities of the key service; empty: the system's"
    )
    crypto_suite: Family = Field(
        Family.AES,
        description="what new keys are for: `aes` (AES-256-GCM, HMAC-SHA-256) or `sm` (SM4-GCM, HMAC-SM3); what either made stays readable",
    )
    policy: str = Field(
        "", description="decision policy, a file of `app/verification/policies`; empty: the environment's own"
    )
    policies_folder: Path | None = Field(
        None, description="the bank's own decision policies, one TOML file each, besides the built-in"
    )
    password_policy: str = Field("cn-bank", description="`cn-bank`, `pci` or `nist`")
    common_passwords_file: Path | None = Field(
        None, description="the bank's own refused passwords, one a line, besides the built-in"
    )
    argon2_memory_kib: Annotated[int, Field(ge=19456)] = Field(
        19456, description="argon2id memory; at least 19 MiB (A10)"
    )
    argon2_time_cost: Annotated[int, Field(ge=2)] = Field(2, description="argon2id passes; at least 2 at 19 MiB (A10)")
    old_password_hashes: str = Field(
        "",
        description="schemes of hashes brought from elsewhere or made before the cost was raised, each with its cost, read"
        " and rewritten at the next log-in: `bcrypt:12 scrypt:15 pbkdf2-sha256:600000 pbkdf2-sha512:210000"
        " argon2id:19456x2`; every log-in pays for each that is named",
    )
    argon2_threads: Annotated[int, Field(ge=1, le=64)] = Field(
        2, description="passwords hashed at once; each takes the memory above"
    )
    messages: Literal["null", "gateways"] = Field(
        "null",
        description="`null` sends nothing and shows messages at `/sandbox/messages`, refused in production; `gateways` sends",
    )
    message_sender: str = Field("虎符", description="who signs messages: the bank as people know it")
    sms_gateway_file: Path | None = Field(None, description="TOML that describes the HTTP gateway for text messages")
    sms_gateway_hosts: str = Field("", description="hosts that file may name, separated by commas")
    sms_gateway_secret_file: Path | None = Field(None, description="the secret of that gateway, mode 0600")
    sms_factor: Literal["allowed", "forbidden"] = Field(
        "allowed", description="whether a code by SMS may be the second proof of a log-in; TOTP always may"
    )
    sms_home_country: str = Field("86", description="country code in which any number may be sent to up to the maximum")
    sms_most_a_day: Annotated[int, Field(ge=1)] = Field(100_000, description="codes by SMS a day, at most")
    smtp_host: str = Field("", description="mail server, reached by STARTTLS with a verified certificate")
    smtp_port: Annotated[int, Field(ge=1, le=65535)] = Field(587, description="port of the mail server")
    smtp_user: str = Field("", description="name at the mail server; empty: no log-in there")
    smtp_password_file: Path | None = Field(None, description="password at the mail server, mode 0600")
    smtp_from: str = Field("", description="sender address of mail")
    smtp_ca_file: Path | None = Field(
        None, description="certificate authorities of the mail server; empty: the system's"
    )
    authority_url: str = Field(
        "", description="`https` address of the authority that is asked about numbers and names; empty: nobody is asked"
    )
    authority_hosts: str = Field("", description="hosts that address may name, separated by commas")
    authority_secret_file: Path | None = Field(None, description="bearer token at the authority, mode 0600")
    authority_certificate_file: Path | None = Field(
        None, description="our certificate at the authority and its key, one PEM file, mode 0600"
    )
    authority_ca_file: Path | None = Field(
        None, description="certificate authorities of the authority; empty: the system's"
    )
    authority_seconds: Annotated[float, Field(ge=0.5, le=30)] = Field(
        5.0, description="seconds the authority has for its whole answer; then people decide"
    )
    intake_processes: Annotated[int, Field(ge=1, le=32)] = Field(
        1, description="processes beside the API that decode pictures"
    )
    examiner_processes: Annotated[int, Field(ge=1, le=64)] = Field(
        1, description="processes beside a worker that read cards and faces"
    )
    reader_processes: Annotated[int, Field(ge=0, le=32)] = Field(
        1,
        description="processes beside the API that read documents, started when the first one comes; 0: none are read",
    )
    looker_processes: Annotated[int, Field(ge=0, le=32)] = Field(
        1,
        description="processes beside the API that look at faces, started when the first one comes; 0: none are looked at",
    )
    face_engine: Literal["onnx", "dlib"] = Field(
        "onnx",
        description="who finds and describes faces: dlib's weights on onnxruntime, or dlib itself, the reference",
    )
    face_crops: Annotated[int, Field(ge=1, le=8)] = Field(
        4, description="fixed pictures of each face whose descriptors are averaged; another number is another model"
    )
    face_models: str = Field(
        "",
        description="manifests of the bank's own models of faces, TOML, separated by commas; production needs their calibration",
    )
    face_fit: Path | None = Field(
        None, description="what `hufu faces fit` wrote of the bank's own population; refused unless the house signed it"
    )
    face_calibrations: str = Field(
        "", description="what `hufu evaluate faces` wrote, separated by commas; empty: scores are `uncalibrated`"
    )
    progress_streams: Annotated[int, Field(ge=1, le=10_000)] = Field(
        500, description="callers a process of the API lets follow a proofing's progress at once"
    )
    examinations_waiting: Annotated[int, Field(ge=1)] = Field(
        500,
        description="submissions that may wait for an examination; the next is told to come later and keeps its pictures",
    )
    quota_network: Annotated[int, Field(ge=1)] = Field(
        6_000,
        description="requests a minute from one address (IPv6: one /64), to each process; keys, discovery and health are not counted",
    )
    quota_exempt_networks: str = Field(
        "127.0.0.0/8,::1/128",
        description="networks not counted, separated by commas: the bank's own servers, whose clients have a quota of their own",
    )
    quota_client: Annotated[int, Field(ge=1)] = Field(
        300_000, description="requests a minute of one client that has proven itself, to each process"
    )
    quota_person: Annotated[int, Field(ge=1)] = Field(
        300, description="requests a minute of one applicant or subscriber, to each process"
    )
    proofing_hours: Annotated[int, Field(ge=1, le=720)] = Field(72, description="life of an unfinished proofing")
    forwarded_allow_ips: str = Field(
        "127.0.0.1",
        description="the proxies before the API that speak TLS, whose X-Forwarded-For is believed, by address; production needs it said",
    )
    log_level: str = Field("info", description="`debug`, `info`, `warning` or `error`")

    @model_validator(mode="after")
    def _production_is_earned(self) -> Self:
        """Refuse what must not stand between people and their money; each refusal names its setting."""
        if self.environment is not Environment.PRODUCTION:
            return self
        if found := list(refusals(self)):
            raise ValueError("production refuses to start:\n  " + "\n  ".join(found))
        return self

    @model_validator(mode="after")
    def _services_are_whole(self) -> Self:
        """Refuse a service outside that is half described, or stands where the settings do not allow (A126)."""
        if found := list(gaps(self)):
            raise ValueError("; ".join(found))
        return self

    @model_validator(mode="after")
    def _issuer_tells_the_sandbox(self) -> Self:
        """Tokens carry where they are from in their `iss`: a sandbox's never reads like production's, nor the other way."""
        named = SANDBOX_MARK in (urlsplit(self.issuer).hostname or "")
        if self.environment is Environment.PRODUCTION and named:
            raise ValueError(f"production refuses HUFU_ISSUER={self.issuer}: that names a sandbox")
        # Production's begins with https://, so no other can be taken for it.
        if self.environment is Environment.SANDBOX and self.issuer.startswith("https://") and not named:
            raise ValueError(f"a sandbox's HUFU_ISSUER has `{SANDBOX_MARK}` in its host's name")
        return self

    @property
    def base_url(self) -> str:
        """The issuer: what relying parties see in `iss`, without a trailing slash (RFC 8414 §2, A101)."""
        return (self.issuer or f"http://{self.host}:{self.port}").rstrip("/")

    @property
    def policy_name(self) -> str:
        """The decision policy in force."""
        return self.policy or f"{self.environment.value}-1"

    @property
    def secrets_folder(self) -> Path:
        """Where `hufu up` keeps what it made for development, mode 0700."""
        return self.data / "secrets"

    @property
    def refused_passwords(self) -> Path:
        """The bank's own list, as `hufu passwords load` left it."""
        return self.data / "passwords" / "refused.txt"

    def application_url(self) -> str:
        """Conninfo of the application's role: as set, else what `hufu up` left in the data folder."""
        return self._url(self.database_url, self.secrets_folder / "app.url", "HUFU_DATABASE_URL")

    def owner_url(self) -> str:
        """Conninfo of the owner's role."""
        return self._url(self.owner_database_url, self.secrets_folder / "owner.url", "HUFU_OWNER_DATABASE_URL")

    def auditor_url(self) -> Secret[str] | None:
        """Conninfo of the role that reads the audit; None: nobody reads it here."""
        left = self.secrets_folder / "auditor.url"
        try:
            return Secret(self._url(self.auditor_database_url, left, "HUFU_AUDITOR_DATABASE_URL"))
        except RuntimeError:
            return None

    def appender_url(self) -> str:
        """Conninfo of the role that appends to the audit's log."""
        return self._url(self.appender_database_url, self.secrets_folder / "appender.url", "HUFU_APPENDER_DATABASE_URL")

    @property
    def witness_file(self) -> Path | None:
        """The file that witnesses the audit's heads; None where only another house does."""
        if self.audit_witness_file is None and self.audit_witness_url:
            return None
        return self.audit_witness_file or self.data / "witness" / "heads.jsonl"

    @property
    def witnessed_elsewhere(self) -> bool:
        """Whether a witness lies outside what whoever owns this machine's data folder owns."""
        file = self.audit_witness_file
        outside = file is not None and not file.absolute().is_relative_to(self.data.absolute())
        return outside or bool(self.audit_witness_url)

    @property
    def master_key(self) -> Path:
        """The file of the master key."""
        return self.master_key_file or self.secrets_folder / "master.key"

    def _url(self, given: SecretStr | None, left: Path, name: str) -> str:
        if given is not None:
            return given.get_secret_value()
        if self.environment is Environment.PRODUCTION:
            raise RuntimeError(f"no database: set {name}; what `hufu up` left is not for production")
        if left.is_file():
            return left.read_text(encoding="utf-8").strip()
        raise RuntimeError(f"no database: set {name}, or start one with `hufu up`")
