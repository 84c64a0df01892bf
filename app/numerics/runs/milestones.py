"""Where in a run the things happen that the rules on its outcome speak of.

NumPy over all runs at once, and over all rows only where the extremes leave a doubt: most paths stay within bounds,
and a pass over them costs as much as a tenth of their computation.
"""

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from jaxtyping import Bool, Float

from app.numerics.problems.surfaces.record import Box

FAR = 1e3  # diverged: this many diagonals of the domain from its centre, or this many times the first gap
SMALL = 1e-6  # converged, stuck: the relative size of what counts as nothing
STRAIGHT = 1.02  # a path is straight if it is at most this much longer than its chord
ZIG_ZAG = 5  # a path zig-zags if so many of its steps go against the one before
TAIL = 0.1  # the share of the steps that tells whether a run still moves


@dataclass(frozen=True, kw_only=True)
class Setting:
    """What the rules need to know of the problem that all runs share."""

    domain: Box
    view: Box
    lowest: float  # the known lowest value, else the lowest found in the domain
    no_minimum: str  # why the surface has none; "" where it has
    is_penalized: bool
    is_convex: bool  # one valley: every minimum is the global one
    has_several: bool  # global minima, apart from each other or along a curve
    tolerance: float
    steps: int

    @property
    def diagonal(self) -> float:
        """Length of the domain's diagonal."""
        (x0, x1), (y0, y1) = self.domain
        return math.hypot(x1 - x0, y1 - y0)


class Milestones(NamedTuple):
    """Where in one run something happens; a row is None where it never does."""

    reached: int | None  # from here the gap stays ≤ tolerance × the first gap
    settled: int | None  # from here the loss stays as near to its end as SMALL; looked for only in a run at rest
    diverged: int | None  # from here the run is gone for good
    is_high: bool  # … because of its loss, and not of its distance alone
    left_view: int | None  # first row outside the view
    is_still: bool  # the tail moved less than SMALL diagonals
    slope: float  # length of the last gradient
    is_flat: bool  # … which is nothing beside the first
    is_lower_outside: bool  # the last finite row is outside the domain, lower than the start
    trend: float  # change of the mean loss from one tail to the next, in spreads of the last
    is_peak: bool  # the highest loss of all is in the tail
    gap: tuple[float, float]  # loss above the lowest, at the first and the last row
    is_straight: bool  # until it reaches the tolerance
    is_zig_zag: bool


Extremes = list[list[float]]  # of each coordinate and of the loss, for each run
Gone = list[tuple[int | None, bool]]


def first(holds: Bool[np.ndarray, "runs rows"]) -> list[int | None]:
    """Return the first row of each run that holds."""
    rows: list[int] = holds.argmax(axis=1).tolist()
    return [row if any_row else None for row, any_row in zip(rows, np.any(holds, axis=1).tolist(), strict=True)]


def for_good(holds: Bool[np.ndarray, "runs rows"]) -> list[int | None]:
    """Return the first row of each run from which everything holds to the end."""
    rows = holds.shape[1]
    trailing = first(~holds[:, ::-1])  # how many rows hold at the end; None if all do
    return [0 if count is None else rows - count if count else None for count in trailing]


def is_inside(points: Float[np.ndarray, "2 *rows"], box: Box) -> Bool[np.ndarray, "*rows"]:
    """Whether points lie in a box; what is not finite does not."""
    (x, y), ((x0, x1), (y0, y1)) = points, box
    return (x >= x0) & (x <= x1) & (y >= y0) & (y <= y1)


def length(vectors: Float[np.ndarray, "2 *rows"]) -> Float[np.ndarray, "*rows"]:
    """Return the lengths of vectors; unlike np.hypot infinite above 1e154, and five times as fast."""
    x, y = vectors
    return np.sqrt(x * x + y * y)


def milestones(
    paths: Float[np.ndarray, "3 runs rows"], grads: Float[np.ndarray, "runs 2 2"], setting: Setting
) -> list[Milestones]:
    """Find the rows that the rules speak of, run by run.

    Args:
        paths: both coordinates and the loss; each in one piece, since on every second number NumPy is several times
            slower.
        grads: at the first and the last row of each run; at a kink the shortest subgradient.
    """
    points, loss = paths[:2], paths[2]
    count, rows = loss.shape
    tail = max(1, round(TAIL * (rows - 1)))
    # Diverged rows hold inf and nan. They are data: comparisons with nan are false, and the rules are put so that
    # false means "gone".
    with np.errstate(invalid="ignore", over="ignore"):
        lows, highs = paths.min(axis=2).tolist(), paths.max(axis=2).tolist()
        gap = loss - setting.lowest
        reached = for_good(gap <= setting.tolerance * gap[:, :1])
        gone: Gone = [(None, False)] * count
        if not _is_bounded(lows, highs, gap[:, 0].tolist(), setting):
            gone = _gone(points, loss, gap, setting)
        left_view: list[int | None] = [None] * count
        if not _is_in(lows, highs, setting.view):
            left_view = first(~is_inside(points, setting.view))
        steps = points[:, :, 1:] - points[:, :, :-1]
        lengths = length(steps)
        # How the path looks is told up to the row that reaches the tolerance: what follows is too small to see.
        shown = [rows - 1 if row is None else row for row in reached]
        is_shown = np.arange(1, rows) <= np.array(shown)[:, None]
        products = steps[:, :, 1:] * steps[:, :, :-1]
        turns_back = (products[0] + products[1] < 0) & is_shown[:, 1:]
        is_flat, slopes = _slopes(grads)
        columns = (
            reached,
            _settled(loss) if any(is_flat) else [None] * count,
            *zip(*gone, strict=True),
            left_view,
            (lengths[:, -tail:].sum(axis=1) < SMALL * setting.diagonal).tolist(),
            slopes,
            is_flat,
            _is_lower_outside(points, loss, setting),
            *_trend(loss, highs[2], tail),
            gap[:, [0, -1]].tolist(),
            _is_straight(points, shown, (lengths * is_shown).sum(axis=1).tolist()),
            (turns_back.sum(axis=1) >= ZIG_ZAG).tolist(),
        )
    return [Milestones(*run) for run in zip(*columns, strict=True)]


# A handful of numbers is looked at faster in Python than in arrays of a handful.


def _is_bounded(lows: Extremes, highs: Extremes, first_gap: list[float], setting: Setting) -> bool:
    """Whether no row of any run is gone: all in the square that the circle of FAR diagonals holds, no loss too high."""
    side = FAR * setting.diagonal / math.sqrt(2)
    x, y = (sum(edges) / 2 for edges in setting.domain)
    return _is_in(lows, highs, ((x - side, x + side), (y - side, y + side))) and all(
        low > -math.inf and high - setting.lowest <= FAR * max(gap, 1.0)
        for low, high, gap in zip(lows[2], highs[2], first_gap, strict=True)
    )


def _is_in(lows: Extremes, highs: Extremes, box: Box) -> bool:
    """Whether every row of every run lies in a box."""
    (x0, x1), (y0, y1) = box
    return (
        all(low >= x0 for low in lows[0])
        and all(high <= x1 for high in highs[0])
        and all(low >= y0 for low in lows[1])
        and all(high <= y1 for high in highs[1])
    )


def _gone(
    points: Float[np.ndarray, "2 runs rows"],
    loss: Float[np.ndarray, "runs rows"],
    gap: Float[np.ndarray, "runs rows"],
    setting: Setting,
) -> Gone:
    """Return the row from which each run is gone for good, and whether its loss is why."""
    (x0, x1), (y0, y1) = setting.domain
    distances = length(points - np.array([x0 + x1, y0 + y1])[:, None, None] / 2)
    is_low = np.isfinite(loss) & (gap <= FAR * np.maximum(gap[:, :1], 1.0))
    found = for_good(~(is_low & (distances <= FAR * setting.diagonal)))
    return [(row, row is not None and not is_low[run, row]) for run, row in enumerate(found)]


def _settled(loss: Float[np.ndarray, "runs rows"]) -> list[int | None]:
    start, end = loss[:, :1], loss[:, -1:]
    return for_good(np.abs(loss - end) <= SMALL * np.maximum(start - end, SMALL))


def _slopes(grads: Float[np.ndarray, "runs 2 2"]) -> tuple[list[bool], list[float]]:
    """Return whether the last gradient is nothing beside the first, and its length."""
    lengths = length(grads.transpose(2, 0, 1)).tolist()
    return [end <= SMALL * max(start, SMALL) for start, end in lengths], [end for _, end in lengths]


def _trend(loss: Float[np.ndarray, "runs rows"], highest: list[float], tail: int) -> tuple[list[float], list[bool]]:
    """Return by how many spreads of the last tail the mean loss has changed, and whether the peak lies in that tail."""
    now, before = loss[:, -tail:], loss[:, -2 * tail : -tail]
    peak = now.max(axis=1)
    change = (now.sum(axis=1) - before.sum(axis=1)) / tail
    trend = change / np.maximum(peak - now.min(axis=1), np.finfo(float).tiny)
    return trend.tolist(), [high >= most for high, most in zip(peak.tolist(), highest, strict=True)]


def _is_straight(points: Float[np.ndarray, "2 runs rows"], shown: list[int], walked: list[float]) -> list[bool]:
    """Whether a path, `walked` long up to the row `shown`, is hardly longer than its chord."""
    chords = (points[:, run, row] - points[:, run, 0] for run, row in enumerate(shown))
    return [long <= STRAIGHT * math.hypot(*chord.tolist()) for long, chord in zip(walked, chords, strict=True)]


def _is_lower_outside(
    points: Float[np.ndarray, "2 runs rows"], loss: Float[np.ndarray, "runs rows"], setting: Setting
) -> list[bool]:
    if not setting.no_minimum:
        return [False] * len(loss)
    runs = np.arange(len(loss))
    final = loss.shape[1] - 1 - np.isfinite(loss)[:, ::-1].argmax(axis=1)
    is_outside = ~is_inside(points[:, runs, final], setting.domain)
    return (is_outside & (loss[runs, final] < loss[:, 0])).tolist()
