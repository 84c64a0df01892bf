"""A server on a loopback port, and clients that behave badly."""

import contextlib
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator

import uvicorn
from starlette.types import ASGIApp


@contextlib.contextmanager
def served(app: ASGIApp) -> Iterator[int]:
    """Serve an app from a thread and yield its port."""
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="critical", lifespan="off"))
    thread = threading.Thread(target=server.run)
    thread.start()
    wait_until(lambda: server.started)
    yield server.servers[0].sockets[0].getsockname()[1]
    server.should_exit = True
    server.force_exit = True  # idle readers would keep it
    thread.join()


def wait_until(is_true: Callable[[], bool], timeout_s: float = 20) -> None:
    """Wait for another thread to get somewhere."""
    until = time.monotonic() + timeout_s
    while not is_true():
        if time.monotonic() > until:
            raise TimeoutError
        time.sleep(0.005)


def ask(port: int, target: str, *headers: str, method: str = "GET") -> socket.socket:
    """Send a request and return the connection, of which nothing has been read."""
    connection = socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    connection.settimeout(20)
    connection.connect(("127.0.0.1", port))
    lines = [f"{method} {target} HTTP/1.1", "Host: evil.example", "Connection: close", *headers, "", ""]
    connection.sendall("\r\n".join(lines).encode())
    return connection


def read(connection: socket.socket) -> tuple[int, dict[str, str], bytes]:
    """Read everything: status, headers and body."""
    content = b""
    while part := connection.recv(65536):
        content += part
    connection.close()
    head, _, body = content.partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    headers = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines)}
    return int(first.split()[1]), headers, body


def detail(body: bytes) -> str:
    """Return the sentence of a refusal."""
    return json.loads(body)["detail"]
