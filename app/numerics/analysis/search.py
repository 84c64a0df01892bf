"""Ways to spend a budget of runs on two hyperparameters, and what each has found after so many of them.

Every way is given the same stream of random numbers, so that two of them differ only in what they make of it, and a
larger budget begins with the points of a smaller one.
"""

import math
from collections.abc import Callable, Generator, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np
from jaxtyping import Float, Int

from app.numerics.runs.grid import Tally
from app.numerics.runs.outcome import KINDS
from app.schema.kinds import Number, Parameter
from app.schema.messages import N_
from app.schema.scales import SCALES, share_of, values_at

MOST_BUDGET = 256
COARSE = 0.5  # of the budget is spent before the box is drawn
QUANTILES = (0.1, 0.5, 0.9)
FAILED = [KINDS.index(kind) for kind in ("unbounded", "diverged")]

Points = Float[np.ndarray, "points 2"]
Values = Float[np.ndarray, " points"]
Rounds = Generator[Points, Values, None]


class Found(NamedTuple):
    """What became of runs; the last axis is the run."""

    value: Values  # what is sought, the lower the better; infinite where the run failed
    gap: Values
    kind: Int[np.ndarray, " points"]  # index into KINDS
    reached: Int[np.ndarray, " points"]


class Truth(NamedTuple):
    """The best run of a map of `side` × `side` runs."""

    side: int
    x: float
    y: float
    value: float
    gap: float


@dataclass(frozen=True, kw_only=True)
class Span:
    """The range of one number, and the scale on which its slider is even."""

    low: float
    high: float
    scale: str = "linear"
    is_integer: bool = False

    def at(self, shares: Float[np.ndarray, "*points"], scale: str) -> Float[np.ndarray, "*points"]:
        """Return the values at these shares of the range, from 0 to 1, even on `scale`."""
        # Rounding must not lead out of the range.
        values = np.clip(values_at(scale, self.low, self.high, shares), self.low, self.high)
        return np.rint(values) if self.is_integer else values

    def share(self, value: float) -> float:
        """Return where a value lies in the range, on its own scale."""
        return share_of(self.scale, self.low, self.high, value)


Box = tuple[Span, Span]
Decade = tuple[float, float, int]  # its first and last value, and how many values lie in it


@dataclass(frozen=True, kw_only=True, eq=False)
class Strategy:
    """A way to choose points, as the key `strategy` takes it.

    `rounds(box, budget, random, **values)` yields points in the order in which they are tried, and is sent what was
    found at them: the lower the better, infinite where the run failed.
    """

    name: str
    title: str
    about: str
    source: str
    rounds: Callable[..., Rounds]
    parameters: tuple[Parameter, ...] = ()


def columns_of(budget: int) -> int:
    """⌊√budget⌋: the values a side of the largest square grid that a budget pays."""
    return math.isqrt(budget)


def grid(box: Box, budget: int, random: np.random.RandomState) -> Rounds:
    """Yield the middles of k·k equal cells, k = ⌊√budget⌋, in random order; what is left of the budget is not spent."""
    k = columns_of(budget)
    middles = (np.arange(k) + 0.5) / k
    x, y = np.meshgrid(*(span.at(middles, span.scale) for span in box))
    yield np.stack([x.ravel(), y.ravel()], axis=1)[random.permutation(k * k)]


def uniform(box: Box, budget: int, random: np.random.RandomState) -> Rounds:
    """Yield points that are even on linear scales."""
    yield _scattered(box, random.random_sample((budget, 2)), {"linear"})


def log_uniform(box: Box, budget: int, random: np.random.RandomState) -> Rounds:
    """Yield points that are even on a logarithmic scale where the number has one, else on a linear one."""
    yield _scattered(box, random.random_sample((budget, 2)), {"linear", "log"})


def one_minus_log(box: Box, budget: int, random: np.random.RandomState) -> Rounds:
    """Yield points that are even in every number's own scale: the logarithm of 1 − β for averages."""
    yield _scattered(box, random.random_sample((budget, 2)), set(SCALES))


def coarse_to_fine(box: Box, budget: int, random: np.random.RandomState, *, size: float) -> Rounds:
    """Yield half the budget all over, the rest in a box around the best of it, `size` of each side wide."""
    shares = random.random_sample((budget, 2))
    coarse = max(1, int(COARSE * budget))
    points = _scattered(box, shares[:coarse], set(SCALES))
    values = yield points
    if coarse < budget:
        corners = fine_box(box, points[best_of(values)], size)
        fine = corners[:, 0] + shares[coarse:] * (corners[:, 1] - corners[:, 0])
        yield np.stack([span.at(fine[:, side], span.scale) for side, span in enumerate(box)], axis=1)


def fine_box(box: Box, best: Float[np.ndarray, "2"], size: float) -> Float[np.ndarray, "2 2"]:
    """Return low and high shares of both sides: the box lies around the best point, but inside the range."""
    middles = np.array([span.share(value) for span, value in zip(box, best.tolist(), strict=True)])
    low = np.clip(middles - size / 2, 0.0, 1.0 - size)
    return np.stack([low, low + size], axis=1)


def _scattered(box: Box, shares: Points, scales: set[str]) -> Points:
    columns = [
        span.at(shares[:, side], span.scale if span.scale in scales else "linear") for side, span in enumerate(box)
    ]
    return np.stack(columns, axis=1)


SIZE = Number(
    name="size",
    title=N_("Side of the fine box"),
    default=0.25,
    low=0.01,
    high=1.0,
    slider=(0.05, 1.0),
    help=N_("As a share of the whole range, in each number's own scale."),
)
RANDOM_SEARCH = "Bergstra & Bengio, Random Search for Hyper-Parameter Optimization, JMLR 13 (2012)"
STRATEGIES: Mapping[str, Strategy] = MappingProxyType(
    {
        strategy.name: strategy
        for strategy in (
            Strategy(
                name="grid",
                title=N_("Grid"),
                about=N_("k values a side, as many as the budget pays: few of each number, every one tried k times."),
                source=RANDOM_SEARCH,
                rounds=grid,
            ),
            Strategy(
                name="uniform",
                title=N_("Uniform random"),
                about=N_("Even on linear scales: nine of ten learning rates fall into the largest decade."),
                source=RANDOM_SEARCH,
                rounds=uniform,
            ),
            Strategy(
                name="log_uniform",
                title=N_("Log-uniform random"),
                about=N_("Learning rates even by decades, β even between its ends."),
                source=RANDOM_SEARCH,
                rounds=log_uniform,
            ),
            Strategy(
                name="one_minus_log",
                title=N_("Log-uniform, 1 − β too"),
                about=N_("Learning rates and 1 − β even by decades: 0.9 to 0.99 gets as many runs as 0.99 to 0.999."),
                source=RANDOM_SEARCH,
                rounds=one_minus_log,
            ),
            Strategy(
                name="coarse_to_fine",
                title=N_("Coarse to fine"),
                about=N_("Half the budget all over, even by decades; the rest in a box around the best of it."),
                source="Larochelle et al., An Empirical Evaluation of Deep Architectures, ICML (2007)",
                rounds=coarse_to_fine,
                parameters=(SIZE,),
            ),
        )
    }
)


def stream(seed: int, repetition: int) -> np.random.RandomState:
    """Return the random numbers of one repetition, apart from those that make noise and rows."""
    # NumPy promises that the legacy generator's stream never changes (NEP 19), so that an old link keeps its points.
    return np.random.RandomState([seed, 3, repetition])


def search(
    strategy: Strategy,
    values: Mapping[str, Any],
    box: Box,
    budget: int,
    randoms: Iterable[np.random.RandomState],
    measure: Callable[[Points], tuple[Values, Any]],
) -> tuple[Float[np.ndarray, "seeds tried 2"], Float[np.ndarray, "seeds tried"], list[Any], tuple[int, ...]]:
    """Search once with each stream, all at the same pace; `measure` is called once a round with the points of all.

    Returns:
        Points and values by repetition, what else `measure` has said in each round, and how many runs a round has.
    """
    searches = [strategy.rounds(box, budget, random, **values) for random in randoms]
    asked = [next(each) for each in searches]
    points, found, said = [], [], []
    while asked:
        told, more = measure(np.concatenate(asked))
        table = told.reshape(len(searches), -1)
        points.append(np.stack(asked))
        found.append(table)
        said.append(more)
        asked = [each for each in map(_send, searches, table) if each is not None]
    sizes = tuple(each.shape[1] for each in found)
    return np.concatenate(points, axis=1), np.concatenate(found, axis=1), said, sizes


def _send(rounds: Rounds, values: Values) -> Float[np.ndarray, "more 2"] | None:
    try:
        return rounds.send(values)
    except StopIteration:
        return None


def measured(run: Callable[[Int[np.ndarray, " lanes"]], Tally], count: int, lanes: int, measure: str) -> Found:
    """Make so many runs and say what each is worth; there is at least one.

    Args:
        run: makes the runs of these numbers, always `lanes` of them: the last block begins again to be full.
        count: how many runs there are, numbered from 0.
        lanes: how many are made at once.
        measure: `steps` to the tolerance, or the `loss` at the end; the lower the better.
    """
    parts = []
    for first in range(0, count, lanes):
        numbers = np.arange(first, min(first + lanes, count))
        parts.append(_worth(run(np.resize(numbers, lanes)), len(numbers), measure))
    return Found(*map(np.concatenate, zip(*parts, strict=True)))


def _worth(tally: Tally, count: int, measure: str) -> Found:
    gap, kind, reached = tally.gap[:count], tally.kind[:count], tally.reached[:count]
    if measure == "steps":
        value = np.where(reached < 0, np.inf, reached)
    else:
        # The lowest point is known to rounding, and a run may end below it.
        value = np.where(np.isnan(gap), np.inf, np.maximum(gap, 0.0))
    return Found(np.where(np.isin(kind, FAILED), np.inf, value), gap, kind, reached)


def best_of_map(found: Found, x: Float[np.ndarray, " columns"], y: Float[np.ndarray, " rows"], side: int) -> Truth:
    """Return the best run of a map, whose runs are numbered row by row."""
    at = best_of(found.value)
    row, column = divmod(at, len(x))
    return Truth(side, float(x[column]), float(y[row]), float(found.value[at]), float(found.gap[at]))


def best_of(values: Values) -> int:
    """Return which value is the lowest; the first of several."""
    return int(np.argmin(values))


def best_so_far(values: Float[np.ndarray, "*seeds tried"], budget: int) -> Float[np.ndarray, "*seeds budget"]:
    """Return the lowest value of the first 1, 2, … runs; runs that are not made find nothing more."""
    lowest = np.minimum.accumulate(values, axis=-1)
    missing = budget - lowest.shape[-1]
    return np.concatenate([lowest, np.repeat(lowest[..., -1:], missing, axis=-1)], axis=-1)


def bands(curves: Float[np.ndarray, "seeds budget"]) -> Float[np.ndarray, "quantiles budget"]:
    """Return QUANTILES over the seeds: each a value that one seed has, so that failures may be infinite."""
    ranked = np.sort(curves, axis=0)
    rows: Int[np.ndarray, " quantiles"] = np.array(
        [max(0, math.ceil(quantile * len(ranked)) - 1) for quantile in QUANTILES]
    )
    return ranked[rows]


def decades_of(span: Span, values: Values) -> list[Decade]:
    """Return every decade of the range, and how many of the values lie in it.

    Decades are those of 1 − β where that is the scale; on a linear scale there are none.
    """
    if span.scale == "linear":
        return []
    sizes, ends = (
        (values, (span.low, span.high)) if span.scale == "log" else (1 - values, (1 - span.high, 1 - span.low))
    )
    # A whole power of ten is the end of one decade and the beginning of the next.
    first, last = (round(math.log10(end), 9) for end in ends)
    powers = [first, *range(math.floor(first) + 1, math.ceil(last)), last]
    edges = [10.0**power for power in powers]
    places = np.clip(np.searchsorted(edges, sizes, side="right") - 1, 0, len(edges) - 2)
    counts = np.bincount(places, minlength=len(edges) - 1).tolist()
    if span.scale == "one_minus_log":
        edges, counts = [1 - edge for edge in reversed(edges)], counts[::-1]
    return list(zip(edges, edges[1:], counts, strict=False))
