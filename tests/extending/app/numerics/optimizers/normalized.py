"""An optimizer that `test_extending` adds: this file is all that it takes."""

import jax.numpy as jnp

from app.numerics.optimizers.hyperparameters import LEARNING_RATE
from app.numerics.optimizers.record import Quantity, Scalar, Step, Vector, optimizer
from app.schema.messages import N_


@optimizer(
    title=N_("Normalized descent"),
    family=N_("Added optimizers"),
    formula=r"\theta \leftarrow \theta - \frac{\eta}{t}\, \frac{g}{\lVert g \rVert}",
    source="test_extending",
    about=N_("Steps of length η, η/2, η/3 and so on."),
    init=lambda params: jnp.zeros(()),
    hyperparameters=(LEARNING_RATE,),
    quantities=(
        Quantity(name="unit", symbol=r"\frac{g}{\lVert g \rVert}", title=N_("Direction")),
        Quantity(name="length", symbol=r"\frac{\eta}{t}", title=N_("Length of the step")),
    ),
)
def normalized(grads: Vector, t: Scalar, params: Vector, *, learning_rate: Scalar) -> Step:
    """θ ← θ − (η/t)·g/‖g‖."""
    t = t + 1
    unit = grads / jnp.sqrt(jnp.sum(grads**2))
    length = learning_rate / t
    return Step(updates=-length * unit, state=t, shown=(unit, length))
