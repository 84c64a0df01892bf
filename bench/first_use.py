"""How long the first request for an optimizer on a surface takes in a server that has finished its warm-up."""

import statistics
import time

from bench.record import Row, row
from bench.server import served, text_of

# Surfaces and optimizers of every kind.
PAIRS = (
    ("beale", "adam"),
    ("ackley", "nesterov"),
    ("styblinski_tang", "newton"),
    ("logistic", "adagrad"),
    ("monkey_saddle", "yogi"),
    ("three_hump_camel", "radam"),
    ("regression,data:iris", "adan"),
)
SLOW_PAIRS = (("rastrigin", "lbfgs"), ("booth", "lbfgs"))


def first_and_second(address: str, surface: str, optimizer: str) -> tuple[float, float]:
    """Return the milliseconds of the first and of the second request."""
    took = []
    for _ in range(2):
        begin = time.perf_counter()
        text_of(f"{address}/api/descent?surface={surface}&run={optimizer}&steps=500")
        took.append((time.perf_counter() - begin) * 1e3)
    return took[0], took[1]


def measure() -> list[Row]:
    """Ask each pair twice."""
    with served() as address:
        quick = {pair: first_and_second(address, *pair) for pair in PAIRS}
        slow = {pair: first_and_second(address, *pair) for pair in SLOW_PAIRS}
    worst = max(quick, key=lambda pair: quick[pair][0])
    median = statistics.median(first for first, _ in quick.values())
    return [
        row("first use of a surface with an optimizer, median", median, "{:.0f} ms", most=300),
        row(f"… the longest of {len(PAIRS)}: {' with '.join(worst)}", quick[worst][0], "{:.0f} ms", most=300),
        row("… with lbfgs, the longest", max(first for first, _ in slow.values()), "{:.0f} ms", most=1000),
        row("… second use, median", statistics.median(second for _, second in quick.values()), "{:.1f} ms"),
    ]
