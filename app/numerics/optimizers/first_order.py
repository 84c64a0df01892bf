"""Optimizers with one rate for all coordinates: the gradient itself, averaged, looking ahead, or its sign."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, NamedTuple

import jax.numpy as jnp
import optax

from app.numerics.optimizers.averages import Scalar, Shown, Vector, average, kept, transformation
from app.numerics.optimizers.hyperparameters import BETA1, DEBIAS, LEARNING_RATE, WEIGHT_DECAY
from app.numerics.optimizers.record import Optimizer, Quantity, aligned
from app.schema.messages import N_

PLAIN = N_("Gradient and momentum")


SIGNS = N_("Sign of the gradient")


def gradient_descent(learning_rate: Scalar) -> optax.GradientTransformation:
    """θ ← θ − ηg."""
    return optax.sgd(learning_rate)


GD = Optimizer(
    name="gd",
    title=N_("Gradient descent"),
    family=PLAIN,
    formula=r"\theta \leftarrow \theta - \eta g",
    source="Cauchy, Méthode générale pour la résolution des systèmes d'équations simultanées, Comptes Rendus 25 (1847)",
    about=N_("Steps straight downhill, by the learning rate times the gradient."),
    build=gradient_descent,
    hyperparameters=(replace(LEARNING_RATE, default=0.001),),
    stability=lambda eigenvalue, _values: 2 / eigenvalue,
    stability_formula="2/λ_max",
    quadratic_default=0.5,
    has_proximal=True,
)


def heavy_ball(learning_rate: Scalar, beta1: Scalar) -> optax.GradientTransformation:
    """Polyak's momentum: v ← βv + g; θ ← θ − ηv."""
    return optax.chain(optax.trace(beta1), optax.scale(-learning_rate))


def _heavy_ball_shown(opt_state: Any, **_others: Scalar) -> Shown:
    return {"v": opt_state[0].trace}


def _momentum_limit(eigenvalue: float, values: Mapping[str, float]) -> float:
    return 2 * (1 + values["beta1"]) / eigenvalue


MOMENTUM = Optimizer(
    name="momentum",
    title=N_("Momentum"),
    family=PLAIN,
    formula=aligned(
        r"v &\leftarrow \beta_1 v + g",
        r"\theta &\leftarrow \theta - \eta v",
    ),
    source="Polyak, Some methods of speeding up the convergence of iteration methods, USSR Comp. Math. 4(5) (1964)",
    about=N_("A heavy ball: past gradients add up along the valley and cancel across it."),
    build=heavy_ball,
    hyperparameters=(replace(LEARNING_RATE, default=0.001), BETA1),
    quantities=(Quantity(name="v", symbol="v", title=N_("Velocity")),),
    observe=_heavy_ball_shown,
    stability=_momentum_limit,
    stability_formula="2(1+β₁)/λ_max",
    quadratic_default=0.5,
)


class Averaged(NamedTuple):
    """One average of gradients, and the weight βᵗ that the zero before them still has in it."""

    start_weight: Scalar
    v: Vector


def averaged_momentum(learning_rate: Scalar, beta1: Scalar, debias: Scalar) -> optax.GradientTransformationExtraArgs:
    """Momentum as an average: v ← βv + (1 − β)g; θ ← θ − ηv, with v/(1 − βᵗ) for v if corrected."""

    def update(grads: Vector, opt_state: Averaged, _params: Vector, **_others: Any) -> tuple[Vector, Averaged]:
        opt_state = Averaged(opt_state.start_weight * beta1, average(beta1, opt_state.v, grads))
        return -learning_rate * _averaged_shown(opt_state, debias=debias)["v_hat"], opt_state

    return transformation(lambda params: Averaged(jnp.ones(()), jnp.zeros_like(params)), update)


def _averaged_shown(opt_state: Averaged, *, debias: Scalar, **_others: Scalar) -> Shown:
    return {"v": opt_state.v, "v_hat": opt_state.v / kept(opt_state.start_weight, debias)}


MOMENTUM_EMA = Optimizer(
    name="momentum_ema",
    title=N_("Momentum as an average"),
    family=PLAIN,
    formula=aligned(
        r"v &\leftarrow \beta_1 v + (1-\beta_1)\, g",
        r"\hat v &= v / (1-\beta_1^t) \quad (\texttt{debias:false}: \hat v = v)",
        r"\theta &\leftarrow \theta - \eta \hat v",
    ),
    source="Ng, Improving Deep Neural Networks (deeplearning.ai, 2017), week 2, Gradient descent with momentum; "
    "corrected as by Kingma and Ba, ICLR (2015), section 3",
    about=N_("Momentum with an average in place of the sum: with η/(1 − β₁) it is the heavy ball's path."),
    build=averaged_momentum,
    hyperparameters=(replace(LEARNING_RATE, default=0.01), BETA1, replace(DEBIAS, default=False)),
    quantities=(
        Quantity(name="v", symbol="v", title=N_("Average of gradients")),
        Quantity(name="v_hat", symbol=r"\hat v", title=N_("Average, corrected")),
    ),
    observe=_averaged_shown,
)


def nesterov(learning_rate: Scalar, beta1: Scalar) -> optax.GradientTransformation:
    """m ← βm + ηg; θ ← θ − m, where g was taken at the look-ahead point."""
    return optax.chain(optax.scale(learning_rate), optax.trace(beta1), optax.scale(-1.0))


def _nesterov_shown(opt_state: Any, **_others: Scalar) -> Shown:
    return {"m": opt_state[1].trace}


def _nesterov_lookahead(params: Vector, opt_state: Any, *, beta1: Scalar, **_others: Scalar) -> Vector:
    return params - beta1 * opt_state[1].trace


def _nesterov_limit(eigenvalue: float, values: Mapping[str, float]) -> float:
    return (2 + 2 * values["beta1"]) / ((1 + 2 * values["beta1"]) * eigenvalue)


NESTEROV = Optimizer(
    name="nesterov",
    title=N_("Nesterov"),
    family=PLAIN,
    formula=aligned(
        r"g &= \nabla L(\theta - \beta_1 m)",
        r"m &\leftarrow \beta_1 m + \eta g",
        r"\theta &\leftarrow \theta - m",
    ),
    source="Sutskever, Martens, Dahl and Hinton, On the importance of initialization and momentum in deep learning, "
    "ICML (2013); after Nesterov (1983)",
    about=N_("Momentum that looks where it is about to go, and takes the gradient there: it brakes earlier."),
    build=nesterov,
    hyperparameters=(replace(LEARNING_RATE, default=0.001), BETA1),
    quantities=(
        Quantity(name="m", symbol="m", title=N_("Step that is repeated in part")),
        Quantity(name="lookahead", symbol=r"\theta - \beta_1 m", title=N_("Look-ahead point")),
    ),
    observe=_nesterov_shown,
    lookahead=_nesterov_lookahead,
    stability=_nesterov_limit,
    stability_formula="(2+2β₁)/((1+2β₁)λ_max)",
)


SIGN_SGD = Optimizer(
    name="sign_sgd",
    title=N_("Sign descent"),
    family=SIGNS,
    formula=r"\theta \leftarrow \theta - \eta \operatorname{sign}(g)",
    source="Bernstein, Wang, Azizzadenesheli and Anandkumar, signSGD, ICML (2018), algorithm 1",
    about=N_("Every coordinate moves by exactly the learning rate, whatever the slope."),
    build=lambda learning_rate: optax.sign_sgd(learning_rate),
    hyperparameters=(replace(LEARNING_RATE, default=0.02),),
)


class Direction(NamedTuple):
    """Lion's average after the step, and the mix whose sign was the step."""

    m: Vector
    c: Vector


def lion(
    learning_rate: Scalar, beta1: Scalar, beta2: Scalar, weight_decay: Scalar
) -> optax.GradientTransformationExtraArgs:
    """c = β₁m + (1 − β₁)g; θ ← θ − η(sign c + λθ); m ← β₂m + (1 − β₂)g."""

    def update(grads: Vector, opt_state: Direction, params: Vector, **_others: Any) -> tuple[Vector, Direction]:
        opt_state = Direction(m=average(beta2, opt_state.m, grads), c=average(beta1, opt_state.m, grads))
        return -learning_rate * (jnp.sign(opt_state.c) + weight_decay * params), opt_state

    return transformation(lambda params: Direction(jnp.zeros_like(params), jnp.zeros_like(params)), update)


def _lion_shown(opt_state: Direction, **_others: Scalar) -> Shown:
    return {"c": opt_state.c, "m": opt_state.m}


LION = Optimizer(
    name="lion",
    title=N_("Lion"),
    family=SIGNS,
    formula=aligned(
        r"c &= \beta_1 m + (1-\beta_1)\, g",
        r"\theta &\leftarrow \theta - \eta \left(\operatorname{sign}(c) + \lambda\theta\right)",
        r"m &\leftarrow \beta_2 m + (1-\beta_2)\, g",
    ),
    source="Chen et al., Symbolic Discovery of Optimization Algorithms, NeurIPS (2023), algorithm 2",
    about=N_("The sign of averaged gradients; the newest gradient counts more in the step than in the memory."),
    build=lion,
    hyperparameters=(
        replace(LEARNING_RATE, default=0.05),
        BETA1,
        replace(
            BETA1,
            name="beta2",
            title=N_("Memory of gradients"),
            symbol="β₂",
            default=0.99,
            shared="",
            help=N_("What is kept of the average of gradients that the next steps are mixed from."),
        ),
        WEIGHT_DECAY,
    ),
    quantities=(
        Quantity(name="c", symbol="c", title=N_("Mix whose sign is the step")),
        Quantity(name="m", symbol="m", title=N_("Average of gradients")),
    ),
    observe=_lion_shown,
)
