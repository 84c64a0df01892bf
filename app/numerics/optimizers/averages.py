"""What the averaging optimizers share: running averages, their bias correction, a division that is safe at 0."""

from collections.abc import Callable, Mapping
from typing import Any

import jax.numpy as jnp
import optax
from jaxtyping import Array, Float

Vector = Float[Array, "2"]
Scalar = Float[Array, ""]
Shown = Mapping[str, Vector]


def average(decay: Scalar, past: Vector, new: Vector) -> Vector:
    """Exponentially weighted average: decay·past + (1 − decay)·new."""
    return optax.tree.update_moment(new, past, decay, 1)


def kept(start_weight: Scalar, debias: Scalar | float = 1.0) -> Scalar:
    """Sum of the weights of an average that started at 0, 1 − decayᵗ; or 1, if it shall not be corrected.

    `start_weight` is decayᵗ, the weight that the 0 still has. It is carried from step to step as a product, which is
    right for a decay that changes on the way, too; and powers would make an Adam run take 1.6 times as long.
    """
    return 1.0 - debias * start_weight


def quotient(numerator: Scalar | Vector, denominator: Vector) -> Vector:
    """Numerator / denominator, and 0 where the denominator is 0: a coordinate that never had a slope does not move."""
    # With eps = 0 and no gradient so far this is 0/0. Both branches of `where` are evaluated, so the denominator is
    # made safe first.
    is_zero = denominator == 0
    return jnp.where(is_zero, 0.0, numerator / jnp.where(is_zero, 1.0, denominator))


def transformation(
    init: Callable[..., Any], update: Callable[..., tuple[Vector, Any]]
) -> optax.GradientTransformationExtraArgs:
    """Return an optax transformation of one vector; optax's own types speak of any tree of arrays."""
    return optax.GradientTransformationExtraArgs(init, update)


def _whole_gradient(_shown: Shown, grads: Vector) -> Vector:
    return grads


def _against(step: Vector, _params: Vector, **_hyperparameters: Scalar) -> Vector:
    return -step


def adaptive(
    *,
    init: Callable[[Vector], Any],
    advance: Callable[..., Any],
    observe: Callable[..., Shown],
    along: Callable[[Shown, Vector], Vector] = _whole_gradient,
    move: Callable[..., Vector] = _against,
) -> Callable[..., optax.GradientTransformationExtraArgs]:
    """Return the `build` of an optimizer that moves by −effective_rate · direction.

    `advance(opt_state, grads, **hyperparameters)` renews the averages; `observe(opt_state, **hyperparameters)` makes
    of them what the inspector shows, with `effective_rate` among it; `along(shown, grads)` picks the direction. The
    update is computed from the very numbers that are shown. `move(step, params, **hyperparameters)` makes an update
    of rate · direction: its opposite, and in some optimizers weight decay.
    """

    def build(**hyperparameters: Scalar) -> optax.GradientTransformationExtraArgs:
        def update(grads: Vector, opt_state: Any, params: Vector, **_others: Any) -> tuple[Vector, Any]:
            opt_state = advance(opt_state, grads, **hyperparameters)
            shown = observe(opt_state, **hyperparameters)
            step = shown["effective_rate"] * along(shown, grads)
            return move(step, params, **hyperparameters), opt_state

        return transformation(init, update)

    return build
