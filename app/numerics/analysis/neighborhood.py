"""What the nodes of a grid say about the neighborhood of any point: how steep it is, how curved, whether flat."""

from dataclasses import dataclass

import numpy as np
import scipy  # whose parts are imported when they are first used
from jaxtyping import Bool, Float, Int

from app.numerics.analysis.newton import ROUNDING, SETTLED, Rows, hessians_of
from app.numerics.problems.curvature import eigenvalues_of
from app.numerics.problems.surfaces.record import Box, Point

SLOPE = 1e-9  # of the largest gradient nearby: what rounding leaves of zero
LEVEL = 1e-6  # of the largest gradient nearby: a point given to fewer digits is critical too
SAME = 1e-3  # cells: nearer than this, two solutions are one
FLAT = 1e-3  # of the range of the loss in view: slope and curvature that change it by less all over the view are none
SMALLEST_AREA = 4  # nodes
AROUND = np.ones((3, 3), dtype=bool)  # a node and its eight neighbors


@dataclass(frozen=True, kw_only=True)
class Area:
    """Connected flat ground; `level` says how high it lies between the lowest and the highest loss in view."""

    at: Point  # a node well inside it
    share: float  # of the view
    level: float  # 0 … 1
    loss: float
    holds: int  # critical points in it, which a closer view tells apart
    label: int  # its number in `Neighborhood.area`


@dataclass(frozen=True, kw_only=True, eq=False)
class Neighborhood:
    """The grid's nodes, each with its eight neighbors: what counts as zero at `(x[i], y[j])`, row j and column i."""

    view: Box
    steepest: Float[np.ndarray, "side side"]  # gradient in the loss per cell, the largest of nine nodes
    change: Float[np.ndarray, "side side"]  # by how much the Hessian differs between nine nodes
    area: Int[np.ndarray, "side side"]  # the number of the flat area, from 1; 0 where the surface is not flat
    loss_scale: float  # the largest |loss| among the nodes

    @classmethod
    def of(cls, nodes: Float[np.ndarray, "side side 9"], view: Box) -> "Neighborhood":
        """Look at the nodes and their neighbors."""
        sizes = _sizes(view)
        cell = sizes / (len(nodes) - 1)
        lowest, highest = _range(nodes)
        slopes = np.linalg.norm(nodes[..., 3:5] * sizes, axis=-1)
        curvature = np.abs(eigenvalues_of(hessians_of(nodes))).max(axis=-1) * float(sizes @ sizes)
        is_flat = np.maximum(slopes, curvature) <= FLAT * (highest - lowest)
        area = np.asarray(scipy.ndimage.label(is_flat, structure=AROUND)[0])  # type: ignore[index], a pair if no output is given
        hessians = nodes[..., 5:8]
        return cls(
            view=view,
            steepest=_largest(np.linalg.norm(nodes[..., 3:5] * cell, axis=-1)),
            change=(_largest(hessians) + _largest(-hessians)).max(axis=-1),
            area=area.astype(np.int16),
            loss_scale=max(abs(lowest), abs(highest)),
        )

    @property
    def cell(self) -> Float[np.ndarray, "2"]:
        """Width and height of a cell."""
        return _sizes(self.view) / (len(self.steepest) - 1)

    @np.errstate(invalid="ignore", over="ignore", divide="ignore")  # a view may be as small as floats get
    def place(self, points: Float[np.ndarray, "rows any"]) -> tuple[Int[np.ndarray, " rows"], Int[np.ndarray, " rows"]]:
        """Return the row and column of the node next to each point."""
        last = len(self.steepest) - 1
        low, high = np.array(self.view).T
        near = np.nan_to_num((points[:, :2] - low) / (high - low) * last)
        columns, lines = np.clip(np.rint(near), 0, last).astype(int).T
        return lines, columns

    def is_solution(self, rows: Rows) -> Bool[np.ndarray, " points"]:
        """Whether Newton's method ended at a zero of the gradient in view; false for what is not finite."""
        low, high = np.array(self.view).T
        is_inside = np.all((rows[:, :2] >= low - SAME * self.cell) & (rows[:, :2] <= high + SAME * self.cell), axis=1)
        slopes = np.linalg.norm(rows[:, 3:5] * self.cell, axis=1)
        has_no_slope = slopes <= SLOPE * self.steepest[self.place(rows)]
        return is_inside & (rows[:, 8] <= SETTLED) & has_no_slope & np.isfinite(rows).all(axis=1)

    def is_level(self, rows: Rows) -> Bool[np.ndarray, " points"]:
        """Whether the gradient at a point is next to nothing for where it is: LEVEL of the steepest nearby."""
        return np.linalg.norm(rows[:, 3:5] * self.cell, axis=1) <= LEVEL * self.steepest[self.place(rows)]

    def is_flat(self, rows: Rows) -> Bool[np.ndarray, " points"]:
        """Whether a point lies on flat ground, all nodes around it included."""
        return np.asarray(scipy.ndimage.minimum_filter(self.area > 0, size=3, mode="nearest"))[self.place(rows)]

    def area_at(self, point: Float[np.ndarray, "2"]) -> int:
        """Return the number of the flat area around a point, 0 if there is none."""
        return int(self.area[self.place(point[None])][0])

    def is_zero(self, rows: Rows) -> Bool[np.ndarray, "points 2"]:
        """Whether each eigenvalue is zero, as far as the last digit of the point and of the Hessian can tell."""
        eigenvalues = np.abs(eigenvalues_of(hessians_of(rows)))
        noise = ROUNDING * eigenvalues.max(axis=1) + SLOPE * self.change[self.place(rows)]
        return eigenvalues <= noise[:, None]

    def areas(self, nodes: Float[np.ndarray, "side side 9"], points: Float[np.ndarray, "points 2"]) -> tuple[Area, ...]:
        """Return the connected flat areas, the largest first, with how many of these points each holds."""
        lowest, highest = _range(nodes)
        inside = np.bincount(self.area[self.place(points)], minlength=int(self.area.max()) + 1)
        found = []
        for label in range(1, int(self.area.max()) + 1):
            lines, columns = np.nonzero(self.area == label)
            if len(lines) < SMALLEST_AREA:
                continue
            inner = np.argmin((lines - lines.mean()) ** 2 + (columns - columns.mean()) ** 2)
            x, y, loss = nodes[lines[inner], columns[inner], :3].tolist()
            found.append(
                Area(
                    at=(x, y),
                    share=len(lines) / self.area.size,
                    level=min((loss - lowest) / max(highest - lowest, np.finfo(float).tiny), 1.0),
                    loss=loss,
                    holds=int(inside[label]),
                    label=label,
                )
            )
        return tuple(sorted(found, key=lambda area: -area.share))


def _sizes(view: Box) -> Float[np.ndarray, "2"]:
    return np.array([high - low for low, high in view])


def _range(nodes: Float[np.ndarray, "side side 9"]) -> tuple[float, float]:
    """Return the lowest and the highest finite loss."""
    losses = nodes[..., 2][np.isfinite(nodes[..., 2])]
    return (float(losses.min()), float(losses.max())) if losses.size else (0.0, 0.0)


def _largest(values: np.ndarray) -> np.ndarray:
    """Return the largest of the nine values around each node, at the edge of those that there are; nan is none."""
    size = (3, 3, *(1 for _ in values.shape[2:]))
    return scipy.ndimage.maximum_filter(np.where(np.isnan(values), -np.inf, values), size=size, mode="nearest")
