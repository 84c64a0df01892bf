"""Newton's method for ∇L = 0 from many points at once, and the derivatives that it meets on its way."""

from collections.abc import Callable

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Bool, Float, Int

from app.numerics.conditions import Conditions
from app.numerics.penalties import total_loss
from app.numerics.problems.curvature import ascending
from app.numerics.problems.surfaces.record import Arrays, Problem, Surface
from app.runtime.programs import Programs

# Points that a program takes at once; fewer are padded, so that a surface has one program. A loss made of rows costs
# hundreds of times as much at each.
BLOCK, BLOCK_OF_ROWS = 1024, 128
REACH = 2.0  # cells that a step may go along each eigenvector: far from a solution it is only a hint
SETTLED = 1e-7  # cells: a shorter step ends the search
ROUNDING = 1e-12  # of the larger eigenvalue: what rounding leaves of zero

Rows = Float[np.ndarray, "... 9"]  # (x, y, loss, ∂x, ∂y, ∂xx, ∂xy, ∂yy, length of the next step in cells)
Follow = Callable[[Float[np.ndarray, "points 2"], int], tuple[Rows, Rows]]


def seek(
    surface: Surface,
    arrays: Arrays,
    conditions: Conditions,
    starts: Float[Array, "points 2"],
    cell: Float[Array, "2"],
    rounds: Int[Array, ""] | int,
) -> tuple[Float[Array, "points 9"], Float[Array, "points 9"]]:
    """Follow Newton's method for ∇L = 0 from each start.

    Lengths are measured in cells, so that axes of different units count alike. A step along an eigenvector without
    curvature is not taken: on a curve of critical points the method stops at the first that it meets.

    Returns:
        `Rows` at the starts and at the ends.
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
    low, high = ascending(hessian[0, 0], hessian[0, 1], hessian[1, 1])
    # (H − low)/(high − low) projects onto the eigenvector of `high`. Where both are equal, any halves will do.
    is_round = high <= low
    upper = (hessian @ grads - low * grads) / jnp.where(is_round, 1.0, high - low)
    upper = jnp.where(is_round, 0.5 * grads, upper)
    least = ROUNDING * jnp.maximum(jnp.abs(low), jnp.abs(high))

    def part(along: Float[Array, "2"], curvature: Float[Array, ""]) -> Float[Array, "2"]:
        is_curved = jnp.abs(curvature) > least
        step = jnp.where(is_curved, along / jnp.where(is_curved, curvature, 1.0), 0.0)
        return step * jnp.minimum(1.0, REACH / jnp.maximum(jnp.max(jnp.abs(step)), REACH))

    return -part(upper, high) - part(grads - upper, low)


def follower(programs: Programs, problem: Problem, conditions: Conditions, cell: Float[np.ndarray, "2"]) -> Follow:
    """Return `follow(points, rounds)`: `seek` on this problem from any number of points, in blocks of one size.

    With one round, both results are the derivatives at the points.
    """
    program = programs.get(seek, problem.surface)
    size = BLOCK_OF_ROWS if problem.surface.has_rows else BLOCK

    def follow(points: Float[np.ndarray, "points 2"], rounds: int) -> tuple[Rows, Rows]:
        if not len(points):
            return np.empty((0, 9)), np.empty((0, 9))
        blocks = np.split(points, range(size, len(points), size))
        pairs = [program(problem.arrays, conditions, np.resize(block, (size, 2)), cell, rounds) for block in blocks]
        first, last = (np.concatenate([np.asarray(table) for table in tables]) for tables in zip(*pairs, strict=True))
        return first[: len(points)], last[: len(points)]

    return follow


def hessians_of(rows: Float[np.ndarray, "*points 9"]) -> Float[np.ndarray, "*points 2 2"]:
    """Return the Hessians in `Rows`."""
    return rows[..., [5, 6, 6, 7]].reshape(*rows.shape[:-1], 2, 2)
