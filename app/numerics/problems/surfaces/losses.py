"""Two losses for the same classifier: what one makes flat, the other makes steep."""

import functools

import jax
import jax.numpy as jnp
from jaxtyping import Array, Float

from app.numerics.problems.surfaces import analytic
from app.numerics.problems.surfaces.record import Minima
from app.schema.messages import N_

_LEE = "Hung-yi Lee, Machine Learning (National Taiwan University, 2021), lecture on classification"

# Both losses depend on y₁ − y₂ alone, as far as float64 can tell: the third logit is −1000.
surface = functools.partial(
    analytic.surface,
    family=N_("Losses of a classifier"),
    domain=((-10.0, 10.0), (-10.0, 10.0)),
    start=(-9.0, 9.0),
    minima=Minima(kind="none", reason=N_("the loss only approaches 0, as y₁ − y₂ grows without end")),
    source=_LEE,
    axes=("y₁", "y₂"),
)


def logits(point: Float[Array, "2"]) -> Float[Array, "3"]:
    """(y₁, y₂, −1000): a third class that is never the answer."""
    return jnp.append(point, -1000.0)


@surface(
    title=N_("Softmax with cross-entropy"),
    formula=r"L = -\ln p_1,\quad p = \mathrm{softmax}(y_1, y_2, -1000)",
    about=N_("The further from the answer, the steeper: descent gets out of the far corner at once."),
)
def softmax_cross_entropy(point: Float[Array, "2"]) -> Float[Array, ""]:
    """−ln p₁ for target class 1."""
    return -jax.nn.log_softmax(logits(point))[0]


@surface(
    title=N_("Softmax with squared error"),
    formula=r"L = (p_1 - 1)^2 + p_2^2 + p_3^2,\quad p = \mathrm{softmax}(y_1, y_2, -1000)",
    about=N_("The same classifier: far from the answer this loss is flat, and descent stalls where it is most wrong."),
)
def softmax_squared_error(point: Float[Array, "2"]) -> Float[Array, ""]:
    """Σ(p − target)² for target class 1."""
    return jnp.sum((jax.nn.softmax(logits(point)) - jnp.array([1.0, 0.0, 0.0])) ** 2)
