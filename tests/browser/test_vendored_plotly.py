"""The vendored Plotly draws every kind of trace under the policy that the pages have, and asks no other host."""

import functools
import http.server
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

VENDOR = Path(__file__).parents[2] / "static" / "vendor"
POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "style-src-attr 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self'",
    ]
)
PAGE = """<!doctype html>
<link rel="icon" href="data:,">
<link rel="stylesheet" id="plotly.js-style-global" class="no-inline-styles" href="/plotly/plotly.css">
<div id="flat"></div><div id="deep"></div>
<script type="module" src="/page.js"></script>
"""
SCRIPT = """
import Plotly from "/plotly/plotly.js";
const z = [[4, 1, 4], [2, 0, 2], [4, 1, 4]];
const config = {showSendToCloud: false, displaylogo: false};
const flat = ["contour", "heatmap", "bar", "scatter"].map((type) => ({type, z, x: [0, 1, 2], y: [0, 1, 2]}));
await Plotly.newPlot("flat", flat, {}, config);
Plotly.register((await import("/plotly/plotly-3d.js")).default);
await Plotly.newPlot("deep", [{type: "surface", z}, {type: "scatter3d", x: [0, 2], y: [0, 2], z: [4, 4]}], {}, config);
window.drawn = ["flat", "deep"].flatMap((id) => document.getElementById(id)._fullData)
  .filter((trace) => trace.visible === true).map((trace) => trace.type);
document.body.dataset.done = (await Plotly.toImage("flat", {format: "png"})).slice(0, 21);
"""
MADE = {"/": (PAGE, "text/html"), "/page.js": (SCRIPT, "text/javascript")}


class Handler(http.server.SimpleHTTPRequestHandler):
    """The vendored files and one page, each with the policy."""

    def do_GET(self) -> None:
        if self.path not in MADE:
            return super().do_GET()
        text, kind = MADE[self.path]
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.end_headers()
        self.wfile.write(text.encode())
        return None

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", POLICY)
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""


@pytest.fixture
def address() -> Iterator[str]:
    handler = functools.partial(Handler, directory=str(VENDOR))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@pytest.mark.browser
def test_every_trace_is_drawn_under_the_strict_policy(page: Page, address: str):
    errors: list[str] = []
    hosts: set[str] = set()
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.on("request", lambda request: hosts.add(request.url.split("/")[2]) if "://" in request.url else None)

    page.goto(address)
    page.locator("body[data-done]").wait_for(state="attached", timeout=20_000)

    assert page.locator("body").get_attribute("data-done") == "data:image/png;base64"
    assert page.evaluate("window.drawn") == ["contour", "heatmap", "bar", "scatter", "surface", "scatter3d"]
    assert errors == []
    assert hosts == {address.split("/")[2]}
