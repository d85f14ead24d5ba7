"""Is nothing configured by halves, and does each refusal name its setting?"""

from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr, ValidationError

from app.core.environment import Environment
from app.main import create_app
from app.settings import Settings


def test_a_sandbox_refuses_an_issuer_that_could_be_productions() -> None:
    with pytest.raises(ValidationError, match="HUFU_ISSUER"):
        Settings(environment=Environment.SANDBOX, issuer="https://id.bank.example")


def test_no_secret_has_a_default() -> None:
    secrets = [name for name, field in Settings.model_fields.items() if "SecretStr" in str(field.annotation)]
    assert secrets
    assert {Settings.model_fields[name].default for name in secrets} == {None}


def test_a_secret_never_shows_in_what_is_printed() -> None:
    settings = Settings(database_url=SecretStr("postgresql://hufu_app:pear@db/hufu"))
    assert "pear" not in f"{settings!r} {settings}"


@pytest.mark.rule("A10")
@pytest.mark.parametrize("weak", [{"argon2_memory_kib": 19455}, {"argon2_time_cost": 1}])
def test_hashing_cannot_be_made_cheaper_than_the_standard(weak: dict[str, int]) -> None:
    with pytest.raises(ValidationError, match=next(iter(weak))):
        Settings.model_validate(weak)


@pytest.mark.parametrize("odd", [{"port": 0}, {"port": 65_536}, {"database_connections": 1}, {"proofing_hours": 0}])
def test_a_figure_out_of_range_is_refused_by_name(odd: dict[str, int]) -> None:
    with pytest.raises(ValidationError, match=next(iter(odd))):
        Settings.model_validate(odd)


@pytest.mark.rule("A101")
@pytest.mark.parametrize("issuer", ["https://id.bank.example/path", "https://id.bank.example?x", "https://id.bank.example#x", "id.bank.example", "https://ID.bank.example", "http://id.bank.example"])  # fmt: skip
def test_an_issuer_that_is_more_or_less_than_an_origin_is_refused_by_name(issuer: str) -> None:
    with pytest.raises(ValueError, match="HUFU_ISSUER"):
        create_app(Settings(issuer=issuer))


@pytest.mark.rule("A101")
@pytest.mark.parametrize(
    "issuer", ["https://id.bank.example", "https://id.bank.example/", "https://id.bank.example:8443"]
)
def test_an_issuers_trailing_slash_is_not_part_of_its_name(issuer: str) -> None:
    assert create_app(Settings(issuer=issuer))
    assert not Settings(issuer=issuer).base_url.endswith("/")


def test_a_setting_is_read_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUFU_PORT", "8123")
    assert Settings().port == 8123


def test_settings_cannot_be_changed_once_read() -> None:
    settings = Settings()
    with pytest.raises(ValidationError, match="frozen"):
        settings.port = 1  # type: ignore[misc]


@pytest.mark.rule("A126")
@pytest.mark.parametrize(
    ("given", "name"),
    [
        ({"authority_secret_file": None}, "HUFU_AUTHORITY_SECRET_FILE or HUFU_AUTHORITY_CERTIFICATE_FILE"),
        ({"authority_url": "http://authority.example/check"}, "HUFU_AUTHORITY_HOSTS"),
        ({"authority_url": "https://elsewhere.example/check"}, "HUFU_AUTHORITY_HOSTS"),
        ({"authority_url": "https://authority.example/check?number="}, "HUFU_AUTHORITY_HOSTS"),
        ({"authority_seconds": 0}, "authority_seconds"),
        ({"authority_seconds": 31}, "authority_seconds"),
    ],
)
def test_an_authority_is_described_whole_or_not_at_all(given: dict[str, Any], name: str) -> None:
    whole = {"authority_url": "https://authority.example/check", "authority_hosts": "authority.example", "authority_secret_file": Path("secret")}  # fmt: skip
    assert Settings.model_validate(whole)
    with pytest.raises(ValidationError, match=name):
        Settings.model_validate(whole | given)
