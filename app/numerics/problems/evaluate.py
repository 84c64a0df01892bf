"""A surface seen as a whole: its values on a grid, its derivatives at points."""

import math

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float, Int

from app.numerics.conditions import Conditions
from app.numerics.kernels import as_one_kernel
from app.numerics.penalties import total_loss
from app.numerics.problems.surfaces.record import Arrays, Box, Problem, Surface
from app.runtime.programs import Programs

GRID_SIDES = (100, 256)  # the first is what pages ask for
BATCH = 128  # points evaluated at once
# A program exists for each of these numbers of points, all multiples of BATCH; it takes the time of those it is given.
POINT_COUNTS = tuple(math.ceil(side**2 / BATCH) * BATCH for side in GRID_SIDES)
DERIVED = 64  # points whose derivatives one call answers


def losses(
    surface: Surface,
    arrays: Arrays,
    conditions: Conditions,
    points: Float[Array, "points 2"],
    count: Int[Array, ""] | int,
) -> Float[Array, " points"]:
    """Loss with penalty at the first `count` points; the rest of the answer, but for a last batch, is 0."""

    def each(
        arrays: Arrays, conditions: Conditions, points: Float[Array, "points 2"], count: Int[Array, ""]
    ) -> Float[Array, " points"]:
        loss = total_loss(surface, arrays, conditions)
        # With rows behind the loss one point is a vector's work already.
        size = 1 if surface.has_rows else BATCH

        def batch(index: Int[Array, ""], found: Float[Array, " points"]) -> Float[Array, " points"]:
            some = jax.lax.dynamic_slice_in_dim(points, index * size, size)
            values = loss(some[0])[None] if surface.has_rows else jax.vmap(loss)(some)
            return jax.lax.dynamic_update_slice_in_dim(found, values, index * size, 0)

        return jax.lax.fori_loop(0, (count + size - 1) // size, batch, jnp.zeros(len(points)))

    # As one kernel a loop over rows compiles in a third of the time, and runs faster.
    return (as_one_kernel(each) if surface.has_rows else each)(arrays, conditions, points, jnp.asarray(count))


def second_order(
    surface: Surface,
    arrays: Arrays,
    conditions: Conditions,
    points: Float[Array, "points 2"],
    count: Int[Array, ""] | int,
) -> tuple[Float[Array, "points 2"], Float[Array, "points 2 2"]]:
    """Gradient and Hessian of the loss with penalty at the first `count` points; the rest of the answer is 0."""

    def derive(
        arrays: Arrays, conditions: Conditions, points: Float[Array, "points 2"], count: Int[Array, ""]
    ) -> tuple[Array, Array]:
        loss = total_loss(surface, arrays, conditions)
        slope = jax.jacfwd(lambda at: (jax.jacfwd(loss)(at),) * 2, has_aux=True)

        def point(index: Int[Array, ""], found: tuple[Array, Array]) -> tuple[Array, Array]:
            hessian, grads = slope(points[index])
            return found[0].at[index].set(grads), found[1].at[index].set(hessian)

        empty = jnp.zeros((len(points), 2)), jnp.zeros((len(points), 2, 2))
        return jax.lax.fori_loop(0, count, point, empty)

    # As one kernel it compiles in a third of the time; XLA aborts at the matrix products of rows in a loop.
    call = derive if surface.has_rows else as_one_kernel(derive)
    return call(arrays, conditions, points, jnp.asarray(count))


def losses_at(
    programs: Programs, problem: Problem, conditions: Conditions, points: Float[np.ndarray, "points 2"]
) -> Float[np.ndarray, " points"]:
    """Return loss with penalty at no more points than the largest grid has."""
    padded = np.zeros((next(count for count in POINT_COUNTS if count >= len(points)), 2))
    padded[: len(points)] = points
    found = programs.get(losses, problem.surface)(problem.arrays, conditions, padded, len(points))
    return np.asarray(found)[: len(points)]


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
    grads, hessians = derivatives_at(programs, problem, conditions, point[None])
    return grads[0], hessians[0]


def derivatives_at(
    programs: Programs, problem: Problem, conditions: Conditions, points: Float[np.ndarray, "points 2"]
) -> tuple[Float[np.ndarray, "points 2"], Float[np.ndarray, "points 2 2"]]:
    """Return gradients and Hessians of the loss with penalty."""
    program = programs.get(second_order, problem.surface)
    grads, hessians = np.empty((len(points), 2)), np.empty((len(points), 2, 2))
    for first in range(0, len(points), DERIVED):
        some = points[first : first + DERIVED]
        padded = np.zeros((DERIVED, 2))
        padded[: len(some)] = some
        found = program(problem.arrays, conditions, padded, len(some))
        grads[first : first + DERIVED], hessians[first : first + DERIVED] = (
            np.asarray(part)[: len(some)] for part in found
        )
    return grads, hessians


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
