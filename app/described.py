"""Is every service outside described whole, and at a host that may be spoken to? A126."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from app.core.master import MasterKeyFrom
from app.production import is_https

if TYPE_CHECKING:
    from app.settings import Settings


def gaps(settings: "Settings") -> Iterator[str]:
    """Every service that is half described, or leads where the settings do not allow; each names its setting."""
    yield from _messages(settings)
    yield from _key_service(settings)
    yield from _witness(settings)
    yield from _authority(settings)
    if settings.face_engine == "dlib" and settings.face_models:
        yield "HUFU_FACE_ENGINE=dlib is the reference alone: it takes no HUFU_FACE_MODELS"


def named(listed: str) -> frozenset[str]:
    """What stands between the commas."""
    return frozenset(each.strip() for each in listed.split(",") if each.strip())


def _messages(settings: "Settings") -> Iterator[str]:
    missing = {
        "HUFU_SMS_GATEWAY_FILE": settings.sms_gateway_file is None,
        "HUFU_SMS_GATEWAY_HOSTS": not settings.sms_gateway_hosts,
        "HUFU_SMTP_HOST": not settings.smtp_host,
        "HUFU_SMTP_FROM": not settings.smtp_from,
    }
    if settings.messages == "gateways" and any(missing.values()):
        yield f"HUFU_MESSAGES=gateways needs {', '.join(name for name, absent in missing.items() if absent)}"


def _key_service(settings: "Settings") -> Iterator[str]:
    if settings.master_key_from is MasterKeyFrom.MODULE and not settings.master_key_module:
        yield "HUFU_MASTER_KEY_FROM=module needs HUFU_MASTER_KEY_MODULE, the bank's own"
    if settings.master_key_from is not MasterKeyFrom.KMS:
        return
    if settings.kms_secret_file is None:
        yield "HUFU_MASTER_KEY_FROM=kms needs HUFU_KMS_SECRET_FILE"
    if not is_https(settings.kms_url, named(settings.kms_hosts)):
        yield "HUFU_KMS_URL is not an https address at one of HUFU_KMS_HOSTS"


def _witness(settings: "Settings") -> Iterator[str]:
    if not settings.audit_witness_url:
        return
    if settings.audit_witness_secret_file is None:
        yield "HUFU_AUDIT_WITNESS_URL needs HUFU_AUDIT_WITNESS_SECRET_FILE"
    if not is_https(settings.audit_witness_url, named(settings.audit_witness_hosts)):
        yield "HUFU_AUDIT_WITNESS_URL is not an https address at one of HUFU_AUDIT_WITNESS_HOSTS"


def _authority(settings: "Settings") -> Iterator[str]:
    if not settings.authority_url:
        return
    if settings.authority_secret_file is None and settings.authority_certificate_file is None:
        yield "HUFU_AUTHORITY_URL needs HUFU_AUTHORITY_SECRET_FILE or HUFU_AUTHORITY_CERTIFICATE_FILE"
    if not is_https(settings.authority_url, named(settings.authority_hosts)):
        yield "HUFU_AUTHORITY_URL is not an https address at one of HUFU_AUTHORITY_HOSTS"
