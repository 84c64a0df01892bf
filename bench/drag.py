"""A real drag of the learning-rate slider: how many updates are painted in a second, and how long one input takes."""

import re
import statistics

from playwright.sync_api import Browser, Page

from bench.browser import LAPTOP, browser
from bench.record import Row, row
from bench.server import served

DRAGS = 5
MOVES = 180
RUNS = "run=gd&run=momentum&run=rmsprop&run=adam&run=adagrad&run=nadam&learning_rate=0.01&steps=500"
ONE = f"/descent?surface=himmelblau&{RUNS}"
TWO = f"{ONE}&vs.surface=beale"

# An answer shows the inputs that came before its request was sent; it is seen in the frame after it is drawn.
WATCH = """() => {
  const seen = (window.seen = {inputs: [], requests: [], paints: []});
  addEventListener("input", () => seen.inputs.push(performance.now()), true);
  const fetch = window.fetch;
  window.fetch = async (...request) => {
    const sent = performance.now();
    const answer = await fetch(...request);
    if (String(request[0]?.url ?? request[0]).includes("/api/descent")) {
      seen.requests.push({sent, answered: performance.now()});
    }
    return answer;
  };
  addEventListener("painted", ({detail}) => {
    const paint = {at: performance.now(), panel: detail?.panel ?? 0, seen: Infinity};
    seen.paints.push(paint);
    requestAnimationFrame(() => requestAnimationFrame((now) => (paint.seen = now)));
  });
}"""


def drag(page: Page) -> tuple[float, float]:
    """Return painted updates a second (of the panel with fewer), and the 95th percentile of input to frame in ms."""
    handle = page.get_by_role("slider", name=re.compile("Learning rate")).first
    box = handle.bounding_box()
    assert box is not None
    y = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] * 0.3, y)
    page.mouse.down()
    page.wait_for_timeout(300)
    page.evaluate("() => { for (const list of Object.values(window.seen)) list.length = 0; }")
    for move in range(1, MOVES + 1):
        there_and_back = 1 - abs(2 * move / MOVES - 1)
        page.mouse.move(box["x"] + box["width"] * (0.3 + 0.4 * there_and_back), y)
    page.wait_for_timeout(400)
    seen = page.evaluate("() => window.seen")
    page.mouse.up()
    page.wait_for_timeout(300)
    return updates_a_second(seen), latency(seen)


def updates_a_second(seen: dict) -> float:
    """Count the paints of each panel that show an answer of their own."""
    span = (seen["inputs"][-1] - seen["inputs"][0]) / 1e3
    during = [paint for paint in seen["paints"] if paint["at"] <= seen["inputs"][-1]]
    panels = {paint["panel"] for paint in seen["paints"]}
    return min(sum(paint["panel"] == panel for paint in during) for panel in panels) / span


def latency(seen: dict) -> float:
    """Return the 95th percentile over all inputs."""
    took = []
    for at in seen["inputs"]:
        answered = min((each["answered"] for each in seen["requests"] if each["sent"] >= at), default=None)
        if answered is not None:
            paint = next((paint for paint in seen["paints"] if paint["at"] >= answered), None)
            if paint is not None and paint["seen"] is not None:
                took.append(paint["seen"] - at)
    return statistics.quantiles(took, n=20)[-1]


def drags(chromium: Browser, address: str, *, throttling: int = 1) -> tuple[float, float]:
    """Return the medians of several drags on one page."""
    context = chromium.new_context(viewport=LAPTOP)  # type: ignore[arg-type]  # a TypedDict of the library's own
    page = context.new_page()
    page.goto(address)
    page.wait_for_selector("html[data-ready=true]")
    page.evaluate(WATCH)
    context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": throttling})
    drag(page)
    found = [drag(page) for _ in range(DRAGS)]
    context.close()
    updates, took = (statistics.median(column) for column in zip(*found, strict=True))
    return updates, took


def measure() -> list[Row]:
    """Drag over one panel, over one on a machine a quarter as fast, and over two."""
    with served() as address, browser() as chromium:
        one, one_ms = drags(chromium, address + ONE)
        slow, slow_ms = drags(chromium, address + ONE, throttling=4)
        two, two_ms = drags(chromium, address + TWO)
    return [
        row("dragging the learning rate, 6 runs of 500 steps: updates painted a second", one, "{:.0f}", least=50),
        row("… from input to the frame that shows it, 95th percentile", one_ms, "{:.0f} ms", most=50),
        row("… updates a second with the browser slowed 4 times", slow, "{:.0f}", least=30),
        row("… from input to frame then", slow_ms, "{:.0f} ms"),
        row("… updates a second with two panels", two, "{:.0f}", least=30),
        row("… from input to frame then", two_ms, "{:.0f} ms"),
    ]
