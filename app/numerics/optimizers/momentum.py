"""Optimizers that remember past gradients: the heavy ball, its averaged form, and Nesterov's look-ahead."""

from collections.abc import Mapping
from dataclasses import replace
from typing import NamedTuple

import jax.numpy as jnp

from app.numerics.optimizers.arithmetic import average
from app.numerics.optimizers.gradient import FAMILY
from app.numerics.optimizers.hyperparameters import BETA1, DEBIAS, LEARNING_RATE
from app.numerics.optimizers.record import Quantity, Scalar, Step, Vector, aligned, optimizer
from app.schema.messages import N_


def _momentum_limit(eigenvalue: float, values: Mapping[str, float]) -> float:
    return 2 * (1 + values["beta1"]) / eigenvalue


@optimizer(
    title=N_("Momentum"),
    family=FAMILY,
    formula=aligned(
        r"v &\leftarrow \beta_1 v + g",
        r"\theta &\leftarrow \theta - \eta v",
    ),
    source="Polyak, Some methods of speeding up the convergence of iteration methods, USSR Comp. Math. 4(5) (1964)",
    about=N_("A heavy ball: past gradients add up along the valley and cancel across it."),
    init=jnp.zeros_like,
    hyperparameters=(replace(LEARNING_RATE, default=0.001), BETA1),
    quantities=(Quantity(name="v", symbol="v", title=N_("Velocity")),),
    stability=_momentum_limit,
    stability_formula="2(1+β₁)/λ_max",
    quadratic_default=0.5,
)
def momentum(grads: Vector, v: Vector, params: Vector, *, learning_rate: Scalar, beta1: Scalar) -> Step:
    """Polyak's heavy ball."""
    v = beta1 * v + grads
    return Step(updates=-learning_rate * v, state=v, shown=(v,))


class Averaged(NamedTuple):
    """An average of gradients, and β₁ᵗ, the weight that the zero at its start still has in it."""

    v: Vector
    beta1_power: Scalar


@optimizer(
    title=N_("Momentum as an average"),
    family=FAMILY,
    formula=aligned(
        r"v &\leftarrow \beta_1 v + (1-\beta_1)\, g",
        r"\hat v &= v / (1-\beta_1^t) \quad (\texttt{debias:false}: \hat v = v)",
        r"\theta &\leftarrow \theta - \eta \hat v",
    ),
    source="Ng, Improving Deep Neural Networks (deeplearning.ai, 2017), week 2, Gradient descent with momentum; "
    "corrected as by Kingma and Ba, ICLR (2015), section 3",
    about=N_("Momentum with an average in place of the sum: with η/(1 − β₁) it is the heavy ball's path."),
    init=lambda params: Averaged(jnp.zeros_like(params), jnp.ones(())),
    hyperparameters=(replace(LEARNING_RATE, default=0.01), BETA1, replace(DEBIAS, default=False)),
    quantities=(
        Quantity(name="v", symbol="v", title=N_("Average of gradients")),
        Quantity(name="v_hat", symbol=r"\hat v", title=N_("Average, corrected")),
    ),
)
def momentum_ema(
    grads: Vector, state: Averaged, params: Vector, *, learning_rate: Scalar, beta1: Scalar, debias: Scalar
) -> Step:
    """Momentum as an average of gradients."""
    v = average(beta1, state.v, grads)
    beta1_power = state.beta1_power * beta1
    v_hat = v / (1 - debias * beta1_power)
    return Step(updates=-learning_rate * v_hat, state=Averaged(v, beta1_power), shown=(v, v_hat))


def _ahead(params: Vector, m: Vector, *, beta1: Scalar, **_others: Scalar) -> Vector:
    return params - beta1 * m


def _nesterov_limit(eigenvalue: float, values: Mapping[str, float]) -> float:
    return (2 + 2 * values["beta1"]) / ((1 + 2 * values["beta1"]) * eigenvalue)


@optimizer(
    title=N_("Nesterov"),
    family=FAMILY,
    formula=aligned(
        r"g &= \nabla L(\theta - \beta_1 m)",
        r"m &\leftarrow \beta_1 m + \eta g",
        r"\theta &\leftarrow \theta - m",
    ),
    source="Sutskever, Martens, Dahl and Hinton, On the importance of initialization and momentum in deep learning, "
    "ICML (2013); after Nesterov (1983)",
    about=N_("Momentum that looks where it is about to go, and takes the gradient there: it brakes earlier."),
    init=jnp.zeros_like,
    gradient_at=_ahead,
    hyperparameters=(replace(LEARNING_RATE, default=0.001), BETA1),
    quantities=(
        Quantity(name="m", symbol="m", title=N_("Step that is repeated in part")),
        Quantity(name="lookahead", symbol=r"\theta - \beta_1 m", title=N_("Look-ahead point")),
    ),
    stability=_nesterov_limit,
    stability_formula="(2+2β₁)/((1+2β₁)λ_max)",
)
def nesterov(grads: Vector, m: Vector, params: Vector, *, learning_rate: Scalar, beta1: Scalar) -> Step:
    """Nesterov's momentum; `grads` were taken at the look-ahead point θ − β₁m."""
    lookahead = _ahead(params, m, beta1=beta1)
    m = learning_rate * grads + beta1 * m
    return Step(updates=-m, state=m, shown=(m, lookahead))
