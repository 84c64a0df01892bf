"""Gradient clipping, by value and by norm."""

import jax.numpy as jnp
from jaxtyping import Array, Float

from app.numerics.conditions import Addition, Conditions, by_name
from app.schema.kinds import Number
from app.schema.messages import N_

# By norm: Pascanu, Mikolov and Bengio, On the difficulty of training recurrent neural networks, ICML (2013), algorithm
# 1; by value: Mikolov (2012), as they quote it.

AT = Number(
    name="at",
    title=N_("Bound"),
    symbol="c",
    default=1.0,
    low=1e-9,
    high=1e9,
    slider=(0.01, 100.0),
    scale="log",
    help=N_("The largest length, or the largest component, that a gradient keeps."),
)
CLIPS = by_name(
    Addition(name="none", title=N_("none")),
    Addition(
        name="norm",
        title=N_("by norm"),
        formula=r"g \leftarrow g \cdot \min(1, c / \lVert g \rVert)",
        about=N_("Shortens a long gradient and keeps its direction."),
        parameters=(AT,),
    ),
    Addition(
        name="value",
        title=N_("by value"),
        formula=r"g_i \leftarrow \min(\max(g_i, -c), c)",
        about=N_("Bounds each component by itself, which turns the direction."),
        parameters=(AT,),
    ),
)


def clip(grads: Float[Array, "2"], conditions: Conditions) -> Float[Array, "2"]:
    """Clip by value, then by norm."""
    bounded = jnp.clip(grads, -conditions.clip_value, conditions.clip_value)
    norm = jnp.sqrt(jnp.sum(bounded**2))
    # A comparison instead of min(1, bound/norm): the bound may be infinite, and inf/inf would poison the gradient.
    is_long = norm > conditions.clip_norm
    return jnp.where(is_long, bounded * (conditions.clip_norm / jnp.where(is_long, norm, 1.0)), bounded)
