"""Optimizers with a rate for each coordinate, from its squared gradients: AdaGrad, RMSProp, AdaDelta."""

from dataclasses import replace
from typing import Any, NamedTuple

import jax.numpy as jnp
import optax

from app.numerics.optimizers.averages import Scalar, Shown, Vector, adaptive, average, quotient, transformation
from app.numerics.optimizers.hyperparameters import BETA2, EPS, LEARNING_RATE, RHO
from app.numerics.optimizers.record import Optimizer, Quantity, aligned
from app.schema.messages import N_
from app.schema.parameters import Choice

FAMILY = N_("A rate for each coordinate")


EFFECTIVE_RATE = N_("Effective rate")


class Squares(NamedTuple):
    """A sum or an average of squared gradients, and how many it has seen."""

    t: Scalar
    squares: Vector


def _no_squares(params: Vector) -> Squares:
    return Squares(jnp.zeros(()), jnp.zeros_like(params))


def _add_square(opt_state: Squares, grads: Vector, **_others: Scalar) -> Squares:
    return Squares(opt_state.t + 1, opt_state.squares + grads**2)


def _adagrad_shown(opt_state: Squares, *, learning_rate: Scalar, eps: Scalar) -> Shown:
    r = opt_state.squares
    return {"r": r, "effective_rate": quotient(learning_rate, jnp.sqrt(r) + eps)}


ADAGRAD = Optimizer(
    name="adagrad",
    title=N_("AdaGrad"),
    family=FAMILY,
    formula=aligned(
        r"r &\leftarrow r + g^2",
        r"\theta &\leftarrow \theta - \frac{\eta}{\sqrt{r} + \varepsilon}\, g",
    ),
    source="Duchi, Hazan and Singer, Adaptive Subgradient Methods for Online Learning and Stochastic Optimization, "
    "JMLR 12 (2011); the diagonal form, ε outside the root",
    about=N_("Coordinates that have been steep get smaller steps; the sum only grows, so all steps shrink."),
    build=adaptive(init=_no_squares, advance=_add_square, observe=_adagrad_shown),
    hyperparameters=(replace(LEARNING_RATE, default=0.5), replace(EPS, default=1e-10)),
    quantities=(
        Quantity(name="r", symbol="r", title=N_("Sum of squared gradients")),
        Quantity(name="effective_rate", symbol=r"\frac{\eta}{\sqrt{r}+\varepsilon}", title=EFFECTIVE_RATE),
    ),
    observe=_adagrad_shown,
)


def _adagrad_mean_shown(opt_state: Squares, *, learning_rate: Scalar) -> Shown:
    sigma = jnp.sqrt(opt_state.squares / opt_state.t)
    return {"sigma": sigma, "effective_rate": quotient(learning_rate, sigma)}


ADAGRAD_MEAN = Optimizer(
    name="adagrad_mean",
    title=N_("AdaGrad with a mean"),
    family=FAMILY,
    formula=aligned(
        r"\sigma &= \sqrt{\frac{1}{t}\sum_{i=1}^{t} g_i^2}",
        r"\theta &\leftarrow \theta - \frac{\eta}{\sigma}\, g",
    ),
    source="Lee, Machine Learning (lectures, National Taiwan University, 2021), What to do when optimization fails, "
    "part 3: adaptive learning rate",
    about=N_("Divides by the root mean square of all gradients so far: the steps do not die out as the sum grows."),
    build=adaptive(init=_no_squares, advance=_add_square, observe=_adagrad_mean_shown),
    hyperparameters=(replace(LEARNING_RATE, default=0.1),),
    quantities=(
        Quantity(name="sigma", symbol=r"\sigma", title=N_("Root mean square of gradients")),
        Quantity(name="effective_rate", symbol=r"\frac{\eta}{\sigma}", title=EFFECTIVE_RATE),
    ),
    observe=_adagrad_mean_shown,
)


def _average_square(opt_state: Squares, grads: Vector, *, beta2: Scalar, initial: Scalar, **_others: Scalar) -> Squares:
    starts_full = (opt_state.t == 0) & (initial == 1.0)
    past = jnp.where(starts_full, grads**2, opt_state.squares)
    return Squares(opt_state.t + 1, average(beta2, past, grads**2))


def _rmsprop_shown(opt_state: Squares, *, learning_rate: Scalar, eps: Scalar, **_others: Scalar) -> Shown:
    s = opt_state.squares
    return {"s": s, "effective_rate": quotient(learning_rate, jnp.sqrt(s) + eps)}


RMSPROP = Optimizer(
    name="rmsprop",
    title=N_("RMSProp"),
    family=FAMILY,
    formula=aligned(
        r"s &\leftarrow \beta_2 s + (1-\beta_2)\, g^2",
        r"\theta &\leftarrow \theta - \frac{\eta}{\sqrt{s} + \varepsilon}\, g",
    ),
    source="Tieleman and Hinton, Neural Networks for Machine Learning (lectures, 2012), lecture 6.5; ε as in PyTorch",
    about=N_("AdaGrad that forgets: the average of recent squared gradients sets each coordinate's rate."),
    build=adaptive(init=_no_squares, advance=_average_square, observe=_rmsprop_shown),
    hyperparameters=(
        replace(LEARNING_RATE, default=0.05),
        replace(BETA2, default=0.9),
        EPS,
        Choice(
            name="initial",
            title=N_("First average"),
            options={"zero": N_("zero"), "first_gradient": N_("first gradient, squared")},
            default="zero",
            symbol="s₀",
            help=N_("From zero, the first steps are long; from the first gradient, squared, the first one is η."),
        ),
    ),
    quantities=(
        Quantity(name="s", symbol="s", title=N_("Average of squared gradients")),
        Quantity(name="effective_rate", symbol=r"\frac{\eta}{\sqrt{s}+\varepsilon}", title=EFFECTIVE_RATE),
    ),
    observe=_rmsprop_shown,
)


class SquaresAndSteps(NamedTuple):
    """AdaDelta's two averages as its last step used them, and that step, which enters the second one step later."""

    squared_grads: Vector
    squared_steps: Vector
    last: Vector


def adadelta(rho: Scalar, eps: Scalar) -> optax.GradientTransformationExtraArgs:
    """Steps whose size is that of past steps, relative to that of past gradients: no learning rate."""

    def update(
        grads: Vector, opt_state: SquaresAndSteps, _params: Vector, **_others: Any
    ) -> tuple[Vector, SquaresAndSteps]:
        opt_state = SquaresAndSteps(
            squared_grads=average(rho, opt_state.squared_grads, grads**2),
            squared_steps=average(rho, opt_state.squared_steps, opt_state.last**2),
            last=opt_state.last,
        )
        updates = -_adadelta_shown(opt_state, eps=eps)["effective_rate"] * grads
        return updates, opt_state._replace(last=updates)

    return transformation(lambda params: SquaresAndSteps(*[jnp.zeros_like(params)] * 3), update)


def _adadelta_shown(opt_state: SquaresAndSteps, *, eps: Scalar, **_others: Scalar) -> Shown:
    s, d, _ = opt_state
    return {"s": s, "d": d, "effective_rate": quotient(jnp.sqrt(d + eps), jnp.sqrt(s + eps))}


ADADELTA = Optimizer(
    name="adadelta",
    title=N_("AdaDelta"),
    family=FAMILY,
    formula=aligned(
        r"s &\leftarrow \rho s + (1-\rho)\, g^2",
        r"\Delta &= -\frac{\sqrt{d + \varepsilon}}{\sqrt{s + \varepsilon}}\, g",
        r"\theta &\leftarrow \theta + \Delta",
        r"d &\leftarrow \rho d + (1-\rho)\, \Delta^2",
    ),
    source="Zeiler, ADADELTA: An Adaptive Learning Rate Method, arXiv:1212.5701 (2012), algorithm 1",
    about=N_("Finds its rate from the size of its own past steps; ε alone decides how cautiously it starts."),
    build=adadelta,
    # Zeiler's ρ = 0.95 and PyTorch's ε = 10⁻⁶ are for long trainings: their first 200 steps cover about one unit.
    hyperparameters=(RHO, replace(EPS, default=1e-4)),
    quantities=(
        Quantity(name="s", symbol="s", title=N_("Average of squared gradients")),
        Quantity(name="d", symbol="d", title=N_("Average of squared steps, before this one")),
        Quantity(
            name="effective_rate",
            symbol=r"\frac{\sqrt{d+\varepsilon}}{\sqrt{s+\varepsilon}}",
            title=EFFECTIVE_RATE,
        ),
    ),
    observe=_adadelta_shown,
)
