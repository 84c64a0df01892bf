"""A real drag of the learning-rate slider: how many updates are painted in a second, and how long one input takes."""

import asyncio
import math
import re
import statistics

from playwright.async_api import Browser, CDPSession, Page, async_playwright

from bench.browser import LAPTOP
from bench.record import Row, row
from bench.server import served
from tests.chromium import launch_arguments

DRAGS = 5
SHARE = 0.4  # of the slider, from below its middle; there and back
SECONDS = 3
DELAY_MS = 100
WHOLE_SECONDS = 1.5  # for all of the slider, there and back
MOVES_A_SECOND = 60  # as often as a screen shows a frame; the browser hands over what came between two frames together
RUNS = "run=gd&run=momentum&run=rmsprop&run=adam&run=adagrad&run=nadam&learning_rate=0.01&steps=500"
ONE = f"/descent?surface=himmelblau&{RUNS}"
TWO = f"{ONE}&vs.surface=beale"

# While something is dragged, a worker of each panel asks and draws. An answer shows the inputs that came before its
# question was sent; it is seen in the frame after it is drawn.
WATCH_WORKER = """() => {
  const now = () => performance.timeOrigin + performance.now();
  const {questions, paints} = Object.assign(globalThis, {questions: [], paints: []});
  const fetch = globalThis.fetch;
  globalThis.fetch = (url, ...rest) => {
    questions.push({url, at: now()});
    return fetch(url, ...rest);
  };
  addEventListener("painted", ({detail: url}) => {
    const paint = {url, at: now(), seen: null};
    paints.push(paint);
    requestAnimationFrame(() => requestAnimationFrame(() => (paint.seen = now())));
  });
}"""
WATCH = """() => {
  globalThis.inputs = [];
  addEventListener("input", () => inputs.push(performance.timeOrigin + performance.now()), true);
}"""


async def drag(
    page: Page, devtools: CDPSession, *, share: float = SHARE, seconds: float = SECONDS, wait_ms: float = 300
) -> tuple[float, float]:
    """Return painted updates a second (of the panel with fewer), and the 95th percentile of input to frame in ms.

    `share` of the slider is swept in so many `seconds`, once it has been held for `wait_ms`.
    """
    handle = page.get_by_role("slider", name=re.compile("Learning rate")).first
    box = await handle.bounding_box()
    assert box is not None
    left, y = box["x"] + box["width"] * (1 - share) / 2, box["y"] + box["height"] / 2
    await page.mouse.move(left, y)
    await page.mouse.down()
    await page.wait_for_timeout(wait_ms)
    await page.evaluate("() => { inputs.length = 0; }")
    for worker in page.workers:
        await worker.evaluate("() => { questions.length = paints.length = 0; }")
    await sweep(devtools, left, box["width"] * share, y, seconds)
    await page.wait_for_timeout(400)
    inputs = await page.evaluate("() => inputs")
    panels = [await worker.evaluate("() => ({questions, paints})") for worker in page.workers]
    await page.mouse.up()
    await page.wait_for_timeout(300)
    return updates_a_second(inputs, panels), latency(inputs, panels)


async def sweep(devtools: CDPSession, left: float, width: float, y: float, seconds: float) -> None:
    """Move there and back at a mouse's own pace: waiting for each move to be handled would measure the driver."""
    clock = asyncio.get_running_loop().time
    begin = clock()
    moves = []
    count = round(seconds * MOVES_A_SECOND)
    for move in range(count):
        there_and_back = 1 - abs(2 * move / count - 1)
        event = {"type": "mouseMoved", "x": left + width * there_and_back, "y": y, "button": "left", "buttons": 1}
        moves.append(asyncio.create_task(devtools.send("Input.dispatchMouseEvent", event)))
        await asyncio.sleep(begin + (move + 1) / MOVES_A_SECOND - clock())
    await asyncio.gather(*moves)


def updates_a_second(inputs: list[float], panels: list[dict]) -> float:
    """Count the paints of each panel, every one of which shows an answer of its own."""
    span = (inputs[-1] - inputs[0]) / 1e3
    return min(sum(paint["at"] <= inputs[-1] for paint in panel["paints"]) for panel in panels) / span


def latency(inputs: list[float], panels: list[dict]) -> float:
    """Return the 95th percentile over all inputs, of the panel that shows it later; nan with a ladder."""
    took = []
    for at in inputs:
        seen = [seen_at(at, **panel) for panel in panels]
        if all(seen):
            took.append(max(filter(None, seen)) - at)
    return statistics.quantiles(took, n=20)[-1] if len(took) > 1 else math.nan


def seen_at(at: float, questions: list[dict], paints: list[dict]) -> float | None:
    """Return when a panel showed the answer to the first question that it asked after an input."""
    asked = next((each for each in questions if each["at"] >= at), None)
    if asked is None:
        return None
    return next((each["seen"] for each in paints if each["at"] >= asked["at"] and each["url"] == asked["url"]), None)


async def drags(chromium: Browser, address: str, *, throttling: int = 1, **how: float) -> tuple[float, float]:
    """Return the medians of several drags on one page, `how` each of them is done."""
    context = await chromium.new_context(viewport=LAPTOP)  # type: ignore[arg-type]  # a TypedDict of the library's own
    page = await context.new_page()
    await page.goto(address)
    await page.wait_for_selector("html[data-ready=true]")
    await page.evaluate(WATCH)
    await page.wait_for_timeout(1500)  # until the panels have their workers
    for worker in page.workers:
        await worker.evaluate(WATCH_WORKER)
    devtools = await context.new_cdp_session(page)
    await devtools.send("Emulation.setCPUThrottlingRate", {"rate": throttling})
    await drag(page, devtools, **how)
    found = [await drag(page, devtools, **how) for _ in range(DRAGS)]
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


async def far_drags(address: str) -> tuple[float, float]:
    """Return the rates of dragging over all of a slider, and over a part of it more slowly, far from the server."""
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(**launch_arguments())  # type: ignore[arg-type]  # as the tests do
        whole, _ = await drags(chromium, address + ONE, share=0.96, seconds=WHOLE_SECONDS, wait_ms=2000)
        part, _ = await drags(chromium, address + ONE, wait_ms=2000)
        await chromium.close()
    return whole, part


def measure() -> list[Row]:
    """Return the rates and times of all drags."""
    with served() as address:
        (one, one_ms), (slow, slow_ms), (two, two_ms) = asyncio.run(all_drags(address))
    with served(delay_ms=DELAY_MS) as address:
        far_whole, far_part = asyncio.run(far_drags(address))
    return [
        row("dragging the learning rate, 6 runs of 500 steps: updates painted a second", one, "{:.0f}", least=50),
        row("… from input to the frame that shows it, 95th percentile", one_ms, "{:.0f} ms", most=50),
        row("… updates a second with the browser slowed 4 times", slow, "{:.0f}", least=30),
        row("… from input to frame then", slow_ms, "{:.0f} ms"),
        row("… updates a second with two panels", two, "{:.0f}", least=30),
        row("… from input to frame then", two_ms, "{:.0f} ms"),
        row("… with 100 ms added round trip, all of the slider there and back in 1.5 s", far_whole, "{:.0f}", least=50),
        row("… and at the pace of the first row, where some moves stay on one of its 64 values", far_part, "{:.0f}"),
    ]
