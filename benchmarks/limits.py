"""What could the machine do at most? Bare Starlette, bare argon2id, bare models: what ours is set beside."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from argon2.low_level import Type, hash_secret_raw
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from benchmarks.machine import API_CORE, Server, free_port, started

ARGON2_SECONDS = 3.0


async def read(_: Request) -> Response:
    """A small document."""
    return JSONResponse({"hello": "world", "answer": 42})


async def post(request: Request) -> Response:
    """A form, read as Starlette reads it."""
    return JSONResponse({"fields": len(await request.form())})


app = Starlette(routes=[Route("/", read), Route("/", post, methods=["POST"])])


@contextmanager
def bare_server() -> Iterator[Server]:
    """Bare Starlette under the server and the settings that serve ours."""
    port = free_port()
    command = [
        "uvicorn",
        "benchmarks.limits:app",
        "--loop=uvloop",
        "--http=httptools",
        "--no-access-log",
        f"--port={port}",
    ]
    with started("-m", *command, core=API_CORE) as process:
        server = Server(process.pid, port)
        server.wait("/")
        yield server


def argon2_rate(memory_kib: int, passes: int) -> float:
    """Hashes of the house's own cost in one second of CPU time, through the C library alone."""
    hashed, begun = 0, time.process_time()
    while (spent := time.process_time() - begun) < ARGON2_SECONDS:
        hash_secret_raw(b"a password", bytes(16), passes, memory_kib, 1, 32, Type.ID)
        hashed += 1
    return hashed / spent
