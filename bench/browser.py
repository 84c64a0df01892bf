"""The machine's own Chromium, as the tests start it."""

import contextlib
from collections.abc import Iterator

from playwright.sync_api import Browser, sync_playwright

from tests.chromium import launch_arguments

LAPTOP = {"width": 1366, "height": 630}


@contextlib.contextmanager
def browser() -> Iterator[Browser]:
    """Yield a browser without any page."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(**launch_arguments())  # type: ignore[arg-type]  # one dict for all tests
        yield chromium
        chromium.close()
