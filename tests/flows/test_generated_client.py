"""Can a client be generated from the interface's description, and does it speak with the API as it is?"""

import importlib
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.routers.description import operations_of
from tests.flows.conftest import ISSUER, PICTURE, Bank, inner_of

PACKAGE = "hufu_client"


def document_of(bank: Bank) -> dict[str, Any]:
    transport = bank.http._transport
    assert isinstance(transport, httpx.ASGITransport)
    return inner_of(transport.app).openapi()  # type: ignore[arg-type]


@pytest.fixture
def generated(bank: Bank, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The client as its generator writes it, to be imported as `hufu_client`."""
    described, config, made = tmp_path / "openapi.json", tmp_path / "config.yml", tmp_path / PACKAGE
    described.write_text(json.dumps(document_of(bank)), encoding="utf-8")
    config.write_text("post_hooks: []\n", encoding="utf-8")
    command: list[str | Path] = [Path(sys.executable).parent / "openapi-python-client", "generate", "--path", described]
    command += ["--config", config, "--meta", "none", "--output-path", made]
    subprocess.run(command, check=True, capture_output=True, timeout=100)
    monkeypatch.syspath_prepend(str(tmp_path))
    for name in [name for name in sys.modules if name.partition(".")[0] == PACKAGE]:
        monkeypatch.delitem(sys.modules, name)
    return made


async def caller(bank: Bank, token: str) -> Any:
    client = importlib.import_module(f"{PACKAGE}.client").AuthenticatedClient(base_url=ISSUER, token=token)
    return client.set_async_httpx_client(
        httpx.AsyncClient(transport=bank.http._transport, base_url=ISSUER, headers={"authorization": f"Bearer {token}"})
    )


async def call(operation: str, **given: Any) -> Any:
    return await importlib.import_module(f"{PACKAGE}.api.{operation}").asyncio(**given)


def test_every_operation_is_generated(bank: Bank, generated: Path) -> None:
    made = {path.stem for path in generated.glob("api/*/*.py")}
    assert {operation["operationId"] for operation in operations_of(document_of(bank))} <= made


@pytest.mark.usefixtures("generated")
async def test_a_generated_client_opens_a_proofing_and_reads_it(bank: Bank) -> None:
    models = importlib.import_module(f"{PACKAGE}.models")
    kiosk = await caller(bank, await bank.kiosk_token())
    opened = await call("proofings.open_proofing", client=kiosk, body=models.Opening(customer_ref="C-10027"))
    read = await call("proofings.read_proofing", client=kiosk, proofing_id=opened.id)
    assert (read.id, read.state, read.created_at) == (opened.id, models.State.OPEN, opened.created_at)


@pytest.mark.usefixtures("generated")
async def test_a_generated_client_sends_a_picture_and_understands_a_refusal(bank: Bank) -> None:
    applicant = await bank.applicant()
    client = await caller(bank, applicant.token)
    types = importlib.import_module(f"{PACKAGE}.types")
    given = {"client": client, "proofing_id": applicant.id, "body": types.File(payload=PICTURE)}
    refused = await call("proofings.present_face", **given)
    assert refused.code == "consent_needed"
