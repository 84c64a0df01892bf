"""Variants of Adam that treat its average of squares differently: RAdam, AdaBelief, Yogi, Adan."""

from dataclasses import replace
from typing import NamedTuple

import jax.numpy as jnp

from app.numerics.optimizers.adam import (
    FAMILY,
    HATS_LINE,
    HYPERPARAMETERS,
    M_HAT,
    M_HAT_LINE,
    M_LINE,
    RATE,
    V_HAT,
    V_LINE,
    M,
    Moments,
    Powers,
    V,
    no_moments,
)
from app.numerics.optimizers.arithmetic import average, ratio
from app.numerics.optimizers.hyperparameters import BETA1, BETA2, BETA3, EPS, LEARNING_RATE, WEIGHT_DECAY
from app.numerics.optimizers.record import Quantity, Scalar, Step, Vector, aligned, optimizer
from app.schema.messages import N_


class CountedMoments(NamedTuple):
    """Adam's averages, and how many gradients they have seen."""

    m: Vector
    v: Vector
    powers: Powers
    t: Scalar


@optimizer(
    title=N_("RAdam"),
    family=FAMILY,
    formula=aligned(
        M_LINE,
        V_LINE,
        HATS_LINE,
        r"\rho_\infty &= \frac{2}{1-\beta_2} - 1, \quad \rho = \rho_\infty - \frac{2 t \beta_2^t}{1-\beta_2^t}",
        r"r &= \sqrt{\frac{(\rho-4)(\rho-2)\,\rho_\infty}{(\rho_\infty-4)(\rho_\infty-2)\,\rho}}",
        r"\theta &\leftarrow \theta - \begin{cases} \frac{\eta\, r}{\sqrt{\hat v} + \varepsilon}\, \hat m & \rho > 4 \\"
        r" \eta\, \hat m & \rho \le 4 \end{cases}",
    ),
    source="Liu et al., On the Variance of the Adaptive Learning Rate and Beyond, ICLR (2020), algorithm 2; ε as in "
    "Adam. PyTorch asks for ρ > 5",
    about=N_("Plain momentum until enough gradients were seen to trust their average square, then Adam, warming up."),
    init=lambda params: CountedMoments(*no_moments(params), jnp.zeros(())),
    hyperparameters=(replace(LEARNING_RATE, default=0.002), BETA1, BETA2, EPS),
    quantities=(
        M,
        V,
        M_HAT,
        V_HAT,
        Quantity(name="rectification", symbol="r", title=N_("Rectification, 0 while not trusted")),
        replace(RATE, symbol=r"\frac{\eta\, r}{\sqrt{\hat v}+\varepsilon}"),
    ),
)
def radam(
    grads: Vector,
    state: CountedMoments,
    params: Vector,
    *,
    learning_rate: Scalar,
    beta1: Scalar,
    beta2: Scalar,
    eps: Scalar,
) -> Step:
    """RAdam; ρ is the length of a moving average that varies as much as the average of squares does."""
    m = average(beta1, state.m, grads)
    v = average(beta2, state.v, grads**2)
    powers, t = state.powers.times(beta1, beta2), state.t + 1
    m_hat = m / (1 - powers.beta1)
    v_hat = v / (1 - powers.beta2)
    rho_max = 2 / (1 - beta2) - 1
    rho = rho_max - 2 * t * powers.beta2 / (1 - powers.beta2)
    # The paper trusts the average of squares where ρ > 4, which needs β₂ > 0.6. Where it is not used, the argument of
    # the root is made positive.
    is_trusted = rho > 4
    rho, rho_max = jnp.where(is_trusted, rho, 5.0), jnp.where(is_trusted, rho_max, 5.0)
    r = jnp.sqrt((rho - 4) * (rho - 2) * rho_max / ((rho_max - 4) * (rho_max - 2) * rho))
    rate = jnp.where(is_trusted, ratio(learning_rate * r, jnp.sqrt(v_hat) + eps), learning_rate)
    shown = (m, v, m_hat, v_hat, jnp.where(is_trusted, r, 0.0), rate)
    return Step(updates=-rate * m_hat, state=CountedMoments(m, v, powers, t), shown=shown)


@optimizer(
    title=N_("AdaBelief"),
    family=FAMILY,
    formula=aligned(
        M_LINE,
        r"s &\leftarrow \beta_2 s + (1-\beta_2)(g-m)^2 + \varepsilon",
        M_HAT_LINE + r", \quad \hat s = s/(1-\beta_2^t)",
        r"\theta &\leftarrow \theta - \frac{\eta}{\sqrt{\hat s} + \varepsilon}\, \hat m",
    ),
    source="Zhuang et al., AdaBelief Optimizer: Adapting Stepsizes by the Belief in Observed Gradients, NeurIPS "
    "(2020), algorithm 2, with ε both in s and outside the root; the authors' package also rectifies, as RAdam does",
    about=N_("Adam that divides by how far gradients stray from their average: long steps where they agree."),
    init=no_moments,
    hyperparameters=HYPERPARAMETERS,
    quantities=(
        M,
        Quantity(name="s", symbol="s", title=N_("Average squared surprise")),
        M_HAT,
        Quantity(name="s_hat", symbol=r"\hat s", title=N_("Average squared surprise, corrected")),
        replace(RATE, symbol=r"\frac{\eta}{\sqrt{\hat s}+\varepsilon}"),
    ),
)
def adabelief(
    grads: Vector,
    state: Moments,
    params: Vector,
    *,
    learning_rate: Scalar,
    beta1: Scalar,
    beta2: Scalar,
    eps: Scalar,
) -> Step:
    """AdaBelief; the state's `v` is its s."""
    m = average(beta1, state.m, grads)
    s = average(beta2, state.v, (grads - m) ** 2) + eps
    powers = state.powers.times(beta1, beta2)
    m_hat = m / (1 - powers.beta1)
    s_hat = s / (1 - powers.beta2)
    rate = ratio(learning_rate, jnp.sqrt(s_hat) + eps)
    return Step(updates=-rate * m_hat, state=Moments(m, s, powers), shown=(m, s, m_hat, s_hat, rate))


class PlainMoments(NamedTuple):
    """The averages of gradients and of their squares, which nothing corrects."""

    m: Vector
    v: Vector


@optimizer(
    title=N_("Yogi"),
    family=FAMILY,
    formula=aligned(
        M_LINE,
        r"v &\leftarrow v - (1-\beta_2) \operatorname{sign}(v - g^2)\, g^2",
        r"\theta &\leftarrow \theta - \frac{\eta}{\sqrt{v} + \varepsilon}\, m",
    ),
    source="Zaheer, Reddi, Sachan, Kale and Kumar, Adaptive Methods for Nonconvex Optimization, NeurIPS (2018), "
    "algorithm 2: v starts at 0 and nothing is corrected. Implementations start at 10⁻⁶; optax corrects as Adam does",
    about=N_("Adam whose average square changes by a share of the new square only: rates cannot jump up."),
    init=lambda params: PlainMoments(jnp.zeros_like(params), jnp.zeros_like(params)),
    hyperparameters=(replace(LEARNING_RATE, default=0.05), BETA1, BETA2, replace(EPS, default=1e-3)),
    quantities=(M, V, replace(RATE, symbol=r"\frac{\eta}{\sqrt{v}+\varepsilon}")),
)
def yogi(
    grads: Vector,
    state: PlainMoments,
    params: Vector,
    *,
    learning_rate: Scalar,
    beta1: Scalar,
    beta2: Scalar,
    eps: Scalar,
) -> Step:
    """Yogi."""
    m = average(beta1, state.m, grads)
    v = state.v - (1 - beta2) * jnp.sign(state.v - grads**2) * grads**2
    rate = ratio(learning_rate, jnp.sqrt(v) + eps)
    return Step(updates=-rate * m, state=PlainMoments(m, v), shown=(m, v, rate))


class Differences(NamedTuple):
    """Adan's three averages and the last gradient; `has_begun` is 0.0 before the first gradient, then 1.0."""

    m: Vector
    v: Vector
    n: Vector
    grads: Vector
    has_begun: Scalar


def _no_differences(params: Vector) -> Differences:
    zeros = jnp.zeros_like(params)
    return Differences(zeros, zeros, zeros, zeros, jnp.zeros(()))


@optimizer(
    title=N_("Adan"),
    family=FAMILY,
    formula=aligned(
        M_LINE,
        r"v &\leftarrow \beta_2 v + (1-\beta_2)\, (g - g_{t-1})",
        r"n &\leftarrow \beta_3 n + (1-\beta_3) \left(g + \beta_2 (g - g_{t-1})\right)^2",
        r"\theta &\leftarrow \frac{1}{1+\eta\lambda}"
        r" \left(\theta - \frac{\eta}{\sqrt{n} + \varepsilon}\, (m + \beta_2 v)\right)",
    ),
    source="Xie, Zhou, Li, Lin and Yan, Adan: Adaptive Nesterov Momentum Algorithm for Faster Optimizing Deep Models, "
    "IEEE TPAMI (2024), algorithm 1, with β for its 1 − β. The authors' code starts at 0 and corrects instead",
    about=N_("Nesterov's look ahead from the change of the gradient, in the direction and in the rate."),
    init=_no_differences,
    hyperparameters=(
        replace(LEARNING_RATE, default=0.02),
        replace(BETA1, default=0.98),
        replace(
            BETA1,
            name="beta2",
            title=N_("Averaging of gradient changes"),
            symbol="β₂",
            default=0.92,
            shared="",
            help=N_("What is kept of the average of the gradient's changes from step to step."),
        ),
        BETA3,
        EPS,
        WEIGHT_DECAY,
    ),
    quantities=(
        M,
        Quantity(name="v", symbol="v", title=N_("Average change of the gradient")),
        Quantity(name="n", symbol="n", title=N_("Average of squares, looking ahead")),
        Quantity(name="direction", symbol=r"m + \beta_2 v", title=N_("Direction")),
        replace(RATE, symbol=r"\frac{\eta}{\sqrt{n}+\varepsilon}"),
    ),
)
def adan(
    grads: Vector,
    state: Differences,
    params: Vector,
    *,
    learning_rate: Scalar,
    beta1: Scalar,
    beta2: Scalar,
    beta3: Scalar,
    eps: Scalar,
    weight_decay: Scalar,
) -> Step:
    """Adan, with weight decay as a proximal step."""
    # The first gradient starts the averages (m₀ = g₀, v₀ = 0, n₀ = g₀²), as where the paper's algorithm restarts.
    # The authors' code starts all three at 0 and divides by 1 − βᵗ instead.
    is_first = state.has_begun == 0
    change = jnp.where(is_first, 0.0, grads - state.grads)
    ahead = (grads + beta2 * change) ** 2
    m = average(beta1, jnp.where(is_first, grads, state.m), grads)
    v = average(beta2, state.v, change)
    n = average(beta3, jnp.where(is_first, ahead, state.n), ahead)
    direction = m + beta2 * v
    rate = ratio(learning_rate, jnp.sqrt(n) + eps)
    decay = learning_rate * weight_decay
    # (θ − rate·direction)/(1 + ηλ), as a change of θ.
    updates = -(rate * direction + decay * params) / (1 + decay)
    return Step(updates, Differences(m, v, n, grads, jnp.ones(())), shown=(m, v, n, direction, rate))
