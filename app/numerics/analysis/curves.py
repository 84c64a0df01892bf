"""Curves of critical points, from scattered solutions on them: thinned, put in order, and filled in."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import scipy  # whose parts are imported when they are first used
from jaxtyping import Bool, Float, Int

from app.numerics.analysis.newton import Rows, hessians_of
from app.numerics.problems.curvature import eigenvalues_of, eigenvectors_of

SPACING = 0.5  # cells between the points that are kept
GAP = 2.5  # cells: a longer jump is no part of a curve
STRAYING = 0.6  # the next point lies within this sine of the direction in which the curve goes
FILLING = 3  # points put between two neighbors
FEWEST = 2  # points that make a curve


@dataclass(frozen=True, kw_only=True, eq=False)
class Curve:
    """A connected set of critical points, in order; across it the Hessian's other eigenvalue tells how it is bent."""

    points: Float[np.ndarray, "points 2"]
    is_closed: bool
    loss: float  # the same all along: where the gradient is zero, the loss does not change
    eigenvalues: tuple[float, float]  # in the middle of the curve, ascending; one of them is 0


Polish = Callable[[Float[np.ndarray, "points 2"]], Float[np.ndarray, "points 9"]]


def traced(
    rows: Float[np.ndarray, "rows 9"], cell: Float[np.ndarray, "2"], polish: Polish
) -> tuple[tuple[Curve, ...], Float[np.ndarray, "alone 9"]]:
    """Join solutions with one flat direction to curves; those that join no other come back as they are.

    Args:
        rows: as `newton.seek` returns them.
        polish: brings points near a curve onto it, and returns such rows.
    """
    rows = rows[thinned(rows[:, :2] / cell, SPACING)]
    places, directions = rows[:, :2] / cell, _flat_directions(rows, cell)
    chains = _chains(places, directions)
    long = [(chain, is_closed) for chain, is_closed in chains if len(chain) >= FEWEST]
    filled = [_filled(rows[np.append(chain, chain[:1]) if is_closed else chain, :2]) for chain, is_closed in long]
    polished = (
        np.split(polish(np.concatenate(filled))[:, :2], np.cumsum([len(each) for each in filled])[:-1])
        if filled
        else []
    )
    curves = tuple(
        _curve(rows[chain], points, is_closed) for (chain, is_closed), points in zip(long, polished, strict=True)
    )
    return curves, rows[[chain[0] for chain, _ in chains if len(chain) < FEWEST]]


def _curve(rows: Rows, points: Float[np.ndarray, "points 2"], is_closed: bool) -> Curve:
    middle = rows[len(rows) // 2]
    low, high = eigenvalues_of(hessians_of(middle)).tolist()
    eigenvalues = (low, 0.0) if abs(low) > abs(high) else (0.0, high)
    return Curve(points=points, is_closed=is_closed, loss=float(middle[2]), eigenvalues=eigenvalues)


def thinned(places: Float[np.ndarray, "points 2"], distance: float) -> Int[np.ndarray, " kept"]:
    """Return the indices of points that keep this distance, in order: each drops those near it that come later."""
    _, first = np.unique(np.rint(places / (0.5 * distance)), axis=0, return_index=True)
    first = np.sort(first)
    is_kept = np.ones(len(first), dtype=bool)
    pairs = (
        scipy.spatial.KDTree(places[first]).query_pairs(distance, p=np.inf, output_type="ndarray") if len(first) else []
    )
    for earlier, later in sorted(map(tuple, np.sort(pairs, axis=1).tolist() if len(pairs) else [])):
        if is_kept[earlier]:
            is_kept[later] = False
    return first[is_kept]


def _flat_directions(rows: Rows, cell: Float[np.ndarray, "2"]) -> Float[np.ndarray, "points 2"]:
    """Return the unit eigenvector of the eigenvalue nearest to 0, in cells: the direction of the curve."""
    hessians = hessians_of(rows)
    flat = np.argmin(np.abs(eigenvalues_of(hessians)), axis=1)
    along = eigenvectors_of(hessians)[np.arange(len(rows)), flat] / cell
    return along / np.linalg.norm(along, axis=1, keepdims=True)


def _chains(
    places: Float[np.ndarray, "points 2"], directions: Float[np.ndarray, "points 2"]
) -> list[tuple[Int[np.ndarray, " chain"], bool]]:
    """Put points in order along their curves: from any of them both ways, always to the nearest one straight ahead."""
    is_free = np.ones(len(places), dtype=bool)
    chains = []
    while is_free.any():
        seed = int(np.argmax(is_free))
        is_free[seed] = False
        ahead = _walk(places, directions, is_free, seed, directions[seed])
        behind = _walk(places, directions, is_free, seed, -directions[seed])
        chain = np.array([*behind[::-1], seed, *ahead])
        gap = np.linalg.norm(places[chain[0]] - places[chain[-1]])
        length = np.linalg.norm(np.diff(places[chain], axis=0), axis=1).sum()
        chains.append((chain, bool(gap <= min(GAP, 0.5 * length))))
    return chains


def _walk(
    places: Float[np.ndarray, "points 2"],
    directions: Float[np.ndarray, "points 2"],
    is_free: Bool[np.ndarray, " points"],
    seed: int,
    heading: Float[np.ndarray, "2"],
) -> list[int]:
    """Return the points from `seed` on, in this direction; they are no longer free."""
    found, at = [], seed
    while True:
        offsets = places - places[at]
        distances = np.linalg.norm(offsets, axis=1)
        strays = np.abs(offsets[:, 0] * heading[1] - offsets[:, 1] * heading[0])
        is_next = is_free & (distances <= GAP) & (offsets @ heading > 0) & (strays <= STRAYING * distances)
        if not is_next.any():
            return found
        at = int(np.argmin(np.where(is_next, distances, np.inf)))
        is_free[at] = False
        found.append(at)
        heading = directions[at] * (1 if directions[at] @ heading >= 0 else -1)


def _filled(points: Float[np.ndarray, "points 2"]) -> Float[np.ndarray, "more 2"]:
    """Put points between neighbors, on straight lines."""
    steps = np.linspace(0, 1, FILLING + 1, endpoint=False)[:, None]
    between = points[:-1, None] * (1 - steps) + points[1:, None] * steps
    return np.concatenate([between.reshape(-1, 2), points[-1:]])
