"""At which rows of a path the things happen that outcomes speak of.

NumPy over all runs at once, and over all rows only where the extremes leave a doubt: most paths stay within bounds,
and a pass over them costs as much as a tenth of their computation.
"""

import math
from typing import NamedTuple

import numpy as np
from jaxtyping import Bool, Float, Int

from app.numerics.problems.surfaces.record import Box
from app.numerics.runs.outcome import FAR, SMALL, TAIL, Goal, nearest

STRAIGHT = 1.02  # a path is straight if it is at most this much longer than its chord
ZIG_ZAG = 5  # a path zig-zags if so many of its steps go against the one before
NOWHERE = -1  # in place of a row

Paths = Float[
    np.ndarray, "3 runs rows"
]  # both coordinates and the loss; each in one piece, which NumPy needs for speed
Points = Float[np.ndarray, "2 runs rows"]
Rows = Int[np.ndarray, " runs"]  # NOWHERE where the thing never happens
Claims = Bool[np.ndarray, " runs"]
Extremes = list[list[float]]  # of each coordinate and of the loss, for each run


class Events(NamedTuple):
    """What happens on the way of each run."""

    reached: Rows  # from here to the end the run is within the tolerance
    gone: Rows  # from here to the end it is out of all bounds
    is_high: Claims  # … because of its loss, and not of its distance alone
    left_view: Rows  # first row outside the view
    walked: Float[np.ndarray, " runs"]  # length of the tail: the last tenth of the steps
    is_lower_outside: Claims  # the last finite row is outside the domain, lower than the start
    change: Float[np.ndarray, " runs"]  # of the mean loss, from the tenth before to the last
    spread: Float[np.ndarray, " runs"]  # of the loss in the last tenth
    height: Float[np.ndarray, " runs"]  # mean gap in the last tenth
    is_peak: Claims  # the highest loss of all is in the last tenth
    is_straight: Claims  # until it reaches the tolerance
    is_zig_zag: Claims


def first(holds: Bool[np.ndarray, "runs rows"]) -> Rows:
    """Return the first row of each run that holds."""
    return np.where(holds.any(axis=1), holds.argmax(axis=1), NOWHERE)


def for_good(holds: Bool[np.ndarray, "runs rows"]) -> Rows:
    """Return the first row of each run from which everything holds to the end."""
    trailing = first(~holds[:, ::-1])  # how many rows hold at the end
    rows = np.where(trailing == NOWHERE, 0, holds.shape[1] - trailing)
    return np.where(trailing == 0, NOWHERE, rows)


def is_inside(points: Float[np.ndarray, "2 *rows"], box: Box | Float[np.ndarray, "2 2"]) -> Bool[np.ndarray, "*rows"]:
    """Whether points lie in a box; what is not finite does not."""
    (x, y), ((x0, x1), (y0, y1)) = points, box
    return (x >= x0) & (x <= x1) & (y >= y0) & (y <= y1)


def length(vectors: Float[np.ndarray, "2 *rows"]) -> Float[np.ndarray, "*rows"]:
    """Return the lengths of vectors; unlike np.hypot infinite above 1e154, and five times as fast."""
    x, y = vectors
    return np.sqrt(x * x + y * y)


def tail_of(steps: int) -> int:
    """Return how many of the last steps tell whether a run still moves."""
    return max(1, round(TAIL * steps))


def events_of(paths: Paths, goal: Goal, *, view: Box, tolerance: float) -> Events:
    """Find the rows at which things happen."""
    points, loss = paths[:2], paths[2]
    count, rows = loss.shape
    tail = tail_of(rows - 1)
    # Diverged rows hold inf and nan. They are data: comparisons with nan are false, and the rules are put so that
    # false means "gone".
    with np.errstate(invalid="ignore", over="ignore"):
        lows, highs = paths.min(axis=2).tolist(), paths.max(axis=2).tolist()
        gap = loss - goal.lowest
        reached = _reached(points, gap, goal, tolerance)
        gone, is_high = np.full(count, NOWHERE), np.zeros(count, dtype=bool)
        if not _is_bounded(lows, highs, gap[:, 0].tolist(), goal):
            gone, is_high = _gone(points, gap, goal)
        left_view = np.full(count, NOWHERE)
        if not _is_in(lows, highs, view):
            left_view = first(~is_inside(points, view))
        steps = points[:, :, 1:] - points[:, :, :-1]
        lengths = length(steps)
        # The shape of a path is judged up to the row that reaches the tolerance: what follows is too small to see.
        shown = np.where(reached == NOWHERE, rows - 1, reached)
        is_shown = np.arange(1, rows) <= shown[:, None]
        products = steps[:, :, 1:] * steps[:, :, :-1]
        turns_back = (products[0] + products[1] < 0) & is_shown[:, 1:]
        chords = points[:, np.arange(count), shown] - points[:, :, 0]
        now, before = loss[:, -tail:], loss[:, -2 * tail : -tail]
        peak, mean = now.max(axis=1), now.sum(axis=1) / tail
        return Events(
            reached=reached,
            gone=gone,
            is_high=is_high,
            left_view=left_view,
            walked=lengths[:, -tail:].sum(axis=1),
            is_lower_outside=_is_lower_outside(points, loss, goal),
            change=mean - before.sum(axis=1) / tail,
            spread=peak - now.min(axis=1),
            height=mean - goal.lowest,
            is_peak=peak >= np.array(highs[2]),
            is_straight=(lengths * is_shown).sum(axis=1) <= STRAIGHT * length(chords),
            is_zig_zag=turns_back.sum(axis=1) >= ZIG_ZAG,
        )


def settled(loss: Float[np.ndarray, "runs rows"]) -> Rows:
    """Return the row from which the loss of each run stays at its end."""
    start, end = loss[:, :1], loss[:, -1:]
    with np.errstate(invalid="ignore", over="ignore"):
        return for_good(np.abs(loss - end) <= SMALL * np.maximum(start - end, SMALL))


def _reached(points: Points, gap: Float[np.ndarray, "runs rows"], goal: Goal, tolerance: float) -> Rows:
    # Squares of distances, or the gap, which goes like their square: both within the square of the tolerance.
    measure = nearest(points, goal) if goal.is_known else gap
    return for_good(measure <= tolerance * tolerance * measure[:, :1])


# A handful of numbers is looked at faster in Python than in arrays of a handful.


def _is_bounded(lows: Extremes, highs: Extremes, first_gap: list[float], goal: Goal) -> bool:
    """Whether no row of any run is gone: all in the square that the circle of FAR diagonals holds, no loss too high."""
    side, lowest = FAR * float(goal.diagonal) / math.sqrt(2), float(goal.lowest)
    x, y = goal.center.tolist()
    return _is_in(lows, highs, ((x - side, x + side), (y - side, y + side))) and all(
        low > -math.inf and high - lowest <= FAR * max(gap, 1.0)
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


def _gone(points: Points, gap: Float[np.ndarray, "runs rows"], goal: Goal) -> tuple[Rows, Claims]:
    """Return the row from which each run is gone for good, and whether its loss is why."""
    distances = length(points - goal.center[:, None, None])
    is_low = np.isfinite(gap) & (gap <= FAR * np.maximum(gap[:, :1], 1.0))
    found = for_good(~(is_low & (distances <= FAR * goal.diagonal)))
    return found, (found != NOWHERE) & ~is_low[np.arange(len(found)), found]


def _is_lower_outside(points: Points, loss: Float[np.ndarray, "runs rows"], goal: Goal) -> Claims:
    if goal.has_minimum:
        return np.zeros(len(loss), dtype=bool)
    runs = np.arange(len(loss))
    final = loss.shape[1] - 1 - np.isfinite(loss)[:, ::-1].argmax(axis=1)
    is_outside = ~is_inside(points[:, runs, final], goal.domain)
    return is_outside & (loss[runs, final] < loss[:, 0])
