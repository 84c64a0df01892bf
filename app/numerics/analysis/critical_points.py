"""Where a surface has no slope: every critical point in view, what kind it is, and which ground is simply flat.

Newton's method for ∇L = 0 starts from every node of a grid and from the middle of every cell, all at once. It finds
minima, maxima and saddles alike. What it finds is then looked at: a point, a point of a curve, or a spot on a plain.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Bool, Float, Int

from app.numerics.analysis.curves import Curve, thinned, traced
from app.numerics.problems.evaluate import derivatives, losses_at
from app.numerics.problems.surfaces.record import Arrays, Box, Point, Problem, Surface
from app.numerics.runs.step import Conditions, total_loss
from app.runtime.programs import Programs
from app.schema.messages import N_

Rows = tuple[Float[np.ndarray, "points 9"], Float[np.ndarray, "points 9"]]
Kind = Literal["minimum", "maximum", "saddle", "degenerate"]
KINDS: Mapping[Kind, str] = {
    "minimum": N_("minimum"),
    "maximum": N_("maximum"),
    "saddle": N_("saddle"),
    "degenerate": N_("degenerate"),
}

MOST_POINTS = 500
# Nodes a side. Losses made of rows cost hundreds of times as much, and have few critical points.
SIDE, SIDE_OF_ROWS = 65, 17
ROUNDS = 50  # each halves the error even where the Hessian vanishes, which brings it to the last digit
FEW_ROUNDS = 16  # enough for most, and for who starts a hair from a solution
FAR = 16  # cells outside the view: from there nobody comes back in time
REACH = 2.0  # cells that a Newton step may go along each eigenvector: far from a solution it is only a hint
SETTLED = 1e-7  # cells: a shorter Newton step has arrived
SLOPE = 1e-9  # of the largest gradient nearby: what rounding leaves of zero
LEVEL = 1e-6  # of the largest gradient nearby: a point given to fewer digits is critical too
ROUNDING = 1e-12  # of the larger eigenvalue: what rounding leaves of zero
SAME = 1e-3  # cells: nearer than this, two solutions are one
ASIDE = np.array([1.0, 0.618]) * 1e-3  # cells: from so far beside a true solution Newton's method comes back
FLAT = 1e-3  # of the range of the loss in view: slope and curvature that change it by less all over the view are none
SMALLEST_AREA = 4  # nodes


@dataclass(frozen=True, kw_only=True)
class Critical:
    """An isolated point without slope."""

    at: Point
    loss: float
    kind: Kind
    eigenvalues: tuple[float, float]  # of the Hessian, ascending


@dataclass(frozen=True, kw_only=True)
class Area:
    """Connected flat ground; `level` says how high it lies between the lowest and the highest loss in view."""

    at: Point  # a node well inside it
    share: float  # of the view
    level: float  # 0 … 1
    loss: float


@dataclass(frozen=True, kw_only=True, eq=False)
class Survey:
    """What a view holds. The grid's values are at `(x[i], y[j])` in row j, column i."""

    points: tuple[Critical, ...]  # lowest first, at most MOST_POINTS
    found: int  # how many there are, listed or not
    curves: tuple[Curve, ...]
    areas: tuple[Area, ...]
    x: Float[np.ndarray, " nodes"]
    y: Float[np.ndarray, " nodes"]
    eigenvalues: Float[np.ndarray, "nodes nodes 2"]  # of the Hessian, ascending
    ground: "Ground"


def seek(
    surface: Surface,
    arrays: Arrays,
    conditions: Conditions,
    starts: Float[Array, "nodes 2"],
    cell: Float[Array, "2"],
    rounds: Int[Array, ""] | int,
) -> tuple[Float[Array, "nodes 9"], Float[Array, "nodes 9"]]:
    """Follow Newton's method for ∇L = 0 from each start.

    Lengths are measured in cells, so that axes of different units count alike. A step along an eigenvector without
    curvature is not taken: on a curve of critical points the method stops at the first that it meets.

    Returns:
        Rows of (x, y, loss, ∂x, ∂y, ∂xx, ∂xy, ∂yy, length of the next step in cells), at the starts and at the ends.
    """
    loss = total_loss(surface, arrays, conditions)

    def slope(point: Float[Array, "2"]) -> tuple[Array, tuple[Array, Array]]:
        grads, value = jax.jacfwd(lambda at: (loss(at),) * 2, has_aux=True)(point)
        return grads, (value, grads)

    def look(point: Float[Array, "2"]) -> tuple[Float[Array, "9"], Float[Array, "2"]]:
        # Twice forward: with two coordinates it is the cheapest way to a Hessian, and the quickest to compile.
        hessian, (value, grads) = jax.jacfwd(slope, has_aux=True)(point)
        step = _newton(grads * cell, hessian * jnp.outer(cell, cell))
        entries = jnp.stack([value, *grads, hessian[0, 0], hessian[0, 1], hessian[1, 1], jnp.max(jnp.abs(step))])
        return jnp.concatenate([point, entries]), point + step * cell

    def is_moving(state: tuple[Array, Array, Array, Array]) -> Bool[Array, ""]:
        k, _, _, rows = state
        return (k < rounds) & ((k == 0) | jnp.any(rows[:, 8] > SETTLED**2))

    def improve(state: tuple[Array, Array, Array, Array]) -> tuple[Array, Array, Array, Array]:
        k, points, first, _ = state
        rows, points = jax.vmap(look)(points)
        return k + 1, points, jnp.where(k == 0, rows, first), rows

    blank = jnp.zeros((len(starts), 9))
    _, _, first, last = jax.lax.while_loop(is_moving, improve, (jnp.asarray(0), starts, blank, blank))
    return first, last


def _newton(grads: Float[Array, "2"], hessian: Float[Array, "2 2"]) -> Float[Array, "2"]:
    """Return −H⁻¹g, whose part along each eigenvector is cut to REACH, and left out where there is no curvature."""
    xx, xy, yy = hessian[0, 0], hessian[0, 1], hessian[1, 1]
    middle, radius = 0.5 * (xx + yy), jnp.hypot(0.5 * (xx - yy), xy)
    low, high = middle - radius, middle + radius
    # (H − low)/(high − low) projects onto the eigenvector of `high`. Where both are equal, any halves will do.
    is_round = radius <= 0
    upper = (hessian @ grads - low * grads) / jnp.where(is_round, 1.0, 2 * radius)
    upper = jnp.where(is_round, 0.5 * grads, upper)
    least = ROUNDING * jnp.maximum(jnp.abs(low), jnp.abs(high))

    def part(along: Float[Array, "2"], curvature: Float[Array, ""]) -> Float[Array, "2"]:
        is_curved = jnp.abs(curvature) > least
        step = jnp.where(is_curved, along / jnp.where(is_curved, curvature, 1.0), 0.0)
        return step * jnp.minimum(1.0, REACH / jnp.maximum(jnp.max(jnp.abs(step)), REACH))

    return -part(upper, high) - part(grads - upper, low)


def survey(programs: Programs, problem: Problem, conditions: Conditions, view: Box) -> Survey:
    """Return what the view holds, computed once."""
    return programs.remember(
        ("survey", problem, conditions, view), lambda: _survey(programs, problem, conditions, view)
    )


def _survey(programs: Programs, problem: Problem, conditions: Conditions, view: Box) -> Survey:
    side = SIDE_OF_ROWS if problem.surface.has_rows else SIDE
    x, y = (np.linspace(low, high, side) for low, high in view)
    starts = np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)
    cell = np.array([(high - low) / (side - 1) for low, high in view])
    program = programs.get(seek, problem.surface)

    def run(points: Float[np.ndarray, "points 2"], rounds: int) -> Rows:
        """Return the rows of `seek` at the starts and at the ends; the program takes blocks of one size."""
        blocks = np.split(points, range(len(starts), len(points), len(starts)))
        pairs = [program(problem.arrays, conditions, np.resize(block, starts.shape), cell, rounds) for block in blocks]
        first, last = (np.concatenate([np.asarray(table) for table in tables]) for tables in zip(*pairs, strict=True))
        return first[: len(points)], last[: len(points)]

    def polish(points: Float[np.ndarray, "points 2"]) -> Float[np.ndarray, "points 9"]:
        return run(points, FEW_ROUNDS)[1]

    with np.errstate(invalid="ignore", over="ignore"):
        # Also from the middles of the cells: beside a crease, a point's surroundings are smaller than a cell.
        middles = starts.reshape(side, side, 2)[:-1, :-1].reshape(-1, 2) + 0.5 * cell
        first, ends = run(np.concatenate([starts, middles]), FEW_ROUNDS)
        nodes = first[: len(starts)]
        # Most have arrived; whoever has not, and is not far away, goes on.
        low, high = np.array(view).T
        is_near = np.all((ends[:, :2] > low - FAR * cell) & (ends[:, :2] < high + FAR * cell), axis=1)
        is_moving = is_near & (ends[:, 8] > SETTLED**2)
        if is_moving.any():
            ends[is_moving] = run(ends[is_moving, :2], ROUNDS - FEW_ROUNDS)[1]
        ground = Ground.of(nodes.reshape(side, side, 9), view)
        rows = ends[ground.has_arrived(ends)]
        rows = rows[~ground.is_plain(rows)]
        _, each = np.unique(np.rint(rows[:, :2] / (SAME * cell)), axis=0, return_index=True)
        rows = rows[np.sort(each)]
        rows = rows[_draws_back(rows, polish(rows[:, :2] + ASIDE * cell), cell)]
        is_flat = ground.is_zero(rows).sum(axis=1)
    # Along a curve of critical points one eigenvalue is zero. Solutions that touch no other are points after all.
    curves, alone = traced(rows[is_flat == 1], cell, polish)
    single = rows[is_flat != 1]
    points = np.concatenate([single[thinned(single[:, :2] / cell, SAME)], alone])
    points = points[np.argsort(points[:, 2], kind="stable")]
    return Survey(
        points=tuple(_critical(row, ground) for row in points[:MOST_POINTS]),
        found=len(points),
        curves=curves,
        areas=ground.areas(),
        x=x,
        y=y,
        eigenvalues=eigenvalues_of(ground.nodes),
        ground=ground,
    )


def _draws_back(
    rows: Float[np.ndarray, "rows 9"], again: Float[np.ndarray, "rows 9"], cell: Float[np.ndarray, "2"]
) -> Bool[np.ndarray, " rows"]:
    """Whether Newton's method from a hair beside a solution came back to it.

    Where a surface has no derivative, ours is the subgradient 0, and a node that lies exactly there looks like a
    solution. Only a true one draws the method back.
    """
    distances = np.max(np.abs(again[:, :2] - rows[:, :2]) / cell, axis=1, initial=0.0)
    return (distances <= 5 * SAME) & (again[:, 8] <= 0.1 * SAME)


def eigenvalues_of(rows: Float[np.ndarray, "*rows 9"]) -> Float[np.ndarray, "*rows 2"]:
    """Return the eigenvalues of the Hessians in rows of `seek`, ascending."""
    xx, xy, yy = np.moveaxis(rows[..., 5:8], -1, 0)
    middle, radius = 0.5 * (xx + yy), np.hypot(0.5 * (xx - yy), xy)
    return np.stack([middle - radius, middle + radius], axis=-1)


@dataclass(frozen=True, kw_only=True, eq=False)
class Spot:
    """One point looked at closely. `kind` is None where the surface slopes, and where it is flat ground."""

    at: Float[np.ndarray, "2"]
    loss: float
    grads: Float[np.ndarray, "2"]
    hessian: Float[np.ndarray, "2 2"]
    eigenvalues: tuple[float, float]  # ascending
    eigenvectors: Float[np.ndarray, "2 2"]  # one in each row, unit length; the larger component is positive
    is_zero: tuple[bool, bool]  # eigenvalues that rounding cannot tell from zero
    kind: Kind | None
    is_flat: bool


def look_at(programs: Programs, problem: Problem, conditions: Conditions, view: Box, point: Point) -> Spot:
    """Return what the derivatives say at a point; what counts as zero is judged by the survey of the view."""
    at = np.array(point)
    ground = survey(programs, problem, conditions, view).ground
    grads, hessian = derivatives(programs, problem, conditions, at)
    (loss,) = losses_at(programs, problem, conditions, at[None]).tolist()
    row = np.array([*point, loss, *grads, hessian[0, 0], hessian[0, 1], hessian[1, 1], 0.0])[None]
    with np.errstate(invalid="ignore", over="ignore"):
        low, high = eigenvalues_of(row[0]).tolist()
        is_flat = bool(ground.is_plain(row)[0])
        has_slope = not ground.is_level(row)[0]
        is_zero = _both(ground.is_zero(row))
    is_finite = bool(np.isfinite(row).all())
    return Spot(
        at=at,
        loss=loss,
        grads=grads,
        hessian=hessian,
        eigenvalues=(low, high),
        eigenvectors=eigenvectors_of(hessian) if is_finite else np.eye(2),
        is_zero=is_zero,
        kind=None if has_slope or is_flat or not is_finite else kind_of((low, high), is_zero),
        is_flat=is_flat,
    )


def eigenvectors_of(hessian: Float[np.ndarray, "2 2"]) -> Float[np.ndarray, "2 2"]:
    """Return unit eigenvectors in rows, of the lower eigenvalue first; the first component that counts is positive."""
    _, axes = np.linalg.eigh(hessian)
    signs = [np.copysign(1.0, axis[np.argmax(np.abs(axis) > 1e-9)]) for axis in axes.T]
    return axes.T * np.array(signs)[:, None]


def kind_of(eigenvalues: tuple[float, float], is_zero: tuple[bool, bool]) -> Kind:
    """Tell a critical point by the signs of its Hessian's eigenvalues."""
    if any(is_zero):
        return "degenerate"
    low, high = eigenvalues
    return "minimum" if low > 0 else "maximum" if high < 0 else "saddle"


def _both(is_zero: Bool[np.ndarray, "1 2"]) -> tuple[bool, bool]:
    low, high = is_zero[0].tolist()
    return low, high


def _critical(row: Float[np.ndarray, "9"], ground: "Ground") -> Critical:
    # Newton's method leaves 10⁻⁷⁴ where a coordinate is 0.
    sizes = np.ptp(np.array(ground.view), axis=1)
    x, y = np.where(np.abs(row[:2]) < ROUNDING * sizes, 0.0, row[:2]).tolist()
    loss = float(row[2])
    low, high = eigenvalues_of(row).tolist()
    is_zero = _both(ground.is_zero(row[None]))
    return Critical(at=(x, y), loss=loss, kind=kind_of((low, high), is_zero), eigenvalues=(low, high))


@dataclass(frozen=True, kw_only=True, eq=False)
class Ground:
    """What the nodes say about the neighborhood of any point: how steep, how bent, how flat."""

    view: Box
    nodes: Float[np.ndarray, "side side 9"]
    steepest: Float[np.ndarray, "side side"]  # gradient in the loss per cell, the largest of nine nodes
    bend: Float[np.ndarray, "side side"]  # by how much the Hessian differs between nine nodes
    is_flat: Bool[np.ndarray, "side side"]
    lowest: float  # loss among the nodes
    highest: float

    @classmethod
    def of(cls, nodes: Float[np.ndarray, "side side 9"], view: Box) -> "Ground":
        """Look at the nodes and their neighbors."""
        sizes = np.array([high - low for low, high in view])
        cell = sizes / (len(nodes) - 1)
        losses = nodes[..., 2][np.isfinite(nodes[..., 2])]
        lowest, highest = (float(losses.min()), float(losses.max())) if losses.size else (0.0, 0.0)
        slopes = np.linalg.norm(nodes[..., 3:5] * sizes, axis=-1)
        curvature = np.abs(eigenvalues_of(nodes)).max(axis=-1) * float(sizes @ sizes)
        hessians = nodes[..., 5:8]
        return cls(
            view=view,
            nodes=nodes,
            steepest=_widest(np.linalg.norm(nodes[..., 3:5] * cell, axis=-1)),
            bend=(_widest(hessians) + _widest(-hessians)).max(axis=-1),
            is_flat=np.maximum(slopes, curvature) <= FLAT * (highest - lowest),
            lowest=lowest,
            highest=highest,
        )

    def place(self, rows: Float[np.ndarray, "rows 9"]) -> tuple[Int[np.ndarray, " rows"], Int[np.ndarray, " rows"]]:
        """Return the row and column of the node next to each point."""
        last = len(self.nodes) - 1
        low, high = np.array(self.view).T
        near = np.nan_to_num((rows[:, :2] - low) / (high - low) * last)
        columns, lines = np.clip(np.rint(near), 0, last).astype(int).T
        return lines, columns

    def has_arrived(self, rows: Float[np.ndarray, "rows 9"]) -> Bool[np.ndarray, " rows"]:
        """Whether Newton's method ended at a solution in view; false for what is not finite."""
        low, high = np.array(self.view).T
        cell = (high - low) / (len(self.nodes) - 1)
        is_inside = np.all((rows[:, :2] >= low - SAME * cell) & (rows[:, :2] <= high + SAME * cell), axis=1)
        slopes = np.linalg.norm(rows[:, 3:5] * cell, axis=1)
        has_no_slope = slopes <= SLOPE * self.steepest[self.place(rows)]
        return is_inside & (rows[:, 8] <= SETTLED) & has_no_slope & np.isfinite(rows).all(axis=1)

    def is_level(self, rows: Float[np.ndarray, "rows 9"]) -> Bool[np.ndarray, " rows"]:
        """Whether the slope at a point is next to nothing for where it is: LEVEL of the steepest nearby."""
        low, high = np.array(self.view).T
        slopes = np.linalg.norm(rows[:, 3:5] * (high - low) / (len(self.nodes) - 1), axis=1)
        return slopes <= LEVEL * self.steepest[self.place(rows)]

    def is_plain(self, rows: Float[np.ndarray, "rows 9"]) -> Bool[np.ndarray, " rows"]:
        """Whether a point lies on flat ground, all nodes around it included: it is one of countless."""
        return ~_widest(~self.is_flat)[self.place(rows)]

    def is_zero(self, rows: Float[np.ndarray, "rows 9"]) -> Bool[np.ndarray, "rows 2"]:
        """Whether each eigenvalue is zero, as far as the last digit of the point and of the Hessian can tell."""
        eigenvalues = np.abs(eigenvalues_of(rows))
        noise = ROUNDING * eigenvalues.max(axis=1) + SLOPE * self.bend[self.place(rows)]
        return eigenvalues <= noise[:, None]

    def areas(self) -> tuple[Area, ...]:
        """Return the connected flat areas, the largest first."""
        labels = _connected(self.is_flat)
        found = []
        for label in np.unique(labels[self.is_flat]):
            lines, columns = np.nonzero(labels == label)
            if len(lines) < SMALLEST_AREA:
                continue
            inner = np.argmin((lines - lines.mean()) ** 2 + (columns - columns.mean()) ** 2)
            node = self.nodes[lines[inner], columns[inner]]
            height = (float(node[2]) - self.lowest) / max(self.highest - self.lowest, np.finfo(float).tiny)
            found.append(
                Area(
                    at=(float(node[0]), float(node[1])),
                    share=len(lines) / self.is_flat.size,
                    level=min(height, 1.0),
                    loss=float(node[2]),
                )
            )
        return tuple(sorted(found, key=lambda area: -area.share))


def _widest(values: np.ndarray) -> np.ndarray:
    """Return the largest of the nine values around each node; at the edge, of those that there are."""
    for axis in (0, 1):
        ahead, behind = values.copy(), values.copy()
        cut: list[slice] = [slice(None), slice(None)]
        rest = list(cut)
        cut[axis], rest[axis] = slice(1, None), slice(None, -1)
        ahead[tuple(rest)] = np.fmax(values[tuple(rest)], values[tuple(cut)])
        behind[tuple(cut)] = np.fmax(values[tuple(cut)], values[tuple(rest)])
        values = np.fmax(ahead, behind)
    return values


def _connected(mask: Bool[np.ndarray, "side side"]) -> Int[np.ndarray, "side side"]:
    """Label the connected parts of a mask: every node takes the largest number that reaches it."""
    labels = np.where(mask, np.arange(1, mask.size + 1).reshape(mask.shape), 0)
    while True:
        wider = np.where(mask, _widest(labels), 0)
        if np.array_equal(wider, labels):
            return labels
        labels = wider
