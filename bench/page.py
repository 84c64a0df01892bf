"""From the address to the first painted contour, in a browser that has nothing in its cache."""

import statistics

from playwright.sync_api import Browser

from bench.browser import LAPTOP, browser
from bench.record import Row, row
from bench.server import served

LOADS = 7
PATHS = {
    "one panel": "/descent?surface=rosenbrock&run=adam&steps=200",
    "the opening page, two panels": "/descent",
}


def load(chromium: Browser, address: str) -> tuple[float, float]:
    """Return milliseconds until the first contour is painted, and the scripts' kilobytes as they were transferred."""
    context = chromium.new_context(viewport=LAPTOP)  # type: ignore[arg-type]  # a TypedDict of the library's own
    page = context.new_page()
    finished = []
    page.on("requestfinished", lambda request: finished.append(request))
    page.goto(address)
    page.wait_for_selector("html[data-ready=true]")
    painted = page.evaluate("performance.getEntriesByName('contour')[0].startTime")
    scripts = [request.sizes()["responseBodySize"] for request in finished if request.resource_type == "script"]
    context.close()
    return painted, sum(scripts) / 1e3


def measure() -> list[Row]:
    """Load each page several times, in turns."""
    with served() as address, browser() as chromium:
        load(chromium, address + "/descent")
        loads = [{name: load(chromium, address + path) for name, path in PATHS.items()} for _ in range(LOADS)]
    kilobytes = max(scripts for each in loads for _, scripts in each.values())
    rows = [
        row(
            f"cold page to first contour, {name}",
            statistics.median(each[name][0] for each in loads),
            "{:.0f} ms",
            most=1000,
        )
        for name in PATHS
    ]
    return [*rows, row("JavaScript of the first load, gzipped", kilobytes, "{:.0f} kB", most=450)]
