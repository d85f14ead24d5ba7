"""Which passwords does the bank refuse (`load`, `check`), and how dear may a hash be on this machine (`calibrate`)?"""

import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, NoReturn

import typer

app = typer.Typer(help="Refused passwords, and what a hash costs.", no_args_is_help=True)
LONGEST_LINE = 1024
"""Characters; a longer line is not a list of passwords."""


class NotAList(Exception):
    """The file is not a list of passwords; the message says where and why, and never quotes it."""


@app.command()
def load(file: Annotated[Path, typer.Argument(help="UTF-8, one password a line.")]) -> None:
    """Take the bank's own list, in place of an earlier one; the API refuses these passwords from its next start on."""
    from app.settings import Settings  # noqa: PLC0415

    kept = Settings().refused_passwords
    try:
        count = keep(file, kept)
    except (NotAList, OSError) as reason:
        _refuse(f"{file}: {reason.strerror if isinstance(reason, OSError) else reason}")
    typer.echo(f"{count} passwords in {kept}; refused from the API's next start on")


@app.command()
def check() -> None:
    """Read one password from standard input and say which rule refuses it; exit status 1 if one does."""
    from app.building import common_passwords_of  # noqa: PLC0415
    from app.core.acr import Acr  # noqa: PLC0415
    from app.core.refusal import Refusal  # noqa: PLC0415
    from app.gateways.common_passwords import ListUnavailable  # noqa: PLC0415
    from app.mfa.password import judge  # noqa: PLC0415
    from app.mfa.password_policy import POLICIES  # noqa: PLC0415
    from app.routers.language import ENGLISH  # noqa: PLC0415
    from app.routers.problem_documents import described  # noqa: PLC0415
    from app.services.authenticators import SERVICE_WORDS  # noqa: PLC0415
    from app.settings import Settings  # noqa: PLC0415

    settings = Settings()
    policy = POLICIES[settings.password_policy]
    password = _asked()
    try:
        lists = common_passwords_of(settings)
        judge(password, policy, used_for=Acr.AAL2, context=SERVICE_WORDS, is_common=lambda each: any(each in known for known in lists))  # fmt: skip
    except ListUnavailable as reason:
        _refuse(str(reason))
    except Refusal as refusal:
        _, document = described(refusal, language=ENGLISH, issuer=settings.base_url)
        _refuse(f"refused under {policy.name}, {refusal.code}: {document['detail']}")
    typer.echo(f"allowed under {policy.name}, unless it holds something of the person's own or was used before")


@app.command()
def calibrate(
    milliseconds: Annotated[int, typer.Option(min=10, max=2000, help="One hash may take this long.")] = 250,
) -> None:
    """Propose what an argon2id hash may cost on this machine; run it while the machine does nothing else."""
    from app.gateways.calibration import proposed, seconds_of  # noqa: PLC0415

    cost = proposed(seconds_of, at_most_seconds=milliseconds / 1000)
    if cost is None:
        _refuse(f"this machine needs more than {milliseconds} ms for the least cost that is safe (A10)")
    took = round(seconds_of(cost) * 1000)
    typer.echo(f"HUFU_ARGON2_MEMORY_KIB={cost.memory_kib}\nHUFU_ARGON2_TIME_COST={cost.passes}")
    typer.echo(
        f"one hash {took} ms; HUFU_ARGON2_THREADS times {cost.memory_kib // 1024} MiB of memory are used at once",
        err=True,
    )


def keep(file: Path, kept: Path) -> int:
    """Copy the list to where the API looks, whole or not at all, for its owner alone; how many. Raises NotAList."""
    kept.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=kept.parent, prefix=f".{kept.name}.")  # mode 0600
    half, count = Path(name), 0
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as copy:
            for count, password in enumerate(_passwords(file), start=1):  # noqa: B007  counts for the answer
                copy.write(password + "\n")
            copy.flush()
            os.fsync(copy.fileno())
        half.replace(kept)
    except BaseException:
        half.unlink()
        raise
    return count


def _passwords(file: Path) -> Iterator[str]:
    found = False
    with file.open("rb") as lines:
        for number, line in enumerate(lines, start=1):
            try:
                password = line.decode("utf-8-sig" if number == 1 else "utf-8").rstrip("\r\n")
            except UnicodeDecodeError:
                raise NotAList(f"line {number} is not UTF-8") from None
            if len(password) > LONGEST_LINE or "\0" in password:
                raise NotAList(f"line {number} is not a password: too long, or with a NUL")
            if password.strip():
                found = True
                yield password
    if not found:
        raise NotAList("there is no password in it")


def _asked() -> str:
    """From standard input, unseen at a terminal; never an argument, which every process of the machine can read."""
    if sys.stdin.isatty():
        return str(typer.prompt("Password", hide_input=True))
    return sys.stdin.readline().rstrip("\r\n")


def _refuse(reason: str) -> NoReturn:
    typer.echo(reason, err=True)
    raise typer.Exit(1)
