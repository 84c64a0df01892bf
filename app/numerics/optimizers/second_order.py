"""Optimizers that use curvature: Newton's full step, and L-BFGS, which learns the curvature from the gradients."""

from collections.abc import Callable
from typing import NamedTuple

import jax
import jax.numpy as jnp
from jaxtyping import Array, Float

from app.numerics.optimizers.record import Quantity, Scalar, State, Step, Vector, aligned, optimizer
from app.schema.messages import N_

FAMILY = N_("Curvature")
MEMORY = 10
SUFFICIENT_DECREASE = 1e-4  # Nocedal and Wright, Numerical Optimization (2006), p. 33
SMALLEST_STEP = 2.0**-30


@optimizer(
    inverts_hessian=True,
    title=N_("Newton"),
    family=FAMILY,
    formula=r"\theta \leftarrow \theta - H^{-1} g",
    source="Nocedal and Wright, Numerical Optimization (2006), section 3.3; the plain full step",
    about=N_("Jumps to where the quadratic model is flat: a minimum, a saddle or a maximum alike."),
    quantities=(
        Quantity(name="hessian_x", symbol=r"H_{1\cdot}", title=N_("Hessian, first row")),
        Quantity(name="hessian_y", symbol=r"H_{2\cdot}", title=N_("Hessian, second row")),
        Quantity(name="eigenvalues", symbol=r"\lambda_{\min}, \lambda_{\max}", title=N_("Eigenvalues of the Hessian")),
    ),
)
def newton(grads: Vector, state: State, params: Vector, *, value_fn: Callable[[Vector], Scalar]) -> Step:
    """Newton's full step, whatever the signs of the eigenvalues; a singular Hessian moves nothing."""
    hessian = jax.hessian(value_fn)(params)
    (a, b), (c, d) = hessian
    determinant = a * d - b * c
    # Singular to rounding: the difference is lost in the error of its two products.
    is_singular = jnp.abs(determinant) <= jnp.finfo(params.dtype).eps * (jnp.abs(a * d) + jnp.abs(b * c))
    g, h = grads
    solution = jnp.stack([d * g - b * h, a * h - c * g]) / jnp.where(is_singular, 1.0, determinant)
    # Closed form for a symmetric 2×2 matrix: eigvalsh would cost a call to LAPACK in every step.
    middle, radius = (a + d) / 2, jnp.hypot((a - d) / 2, b)
    eigenvalues = jnp.stack([middle - radius, middle + radius])
    updates = jnp.where(is_singular, 0.0, -solution)
    return Step(updates, state, shown=(hessian[0], hessian[1], eigenvalues))


class Pairs(NamedTuple):
    """The last changes of point and gradient, newest last, 1/sᵀy of each (0 = none), and where they ended."""

    s: Float[Array, "pairs 2"]
    y: Float[Array, "pairs 2"]
    weights: Float[Array, " pairs"]
    params: Vector
    grads: Vector


def _no_pairs(params: Vector) -> Pairs:
    none = jnp.zeros((MEMORY, 2), params.dtype)
    return Pairs(none, none, none[:, 0], params, jnp.zeros_like(params))


def _remember(pairs: Pairs, params: Vector, grads: Vector) -> Pairs:
    s, y = params - pairs.params, grads - pairs.grads
    curvature = jnp.vdot(s, y)
    # A pair with sᵀy < 0, as beyond an inflection, would make B indefinite and d lead uphill: it is left out. So is
    # the pair of the first step, which has s = 0.
    is_useful = curvature > 0
    longer = Pairs(
        s=jnp.concatenate([pairs.s[1:], s[None]]),
        y=jnp.concatenate([pairs.y[1:], y[None]]),
        weights=jnp.append(pairs.weights[1:], 1 / jnp.where(is_useful, curvature, 1.0)),
        params=params,
        grads=grads,
    )
    shorter = pairs._replace(params=params, grads=grads)
    return jax.tree.map(lambda new, old: jnp.where(is_useful, new, old), longer, shorter)


def _two_loops(pairs: Pairs, grads: Vector) -> Vector:
    """Return B·grads by Nocedal and Wright's algorithm 7.4; empty places have weight 0 and change nothing."""
    memory = (pairs.s, pairs.y, pairs.weights)

    def newest_first(q, pair):
        s, y, weight = pair
        alpha = weight * jnp.vdot(s, q)
        return q - alpha * y, alpha

    def oldest_first(r, pair):
        (s, y, weight), alpha = pair
        return r + (alpha - weight * jnp.vdot(y, r)) * s, None

    q, alphas = jax.lax.scan(newest_first, grads, memory, reverse=True)
    # The newest pair's sᵀy/yᵀy scales B₀ (their equation 7.20); the first step has length 1 at most.
    s, y, weight = pairs.s[-1], pairs.y[-1], pairs.weights[-1]
    is_empty = weight == 0
    norm = jnp.sqrt(jnp.maximum(jnp.vdot(grads, grads), 1.0))
    scale = jnp.where(is_empty, 1 / norm, jnp.vdot(s, y) / jnp.where(is_empty, 1.0, jnp.vdot(y, y)))
    r, _ = jax.lax.scan(oldest_first, scale * q, (memory, alphas))
    return r


def _halve(value_fn: Callable, params: Vector, value: Scalar, direction: Vector, slope: Scalar) -> Scalar:
    """Return the largest of 1, ½, ¼ … at which the loss has fallen enough, and 0 if it is not found."""

    def falls_enough(size: Scalar) -> Array:
        return value_fn(params + size * direction) <= value + SUFFICIENT_DECREASE * size * slope

    def go_on(search: tuple[Scalar, Array]) -> Array:
        size, is_found = search
        # A decrease that is lost in the rounding of the loss, as it is everywhere near a minimum, is not looked for.
        is_visible = value + size * slope < value
        return ~is_found & is_visible & (size > SMALLEST_STEP)

    def halve(search: tuple[Scalar, Array]) -> tuple[Scalar, Array]:
        size = search[0] / 2
        return size, falls_enough(size)

    one = jnp.ones_like(value)
    size, is_found = jax.lax.while_loop(go_on, halve, (one, falls_enough(one)))
    return jnp.where(is_found, size, 0.0)


@optimizer(
    title=N_("L-BFGS"),
    family=FAMILY,
    formula=aligned(
        r"d &= -B g, \quad B(\Delta\theta_{t-9 \ldots t}, \Delta g_{t-9 \ldots t}) \approx H^{-1}",
        r"\alpha &= \max\{2^{-j} : L(\theta + 2^{-j} d) \le L(\theta) + 10^{-4}\, 2^{-j}\, g^{\top} d\}",
        r"\theta &\leftarrow \theta + \alpha d",
    ),
    source="Liu and Nocedal, On the limited memory BFGS method for large scale optimization, Math. Programming 45 "
    "(1989); Nocedal and Wright, Numerical Optimization (2006), algorithms 7.4 and 3.1",
    about=N_("Learns the curvature from how the gradient changed, and halves its step until the loss falls enough."),
    init=_no_pairs,
    quantities=(
        Quantity(name="direction", symbol="d", title=N_("Direction")),
        Quantity(name="step_size", symbol=r"\alpha", title=N_("Step size found")),
    ),
)
def lbfgs(grads: Vector, pairs: Pairs, params: Vector, *, value: Scalar, value_fn: Callable[[Vector], Scalar]) -> Step:
    """L-BFGS: two-loop recursion over the last 10 steps, then halving from 1 until the loss has fallen enough."""
    pairs = _remember(pairs, params, grads)
    direction = -_two_loops(pairs, grads)
    step_size = _halve(value_fn, params, value, direction, jnp.vdot(grads, direction))
    return Step(updates=step_size * direction, state=pairs, shown=(direction, step_size))
