"""Adam, and the variants that change its step: AdamW, AdaMax, AMSGrad, NAdam."""

from dataclasses import replace
from typing import NamedTuple

import jax.numpy as jnp

from app.numerics.optimizers.arithmetic import average, ratio
from app.numerics.optimizers.hyperparameters import BETA1, BETA2, DEBIAS, EPS, LEARNING_RATE, WEIGHT_DECAY
from app.numerics.optimizers.record import Quantity, Scalar, Step, Vector, aligned, optimizer
from app.schema.kinds import Parameter
from app.schema.messages import N_

FAMILY = N_("Adam and its kin")
HYPERPARAMETERS: tuple[Parameter, ...] = (LEARNING_RATE, BETA1, BETA2, EPS)

M = Quantity(name="m", symbol="m", title=N_("Average of gradients"))
V = Quantity(name="v", symbol="v", title=N_("Average of squared gradients"))
M_HAT = Quantity(name="m_hat", symbol=r"\hat m", title=N_("Average of gradients, corrected"))
V_HAT = Quantity(name="v_hat", symbol=r"\hat v", title=N_("Average of squares, corrected"))
RATE = Quantity(name="effective_rate", symbol=r"\frac{\eta}{\sqrt{\hat v}+\varepsilon}", title=N_("Effective rate"))

M_LINE = r"m &\leftarrow \beta_1 m + (1-\beta_1)\, g"
V_LINE = r"v &\leftarrow \beta_2 v + (1-\beta_2)\, g^2"
M_HAT_LINE = r"\hat m &= m/(1-\beta_1^t)"
HATS_LINE = M_HAT_LINE + r", \quad \hat v = v/(1-\beta_2^t)"
STEP_LINE = r"\theta &\leftarrow \theta - \frac{\eta}{\sqrt{\hat v} + \varepsilon}\, \hat m"


class Powers(NamedTuple):
    """β₁ᵗ and β₂ᵗ, the weights that the zeros at the start still have in the two averages.

    They are carried as products: that is right where β changes on the way, too, and taking powers would make an Adam
    run 1.6 times as long.
    """

    beta1: Scalar
    beta2: Scalar

    def times(self, beta1: Scalar, beta2: Scalar) -> "Powers":
        """Return the powers after one more gradient."""
        return Powers(self.beta1 * beta1, self.beta2 * beta2)


class Moments(NamedTuple):
    """The averages of gradients and of their squares."""

    m: Vector
    v: Vector
    powers: Powers


def no_moments(params: Vector) -> Moments:
    """Return the state before the first gradient."""
    zeros = jnp.zeros_like(params)
    return Moments(zeros, zeros, Powers(jnp.ones(()), jnp.ones(())))


@optimizer(
    title=N_("Adam"),
    family=FAMILY,
    formula=aligned(
        M_LINE,
        V_LINE,
        HATS_LINE + r" \quad (\texttt{debias:false}: \hat m = m,\ \hat v = v)",
        STEP_LINE,
    ),
    source="Kingma and Ba, Adam: A Method for Stochastic Optimization, ICLR (2015), algorithm 1",
    about=N_("Averages the gradients and divides by the root of their average square: steps of about η at first."),
    init=no_moments,
    hyperparameters=(*HYPERPARAMETERS, DEBIAS),
    quantities=(M, V, M_HAT, V_HAT, RATE),
)
def adam(
    grads: Vector,
    state: Moments,
    params: Vector,
    *,
    learning_rate: Scalar,
    beta1: Scalar,
    beta2: Scalar,
    eps: Scalar,
    debias: Scalar,
) -> Step:
    """Adam; without `debias` the averages stay as they are."""
    m = average(beta1, state.m, grads)
    v = average(beta2, state.v, grads**2)
    powers = state.powers.times(beta1, beta2)
    m_hat = m / (1 - debias * powers.beta1)
    v_hat = v / (1 - debias * powers.beta2)
    rate = ratio(learning_rate, jnp.sqrt(v_hat) + eps)
    return Step(updates=-rate * m_hat, state=Moments(m, v, powers), shown=(m, v, m_hat, v_hat, rate))


@optimizer(
    title=N_("AdamW"),
    family=FAMILY,
    formula=aligned(M_LINE, V_LINE, HATS_LINE, r"\theta &\leftarrow (1 - \eta\lambda)\, \theta", STEP_LINE),
    source="Loshchilov and Hutter, Decoupled Weight Decay Regularization, ICLR (2019), algorithm 2; as in PyTorch",
    about=N_("Adam whose weight decay acts on the point itself and is not divided by the averages."),
    init=no_moments,
    hyperparameters=(*HYPERPARAMETERS, replace(WEIGHT_DECAY, default=0.01)),
    quantities=(M, V, M_HAT, V_HAT, RATE),
)
def adamw(
    grads: Vector,
    state: Moments,
    params: Vector,
    *,
    learning_rate: Scalar,
    beta1: Scalar,
    beta2: Scalar,
    eps: Scalar,
    weight_decay: Scalar,
) -> Step:
    """Adam with decoupled weight decay."""
    m = average(beta1, state.m, grads)
    v = average(beta2, state.v, grads**2)
    powers = state.powers.times(beta1, beta2)
    m_hat = m / (1 - powers.beta1)
    v_hat = v / (1 - powers.beta2)
    rate = ratio(learning_rate, jnp.sqrt(v_hat) + eps)
    updates = -rate * m_hat - learning_rate * weight_decay * params
    return Step(updates, state=Moments(m, v, powers), shown=(m, v, m_hat, v_hat, rate))


class MomentAndMaximum(NamedTuple):
    """The average of gradients with its β₁ᵗ, and the largest recent gradient."""

    m: Vector
    u: Vector
    beta1_power: Scalar


@optimizer(
    title=N_("AdaMax"),
    family=FAMILY,
    formula=aligned(
        M_LINE,
        r"u &\leftarrow \max(\beta_2 u,\ |g| + \varepsilon)",
        M_HAT_LINE,
        r"\theta &\leftarrow \theta - \frac{\eta}{u}\, \hat m",
    ),
    source="Kingma and Ba, Adam: A Method for Stochastic Optimization, ICLR (2015), algorithm 2; ε as in PyTorch",
    about=N_("Adam with the largest recent slope in place of the root of the average square."),
    init=lambda params: MomentAndMaximum(jnp.zeros_like(params), jnp.zeros_like(params), jnp.ones(())),
    hyperparameters=HYPERPARAMETERS,
    quantities=(
        M,
        Quantity(name="u", symbol="u", title=N_("Largest recent slope")),
        M_HAT,
        replace(RATE, symbol=r"\frac{\eta}{u}"),
    ),
)
def adamax(
    grads: Vector,
    state: MomentAndMaximum,
    params: Vector,
    *,
    learning_rate: Scalar,
    beta1: Scalar,
    beta2: Scalar,
    eps: Scalar,
) -> Step:
    """AdaMax: Adam with the infinity norm."""
    m = average(beta1, state.m, grads)
    u = jnp.maximum(beta2 * state.u, jnp.abs(grads) + eps)
    beta1_power = state.beta1_power * beta1
    m_hat = m / (1 - beta1_power)
    rate = ratio(learning_rate, u)
    return Step(updates=-rate * m_hat, state=MomentAndMaximum(m, u, beta1_power), shown=(m, u, m_hat, rate))


class MomentsAndMaximum(NamedTuple):
    """Adam's averages, and the largest v so far."""

    m: Vector
    v: Vector
    v_max: Vector
    powers: Powers


def _no_moments_and_maximum(params: Vector) -> MomentsAndMaximum:
    m, v, powers = no_moments(params)
    return MomentsAndMaximum(m, v, jnp.zeros_like(params), powers)


@optimizer(
    title=N_("AMSGrad"),
    family=FAMILY,
    formula=aligned(
        M_LINE,
        V_LINE,
        r"v_{\max} &\leftarrow \max(v_{\max}, v)",
        M_HAT_LINE + r", \quad \hat v = v_{\max}/(1-\beta_2^t)",
        STEP_LINE,
    ),
    source="Reddi, Kale and Kumar, On the Convergence of Adam and Beyond, ICLR (2018), algorithm 2; corrected as in "
    "PyTorch",
    about=N_("Adam that never forgets its largest average square: one steep place keeps a coordinate careful."),
    init=_no_moments_and_maximum,
    hyperparameters=HYPERPARAMETERS,
    quantities=(
        M,
        V,
        Quantity(name="v_max", symbol=r"v_{\max}", title=N_("Largest average so far")),
        M_HAT,
        V_HAT,
        RATE,
    ),
)
def amsgrad(
    grads: Vector,
    state: MomentsAndMaximum,
    params: Vector,
    *,
    learning_rate: Scalar,
    beta1: Scalar,
    beta2: Scalar,
    eps: Scalar,
) -> Step:
    """AMSGrad: the effective rate never grows again, but for the correction."""
    m = average(beta1, state.m, grads)
    v = average(beta2, state.v, grads**2)
    v_max = jnp.maximum(state.v_max, v)
    powers = state.powers.times(beta1, beta2)
    m_hat = m / (1 - powers.beta1)
    v_hat = v_max / (1 - powers.beta2)
    rate = ratio(learning_rate, jnp.sqrt(v_hat) + eps)
    return Step(-rate * m_hat, MomentsAndMaximum(m, v, v_max, powers), shown=(m, v, v_max, m_hat, v_hat, rate))


@optimizer(
    title=N_("NAdam"),
    family=FAMILY,
    formula=aligned(
        M_LINE,
        V_LINE,
        r"\hat m &= \frac{\beta_1 m}{1-\beta_1^{t+1}} + \frac{(1-\beta_1)\, g}{1-\beta_1^t},"
        r" \quad \hat v = v/(1-\beta_2^t)",
        STEP_LINE,
    ),
    source="Dozat, Incorporating Nesterov Momentum into Adam, ICLR workshop (2016), algorithm 2 with constant μ = β₁. "
    "PyTorch and Keras let μ grow towards β₁",
    about=N_("Adam with Nesterov's look ahead: the newest gradient counts once more."),
    init=no_moments,
    hyperparameters=HYPERPARAMETERS,
    quantities=(M, V, replace(M_HAT, title=N_("Average looking ahead, corrected")), V_HAT, RATE),
)
def nadam(
    grads: Vector,
    state: Moments,
    params: Vector,
    *,
    learning_rate: Scalar,
    beta1: Scalar,
    beta2: Scalar,
    eps: Scalar,
) -> Step:
    """NAdam with Dozat's constant schedule μ = β₁.

    His n̂ = νn/(1 − νᵗ) has one factor ν more than Adam's; as in all implementations, it is left out.
    """
    m = average(beta1, state.m, grads)
    v = average(beta2, state.v, grads**2)
    powers = state.powers.times(beta1, beta2)
    m_hat = beta1 * m / (1 - powers.beta1 * beta1) + (1 - beta1) * grads / (1 - powers.beta1)
    v_hat = v / (1 - powers.beta2)
    rate = ratio(learning_rate, jnp.sqrt(v_hat) + eps)
    return Step(updates=-(rate * m_hat), state=Moments(m, v, powers), shown=(m, v, m_hat, v_hat, rate))
