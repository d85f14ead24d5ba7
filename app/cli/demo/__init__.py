"""Does the main road hold? `hufu demo` walks it over HTTP on real parts, then tries what must be refused."""

from typing import Annotated

import typer


def demo(
    url: Annotated[str, typer.Option(help="Where the API is; default: HUFU_HOST and HUFU_PORT.")] = "",
) -> None:
    """Walk a stranger to a signed-in customer, then every refusal; exit status 1 if anything differs."""
    from app.cli.demo.road import walk  # noqa: PLC0415
    from app.settings import Settings  # noqa: PLC0415

    raise typer.Exit(walk(Settings(), url))
