"""Optimizers against those of optax that have the same name and mean the same by it."""

from collections.abc import Callable
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest

from app.numerics.as_optax import as_optax
from app.numerics.optimizers import OPTIMIZERS
from tests.numerics.support import as_number

STARTS = {"rosenbrock": (-1.5, 2.0), "bowl": (-8.0, 2.0)}
STEPS = 60


class Same(NamedTuple):
    """One of optax's optimizers, and the hyperparameters of ours with which they are the same."""

    theirs: Callable[[], optax.GradientTransformation]
    ours: dict[str, float]


def rosenbrock(params: jax.Array) -> jax.Array:
    """Written again: the tests of surfaces compare ours with published values."""
    return (1 - params[0]) ** 2 + 100 * (params[1] - params[0] ** 2) ** 2


def bowl(params: jax.Array) -> jax.Array:
    return 0.5 * (params[0] ** 2 + 25 * params[1] ** 2)


LOSSES = {"rosenbrock": rosenbrock, "bowl": bowl}
RATE = 0.01
ADAM: dict[str, Any] = {"b1": 0.8, "b2": 0.95, "eps": 1e-6}
OURS = {"beta1": 0.8, "beta2": 0.95, "eps": 1e-6}
SAME = {
    "gd": Same(lambda: optax.sgd(1e-4), {"learning_rate": 1e-4}),
    "momentum": Same(lambda: optax.sgd(1e-4, momentum=0.8), {"learning_rate": 1e-4, "beta1": 0.8}),
    "momentum_ema": Same(
        lambda: optax.chain(optax.ema(0.8, debias=True), optax.scale(-1e-4)),
        {"learning_rate": 1e-4, "beta1": 0.8, "debias": 1.0},
    ),
    "adagrad": Same(
        lambda: optax.chain(optax.scale_by_rss(initial_accumulator_value=0.0, eps=0.0), optax.scale(-RATE)),
        {"eps": 0.0},
    ),
    "rmsprop": Same(
        lambda: optax.rmsprop(RATE, decay=0.9, eps=1e-6, eps_in_sqrt=False), {"beta2": 0.9, "eps": 1e-6, "initial": 0.0}
    ),
    "adadelta": Same(lambda: optax.adadelta(1.0, rho=0.9, eps=1e-4), {"rho": 0.9, "eps": 1e-4}),
    "adam": Same(lambda: optax.adam(RATE, **ADAM), {**OURS, "debias": 1.0}),
    "adamw": Same(lambda: optax.adamw(RATE, weight_decay=0.1, **ADAM), {**OURS, "weight_decay": 0.1}),
    "adamax": Same(lambda: optax.adamax(RATE, **ADAM), OURS),
    "lion": Same(
        lambda: optax.lion(RATE, b1=0.8, b2=0.95, weight_decay=0.1), {"beta1": 0.8, "beta2": 0.95, "weight_decay": 0.1}
    ),
    "radam": Same(lambda: optax.radam(RATE, threshold=4.0, **ADAM), OURS),
    "sign_sgd": Same(lambda: optax.sign_sgd(RATE), {}),
}
# Others differ from optax on purpose, as their sources say: nesterov keeps another point, amsgrad and nadam correct
# otherwise, adabelief, yogi and adan start or correct otherwise, newton and lbfgs search otherwise.


def path(transform: optax.GradientTransformation, surface: str) -> np.ndarray:
    """Return the points of a plain loop with an optax transformation."""
    gradient = jax.grad(LOSSES[surface])

    def step(carry: tuple[jax.Array, Any], _: None) -> tuple[tuple[jax.Array, Any], jax.Array]:
        params, state = carry
        updates, state = transform.update(gradient(params), state, params)
        return (jnp.asarray(optax.apply_updates(params, updates)), state), params

    start = jnp.array(STARTS[surface])
    return np.asarray(jax.lax.scan(step, (start, transform.init(start)), length=STEPS)[1])


def values_of(name: str, given: dict[str, float]) -> dict[str, float]:
    """Return a value for each hyperparameter: these, else the rate above, else the default."""
    parameters = OPTIMIZERS[name].hyperparameters
    assert given.keys() <= {each.name for each in parameters}
    chosen = {"learning_rate": RATE, **given}
    return {each.name: chosen.get(each.name, as_number(each, each.default)) for each in parameters}


@pytest.mark.sampled(3)
@pytest.mark.parametrize("surface", STARTS)
@pytest.mark.parametrize("name", SAME)
def test_the_path_is_that_of_optax(name, surface):
    ours = as_optax(OPTIMIZERS[name], **values_of(name, SAME[name].ours))
    assert path(ours, surface) == pytest.approx(path(SAME[name].theirs(), surface), rel=1e-9, abs=1e-12)


@pytest.mark.thorough
def test_one_that_asks_for_the_loss_is_given_it():
    transform = as_optax(OPTIMIZERS["lbfgs"])
    params = jnp.array(STARTS["bowl"])
    state = transform.init(params)
    for _ in range(14):
        value, grads = jax.value_and_grad(bowl)(params)
        updates, state = transform.update(grads, state, params, value=value, value_fn=bowl)
        params = jnp.asarray(optax.apply_updates(params, updates))
    assert np.asarray(params) == pytest.approx([0.0, 0.0], abs=1e-9)
