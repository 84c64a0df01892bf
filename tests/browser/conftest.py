"""A served laboratory and a page that forgives nothing: no console error, no other host, no broken policy."""

import contextlib
import socket
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator

import pytest
import uvicorn
from playwright.sync_api import Page, expect

from app.main import create_app
from app.settings import Settings

expect.set_options(timeout=10_000)  # machines that run tests have little time for each

# Software rendering in a machine without a graphics card complains about its own speed.
HARMLESS = ("GPU stall due to ReadPixels", "willReadFrequently")


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    """The address of a running server."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = uvicorn.Server(uvicorn.Config(create_app(Settings()), port=port, log_level="warning"))
    thread = threading.Thread(target=server.run)
    thread.start()
    address = f"http://127.0.0.1:{port}"
    _wait_until_warm(address)
    yield address
    server.should_exit = True
    thread.join()


def _wait_until_warm(address: str) -> None:
    """Wait for the presets' programs: on a busy machine, what is compiled beside a test outlasts its patience."""
    for _ in range(720):
        with contextlib.suppress(urllib.error.URLError), urllib.request.urlopen(f"{address}/readyz"):  # noqa: S310, our own address
            return
        time.sleep(0.25)
    pytest.fail("the laboratory is not ready after three minutes")


@pytest.fixture
def expected_errors() -> list[str]:
    """Parts of console messages that a test provokes on purpose; it appends to the list."""
    return list(HARMLESS)


@pytest.fixture
def expected_mistakes() -> list[str]:
    """Parts of the uncaught errors that a test provokes on purpose; it appends to the list."""
    return []


@pytest.fixture
def open_page(
    page: Page, address: str, expected_errors: list[str], expected_mistakes: list[str]
) -> Iterator[Callable[[str], Page]]:
    """Open a path and wait until contours and paths are drawn; whatever goes wrong afterwards fails the test."""
    wrong: list[str] = []

    def note_mistake(error) -> None:
        if not any(text in error.message for text in expected_mistakes):
            wrong.append(f"error: {error}")

    page.on("pageerror", note_mistake)
    page.on("request", lambda request: _note_other_hosts(request.url, address, wrong))

    def note(message) -> None:
        if message.type in ("error", "warning") and not any(text in message.text for text in expected_errors):
            wrong.append(f"{message.type}: {message.text}")

    page.on("console", note)

    def open_path(path: str) -> Page:
        page.goto(address + path)
        page.wait_for_selector("html[data-ready=true]")
        return page

    yield open_path
    assert not wrong


def _note_other_hosts(url: str, address: str, wrong: list[str]) -> None:
    if not url.startswith((address, "data:", "blob:")):
        wrong.append(f"request to another host: {url}")
