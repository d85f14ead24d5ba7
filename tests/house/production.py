"""A production that is all there: what each refusal takes one thing away from."""

from pathlib import Path
from typing import Any

from pydantic import SecretStr

from app.core.environment import Environment
from app.core.master import MasterKeyFrom

STRONG = "q9Vx3mTz7Lw2Rk8Ns4Yb"
CONNECTION = f"postgresql://hufu_app:{STRONG}@db.bank.example/hufu?sslmode=verify-full"


def secret_file(folder: Path, name: str, text: str = STRONG) -> Path:
    """A secret as it lies on a server."""
    path = folder / name
    path.write_text(text)
    path.chmod(0o600)
    return path


def whole(folder: Path) -> dict[str, Any]:
    """Settings that production starts with."""
    return {
        "environment": Environment.PRODUCTION,
        "data": folder / "data",
        "database_url": SecretStr(CONNECTION),
        "owner_database_url": SecretStr(CONNECTION),
        "auditor_database_url": SecretStr(CONNECTION),
        "appender_database_url": SecretStr(CONNECTION),
        "audit_witness_url": "https://witness.regulator.example/heads",
        "audit_witness_hosts": "witness.regulator.example",
        "audit_witness_secret_file": secret_file(folder, "witness"),
        "authority_url": "https://authority.example/check",
        "authority_hosts": "authority.example",
        "authority_secret_file": secret_file(folder, "authority"),
        "master_key_from": MasterKeyFrom.KMS,
        "kms_url": "https://kms.bank.example/v1",
        "kms_hosts": "kms.bank.example",
        "kms_secret_file": secret_file(folder, "kms"),
        "issuer": "https://id.bank.example",
        "messages": "gateways",
        "sms_gateway_file": Path("/etc/hufu/sms.toml"),
        "sms_gateway_hosts": "sms.bank.example",
        "sms_gateway_secret_file": secret_file(folder, "sms"),
        "smtp_host": "mail.bank.example",
        "smtp_from": "bank@bank.example",
        "smtp_user": "hufu",
        "smtp_password_file": secret_file(folder, "smtp"),
        "forwarded_allow_ips": "10.0.0.7, 10.1.0.0/16",
    }
