"""Where in a run the things happen that the rules on its outcome speak of."""

import math
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float, Int

from app.numerics.surfaces.record import Box

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


@dataclass(frozen=True, kw_only=True)
class Milestones:
    """Where in each run something happens; rows are -1 where it never does."""

    reached: Int[np.ndarray, " runs"]  # from here the gap stays ≤ tolerance × the first gap
    settled: Int[np.ndarray, " runs"]  # from here the loss stays as near to its end as SMALL
    diverged: Int[np.ndarray, " runs"]  # from here the run is gone for good
    is_high: Bool[np.ndarray, " runs"]  # … because of its loss, and not of its distance alone
    left_view: Int[np.ndarray, " runs"]  # first row outside the view
    is_still: Bool[np.ndarray, " runs"]  # the tail moved less than SMALL diagonals
    slope: Float[np.ndarray, " runs"]  # length of the last gradient
    is_flat: Bool[np.ndarray, " runs"]  # … which is nothing beside the first
    is_lower_outside: Bool[np.ndarray, " runs"]  # the last finite row is outside the domain, lower than the start
    trend: Float[np.ndarray, " runs"]  # change of the mean loss from one tail to the next, in spreads of the last
    is_peak: Bool[np.ndarray, " runs"]  # the highest loss of all is in the tail
    gap: Float[np.ndarray, "runs 2"]  # loss above the lowest, at the first and the last row
    is_straight: Bool[np.ndarray, " runs"]  # until it reaches the tolerance
    is_zig_zag: Bool[np.ndarray, " runs"]


def first(holds: Bool[np.ndarray, "*runs rows"]) -> Int[np.ndarray, "*runs"]:
    """Return the first row that holds, or -1."""
    return np.where(holds.any(axis=-1), holds.argmax(axis=-1), -1)


def for_good(holds: Bool[np.ndarray, "*runs rows"]) -> Int[np.ndarray, "*runs"]:
    """Return the first row from which everything holds to the end, or -1."""
    rows = holds.shape[-1]
    trailing = first(~holds[..., ::-1])  # how many rows hold at the end; -1 if all do
    return np.where(trailing < 0, 0, np.where(trailing == 0, -1, rows - trailing))


def is_inside(points: Float[np.ndarray, "2 *rows"], box: Box) -> Bool[np.ndarray, "*rows"]:
    """Whether points lie in a box; what is not finite does not."""
    (x, y), ((x0, x1), (y0, y1)) = points, box
    return (x >= x0) & (x <= x1) & (y >= y0) & (y <= y1)


def length(x: Float[np.ndarray, "*rows"], y: Float[np.ndarray, "*rows"]) -> Float[np.ndarray, "*rows"]:
    """Return the lengths of vectors; unlike np.hypot infinite above 1e154, and five times as fast."""
    return np.sqrt(x * x + y * y)


def milestones(
    params: Float[np.ndarray, "runs rows 2"],
    loss: Float[np.ndarray, "runs rows"],
    grads: Float[np.ndarray, "runs 2 2"],
    setting: Setting,
) -> Milestones:
    """Find the rows that the rules speak of.

    Args:
        grads: at the first and the last row of each run; at a kink the shortest subgradient.
    """
    count, rows = loss.shape
    tail = max(1, round(TAIL * (rows - 1)))
    # Each coordinate in one piece: on every second number NumPy is several times slower.
    points = np.ascontiguousarray(params.transpose(2, 0, 1))
    x, y = points
    (x0, x1), (y0, y1) = setting.domain
    # Diverged rows hold inf and nan. They are data: comparisons with nan are false, and the rules are put so that
    # false means "gone".
    with np.errstate(invalid="ignore", over="ignore"):
        gap = loss - setting.lowest
        start, end = loss[:, :1], loss[:, -1:]
        is_near = length(x - (x0 + x1) / 2, y - (y0 + y1) / 2) <= FAR * setting.diagonal
        is_low = np.isfinite(loss) & (gap <= FAR * np.maximum(gap[:, :1], 1.0))
        is_reached = gap <= setting.tolerance * gap[:, :1]
        is_settled = np.abs(loss - end) <= SMALL * np.maximum(start - end, SMALL)
        reached, settled, diverged = for_good(np.array((is_reached, is_settled, ~(is_near & is_low))))
        dx, dy = x[:, 1:] - x[:, :-1], y[:, 1:] - y[:, :-1]
        lengths = length(dx, dy)
        # How the path looks is told up to the row that reaches the tolerance: what follows is too small to see.
        shown = np.where(reached < 0, rows - 1, reached)
        is_shown = np.arange(1, rows) <= shown[:, None]
        turns_back = dx[:, 1:] * dx[:, :-1] + dy[:, 1:] * dy[:, :-1] < 0
        chord = params[np.arange(count), shown] - params[:, 0]
        norms = length(grads[..., 0], grads[..., 1])
        now, before = loss[:, -tail:], loss[:, -2 * tail : -tail]
        highest = now.max(axis=1)
        change = now.mean(axis=1) - (before if before.size else start).mean(axis=1)
        return Milestones(
            reached=reached,
            settled=settled,
            diverged=diverged,
            is_high=~is_low[np.arange(count), diverged],
            left_view=first(~is_inside(points, setting.view)),
            is_still=lengths[:, -tail:].sum(axis=1) < SMALL * setting.diagonal,
            slope=norms[:, 1],
            is_flat=norms[:, 1] <= SMALL * np.maximum(norms[:, 0], SMALL),
            is_lower_outside=_is_lower_outside(params, loss, setting),
            trend=change / np.maximum(highest - now.min(axis=1), np.finfo(float).tiny),
            is_peak=highest >= loss.max(axis=1),
            gap=gap[:, [0, -1]],
            is_straight=(lengths * is_shown).sum(axis=1) <= STRAIGHT * length(chord[:, 0], chord[:, 1]),
            is_zig_zag=(turns_back & is_shown[:, 1:]).sum(axis=1) >= ZIG_ZAG,
        )


def _is_lower_outside(
    params: Float[np.ndarray, "runs rows 2"], loss: Float[np.ndarray, "runs rows"], setting: Setting
) -> Bool[np.ndarray, " runs"]:
    count, rows = loss.shape
    if not setting.no_minimum:
        return np.zeros(count, dtype=bool)
    final = rows - 1 - np.maximum(first(np.isfinite(loss)[:, ::-1]), 0)
    runs = np.arange(count)
    return ~is_inside(params[runs, final].T, setting.domain) & (loss[runs, final] < loss[:, 0])
