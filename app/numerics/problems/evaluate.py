"""A surface seen as a whole: its values on a grid, its derivatives at points, its lowest value in a box."""

import math

import jax
import numpy as np
from jaxtyping import Array, Float

from app.numerics.conditions import Conditions
from app.numerics.kernels import as_one_kernel
from app.numerics.penalties import total_loss
from app.numerics.problems.surfaces.record import Arrays, Box, Problem, Surface
from app.runtime.programs import Programs

GRID_SIDES = (100, 256)  # the first is what pages ask for
BATCH = 128  # points evaluated at once
# A program exists for each of these numbers of points, all multiples of BATCH; fewer points are padded.
POINT_COUNTS = (BATCH, *(math.ceil(side**2 / BATCH) * BATCH for side in GRID_SIDES))
LOWEST_SIDE = 99  # odd: the middle of the box is a grid point
NEWTON_STEPS = 20
HALVINGS = 8  # of each step


def losses(
    surface: Surface, arrays: Arrays, conditions: Conditions, points: Float[Array, "points 2"]
) -> Float[Array, " points"]:
    """Loss with penalty at many points."""

    def each(arrays: Arrays, conditions: Conditions, points: Float[Array, "points 2"]) -> Float[Array, " points"]:
        # With rows behind the loss one point is a vector's work already.
        batch = None if surface.has_rows else BATCH
        return jax.lax.map(total_loss(surface, arrays, conditions), points, batch_size=batch)

    # As one kernel a loop over rows compiles in a third of the time, and runs faster.
    return (as_one_kernel(each) if surface.has_rows else each)(arrays, conditions, points)


def second_order(
    surface: Surface, arrays: Arrays, conditions: Conditions, point: Float[Array, "2"]
) -> tuple[Float[Array, "2"], Float[Array, "2 2"]]:
    """Gradient and Hessian of the loss with penalty."""

    def derive(arrays: Arrays, conditions: Conditions, point: Float[Array, "2"]) -> tuple[Array, Array]:
        loss = total_loss(surface, arrays, conditions)
        hessian, grads = jax.jacfwd(lambda at: (jax.jacfwd(loss)(at),) * 2, has_aux=True)(point)
        return grads, hessian

    return as_one_kernel(derive)(arrays, conditions, point)  # compiles in a third of the time


def losses_at(
    programs: Programs, problem: Problem, conditions: Conditions, points: Float[np.ndarray, "points 2"]
) -> Float[np.ndarray, " points"]:
    """Return loss with penalty at no more points than the largest grid has."""
    padded = np.zeros((next(count for count in POINT_COUNTS if count >= len(points)), 2))
    padded[: len(points)] = points
    return np.asarray(programs.get(losses, problem.surface)(problem.arrays, conditions, padded))[: len(points)]


def grid(
    programs: Programs, problem: Problem, conditions: Conditions, view: Box, n: int
) -> tuple[Float[np.ndarray, " n"], Float[np.ndarray, " n"], Float[np.ndarray, "n n"]]:
    """Return x (n), y (n) and the loss (n, n): `loss[j, i]` is at `(x[i], y[j])`."""
    x, y = (np.linspace(low, high, n) for low, high in view)
    points = np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)
    return x, y, losses_at(programs, problem, conditions, points).reshape(n, n)


def derivatives(
    programs: Programs, problem: Problem, conditions: Conditions, point: Float[np.ndarray, "2"]
) -> tuple[Float[np.ndarray, "2"], Float[np.ndarray, "2 2"]]:
    """Return gradient and Hessian of the loss with penalty."""
    grads, hessian = programs.get(second_order, problem.surface)(problem.arrays, conditions, point)
    return np.asarray(grads), np.asarray(hessian)


def lowest(programs: Programs, problem: Problem, conditions: Conditions) -> Float[np.ndarray, "2"]:
    """Return the lowest point found in the domain: the best of a grid, polished by Newton steps that descend."""
    x, y, values = grid(programs, problem, conditions, problem.domain, LOWEST_SIDE)
    j, i = np.unravel_index(np.nanargmin(values), values.shape)
    point, value = np.array([x[i], y[j]]), values[j, i]
    low, high = np.array(problem.domain).T
    for _ in range(NEWTON_STEPS):
        grads, hessian = derivatives(programs, problem, conditions, point)
        eigenvalues, axes = np.linalg.eigh(hessian)
        # Absolute curvatures turn the Newton step downhill at a saddle too; a flat direction is not moved along.
        curvature = np.where(np.abs(eigenvalues) > 1e-12, np.abs(eigenvalues), np.inf)
        step = -axes @ ((axes.T @ grads) / curvature)
        # Along the crease of an L1 penalty only one coordinate may move, and a crease is met exactly or not at all.
        alone = np.diag(-grads / np.maximum(np.abs(np.diag(hessian)), 1e-12))
        sizes = 0.5 ** np.arange(HALVINGS)
        moves = (sizes[:, None, None] * np.vstack([step, alone])).reshape(-1, 2)
        trials = np.clip(np.vstack([point + moves, point * [0, 1], point * [1, 0]]), low, high)
        found = losses_at(programs, problem, conditions, trials)
        best = int(np.nanargmin(found))
        if not found[best] < value:
            break
        point, value = trials[best], found[best]
    return point


def warm(programs: Programs, problem: Problem) -> None:
    """Compile what every race on a surface and every picture of it needs, so that only the path itself is left."""
    grid(programs, problem, Conditions(), problem.domain, GRID_SIDES[0])
    losses_at(programs, problem, Conditions(), np.array([problem.start]))
    derivatives(programs, problem, Conditions(), np.array(problem.start))


def conditioned_hessian(problem: Problem, conditions: Conditions) -> Float[np.ndarray, "2 2"] | None:
    """Return the constant Hessian of a quadratic surface with its penalty, or None where it is not constant."""
    if problem.hessian is None or (conditions.weight and conditions.exponent != 2):
        return None
    return problem.hessian + 2 * conditions.weight * np.eye(2)
