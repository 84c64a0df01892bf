"""Maps: a block of Adam runs against compiled loops, a whole map over HTTP, and who asks for a run meanwhile."""

import concurrent.futures
import json
import os
import statistics
import threading
import time
import urllib.request
from collections.abc import Callable

import numba
import numpy as np

from app.labs.descent import MapQuery
from app.labs.maps.answer import plan
from app.numerics.problems.scalers import SCALERS, Scaling
from app.numerics.problems.surfaces import SURFACES
from app.numerics.runs.outcome import FAR, TAIL
from app.runtime.programs import Programs
from app.schema.page import read_page
from bench.record import Row, row
from bench.server import served, text_of
from bench.timing import interleaved

THREADS = os.cpu_count() or 1
LOW, HIGH = 1e-4, 10.0  # the learning rates of a map's side
BETA2, EPS = 0.999, 1e-8
START = (-1.5, 2.0)
MINIMUM = (1.0, 1.0)
DOMAIN = SURFACES["rosenbrock"].bind({}, Scaling(SCALERS["none"], {}), 0).domain
CENTER = tuple(sum(side) / 2 for side in DOMAIN)
TOO_FAR = float((FAR * np.hypot(*np.ptp(DOMAIN, axis=1))) ** 2)  # a larger square of the distance from the center
TOLERANCE = 1e-3
SIDE, STEPS = 256, 200
SMALL = f"surface=rosenbrock&run=adam&start=-1.5,2&steps={STEPS}&map=stability&cells={SIDE}"
LARGE = "surface=rosenbrock&run=adam&start=-1.5,2&steps=300&map=stability,y:beta2&tolerance={:.6f}"
SINGLE = "/api/descent?surface=rosenbrock&run=adam,learning_rate:{:.9f}&steps=500"
PAUSE = 0.03  # seconds between the requests of one who drags a slider


@numba.njit(parallel=True)
def _compiled_map(rates, betas, steps, gap, reached, gone, tails):
    """The same runs compiled for this surface and this optimizer alone, with the same marks kept up."""
    for row_ in numba.prange(len(betas)):
        beta1 = betas[row_]
        for column in range(len(rates)):
            rate = rates[column]
            x, y = START
            m0 = m1 = v0 = v1 = 0.0
            kept1 = kept2 = 1.0
            since, lost = -1, -1
            within = too_high = walked = 0.0
            loss = 0.0
            tail = max(1, round(TAIL * steps))
            for k in range(steps + 1):
                residual = y - x * x
                loss = (1 - x) ** 2 + 100 * residual * residual
                distance = (x - MINIMUM[0]) ** 2 + (y - MINIMUM[1]) ** 2
                away = (x - CENTER[0]) ** 2 + (y - CENTER[1]) ** 2
                if k == 0:
                    within, too_high = TOLERANCE * TOLERANCE * distance, FAR * max(loss, 1.0)
                if distance <= within:
                    since = k if since < 0 else since
                else:
                    since = -1
                if loss <= too_high and away <= TOO_FAR:
                    lost = -1
                else:
                    lost = k if lost < 0 else lost
                g0, g1 = -2 * (1 - x) - 400 * x * residual, 200 * residual
                m0, m1 = beta1 * m0 + (1 - beta1) * g0, beta1 * m1 + (1 - beta1) * g1
                v0, v1 = BETA2 * v0 + (1 - BETA2) * g0 * g0, BETA2 * v1 + (1 - BETA2) * g1 * g1
                kept1, kept2 = kept1 * beta1, kept2 * BETA2
                dx = rate * (m0 / (1 - kept1)) / (np.sqrt(v0 / (1 - kept2)) + EPS)
                dy = rate * (m1 / (1 - kept1)) / (np.sqrt(v1 / (1 - kept2)) + EPS)
                if steps - tail <= k < steps:
                    walked += np.sqrt(dx * dx + dy * dy)
                x, y = x - dx, y - dy
            gap[row_, column], reached[row_, column], gone[row_, column] = loss, since, lost
            tails[row_, column] = walked


@numba.njit(parallel=True, fastmath=True)
def _bare_map(rates, betas, steps, gap):
    """The last loss alone, with every liberty that a compiler may take: the limit of the machine."""
    for row_ in numba.prange(len(betas)):
        beta1 = betas[row_]
        for column in range(len(rates)):
            rate = rates[column]
            x, y = START
            m0 = m1 = v0 = v1 = 0.0
            kept1 = kept2 = 1.0
            for _ in range(steps):
                residual = y - x * x
                g0, g1 = -2 * (1 - x) - 400 * x * residual, 200 * residual
                m0, m1 = beta1 * m0 + (1 - beta1) * g0, beta1 * m1 + (1 - beta1) * g1
                v0, v1 = BETA2 * v0 + (1 - BETA2) * g0 * g0, BETA2 * v1 + (1 - BETA2) * g1 * g1
                kept1, kept2 = kept1 * beta1, kept2 * BETA2
                x -= rate * (m0 / (1 - kept1)) / (np.sqrt(v0 / (1 - kept2)) + EPS)
                y -= rate * (m1 / (1 - kept1)) / (np.sqrt(v1 / (1 - kept2)) + EPS)
            gap[row_, column] = (1 - x) ** 2 + 100 * (y - x * x) ** 2


def ours() -> tuple[Callable[[], None], np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return a call that runs all blocks in as many threads as there are cores, both sides' numbers, and what it found.

    That is the last gap of each run, and the row from which it is within the tolerance.
    """
    blocks = plan(read_page(MapQuery, SMALL).first, Programs(), str)
    rates, betas = (np.array(side.values) for side in (blocks.head.x, blocks.head.y))
    gap, reached = np.empty(blocks.size), np.empty(blocks.size)
    pool = concurrent.futures.ThreadPoolExecutor(THREADS)

    def work(block: object) -> None:
        found = blocks.compute(block, lambda: None)
        gap[found.at], reached[found.at] = found.gap, found.reached

    return lambda: list(pool.map(work, blocks.blocks)), rates, betas, gap, reached  # type: ignore[return-value]


def lines(address: str, query: str) -> tuple[float, float]:
    """Return the milliseconds until the first picture, and the seconds until the last line."""
    began = time.perf_counter()
    first, found = 0.0, 0
    with urllib.request.urlopen(f"{address}/api/map?{query}") as answer:  # noqa: S310, our own loopback address
        next(answer)
        for line in answer:
            found = json.loads(line)["done"]
            if not first and found >= 64**2:
                first = time.perf_counter() - began
    return first * 1e3, time.perf_counter() - began


def latencies(address: str, begin: int, is_over: Callable[[int], bool]) -> list[float]:
    """Ask for one run after another, each a new one, and return how long each took, in milliseconds."""
    took: list[float] = []
    while not is_over(len(took)):
        began = time.perf_counter()
        text_of(address + SINGLE.format(1e-3 + 1e-9 * (begin + len(took))))
        took.append((time.perf_counter() - began) * 1e3)
        time.sleep(PAUSE)
    return took


def meanwhile(address: str) -> tuple[float, float]:
    """Return the 95th percentile of a run's latency, alone and while a large map is computed."""
    latencies(address, 0, lambda count: count == 20)
    alone = latencies(address, 100, lambda count: count == 100)
    busy: list[float] = []
    for each in range(3):
        map_ = threading.Thread(target=lines, args=(address, LARGE.format(2e-3 + 1e-6 * each)))
        map_.start()
        busy += latencies(address, 1000 * (each + 1), lambda _count, map_=map_: not map_.is_alive())
        map_.join()
    return tuple(statistics.quantiles(took, n=20)[-1] for took in (alone, busy))  # type: ignore[return-value]


def measure() -> list[Row]:
    """Compare the blocks in this process, then ask a server of its own."""
    run, rates, betas, gap, reached = ours()
    expected, rows, gone, walked = (np.empty((SIDE, SIDE)) for _ in range(4))

    def compiled() -> None:
        _compiled_map(rates, betas, STEPS, expected, rows, gone, walked)

    bare_gap = np.empty((SIDE, SIDE))

    def bare() -> None:
        _bare_map(rates, betas, STEPS, bare_gap)

    run()
    compiled()
    bare()
    calm = rates < 1e-2  # where paths are not chaotic
    np.testing.assert_allclose(gap.reshape(SIDE, SIDE)[:, calm], expected[:, calm], rtol=1e-6)
    agrees = np.isclose(gap, expected.ravel(), rtol=1e-6)
    np.testing.assert_array_equal(reached[agrees], rows.ravel()[agrees])
    took = interleaved({"ours": (run, 1), "compiled": (compiled, 1), "bare": (bare, 1)}, rounds=9)
    with served() as address:
        lines(address, LARGE.format(1e-3))  # compiled with the first
        found = [lines(address, LARGE.format(1e-3 + 1e-6 * each)) for each in range(1, 6)]
        alone, busy = meanwhile(address)
    first, whole = (statistics.median(column) for column in zip(*found, strict=True))
    return [
        row(f"{SIDE**2:,} Adam runs of {STEPS} steps, with their outcomes", took["ours"], "{:.0f} ms"),
        row(
            "… of a compiled loop's time (numba, parallel, the same marks)",
            took["ours"] / took["compiled"],
            "{:.2f} ×",
            most=1,
        ),
        row(
            "… of the machine's limit (numba, parallel, fast math, the last loss alone)",
            took["ours"] / took["bare"],
            "{:.2f} ×",
        ),
        row("map of 64 × 64 × 300 steps over HTTP, compiled: the first picture", first, "{:.0f} ms", most=150),
        row("… 512 × 512, to the last line", whole, "{:.1f} s", most=3),
        row(
            "… a run's latency meanwhile, 95th percentile, beyond that without a map",
            busy - alone,
            "{:.0f} ms",
            most=30,
        ),
        row("… without a map", alone, "{:.0f} ms"),
    ]
