"""Times of alternatives whose repetitions take turns, so that a busy moment of the machine hits them alike."""

import statistics
import time
from collections.abc import Callable, Mapping
from typing import Any


def interleaved(
    alternatives: Mapping[str, tuple[Callable[[], Any], int]],
    rounds: int,
    clock: Callable[[], float] = time.perf_counter,
) -> dict[str, float]:
    """Return the median milliseconds of one call of each alternative, given as (function, calls in a round)."""
    took: dict[str, list[float]] = {name: [] for name in alternatives}
    for _ in range(rounds):
        for name, (function, calls) in alternatives.items():
            begin = clock()
            for _ in range(calls):
                function()
            took[name].append((clock() - begin) / calls * 1e3)
    return {name: statistics.median(each) for name, each in took.items()}
