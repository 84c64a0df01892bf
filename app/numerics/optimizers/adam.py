"""Adam, and the variants that change one thing in it: AdamW, AdaMax, AMSGrad, NAdam."""

from dataclasses import replace
from typing import NamedTuple

import jax.numpy as jnp
import optax

from app.numerics.optimizers.averages import Scalar, Shown, Vector, adaptive, average, kept, quotient
from app.numerics.optimizers.hyperparameters import DEBIAS, WEIGHT_DECAY
from app.numerics.optimizers.moments import (
    FAMILY,
    HATS_LINE,
    HYPERPARAMETERS,
    M_HAT,
    M_HAT_LINE,
    M_LINE,
    RATE,
    STEP_LINE,
    V_HAT,
    V_LINE,
    M,
    Moments,
    Seen,
    V,
    adam_shown,
    advance,
    along_m_hat,
    no_moments,
)
from app.numerics.optimizers.record import Optimizer, Quantity, aligned
from app.schema.messages import N_

ADAM = Optimizer(
    name="adam",
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
    build=adaptive(init=no_moments, advance=advance, observe=adam_shown, along=along_m_hat),
    hyperparameters=(*HYPERPARAMETERS, DEBIAS),
    quantities=(M, V, M_HAT, V_HAT, RATE),
    observe=adam_shown,
)


def _adamw_move(
    step: Vector, params: Vector, *, learning_rate: Scalar, weight_decay: Scalar, **_others: Scalar
) -> Vector:
    # (1 − ηλ)θ − step, as a change of θ: the decay does not pass through the averages.
    return -step - learning_rate * weight_decay * params


ADAMW = Optimizer(
    name="adamw",
    title=N_("AdamW"),
    family=FAMILY,
    formula=aligned(M_LINE, V_LINE, HATS_LINE, r"\theta &\leftarrow (1 - \eta\lambda)\, \theta", STEP_LINE),
    source="Loshchilov and Hutter, Decoupled Weight Decay Regularization, ICLR (2019), algorithm 2; as in PyTorch",
    about=N_("Adam whose weight decay acts on the point itself and is not divided by the averages."),
    build=adaptive(init=no_moments, advance=advance, observe=adam_shown, along=along_m_hat, move=_adamw_move),
    hyperparameters=(*HYPERPARAMETERS, replace(WEIGHT_DECAY, default=0.01)),
    quantities=(M, V, M_HAT, V_HAT, RATE),
    observe=adam_shown,
)


def _adamax_advance(
    opt_state: Moments, grads: Vector, *, beta1: Scalar, beta2: Scalar, eps: Scalar, **_others: Scalar
) -> Moments:
    m = average(beta1, opt_state.m, grads)
    return Moments(
        opt_state.seen.one_more(beta1, beta2), m, optax.tree.update_infinity_moment(grads, opt_state.v, beta2, eps)
    )


def _adamax_shown(opt_state: Moments, *, learning_rate: Scalar, **_others: Scalar) -> Shown:
    seen, m, u = opt_state
    return {"m": m, "u": u, "m_hat": m / kept(seen.start_weight1), "effective_rate": quotient(learning_rate, u)}


ADAMAX = Optimizer(
    name="adamax",
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
    build=adaptive(init=no_moments, advance=_adamax_advance, observe=_adamax_shown, along=along_m_hat),
    hyperparameters=HYPERPARAMETERS,
    quantities=(
        M,
        Quantity(name="u", symbol="u", title=N_("Largest recent slope")),
        M_HAT,
        replace(RATE, symbol=r"\frac{\eta}{u}"),
    ),
    observe=_adamax_shown,
)


class MomentsAndMaximum(NamedTuple):
    """Adam's averages, and the largest v so far."""

    seen: Seen
    m: Vector
    v: Vector
    v_max: Vector


def _amsgrad_advance(opt_state: MomentsAndMaximum, grads: Vector, **averages: Scalar) -> MomentsAndMaximum:
    moments = advance(Moments(*opt_state[:3]), grads, **averages)
    return MomentsAndMaximum(*moments, jnp.maximum(opt_state.v_max, moments.v))


def _amsgrad_shown(opt_state: MomentsAndMaximum, **hyperparameters: Scalar) -> Shown:
    seen, m, v, v_max = opt_state
    shown = adam_shown(Moments(seen, m, v_max), **hyperparameters)
    return {**shown, "v": v, "v_max": v_max}


AMSGRAD = Optimizer(
    name="amsgrad",
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
    build=adaptive(
        init=lambda params: MomentsAndMaximum(*no_moments(params), jnp.zeros_like(params)),
        advance=_amsgrad_advance,
        observe=_amsgrad_shown,
        along=along_m_hat,
    ),
    hyperparameters=HYPERPARAMETERS,
    quantities=(
        M,
        V,
        Quantity(name="v_max", symbol=r"v_{\max}", title=N_("Largest average so far")),
        M_HAT,
        V_HAT,
        RATE,
    ),
    observe=_amsgrad_shown,
)


class MomentsAndGradient(NamedTuple):
    """Adam's averages, and the newest gradient by itself."""

    seen: Seen
    m: Vector
    v: Vector
    grads: Vector


def _nadam_advance(opt_state: MomentsAndGradient, grads: Vector, **averages: Scalar) -> MomentsAndGradient:
    return MomentsAndGradient(*advance(Moments(*opt_state[:3]), grads, **averages), grads)


def _nadam_shown(opt_state: MomentsAndGradient, *, beta1: Scalar, **hyperparameters: Scalar) -> Shown:
    seen, m, v, grads = opt_state
    # Dozat's algorithm with the constant schedule μ_t = β₁. His n̂ = νn/(1 − νᵗ) has one ν more than Adam's; as in
    # all implementations, it is left out.
    weight = seen.start_weight1
    ahead = beta1 * m / kept(weight * beta1) + (1 - beta1) * grads / kept(weight)
    return {**adam_shown(Moments(seen, m, v), **hyperparameters), "m_hat": ahead}


NADAM = Optimizer(
    name="nadam",
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
    build=adaptive(
        init=lambda params: MomentsAndGradient(*no_moments(params), jnp.zeros_like(params)),
        advance=_nadam_advance,
        observe=_nadam_shown,
        along=along_m_hat,
    ),
    hyperparameters=HYPERPARAMETERS,
    quantities=(M, V, replace(M_HAT, title=N_("Average looking ahead, corrected")), V_HAT, RATE),
    observe=_nadam_shown,
)
