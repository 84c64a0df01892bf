"""Our optimizers in optax's form, for code that is written with optax; the server itself does without it."""

from typing import Any

import jax.numpy as jnp
import optax

from app.numerics.optimizers.record import Optimizer, State, Vector


def as_optax(optimizer: Optimizer, **hyperparameters: float) -> optax.GradientTransformationExtraArgs:
    """Return an optimizer with fixed hyperparameters as an optax transformation of vectors of shape (2,).

    Flags are 0.0 or 1.0, choices the index of the option. Its update asks for `value` and `value_fn` where the
    optimizer does. The gradient of one with `gradient_at` must be taken there.
    """
    values = {name: jnp.asarray(value, dtype=float) for name, value in hyperparameters.items()}

    def update(grads: Vector, state: State, params: Vector, **extra: Any) -> tuple[Vector, State]:
        given = {name: extra[name] for name in optimizer.extras}
        step = optimizer.update(grads, state, params, **values, **given)
        return step.updates, step.state

    return optax.GradientTransformationExtraArgs(optimizer.init, update)  # type: ignore[arg-type]  # of one array
