"""The two operations that adaptive optimizers share: a running average, and a division that is safe at 0."""

import jax.numpy as jnp

from app.numerics.optimizers.record import Scalar, Vector


def average(decay: Scalar, past: Vector, new: Vector) -> Vector:
    """Return the exponentially weighted average decay·past + (1 − decay)·new."""
    return (1 - decay) * new + decay * past


def ratio(numerator: Scalar | Vector, denominator: Vector) -> Vector:
    """Return numerator / denominator, and 0 where the denominator is 0.

    With ε = 0, a coordinate whose gradients were all 0 would otherwise be moved by 0/0.
    """
    # Both branches of `where` are evaluated, so the denominator is made safe first.
    is_zero = denominator == 0
    return jnp.where(is_zero, 0.0, numerator / jnp.where(is_zero, 1.0, denominator))
