"""What Adam and its kin share: two averages, what is shown of them, and the lines of their formulas."""

from typing import NamedTuple

import jax.numpy as jnp

from app.numerics.optimizers.averages import Scalar, Shown, Vector, average, kept, quotient
from app.numerics.optimizers.hyperparameters import BETA1, BETA2, EPS, LEARNING_RATE
from app.numerics.optimizers.record import Quantity
from app.schema.messages import N_
from app.schema.parameters import Parameter

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


class Seen(NamedTuple):
    """How many gradients, and the weights β₁ᵗ and β₂ᵗ that the zeros before them still have in the averages."""

    t: Scalar
    start_weight1: Scalar
    start_weight2: Scalar

    def one_more(self, beta1: Scalar, beta2: Scalar) -> "Seen":
        """Return the same after the next gradient."""
        return Seen(self.t + 1, self.start_weight1 * beta1, self.start_weight2 * beta2)


class Moments(NamedTuple):
    """What both averages have seen, the average of gradients, and that of their squares."""

    seen: Seen
    m: Vector
    v: Vector


def no_moments(params: Vector) -> Moments:
    """Return the state before the first gradient."""
    nothing = Seen(jnp.zeros(()), jnp.ones(()), jnp.ones(()))
    return Moments(nothing, jnp.zeros_like(params), jnp.zeros_like(params))


def advance(opt_state: Moments, grads: Vector, *, beta1: Scalar, beta2: Scalar, **_others: Scalar) -> Moments:
    """Take one more gradient into both averages."""
    seen = opt_state.seen.one_more(beta1, beta2)
    return Moments(seen, average(beta1, opt_state.m, grads), average(beta2, opt_state.v, grads**2))


def adam_shown(
    opt_state: Moments,
    *,
    learning_rate: Scalar,
    eps: Scalar,
    debias: Scalar | float = 1.0,
    **_others: Scalar,
) -> Shown:
    """Both averages, corrected for their start at 0, and the rate η/(√v̂ + ε)."""
    seen, m, v = opt_state
    v_hat = v / kept(seen.start_weight2, debias)
    return {
        "m": m,
        "v": v,
        "m_hat": m / kept(seen.start_weight1, debias),
        "v_hat": v_hat,
        "effective_rate": quotient(learning_rate, jnp.sqrt(v_hat) + eps),
    }


def along_m_hat(shown: Shown, _grads: Vector) -> Vector:
    """The direction of the step: the corrected average of gradients."""
    return shown["m_hat"]
