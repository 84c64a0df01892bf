"""What became of runs: the rules, on arrays of runs. A single run is an array of one.

All lengths are compared with the diagonal of the domain, all gradients and gaps with those at the start.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from jaxtyping import Bool, Float, Int

from app.numerics.problems.curvature import eigenvalues_of, eigenvectors_of

KINDS = ("moving", "converged", "stuck", "unbounded", "diverged")
MOVING, CONVERGED, STUCK, UNBOUNDED, DIVERGED = range(len(KINDS))

FAR = 1e3  # diverged: so many diagonals of the domain from its center, or so many times the first gap
SMALL = 1e-6  # converged, stuck: the relative size of what counts as nothing
NEAR = 1e-3  # converged: how near Newton's step must say that the minimum is, in diagonals
TAIL = 0.1  # the share of the steps that tells whether a run still moves
VALLEY = 1e-3  # a negative curvature below this share of the largest does not make a lowest point a saddle
ROUNDING = 1e-9  # what rounding leaves of a curvature, beside the largest, and of a gap, beside the loss
SINGULAR = 1e-12  # below this share of the largest, a curvature says nothing of how far the minimum is

Runs = Float[np.ndarray, "*runs"]  # of each run, or one number for all
Claims = Bool[np.ndarray, "*runs"]


@dataclass(frozen=True, kw_only=True, eq=False)
class Goal:
    """What runs are measured against; all runs of a race share one, in a map each may have its own."""

    domain: Float[np.ndarray, "2 2 *runs"]  # x0, x1; y0, y1
    lowest: Runs  # the known lowest value, else the lowest found in the domain
    minima: Float[np.ndarray, "2 minima ..."]  # where it is taken
    is_known: Claims  # the minima are points and all of them: the distance to the nearest tells how far a run is
    is_convex: Claims  # one valley: every minimum is the global one
    has_minimum: Claims  # of its own, before any penalty
    is_penalized: Claims

    @property
    def center(self) -> Float[np.ndarray, "2 *runs"]:
        """The middle of the domain."""
        return (self.domain[:, 0] + self.domain[:, 1]) / 2

    @property
    def diagonal(self) -> Runs:
        """Length of the domain's diagonal."""
        return np.asarray(np.hypot(*(self.domain[:, 1] - self.domain[:, 0])))


class Ends(NamedTuple):
    """The first and the last row of runs, and what happened between them."""

    params: Float[np.ndarray, "2 runs"]  # the last point
    grads: Float[np.ndarray, "2 runs"]  # its gradient; at a kink the shortest subgradient
    hessians: Float[np.ndarray, "runs 2 2"]  # looked at only where the gradient is small or the run at rest
    first_slope: Float[np.ndarray, " runs"]  # length of the first gradient
    first_gap: Float[np.ndarray, " runs"]  # loss above the lowest, at the first row
    gap: Float[np.ndarray, " runs"]  # … and at the last
    gone: Int[np.ndarray, " runs"]  # the row from which the run is out of all bounds to the end; -1 if it is not
    walked: Float[np.ndarray, " runs"]  # length of the tail
    is_lower_outside: Bool[np.ndarray, " runs"]  # the last finite row is outside the domain, lower than the start
    is_rough: Bool[np.ndarray, " runs"]  # the surface has no gradient or no Hessian at the last point


class Verdicts(NamedTuple):
    """What the rules say of each run, and by what."""

    kind: Int[np.ndarray, " runs"]  # index into KINDS
    is_global: Bool[np.ndarray, " runs"]  # it is at a global minimum
    is_flat: Bool[np.ndarray, " runs"]  # the last gradient is nothing beside the first
    is_plain: Bool[np.ndarray, " runs"]  # so is the curvature
    low: Float[np.ndarray, " runs"]  # eigenvalues of the Hessian
    high: Float[np.ndarray, " runs"]
    newton: Float[np.ndarray, " runs"]  # how far away the minimum is, by Newton's step
    is_rough: Bool[np.ndarray, " runs"]  # no derivative says anything


class Curvature(NamedTuple):
    """What gradient and Hessian at a point say of the minimum."""

    low: Float[np.ndarray, " runs"]  # eigenvalues of the Hessian
    high: Float[np.ndarray, " runs"]
    newton: Float[np.ndarray, " runs"]  # length of Newton's step, ‖H⁻¹g‖; a singular direction is left out
    fall: Float[np.ndarray, " runs"]  # by how much the loss falls on the way, ½ gᵀH⁻¹g

    @property
    def steepest(self) -> Float[np.ndarray, " runs"]:
        """The largest curvature, upwards or downwards."""
        return np.maximum(abs(self.low), abs(self.high))


def curvature(grads: Float[np.ndarray, "2 runs"], hessians: Float[np.ndarray, "runs 2 2"]) -> Curvature:
    """Return eigenvalues and Newton's step."""
    values, axes = eigenvalues_of(hessians), eigenvectors_of(hessians)
    sizes = np.abs(values)
    slopes = axes[..., 0] * grads[0][:, None] + axes[..., 1] * grads[1][:, None]
    is_curved = sizes > SINGULAR * sizes.max(axis=1, keepdims=True)
    steps = np.where(is_curved, slopes, 0.0) / np.where(is_curved, sizes, 1.0)
    low, high = values.T
    return Curvature(low, high, np.hypot(*steps.T), (steps * slopes).sum(axis=1) / 2)


def nearest(points: Float[np.ndarray, "2 *runs"], goal: Goal) -> Float[np.ndarray, "*runs"]:
    """Return the square of the distance of points from the nearest of the minima.

    The same operations as in a map, in the same order, so that a tolerance is met in the same row.
    """
    found = None
    for x, y in zip(*goal.minima, strict=True):
        dx, dy = points[0] - x, points[1] - y
        square = dx * dx + dy * dy
        found = square if found is None else np.minimum(found, square)
    return np.full(points.shape[1:], np.inf) if found is None else found


def judge(ends: Ends, goal: Goal) -> Verdicts:
    """Apply the rules, in their order.

    `diverged` is gone for good; `unbounded` left the domain downhill where there is no minimum; `converged` has no
    gradient, no direction that falls, and by Newton's step the minimum is near: a small gradient in a long valley is
    not a minimum; `stuck` hardly moves; `moving` is all the rest.
    """
    diagonal = goal.diagonal
    # What has diverged holds inf and nan; comparisons with nan are false.
    with np.errstate(invalid="ignore", over="ignore", divide="ignore"):
        slope = np.sqrt(ends.grads[0] ** 2 + ends.grads[1] ** 2)
        is_flat = slope <= SMALL * np.maximum(ends.first_slope, SMALL)
        found = curvature(ends.grads, ends.hessians)
        square = nearest(ends.params, goal)
        # To a single valley the way is the distance, however singular its Hessian is to rounding.
        newton = np.where(goal.is_convex & goal.is_known, np.sqrt(square), found.newton)
        has_minimum = goal.has_minimum | goal.is_penalized
        is_near = square <= (NEAR * diagonal) ** 2
        is_lowest = (goal.is_convex | is_near | _is_lowest(ends, goal, found)) & has_minimum
        is_plain = found.steepest * diagonal**2 <= SMALL * abs(ends.gap)
        # The floor of a bent valley is straight only in its middle: a hair beside it the curvature along it is
        # negative, by as little as the gradient there differs from zero.
        falls_not = ~is_plain & (found.low >= -ROUNDING * found.steepest)
        is_minimum = np.where(is_lowest, found.low >= -VALLEY * found.high, falls_not)
        # On a surface without a minimum a good run goes downhill for ever: that is not the failure of its rate. With
        # a penalty it may come to rest outside the domain all the same.
        is_unbounded = ends.is_lower_outside & ~goal.has_minimum & ~(goal.is_penalized & is_flat)
        is_converged = is_flat & has_minimum & is_minimum & (newton <= NEAR * diagonal)
        # Where there are no derivatives, only the value can say that a point is a minimum.
        is_converged = np.where(ends.is_rough, is_lowest & is_near & (abs(ends.gap) <= SMALL), is_converged)
        is_still = ends.walked < SMALL * diagonal
    kind = np.select([is_unbounded, ends.gone >= 0, is_converged, is_still], [UNBOUNDED, DIVERGED, CONVERGED, STUCK], 0)
    return Verdicts(kind, is_lowest, is_flat, is_plain, found.low, found.high, newton, ends.is_rough)


def _is_lowest(ends: Ends, goal: Goal, found: Curvature) -> Claims:
    """Whether the last value is the lowest to rounding, but for what the rest of the gradient explains.

    Twice over, since a surface is not quadratic.
    """
    scale = np.maximum(abs(goal.lowest), np.minimum(abs(ends.first_gap), 1.0))
    return abs(ends.gap) <= ROUNDING * scale + 2 * found.fall
