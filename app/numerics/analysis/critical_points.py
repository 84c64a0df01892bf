"""Every critical point in view, of which kind it is, and which ground is simply flat.

The view is divided until each cell holds one solution of ∇L = 0 at most, and Newton's method finds it: minima, maxima
and saddles alike. Each solution is then an isolated point or a point of a curve.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import scipy  # whose parts are imported when they are first used
from jaxtyping import Bool, Float, Int8

from app.numerics.analysis.curves import Curve, thinned, traced
from app.numerics.analysis.neighborhood import SAME, Area, Neighborhood
from app.numerics.analysis.newton import REACH, ROUNDING, SETTLED, Follow, Rows, follower, hessians_of
from app.numerics.analysis.subdivision import FEW_ROUNDS, MOST_CELLS, MOST_CELLS_OF_ROWS, Search, search
from app.numerics.conditions import Conditions
from app.numerics.problems.curvature import eigenvalues_of, eigenvectors_of
from app.numerics.problems.evaluate import derivatives, losses_at
from app.numerics.problems.roughness import has_derivatives, is_rough_at
from app.numerics.problems.surfaces.record import Box, Point, Problem
from app.numerics.rounding import without_rounding
from app.runtime.programs import Programs
from app.schema.messages import N_

Kind = Literal["minimum", "maximum", "saddle", "degenerate"]
KINDS: Mapping[Kind, str] = {
    "minimum": N_("minimum"),
    "maximum": N_("maximum"),
    "saddle": N_("saddle"),
    "degenerate": N_("degenerate"),
}
NAMES: tuple[Kind, ...] = tuple(KINDS)

Points = Float[np.ndarray, "... 2"]

MOST_POINTS = 500  # listed
SIDE, SIDE_OF_ROWS = 65, 17  # nodes a side, before cells are divided
ROUNDS = 50  # each halves the error even where the Hessian vanishes, which brings it to the last digit
POLISHING = 4  # rounds that double the digits
SLOW = 0.05  # cells: a step that is longer after twice FEW_ROUNDS leads nowhere
FAR = 16  # cells outside the view: from there nobody comes back in time
BESIDE = 0.125  # cells
LISTED = 1e-5  # cells: so near to a critical point, a point is that one
ON_CURVE = 0.1  # diagonals of a cell: so near to a curve's points, a point is one of them
ASIDE = np.array([1.0, 0.618]) * 1e-3  # cells: from so far beside a true solution Newton's method comes back


@dataclass(frozen=True, kw_only=True)
class Critical:
    """An isolated point with zero gradient."""

    at: Point
    loss: float
    kind: Kind
    eigenvalues: tuple[float, float]  # of the Hessian, ascending; 0 where it is zero to rounding


@dataclass(frozen=True, kw_only=True, eq=False)
class Survey:
    """What a view holds; small enough that many are kept."""

    points: tuple[Critical, ...]  # lowest first, at most MOST_POINTS
    counts: Mapping[Kind, int]  # of all that were found, listed or not
    curves: tuple[Curve, ...]
    areas: tuple[Area, ...]
    doubtful: Float[np.ndarray, "cells 2"]  # middles of cells too coarse to tell whether they hold more points
    neighborhood: Neighborhood

    @property
    def found(self) -> int:
        """How many points there are, listed or not."""
        return sum(self.counts.values())

    def is_listed(self, at: Float[np.ndarray, "2"]) -> bool:
        """Whether a point is one of those that are listed, as far as eight digits tell."""
        reach = LISTED * self.neighborhood.cell
        return any(bool(np.all(np.abs(np.array(point.at) - at) <= reach)) for point in self.points)

    def neighbors(self, at: Float[np.ndarray, "2"]) -> int:
        """Return how many points share the flat area of a place with it."""
        label = self.neighborhood.area_at(at)
        return next((area.holds for area in self.areas if area.label == label), 0)

    def is_on_curve(self, at: Float[np.ndarray, "2"]) -> bool:
        """Whether a point lies on a curve of critical points."""
        reach = ON_CURVE * float(np.hypot(*self.neighborhood.cell))
        return any(np.linalg.norm(curve.points - at, axis=1).min() < reach for curve in self.curves)


def survey(programs: Programs, problem: Problem, conditions: Conditions, view: Box) -> Survey:
    """Return what the view holds, computed once."""
    return programs.remember(
        ("survey", problem, conditions, view), lambda: _survey(programs, problem, conditions, view)
    )


@np.errstate(invalid="ignore", over="ignore", divide="ignore")  # what is not finite is data
def _survey(programs: Programs, problem: Problem, conditions: Conditions, view: Box) -> Survey:
    nodes = _nodes(programs, problem, conditions, view)
    cell = _cell(problem, view)
    follow = follower(programs, problem, conditions, cell)

    def polish(points: Float[np.ndarray, "points 2"]) -> Rows:
        return follow(points, 2 * FEW_ROUNDS)[1]

    def is_crossed(points: Float[np.ndarray, "cells 2"], distance: float) -> Bool[np.ndarray, " cells"]:
        return is_rough_at(problem, points, within=distance)

    with np.errstate(invalid="ignore", over="ignore", divide="ignore"):
        around = Neighborhood.of(nodes, view)
        most = MOST_CELLS_OF_ROWS if problem.surface.has_rows else MOST_CELLS
        found = search(nodes, 0.5 * cell, follow, is_crossed, most)
        rows = _solutions(found.ends, around, follow)
        rows = rows[has_derivatives(problem, conditions, rows[:, :2])]
        rows = rows[_attracts(rows, polish(rows[:, :2] + ASIDE * cell), cell)]
        is_flat = around.is_zero(rows).sum(axis=1)
    # Along a curve of critical points one eigenvalue is zero. Solutions that touch no other are points after all.
    curves, alone = traced(rows[is_flat == 1], cell, polish)
    single = rows[is_flat != 1]
    points = np.concatenate([single[thinned(single[:, :2] / cell, SAME)], alone])
    points = points[np.argsort(points[:, 2], kind="stable")]
    values, kinds = _judged(points, around)
    count = np.bincount(kinds, minlength=len(NAMES)).tolist()
    return Survey(
        points=_listed(points[:MOST_POINTS], values, kinds, around),
        counts=dict(zip(NAMES, count, strict=True)),
        curves=curves,
        areas=around.areas(nodes, points[:, :2]),
        doubtful=_doubtful(found, rows[:, :2], cell),
        neighborhood=around,
    )


def _solutions(ends: Rows, around: Neighborhood, follow: Follow) -> Rows:
    """Bring what is on its way to a solution there, and return each solution once."""
    cell, (low, high) = around.cell, np.array(around.view).T
    is_near = np.all((ends[:, :2] > low - FAR * cell) & (ends[:, :2] < high + FAR * cell), axis=1)
    ends = ends[is_near]
    for rounds in (FEW_ROUNDS, ROUNDS):
        is_moving = (ends[:, 8] > SETTLED) & (ends[:, 8] <= (REACH if rounds == FEW_ROUNDS else SLOW))
        ends[is_moving] = follow(ends[is_moving, :2], rounds)[1]
    ends = ends[ends[:, 8] <= SETTLED]
    _, each = np.unique(np.rint(ends[:, :2] / (SAME * cell)), axis=0, return_index=True)
    rows = follow(ends[np.sort(each), :2], POLISHING)[1]
    return rows[around.is_solution(rows)]


def _cell(problem: Problem, view: Box) -> Float[np.ndarray, "2"]:
    side = SIDE_OF_ROWS if problem.surface.has_rows else SIDE
    return np.array([(high - low) / (side - 1) for low, high in view])


def _nodes(programs: Programs, problem: Problem, conditions: Conditions, view: Box) -> Float[np.ndarray, "side side 9"]:
    """Return the derivatives on a grid over the view, as `newton.Rows`."""
    side = SIDE_OF_ROWS if problem.surface.has_rows else SIDE
    x, y = (np.linspace(low, high, side) for low, high in view)
    points = np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)
    rows, _ = follower(programs, problem, conditions, _cell(problem, view))(points, 1)
    return rows.reshape(side, side, 9)


@np.errstate(invalid="ignore", over="ignore", divide="ignore")  # what is not finite is data
def curvature(
    programs: Programs, problem: Problem, conditions: Conditions, view: Box
) -> tuple[Float[np.ndarray, " nodes"], Float[np.ndarray, " nodes"], Float[np.ndarray, "nodes nodes 2"]]:
    """Return x, y and the eigenvalues of the Hessian, ascending: those in row j, column i are at `(x[i], y[j])`."""
    nodes = _nodes(programs, problem, conditions, view)
    return nodes[0, :, 0], nodes[:, 0, 1], eigenvalues_of(hessians_of(nodes))


def _attracts(rows: Rows, again: Rows, cell: Float[np.ndarray, "2"]) -> Bool[np.ndarray, " points"]:
    """Whether Newton's method from a hair beside a solution came back to it.

    Where a surface has no derivative, ours is the subgradient 0, and a node that lies exactly there looks like a
    solution; so does any node where all derivatives underflow. Only a true solution draws the method back.
    """
    distances = np.max(np.abs(again[:, :2] - rows[:, :2]) / cell, axis=1, initial=0.0)
    has_moved = np.any(again[:, :2] != rows[:, :2] + ASIDE * cell, axis=1)
    return has_moved & (distances <= 5 * SAME) & (again[:, 8] <= 0.1 * SAME)


def _judged(points: Rows, around: Neighborhood) -> tuple[Float[np.ndarray, "points 2"], Int8[np.ndarray, " points"]]:
    """Return the eigenvalues, with 0 for what is zero to rounding, and the kinds as places in NAMES."""
    is_zero = around.is_zero(points)
    values = np.where(is_zero, 0.0, eigenvalues_of(hessians_of(points)))
    low, high = values.T
    kinds = np.select([is_zero.any(axis=1), low > 0, high < 0], [3, 0, 1], 2)
    return values, kinds.astype(np.int8)


def _listed(
    points: Rows, values: Float[np.ndarray, "all 2"], kinds: Int8[np.ndarray, " all"], around: Neighborhood
) -> tuple[Critical, ...]:
    # Newton's method leaves 10⁻⁷⁴ where a coordinate is 0, and sums leave 10⁻¹⁶ where the loss is.
    sizes = np.ptp(np.array(around.view), axis=1)
    places = np.where(np.abs(points[:, :2]) < ROUNDING * sizes, 0.0, points[:, :2])
    losses = without_rounding(points[:, 2], around.loss_scale)
    return tuple(
        Critical(at=(x, y), loss=loss, kind=NAMES[kind], eigenvalues=(low, high))
        for (x, y), loss, kind, (low, high) in zip(
            places.tolist(), losses.tolist(), kinds[: len(points)].tolist(), values.tolist(), strict=False
        )
    )


def _doubtful(found: Search, known: Points, cell: Float[np.ndarray, "2"]) -> Points:
    """Return the middles of the cells in which more solutions may be hidden.

    Next to a known solution that is singular, or nearly so, no cell is ever small enough to exclude a second one.
    Where Newton's method goes there straight away, that solution is why there is a doubt.
    """
    if not len(found.doubtful) or not len(known):
        return found.doubtful
    ends = found.ends_of_doubtful[:, :2]
    is_next = np.max(np.abs(ends - found.doubtful) / cell, axis=1) <= BESIDE
    distances, _ = scipy.spatial.KDTree(known / cell).query(np.nan_to_num(ends) / cell, p=np.inf)
    return found.doubtful[~(is_next & (distances <= BESIDE))]


@dataclass(frozen=True, kw_only=True, eq=False)
class Spot:
    """One point looked at closely. `kind` is None where the surface slopes, is flat, or has no derivatives."""

    at: Float[np.ndarray, "2"]
    loss: float
    grads: Float[np.ndarray, "2"]
    hessian: Float[np.ndarray, "2 2"]
    eigenvalues: tuple[float, float]  # ascending; 0 where it is zero to rounding
    eigenvectors: Float[np.ndarray, "2 2"]  # one in each row, unit length; the larger component is positive
    kind: Kind | None
    is_flat: bool
    neighbors: int  # critical points in the same flat area
    has_derivatives: bool  # where not, gradient, Hessian and eigenvalues are nan

    @property
    def is_zero(self) -> tuple[bool, bool]:
        """Eigenvalues that rounding cannot tell from zero."""
        low, high = self.eigenvalues
        return low == 0, high == 0

    @property
    def stationary(self) -> Point | None:
        """Where the second-order model itself has zero gradient, the end of Newton's step; None if not one point."""
        if any(self.is_zero) or self.is_flat or not np.isfinite(self.hessian).all():
            return None
        x, y = (self.at - np.linalg.solve(self.hessian, self.grads)).tolist()
        return x, y


@np.errstate(invalid="ignore", over="ignore", divide="ignore")  # what is not finite is data
def look_at(programs: Programs, problem: Problem, conditions: Conditions, view: Box, point: Point) -> Spot:
    """Return what the derivatives say at a point; what counts as zero is judged by the survey of the view."""
    at = np.array(point)
    found = survey(programs, problem, conditions, view)
    around = found.neighborhood
    grads, hessian = derivatives(programs, problem, conditions, at)
    (loss,) = losses_at(programs, problem, conditions, at[None]).tolist()
    is_smooth = bool(has_derivatives(problem, conditions, at))
    if not is_smooth:
        grads, hessian = np.full(2, np.nan), np.full((2, 2), np.nan)
    row = np.array([*point, loss, *grads, hessian[0, 0], hessian[0, 1], hessian[1, 1], 0.0])[None]
    is_finite = bool(np.isfinite(row).all())
    with np.errstate(invalid="ignore", over="ignore"):
        values, kinds = _judged(row, around)
        is_level = is_finite and bool(around.is_level(row)[0])
        is_flat = is_finite and bool(around.is_flat(row)[0])
    # Where all derivatives underflow, the point is one of countless; else it is critical though the ground is flat.
    is_critical = is_level and (not is_flat or found.is_listed(at))
    low, high = values[0].tolist()
    return Spot(
        at=at,
        loss=float(without_rounding(loss, around.loss_scale)) if is_critical or not is_smooth else loss,
        grads=grads,
        hessian=hessian,
        eigenvalues=(low, high),
        eigenvectors=eigenvectors_of(hessian) if is_finite else np.eye(2),
        kind=NAMES[int(kinds[0])] if is_critical else None,
        is_flat=is_flat and not is_critical,
        neighbors=found.neighbors(at) if is_flat else 0,
        has_derivatives=is_smooth,
    )
