"""Does production refuse to start with what must not stand between people and their money, and say which and why?"""

from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr, ValidationError

from app.core.environment import Environment
from app.core.master import MasterKeyFrom
from app.settings import Settings
from tests.house.production import CONNECTION, STRONG, secret_file, whole

ELSEWHERE = [Environment.DEVELOPMENT, Environment.SANDBOX]
DATABASES = ["database_url", "owner_database_url", "auditor_database_url", "appender_database_url"]


def refused(settings: dict[str, Any]) -> str:
    """What it says."""
    with pytest.raises(ValidationError) as error:
        Settings(**settings)
    return str(error.value)


def test_a_whole_production_configuration_is_accepted(tmp_path: Path) -> None:
    assert Settings(**whole(tmp_path)).environment is Environment.PRODUCTION


@pytest.mark.parametrize(
    ("lacking", "name", "why"),
    [
        ({"database_url": None}, "HUFU_DATABASE_URL", "embedded"),
        ({"issuer": ""}, "HUFU_ISSUER", "https"),
        ({"issuer": "http://id.bank.example"}, "HUFU_ISSUER", "https"),
        ({"messages": "null"}, "HUFU_MESSAGES", "sends nothing"),
        ({"master_key_from": MasterKeyFrom.FILE}, "HUFU_MASTER_KEY_FROM", "development and sandbox"),
        ({"master_key_file": Path("/run/secrets/master.key")}, "HUFU_MASTER_KEY_FILE", "copied"),
        ({"sms_gateway_secret_file": None}, "HUFU_SMS_GATEWAY_SECRET_FILE", "not set"),
        ({"smtp_password_file": None}, "HUFU_SMTP_PASSWORD_FILE", "not set"),
        ({"audit_witness_url": ""}, "HUFU_AUDIT_WITNESS_FILE or HUFU_AUDIT_WITNESS_URL", "write the past anew"),
        ({"audit_witness_secret_file": None}, "HUFU_AUDIT_WITNESS_SECRET_FILE", "not set"),
        ({"forwarded_allow_ips": "*"}, "HUFU_FORWARDED_ALLOW_IPS", "anybody"),
        ({"forwarded_allow_ips": ""}, "HUFU_FORWARDED_ALLOW_IPS", "anybody"),
        ({"forwarded_allow_ips": "0.0.0.0/0"}, "HUFU_FORWARDED_ALLOW_IPS", "anybody"),
    ],
)
def test_production_refuses_to_start_without_it_and_says_why(
    tmp_path: Path, lacking: dict[str, Any], name: str, why: str
) -> None:
    (line,) = [line for line in refused(whole(tmp_path) | lacking).splitlines() if f"{name}:" in line]
    assert why in line


@pytest.mark.parametrize("setting", DATABASES)
@pytest.mark.parametrize(
    ("url", "why"),
    [
        (CONNECTION.replace("?sslmode=verify-full", ""), "sslmode=verify-full"),
        (CONNECTION.replace("verify-full", "verify-ca"), "sslmode=verify-full"),
        (CONNECTION.replace("verify-full", "require"), "sslmode=verify-full"),
        (CONNECTION.replace("db.bank.example", ""), "names no host"),
        ("host=/tmp/hufu dbname=hufu sslmode=verify-full", "names no host"),
        ("host=db1,/tmp/hufu dbname=hufu sslmode=verify-full", "names no host"),
        ("host=@hufu dbname=hufu sslmode=verify-full", "names no host"),
        (CONNECTION.replace(STRONG, "short"), "shorter"),
        (CONNECTION.replace(STRONG, "my-secret-of-the-bank"), "nobody has made"),
        ("nonsense", "not a connection string"),
    ],
)
def test_production_refuses_a_database_that_is_not_verified(tmp_path: Path, setting: str, url: str, why: str) -> None:
    said = refused(whole(tmp_path) | {setting: SecretStr(url)})
    assert f"HUFU_{setting.upper()}: " in said
    assert why in said


@pytest.mark.parametrize(
    "setting",
    [
        "kms_secret_file",
        "sms_gateway_secret_file",
        "smtp_password_file",
        "audit_witness_secret_file",
        "authority_secret_file",
    ],
)
@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "shorter"),
        ("fifteen-letters", "shorter"),
        ("a" * 40, "repeats"),
        ("hunter2-changeme-42x", "nobody has made"),
    ],
)
@pytest.mark.rule("A119")
def test_production_refuses_a_short_or_development_secret_and_never_shows_it(
    tmp_path: Path, setting: str, text: str, why: str
) -> None:
    said = refused(whole(tmp_path) | {setting: secret_file(tmp_path, "weak", text)})
    assert f"HUFU_{setting.upper()}: " in said
    assert why in said
    assert not text or text not in said


def test_production_refuses_a_secret_that_others_can_read_or_that_is_not_there(tmp_path: Path) -> None:
    open_to_all = secret_file(tmp_path, "open")
    open_to_all.chmod(0o644)
    assert "can be read by others" in refused(whole(tmp_path) | {"kms_secret_file": open_to_all})
    assert "cannot be read" in refused(whole(tmp_path) | {"kms_secret_file": tmp_path / "nowhere"})


def test_production_refuses_what_lies_among_the_development_secrets(tmp_path: Path) -> None:
    folder = tmp_path / "data" / "secrets"
    folder.mkdir(parents=True)
    said = refused(whole(tmp_path) | {"sms_gateway_secret_file": secret_file(folder, "sms")})
    assert "HUFU_SMS_GATEWAY_SECRET_FILE: lies among the development secrets" in said


def test_production_does_not_take_the_databases_that_a_desk_left(tmp_path: Path) -> None:
    unset = {"owner_database_url": None, "auditor_database_url": None, "appender_database_url": None}
    settings = Settings(**whole(tmp_path) | unset)
    settings.secrets_folder.mkdir(parents=True)
    for name in ("owner", "auditor", "appender"):
        (settings.secrets_folder / f"{name}.url").write_text("host=/tmp/hufu")
    with pytest.raises(RuntimeError, match="HUFU_OWNER_DATABASE_URL"):
        settings.owner_url()
    with pytest.raises(RuntimeError, match="HUFU_APPENDER_DATABASE_URL"):
        settings.appender_url()
    assert settings.auditor_url() is None


def test_production_wants_the_proxy_named_though_there_is_a_default(tmp_path: Path) -> None:
    unsaid = {name: value for name, value in whole(tmp_path).items() if name != "forwarded_allow_ips"}
    assert "HUFU_FORWARDED_ALLOW_IPS: not set; the API speaks plain HTTP" in refused(unsaid)
    assert Settings(**unsaid | {"forwarded_allow_ips": "127.0.0.1"}).forwarded_allow_ips == "127.0.0.1"


def test_production_says_everything_at_once() -> None:
    said = refused({"environment": Environment.PRODUCTION})
    named = [
        "HUFU_DATABASE_URL",
        "HUFU_MASTER_KEY_FROM",
        "HUFU_MESSAGES",
        "HUFU_ISSUER",
        "HUFU_FORWARDED_ALLOW_IPS",
        "HUFU_AUDIT_WITNESS_URL",
    ]
    assert [name for name in named if f"{name}:" not in said] == []


@pytest.mark.parametrize("issuer", ["https://sandbox.bank.example", "https://id-sandbox.bank.example:8443"])
def test_production_refuses_the_issuer_of_a_sandbox(tmp_path: Path, issuer: str) -> None:
    assert "names a sandbox" in refused(whole(tmp_path) | {"issuer": issuer})
    assert Settings(environment=Environment.SANDBOX, issuer=issuer).base_url == issuer


@pytest.mark.parametrize("environment", ELSEWHERE)
def test_elsewhere_the_defaults_are_enough(environment: Environment) -> None:
    assert Settings(environment=environment).messages == "null"


@pytest.mark.rule("A126")
@pytest.mark.parametrize(
    "url",
    [
        "",
        "http://kms.bank.example/v1",
        "https://elsewhere.example/v1",
        "https://kms.bank.example@elsewhere.example/",
        "https://u@kms.bank.example/",
        "https://kms.bank.example/?to=elsewhere",
    ],
)
@pytest.mark.parametrize("environment", Environment)
def test_a_key_service_stands_where_the_settings_allow(tmp_path: Path, environment: Environment, url: str) -> None:
    given = whole(tmp_path) | {"environment": environment, "kms_url": url}
    assert "HUFU_KMS_URL" in refused(given | ({"issuer": ""} if environment is not Environment.PRODUCTION else {}))


@pytest.mark.rule("A121")
@pytest.mark.parametrize("file", [None, "data/witness/heads.jsonl", "data/../data/heads.jsonl"])
def test_a_witness_in_the_data_folder_does_not_count_in_production(tmp_path: Path, file: str | None) -> None:
    alone = whole(tmp_path) | {"audit_witness_url": "", "audit_witness_file": file and tmp_path / file}
    assert "no witness outside the data folder" in refused(alone)


@pytest.mark.rule("A121")
def test_a_witness_file_outside_the_data_folder_is_enough(tmp_path: Path) -> None:
    unneeded = {"audit_witness_url": "", "audit_witness_hosts": "", "audit_witness_secret_file": None}
    outside = tmp_path / "worm" / "heads.jsonl"
    assert Settings(**whole(tmp_path) | unneeded | {"audit_witness_file": outside}).witness_file == outside


@pytest.mark.rule("A126")
@pytest.mark.parametrize(
    "url",
    [
        "http://witness.regulator.example/heads",
        "https://elsewhere.example/heads",
        "https://witness.regulator.example@elsewhere.example/",
        "https://u@witness.regulator.example/",
        "https://witness.regulator.example/?to=elsewhere",
    ],
)
@pytest.mark.parametrize("environment", Environment)
def test_a_witness_stands_where_the_settings_allow(tmp_path: Path, environment: Environment, url: str) -> None:
    given = whole(tmp_path) | {"environment": environment, "audit_witness_url": url}
    said = refused(given | ({"issuer": ""} if environment is not Environment.PRODUCTION else {}))
    assert "HUFU_AUDIT_WITNESS_URL is not an https address" in said


def test_a_witness_that_is_half_described_is_refused() -> None:
    url = "https://witness.regulator.example/heads"
    hosts = "witness.regulator.example"
    assert "needs HUFU_AUDIT_WITNESS_SECRET_FILE" in refused({"audit_witness_url": url, "audit_witness_hosts": hosts})


def test_a_way_to_the_master_key_that_is_half_described_is_refused() -> None:
    assert "needs HUFU_KMS_SECRET_FILE" in refused({"master_key_from": "kms"})
    assert "needs HUFU_MASTER_KEY_MODULE" in refused({"master_key_from": "module"})
