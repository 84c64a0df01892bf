"""The lowest points of a loss with its penalty in the domain: many candidates, all polished at once."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float

from app.numerics.problems.curvature import eigenvalues_of, eigenvectors_of
from app.numerics.problems.evaluate import derivatives_at, grid, losses_at
from app.numerics.problems.surfaces.record import Problem
from app.numerics.runs.step import Conditions
from app.runtime.programs import Programs

Points = Float[np.ndarray, "points 2"]
Values = Float[np.ndarray, " points"]
Line = Float[np.ndarray, " n"]

SIDE = 99  # of the grid; odd: the middle of the domain is a grid point
ROW_SIDE = 33  # where each point costs a sum over rows; such losses are convex
AXIS, ROW_AXIS = 401, 65  # points along each axis, where a penalty has its creases
MOST_CANDIDATES = 64
ROUNDS = 40
SIZES = 0.5 ** np.arange(8)  # of each step
PROFILED = 3  # columns around which a crease is followed
SPREAD = np.linspace(-1.0, 1.0, 33)  # points of each round of a search along a line
SAME_VALUE = 1e-12  # of the values' range: no lower
SAME_PLACE = 1e-4  # of the domain's diagonal


@dataclass(frozen=True, kw_only=True, eq=False)
class Search:
    """One problem with its conditions, as the steps below see it: losses and derivatives at many points."""

    programs: Programs
    problem: Problem
    conditions: Conditions
    low: Float[np.ndarray, "2"]
    high: Float[np.ndarray, "2"]

    @property
    def has_crease(self) -> bool:
        """Whether the penalty |θ|^q has a kink or an infinite curvature on the axes."""
        return bool(self.conditions.weight) and float(self.conditions.exponent) < 2

    def losses(self, points: Points) -> Values:
        """Losses, infinite where they are not finite."""
        found = losses_at(self.programs, self.problem, self.conditions, points)
        return np.where(np.isfinite(found), found, np.inf)

    def derivatives(self, points: Points) -> tuple[Points, Float[np.ndarray, "points 2 2"]]:
        """Gradients and Hessians, 0 where they are not finite."""
        grads, hessians = derivatives_at(self.programs, self.problem, self.conditions, points)
        return np.nan_to_num(grads, posinf=0.0, neginf=0.0), np.nan_to_num(hessians, posinf=0.0, neginf=0.0)


def lowest(programs: Programs, problem: Problem, conditions: Conditions) -> Points:
    """Return the lowest points found in the domain, the very lowest first.

    There is more than one where several are equally deep. Candidates are the known minima, the dents of a grid, and
    those along the axes, where a penalty has its creases. Surfaces with creases of their own are also searched column
    by column.
    """
    low, high = np.array(problem.domain).T
    search = Search(programs=programs, problem=problem, conditions=conditions, low=low, high=high)
    side = ROW_SIDE if problem.surface.has_rows else SIDE
    x, y, loss = grid(programs, problem, conditions, problem.domain, side)
    loss = np.where(np.isfinite(loss), loss, np.inf)
    candidates = [dents(x, y, loss), np.reshape(problem.minima.points, (-1, 2)), *_along_axes(search)]
    points = np.clip(np.concatenate(candidates), search.low, search.high)
    values = search.losses(points)
    best = np.argsort(values, kind="stable")[:MOST_CANDIDATES]
    points, values = polish(search, points[best], values[best])
    creased = follow_creases(search, x, y, loss, float(values.min()))
    if len(creased):
        points, values = np.vstack([points, creased]), np.append(values, search.losses(creased))
    return _deepest(search, points, values, float(np.ptp(loss[np.isfinite(loss)])))


def dents(x: Line, y: Line, loss: Float[np.ndarray, "rows columns"]) -> Points:
    """Return the grid points that are no higher than their eight neighbors, the lowest ones first."""
    framed = np.pad(loss, 1, constant_values=np.inf)
    rows, columns = loss.shape
    around = [
        framed[1 + down : 1 + down + rows, 1 + right : 1 + right + columns]
        for down in (-1, 0, 1)
        for right in (-1, 0, 1)
    ]
    j, i = np.nonzero(loss <= np.min(around, axis=0))
    order = np.argsort(loss[j, i], kind="stable")[:MOST_CANDIDATES]
    points = np.stack([x[i[order]], y[j[order]]], axis=-1)
    # The middle of a grid is 0 but for rounding, and a crease is met exactly or not at all.
    return np.where(np.abs(points) < 1e-12 * np.max(np.abs([x[0], x[-1], y[0], y[-1]])), 0.0, points)


def _along_axes(search: Search) -> list[Points]:
    """Return the dents of the loss along each axis that crosses the domain, and the origin."""
    if not search.has_crease:
        return []
    found = []
    crosses = (search.low <= 0) & (search.high >= 0)
    for axis in np.flatnonzero(crosses[::-1]):  # the coordinate that varies, while the other one is 0
        count = ROW_AXIS if search.problem.surface.has_rows else AXIS
        points = np.zeros((count, 2))
        points[:, axis] = np.linspace(search.low[axis], search.high[axis], count)
        values = search.losses(points)
        framed = np.pad(values, 1, constant_values=np.inf)
        is_dent = (values <= framed[:-2]) & (values <= framed[2:])
        found.append(points[is_dent])
    return [*found, np.zeros((int(crosses.all()), 2))]


def polish(search: Search, points: Points, values: Values) -> tuple[Points, Values]:
    """Descend from every point by Newton steps of several lengths, until no point gets lower."""
    points, values = points.copy(), values.copy()
    active = np.arange(len(points))
    for _ in range(ROUNDS):
        moves = _moves(search, points[active])
        trials = points[active, None] + moves
        if search.has_crease:
            trials = np.concatenate([trials, points[active, None] * [[[0, 1], [1, 0]]]], axis=1)
        trials = np.clip(trials, search.low, search.high)
        found = search.losses(trials.reshape(-1, 2)).reshape(trials.shape[:2])
        best = np.argmin(found, axis=1)
        rows = np.arange(len(active))
        is_lower = found[rows, best] < values[active]
        active, rows, best = active[is_lower], rows[is_lower], best[is_lower]
        if not len(active):
            break
        points[active], values[active] = trials[rows, best], found[rows, best]
    return points, values


def _moves(search: Search, points: Points) -> Float[np.ndarray, "points moves 2"]:
    """Return Newton's step, and those of each coordinate alone, at several lengths."""
    grads, hessians = search.derivatives(points)
    # At an edge that it would leave by, a coordinate is held.
    is_held = ((points <= search.low) & (grads > 0)) | ((points >= search.high) & (grads < 0))
    grads, hessians = np.where(is_held, 0.0, grads), _held(hessians, is_held)
    vectors = eigenvectors_of(hessians)  # in rows
    # Absolute curvatures turn the step downhill at a saddle, too; a flat direction is not moved along.
    curvatures = np.abs(eigenvalues_of(hessians))
    curvatures = np.where(curvatures > 1e-12, curvatures, np.inf)
    newton = -np.einsum("pa,pax->px", np.einsum("pax,px->pa", vectors, grads) / curvatures, vectors)
    alone = -grads / np.maximum(np.abs(np.einsum("pxx->px", hessians)), 1e-12)
    steps = np.concatenate([newton[:, None], alone[:, None] * np.eye(2)], axis=1)
    return (steps[:, None] * SIZES[:, None, None]).reshape(len(points), -1, 2)


def _held(
    hessians: Float[np.ndarray, "points 2 2"], is_held: Bool[np.ndarray, "points 2"]
) -> Float[np.ndarray, "points 2 2"]:
    """Return the Hessians without the rows and columns of coordinates that cannot move."""
    return np.where(is_held[:, :, None] | is_held[:, None, :], 0.0, hessians)


def follow_creases(search: Search, x: Line, y: Line, loss: Float[np.ndarray, "rows columns"], below: float) -> Points:
    """Minimize over y at each x, and that minimum over x: along a crease no gradient and no grid shows the way.

    Args:
        x: the columns of the grid.
        y: its rows.
        loss: at the grid's points.
        below: what has been found already; creases that do not promise less are left alone.
    """
    found = _dents_beside_kinks(search, x, y, loss)
    if not len(found):
        return found
    width, height = x[1] - x[0], y[1] - y[0]
    rows, values = minimize_columns(search, found[:, 0], found[:, 1], height)
    profile = np.full(len(x), 1e300)  # where no dent is
    columns = np.rint((found[:, 0] - x[0]) / width).astype(int)
    np.minimum.at(profile, columns, values)
    # How much lower it may get between two columns.
    framed = np.pad(profile, 1, mode="edge")
    rise = np.maximum(framed[:-2], framed[2:]) - profile
    is_low = (profile <= framed[:-2]) & (profile <= framed[2:]) & (profile - rise < below)
    kept = np.flatnonzero((values == profile[columns]) & is_low[columns])
    kept = kept[np.argsort(values[kept], kind="stable")[:PROFILED]]
    at, beside, pick = found[kept, 0], rows[kept], np.arange(len(kept))
    while len(kept) and width > 1e-10 * (search.high[0] - search.low[0]):
        tried = np.clip(at[:, None] + width * SPREAD, search.low[0], search.high[0])
        near, depths = minimize_columns(search, tried.ravel(), np.repeat(beside, len(SPREAD)), 2 * height)
        best = np.argmin(depths.reshape(tried.shape), axis=1)
        at, beside = tried[pick, best], near.reshape(tried.shape)[pick, best]
        width *= 2 * (SPREAD[1] - SPREAD[0])
    return np.stack([at, beside], axis=-1)


def _dents_beside_kinks(search: Search, x: Line, y: Line, loss: Float[np.ndarray, "rows columns"]) -> Points:
    """Return the grid points that are lower than those above and below, and within two cells of a kink."""
    roughness = search.problem.surface.roughness
    if roughness is None:
        return np.zeros((0, 2))
    framed = np.pad(loss, ((1, 1), (0, 0)), constant_values=np.inf)
    j, i = np.nonzero((loss <= framed[:-2]) & (loss <= framed[2:]))
    is_near = roughness.distance(x[i], y[j]) <= 2 * np.hypot(x[1] - x[0], y[1] - y[0])
    return np.stack([x[i[is_near]], y[j[is_near]]], axis=-1)


def minimize_columns(search: Search, x: Line, y: Line, height: float) -> tuple[Line, Line]:
    """Return, for each x, the lowest y found within `height` of the given one, and its loss."""
    pick = np.arange(len(x))
    values = np.full(len(x), np.inf)
    while height > 1e-16 * (search.high[1] - search.low[1]):
        tried = np.clip(y[:, None] + height * SPREAD, search.low[1], search.high[1])
        points = np.stack([np.broadcast_to(x[:, None], tried.shape), tried], axis=-1)
        found = search.losses(points.reshape(-1, 2)).reshape(tried.shape)
        best = np.argmin(found, axis=1)
        y, values = tried[pick, best], found[pick, best]
        height *= SPREAD[1] - SPREAD[0]
    return y, values


def _deepest(search: Search, points: Points, values: Values, size: float) -> Float[np.ndarray, "kept 2"]:
    """Return the points that are equally deep and apart from each other, the very lowest first."""
    order = np.argsort(values, kind="stable")
    points, values = points[order], values[order]
    apart = SAME_PLACE * float(np.linalg.norm(search.high - search.low))
    kept: list[np.ndarray] = []
    for point in points[values <= values[0] + SAME_VALUE * size]:
        if all(np.linalg.norm(point - other) > apart for other in kept):
            kept.append(point)
    return np.array(kept)
