"""The laboratory in a process of its own, with two routes more: one that costs nothing, and one that tells the cost."""

import asyncio
import contextlib
import json
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import uvicorn
from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.testclient import TestClient
from starlette.types import ASGIApp, Receive, Scope, Send

from app.main import create_app

ROOT = Path(__file__).parents[1]


def create_measured_app(bare: str) -> FastAPI:
    """Return the app; `/bare` answers at once what the target `bare` answers, `/cpu` this process's seconds so far."""
    app = create_app()
    client = TestClient(app)
    answer = client.get(bare)
    headers = {name: value for name, value in answer.headers.items() if name in ("etag", "cache-control", "vary")}

    async def at_once(_request: Request) -> Response:
        return Response(answer.content, media_type="application/json", headers=headers)

    async def cpu(_request: Request) -> Response:
        return Response(repr(time.process_time()))

    app.router.routes[:0] = [Route("/bare", at_once), Route("/cpu", cpu)]
    return app


def far_away(app: ASGIApp, delay_ms: float) -> ASGIApp:
    """Return the app as it is met through a network that adds so much to each round trip."""

    async def later(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await asyncio.sleep(delay_ms / 1e3)
        await app(scope, receive, send)

    return later


@contextlib.contextmanager
def served(bare: str = "/healthz", *, is_warm: bool = True, delay_ms: float = 0) -> Iterator[str]:
    """Serve from a new process and yield its address; `is_warm` waits for all that is compiled ahead."""
    command = [sys.executable, "-m", "bench.server", bare, str(delay_ms)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            address = process.stdout.readline().strip()
            while is_warm and not json.loads(text_of(f"{address}/readyz", may_fail=True))["is_warm"]:
                time.sleep(0.2)
            yield address
        finally:
            process.terminate()


def text_of(address: str, *, may_fail: bool = False) -> str:
    """Fetch an address; `may_fail` also takes the body of an error."""
    try:
        with urllib.request.urlopen(address) as answer:  # noqa: S310, our own loopback address
            return answer.read().decode()
    except urllib.error.HTTPError as error:
        if not may_fail:
            raise
        return error.read().decode()


class Server(uvicorn.Server):
    """Prints its address once it listens."""

    async def startup(self, sockets=None) -> None:
        """Open the port."""
        await super().startup(sockets)
        host, port = self.servers[0].sockets[0].getsockname()
        print(f"http://{host}:{port}", flush=True)


if __name__ == "__main__":
    measured = create_measured_app(sys.argv[1])
    quiet = {"access_log": False, "log_level": "warning", "server_header": False}
    Server(uvicorn.Config(far_away(measured, float(sys.argv[2])), host="127.0.0.1", port=0, **quiet)).run()
