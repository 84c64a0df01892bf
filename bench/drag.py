"""A real drag of the learning-rate slider: how many updates are painted in a second, and how long one input takes."""

import asyncio
import re
import statistics

from playwright.async_api import Browser, CDPSession, Page, async_playwright

from bench.browser import LAPTOP
from bench.record import Row, row
from bench.server import served
from tests.chromium import launch_arguments

DRAGS = 5
SECONDS = 3
MOVES_A_SECOND = 60  # as often as a screen shows a frame; the browser hands over what came between two frames together
RUNS = "run=gd&run=momentum&run=rmsprop&run=adam&run=adagrad&run=nadam&learning_rate=0.01&steps=500"
ONE = f"/descent?surface=himmelblau&{RUNS}"
TWO = f"{ONE}&vs.surface=beale"

# An answer shows the inputs that came before its request was sent; it is seen a frame after the one that it is drawn in
# began, or when the page is done with that frame. Asking for another frame to learn it would make the page draw more.
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
    requestAnimationFrame((begun) => {
      const {port1, port2} = new MessageChannel();
      port1.onmessage = () => (paint.seen = Math.max(begun + 1000 / 60, performance.now()));
      port2.postMessage(null);
    });
  });
}"""


async def drag(page: Page, devtools: CDPSession) -> tuple[float, float]:
    """Return painted updates a second (of the panel with fewer), and the 95th percentile of input to frame in ms."""
    handle = page.get_by_role("slider", name=re.compile("Learning rate")).first
    box = await handle.bounding_box()
    assert box is not None
    left, y = box["x"] + box["width"] * 0.3, box["y"] + box["height"] / 2
    await page.mouse.move(left, y)
    await page.mouse.down()
    await page.wait_for_timeout(300)
    await page.evaluate("() => { for (const list of Object.values(window.seen)) list.length = 0; }")
    await sweep(devtools, left, box["width"] * 0.4, y)
    await page.wait_for_timeout(400)
    seen = await page.evaluate("() => window.seen")
    await page.mouse.up()
    await page.wait_for_timeout(300)
    return updates_a_second(seen), latency(seen)


async def sweep(devtools: CDPSession, left: float, width: float, y: float) -> None:
    """Move there and back at a mouse's own pace: waiting for each move to be handled would measure the driver."""
    clock = asyncio.get_running_loop().time
    begin = clock()
    moves = []
    for move in range(SECONDS * MOVES_A_SECOND):
        there_and_back = 1 - abs(2 * move / (SECONDS * MOVES_A_SECOND) - 1)
        event = {"type": "mouseMoved", "x": left + width * there_and_back, "y": y, "button": "left", "buttons": 1}
        moves.append(asyncio.create_task(devtools.send("Input.dispatchMouseEvent", event)))
        await asyncio.sleep(begin + (move + 1) / MOVES_A_SECOND - clock())
    await asyncio.gather(*moves)


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


async def drags(chromium: Browser, address: str, *, throttling: int = 1) -> tuple[float, float]:
    """Return the medians of several drags on one page."""
    context = await chromium.new_context(viewport=LAPTOP)  # type: ignore[arg-type]  # a TypedDict of the library's own
    page = await context.new_page()
    await page.goto(address)
    await page.wait_for_selector("html[data-ready=true]")
    await page.evaluate(WATCH)
    devtools = await context.new_cdp_session(page)
    await devtools.send("Emulation.setCPUThrottlingRate", {"rate": throttling})
    await drag(page, devtools)
    found = [await drag(page, devtools) for _ in range(DRAGS)]
    await context.close()
    updates, took = (statistics.median(column) for column in zip(*found, strict=True))
    return updates, took


async def all_drags(address: str) -> list[tuple[float, float]]:
    """Drag over one panel, over one on a machine a quarter as fast, and over two."""
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(**launch_arguments())  # type: ignore[arg-type]  # as the tests do
        one = await drags(chromium, address + ONE)
        slow = await drags(chromium, address + ONE, throttling=4)
        two = await drags(chromium, address + TWO)
        await chromium.close()
    return [one, slow, two]


def measure() -> list[Row]:
    """Return the rates and times of all drags."""
    with served() as address:
        (one, one_ms), (slow, slow_ms), (two, two_ms) = asyncio.run(all_drags(address))
    return [
        row("dragging the learning rate, 6 runs of 500 steps: updates painted a second", one, "{:.0f}", least=50),
        row("… from input to the frame that shows it, 95th percentile", one_ms, "{:.0f} ms", most=50),
        row("… updates a second with the browser slowed 4 times", slow, "{:.0f}", least=30),
        row("… from input to frame then", slow_ms, "{:.0f} ms"),
        row("… updates a second with two panels", two, "{:.0f}", least=30),
        row("… from input to frame then", two_ms, "{:.0f} ms"),
    ]
