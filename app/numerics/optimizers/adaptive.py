"""Optimizers with a rate for each coordinate, from its squared gradients: AdaGrad, RMSProp, AdaDelta."""

from dataclasses import replace
from typing import NamedTuple

import jax.numpy as jnp

from app.numerics.optimizers.arithmetic import average, ratio
from app.numerics.optimizers.hyperparameters import BETA2, EPS, LEARNING_RATE, RHO
from app.numerics.optimizers.record import Quantity, Scalar, Step, Vector, aligned, optimizer
from app.schema.kinds import Choice
from app.schema.messages import N_

FAMILY = N_("A rate for each coordinate")
EFFECTIVE_RATE = N_("Effective rate")


@optimizer(
    title=N_("AdaGrad"),
    family=FAMILY,
    formula=aligned(
        r"r &\leftarrow r + g^2",
        r"\theta &\leftarrow \theta - \frac{\eta}{\sqrt{r} + \varepsilon}\, g",
    ),
    source="Duchi, Hazan and Singer, Adaptive Subgradient Methods for Online Learning and Stochastic Optimization, "
    "JMLR 12 (2011); the diagonal form, ε outside the root",
    about=N_("Coordinates that have been steep get smaller steps; the sum only grows, so all steps shrink."),
    init=jnp.zeros_like,
    hyperparameters=(replace(LEARNING_RATE, default=0.5), replace(EPS, default=1e-10)),
    quantities=(
        Quantity(name="r", symbol="r", title=N_("Sum of squared gradients")),
        Quantity(name="effective_rate", symbol=r"\frac{\eta}{\sqrt{r}+\varepsilon}", title=EFFECTIVE_RATE),
    ),
)
def adagrad(grads: Vector, r: Vector, params: Vector, *, learning_rate: Scalar, eps: Scalar) -> Step:
    """AdaGrad; the state is the sum of squared gradients."""
    r = r + grads**2
    rate = ratio(learning_rate, jnp.sqrt(r) + eps)
    return Step(updates=-rate * grads, state=r, shown=(r, rate))


class SumOfSquares(NamedTuple):
    """The sum of squared gradients, and how many there were."""

    squares: Vector
    t: Scalar


@optimizer(
    title=N_("AdaGrad with a mean"),
    family=FAMILY,
    formula=aligned(
        r"\sigma &= \sqrt{\frac{1}{t}\sum_{i=1}^{t} g_i^2}",
        r"\theta &\leftarrow \theta - \frac{\eta}{\sigma}\, g",
    ),
    source="Lee, Machine Learning (lectures, National Taiwan University, 2021), What to do when optimization fails, "
    "part 3: adaptive learning rate",
    about=N_("Divides by the root mean square of all gradients so far: the steps do not die out as the sum grows."),
    init=lambda params: SumOfSquares(jnp.zeros_like(params), jnp.zeros(())),
    hyperparameters=(replace(LEARNING_RATE, default=0.1),),
    quantities=(
        Quantity(name="sigma", symbol=r"\sigma", title=N_("Root mean square of gradients")),
        Quantity(name="effective_rate", symbol=r"\frac{\eta}{\sigma}", title=EFFECTIVE_RATE),
    ),
)
def adagrad_mean(grads: Vector, state: SumOfSquares, params: Vector, *, learning_rate: Scalar) -> Step:
    """AdaGrad with the mean of squared gradients in place of their sum."""
    state = SumOfSquares(state.squares + grads**2, state.t + 1)
    sigma = jnp.sqrt(state.squares / state.t)
    rate = ratio(learning_rate, sigma)
    return Step(updates=-rate * grads, state=state, shown=(sigma, rate))


class AverageSquare(NamedTuple):
    """An average of squared gradients, and whether it has begun: 0.0 before the first gradient, then 1.0."""

    s: Vector
    has_begun: Scalar


@optimizer(
    title=N_("RMSProp"),
    family=FAMILY,
    formula=aligned(
        r"s &\leftarrow \beta_2 s + (1-\beta_2)\, g^2",
        r"\theta &\leftarrow \theta - \frac{\eta}{\sqrt{s} + \varepsilon}\, g",
    ),
    source="Tieleman and Hinton, Neural Networks for Machine Learning (lectures, 2012), lecture 6.5; ε as in PyTorch",
    about=N_("AdaGrad that forgets: the average of recent squared gradients sets each coordinate's rate."),
    init=lambda params: AverageSquare(jnp.zeros_like(params), jnp.zeros(())),
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
)
def rmsprop(
    grads: Vector,
    state: AverageSquare,
    params: Vector,
    *,
    learning_rate: Scalar,
    beta2: Scalar,
    eps: Scalar,
    initial: Scalar,
) -> Step:
    """RMSProp; `initial` is 0 for an average that starts at 0, 1 for one that starts at the first g²."""
    starts_here = (state.has_begun == 0) & (initial == 1)
    s = average(beta2, jnp.where(starts_here, grads**2, state.s), grads**2)
    rate = ratio(learning_rate, jnp.sqrt(s) + eps)
    return Step(updates=-rate * grads, state=AverageSquare(s, jnp.ones(())), shown=(s, rate))


class SquaresAndSteps(NamedTuple):
    """AdaDelta's averages of squared gradients and of squared steps, and the step that enters the second one next."""

    s: Vector
    d: Vector
    last: Vector


def _no_steps(params: Vector) -> SquaresAndSteps:
    zeros = jnp.zeros_like(params)
    return SquaresAndSteps(zeros, zeros, zeros)


@optimizer(
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
    init=_no_steps,
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
)
def adadelta(grads: Vector, state: SquaresAndSteps, params: Vector, *, rho: Scalar, eps: Scalar) -> Step:
    """AdaDelta: steps of the size of past steps, relative to that of past gradients, without a learning rate."""
    s = average(rho, state.s, grads**2)
    d = average(rho, state.d, state.last**2)  # the last line of the formula, for the step before
    rate = ratio(jnp.sqrt(d + eps), jnp.sqrt(s + eps))
    updates = -rate * grads
    return Step(updates, state=SquaresAndSteps(s, d, last=updates), shown=(s, d, rate))
