"""Where in a view critical points may be: cells are divided until each holds none for sure, or one at most.

A branch-and-bound search with Krawczyk's test (Krawczyk, Computing 4, 1969), in which the bound of the Hessian's
change over a cell is not proved by interval arithmetic but estimated from samples.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float

from app.numerics.analysis.newton import Follow, Rows, hessians_of

MOST_CELLS, MOST_CELLS_OF_ROWS = 60_000, 1_000  # looked at in all
DEPTH = 8  # times that a cell is divided in half along both axes
DEPTH_AT_KINKS = 3  # beyond this, no point is looked for in a cell that a declared kink crosses
FEW_ROUNDS = 8  # of Newton's method, after which nearly everyone near a solution has arrived
MEAN = 0.6  # of the change of the Hessian over a cell: a half where it changes evenly
UNIQUE = 0.9  # a contraction: at most one solution
VOID = np.finfo(float).eps  # of the range of the loss: what changes it by less, all over the view, is nothing
QUADRANTS = np.array([(-1.0, -1.0), (1.0, -1.0), (-1.0, 1.0), (1.0, 1.0)])

Crossed = Callable[[Float[np.ndarray, "cells 2"], float], Bool[np.ndarray, " cells"]]


@dataclass(frozen=True, kw_only=True, eq=False)
class Cells:
    """Cells of one size: `half` is half of it, `rows` are the derivatives in their centers."""

    rows: Rows
    half: Float[np.ndarray, "2"]
    change: Float[np.ndarray, "cells 2 2"]  # by how much the Hessian may differ from that in the center

    def tests(self) -> tuple[Bool[np.ndarray, " cells"], Bool[np.ndarray, " cells"]]:
        """Return which cells may hold a solution, and which hold one at most.

        A solution at the offset d from the center, |d| ≤ half, obeys g + (H + E)d = 0, where E is the mean change of
        the Hessian on the way: |E| ≤ MEAN·change. So |g| ≤ (|H| + |E|)·half, and d differs from Newton's step by no
        more than |H⁻¹||E|·half. With |H⁻¹|·change·half below half, the gradient is one-to-one in the cell.
        """
        grads = self.rows[:, 3:5] * self.half
        unit = np.outer(self.half, self.half)
        hessians, change = hessians_of(self.rows) * unit, self.change * unit
        may_vanish = np.all(np.abs(grads) <= (np.abs(hessians) + MEAN * change).sum(axis=2), axis=1)
        inverse, has_inverse = _inverses(hessians)
        spread = np.where(has_inverse[:, None], (np.abs(inverse) @ change).sum(axis=2), np.inf)
        newton = np.abs(np.einsum("nij,nj->ni", inverse, grads))
        may_hold = may_vanish & np.all(newton <= 1.0 + 1e-6 + MEAN * spread, axis=1)
        return may_hold & np.isfinite(self.rows).all(axis=1), np.all(spread < UNIQUE, axis=1)

    def divided(self, follow: Follow) -> "Cells":
        """Return the four quarters of each cell."""
        half = 0.5 * self.half
        centers = (self.rows[:, None, :2] + QUADRANTS * half).reshape(-1, 2)
        rows, _ = follow(centers, 1)
        # From the parent's center to a quarter's is as far as from there to the quarter's edge.
        apart = np.abs(hessians_of(rows.reshape(-1, 4, 9)) - hessians_of(self.rows)[:, None])
        return Cells(rows=rows, half=half, change=np.repeat(_finite(apart).max(axis=1), 4, axis=0))

    def kept(self, which: Bool[np.ndarray, " cells"]) -> "Cells":
        """Return some of the cells."""
        return Cells(rows=self.rows[which], half=self.half, change=self.change[which])


@dataclass(frozen=True, kw_only=True, eq=False)
class Search:
    """Where Newton's method ended, and the cells in which more solutions may be hidden."""

    ends: Rows
    doubtful: Float[np.ndarray, "cells 2"]  # their centers
    ends_of_doubtful: Rows  # of Newton's method from there


def search(
    nodes: Float[np.ndarray, "side side 9"],
    half: Float[np.ndarray, "2"],
    follow: Follow,
    is_crossed: Crossed,
    most_cells: int,
) -> Search:
    """Return the ends of Newton's method from every cell that may hold a solution.

    Args:
        nodes: the derivatives at the corners of the first cells.
        half: of the size of the first cells.
        is_crossed: whether a declared kink passes a place at no more than this distance.
        most_cells: after so many the search stops dividing, and leaves the rest in doubt.
    """
    cells, corners = _first_cells(nodes, half, follow)
    may_hold, is_unique = cells.tests()
    may_hold &= ~_is_void(cells, nodes)
    is_open = may_hold & ~is_unique
    # On a curve of solutions one start in each cell would leave gaps.
    starts = [cells.rows[may_hold, :2], np.unique(corners[is_open].reshape(-1, 2), axis=0)]
    ends = [follow(np.concatenate(starts), FEW_ROUNDS)[1]]
    is_singular = _is_singular(ends[0][: may_hold.sum()], cells.kept(may_hold))
    cells, looked = cells.kept(may_hold).kept(is_open[may_hold] & ~is_singular), len(cells.rows)
    for depth in range(1, DEPTH + 1):
        looked += 4 * len(cells.rows)
        if not len(cells.rows) or looked > most_cells:
            break
        cells = cells.divided(follow)
        may_hold, is_unique = cells.tests()
        may_hold &= ~_is_void(cells, nodes)
        ends.append(follow(cells.rows[may_hold & is_unique, :2], FEW_ROUNDS)[1])
        cells = cells.kept(may_hold & ~is_unique)
        if depth >= DEPTH_AT_KINKS:
            is_left = is_crossed(cells.rows[:, :2], float(np.linalg.norm(cells.half)))
            ends.append(follow(cells.rows[is_left, :2], FEW_ROUNDS)[1])
            cells = cells.kept(~is_left)
    ends.append(follow(cells.rows[:, :2], FEW_ROUNDS)[1])
    return Search(ends=np.concatenate(ends), doubtful=cells.rows[:, :2], ends_of_doubtful=ends[-1])


def _first_cells(
    nodes: Float[np.ndarray, "side side 9"], half: Float[np.ndarray, "2"], follow: Follow
) -> tuple[Cells, Float[np.ndarray, "cells 4 2"]]:
    """Return the cells between the nodes, and where their corners are."""
    rows, _ = follow(nodes[:-1, :-1, :2].reshape(-1, 2) + half, 1)
    ends = (slice(None, -1), slice(1, None))
    corners = np.stack([nodes[j, i] for j in ends for i in ends], axis=2).reshape(-1, 4, 9)
    apart = np.abs(hessians_of(corners) - hessians_of(rows)[:, None])
    return Cells(rows=rows, half=half, change=_finite(apart).max(axis=1)), corners[..., :2]


def _is_void(cells: Cells, nodes: Float[np.ndarray, "side side 9"]) -> Bool[np.ndarray, " cells"]:
    """Whether all derivatives in a cell are so small that they would not change a digit of the loss in view."""
    size = np.ptp(nodes[..., :2], axis=(0, 1))
    losses = nodes[..., 2][np.isfinite(nodes[..., 2])]
    least = VOID * np.ptp(losses) if losses.size else 0.0
    slopes = np.abs(cells.rows[:, 3:5] * size).max(axis=1)
    curvature = ((np.abs(hessians_of(cells.rows)) + cells.change) * np.outer(size, size)).max(axis=(1, 2))
    return np.maximum(slopes, curvature) <= least


def _is_singular(ends: Rows, cells: Cells) -> Bool[np.ndarray, " cells"]:
    """Whether Newton's method found a solution in the cell, or next to it, at which one eigenvalue is zero.

    On a curve of solutions no cell is ever small enough to hold one at most.
    """
    is_near = np.all(np.abs(ends[:, :2] - cells.rows[:, :2]) <= 2 * cells.half, axis=1)
    hessians = np.nan_to_num(hessians_of(ends) * np.outer(cells.half, cells.half), posinf=0.0, neginf=0.0)
    determinants = hessians[:, 0, 0] * hessians[:, 1, 1] - hessians[:, 0, 1] ** 2
    return is_near & (ends[:, 8] <= 1e-3) & (np.abs(determinants) <= 1e-6 * np.abs(hessians).max(axis=(1, 2)) ** 2)


def _inverses(
    matrices: Float[np.ndarray, "cells 2 2"],
) -> tuple[Float[np.ndarray, "cells 2 2"], Bool[np.ndarray, " cells"]]:
    """Return the inverses, 0 where there is none to rounding, and where there is one."""
    a, b, d = matrices[:, 0, 0], matrices[:, 0, 1], matrices[:, 1, 1]
    determinants = a * d - b * b
    has_inverse = np.abs(determinants) > 1e-14 * (np.abs(a * d) + b * b)
    factors = np.where(has_inverse, 1 / np.where(has_inverse, determinants, 1.0), 0.0)
    return factors[:, None, None] * np.stack([d, -b, -b, a], axis=-1).reshape(-1, 2, 2), has_inverse


def _finite(values: np.ndarray) -> np.ndarray:
    """Return infinity in place of what is not a number."""
    return np.where(np.isnan(values), np.inf, values)
