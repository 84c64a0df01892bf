"""Adam's later kin, which see the average of squares in another way: RAdam, AdaBelief, Yogi, Adan."""

from dataclasses import replace
from typing import NamedTuple

import jax.numpy as jnp

from app.numerics.optimizers.averages import Scalar, Shown, Vector, adaptive, average, kept, quotient
from app.numerics.optimizers.hyperparameters import BETA1, BETA2, BETA3, EPS, LEARNING_RATE, WEIGHT_DECAY
from app.numerics.optimizers.moments import (
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
    V,
    adam_shown,
    advance,
    along_m_hat,
    no_moments,
)
from app.numerics.optimizers.record import Optimizer, Quantity, aligned
from app.schema.messages import N_


def _radam_shown(opt_state: Moments, *, learning_rate: Scalar, beta2: Scalar, eps: Scalar, **_others: Scalar) -> Shown:
    seen, m, v = opt_state
    longest = 2 / (1 - beta2) - 1
    length = longest - 2 * seen.t * seen.start_weight2 / kept(seen.start_weight2)
    # The paper trusts the average of squares from a length above 4, which needs β₂ > 0.6; the square root's argument
    # is made positive for the shorter ones, where it is not used.
    is_trusted = length > 4
    safe = jnp.where(is_trusted, length, 5.0)
    most = jnp.where(is_trusted, longest, 5.0)
    rectification = jnp.sqrt((safe - 4) * (safe - 2) * most / ((most - 4) * (most - 2) * safe))
    v_hat = v / kept(seen.start_weight2)
    rate = quotient(learning_rate * rectification, jnp.sqrt(v_hat) + eps)
    return {
        "m": m,
        "v": v,
        "m_hat": m / kept(seen.start_weight1),
        "v_hat": v_hat,
        "rectification": jnp.full_like(m, jnp.where(is_trusted, rectification, 0.0)),
        "effective_rate": jnp.where(is_trusted, rate, learning_rate),
    }


RADAM = Optimizer(
    name="radam",
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
    build=adaptive(init=no_moments, advance=advance, observe=_radam_shown, along=along_m_hat),
    hyperparameters=(replace(LEARNING_RATE, default=0.002), BETA1, BETA2, EPS),
    quantities=(
        M,
        V,
        M_HAT,
        V_HAT,
        Quantity(name="rectification", symbol="r", title=N_("Rectification, 0 while not trusted")),
        replace(RATE, symbol=r"\frac{\eta\, r}{\sqrt{\hat v}+\varepsilon}"),
    ),
    observe=_radam_shown,
)


def _adabelief_advance(
    opt_state: Moments, grads: Vector, *, beta1: Scalar, beta2: Scalar, eps: Scalar, **_others: Scalar
) -> Moments:
    m = average(beta1, opt_state.m, grads)
    return Moments(opt_state.seen.one_more(beta1, beta2), m, average(beta2, opt_state.v, (grads - m) ** 2) + eps)


def _adabelief_shown(opt_state: Moments, **hyperparameters: Scalar) -> Shown:
    shown = adam_shown(opt_state, **hyperparameters)
    return {
        "m": shown["m"],
        "s": shown["v"],
        "m_hat": shown["m_hat"],
        "s_hat": shown["v_hat"],
        "effective_rate": shown["effective_rate"],
    }


ADABELIEF = Optimizer(
    name="adabelief",
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
    build=adaptive(init=no_moments, advance=_adabelief_advance, observe=_adabelief_shown, along=along_m_hat),
    hyperparameters=HYPERPARAMETERS,
    quantities=(
        M,
        Quantity(name="s", symbol="s", title=N_("Average squared surprise")),
        M_HAT,
        Quantity(name="s_hat", symbol=r"\hat s", title=N_("Average squared surprise, corrected")),
        replace(RATE, symbol=r"\frac{\eta}{\sqrt{\hat s}+\varepsilon}"),
    ),
    observe=_adabelief_shown,
)


def _yogi_advance(opt_state: Moments, grads: Vector, *, beta1: Scalar, beta2: Scalar, **_others: Scalar) -> Moments:
    square = grads**2
    v = opt_state.v - (1 - beta2) * jnp.sign(opt_state.v - square) * square
    return Moments(opt_state.seen.one_more(beta1, beta2), average(beta1, opt_state.m, grads), v)


def _yogi_shown(opt_state: Moments, *, learning_rate: Scalar, eps: Scalar, **_others: Scalar) -> Shown:
    _, m, v = opt_state
    return {"m": m, "v": v, "effective_rate": quotient(learning_rate, jnp.sqrt(v) + eps)}


YOGI = Optimizer(
    name="yogi",
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
    build=adaptive(init=no_moments, advance=_yogi_advance, observe=_yogi_shown, along=lambda shown, _grads: shown["m"]),
    hyperparameters=(replace(LEARNING_RATE, default=0.05), BETA1, BETA2, replace(EPS, default=1e-3)),
    quantities=(M, V, replace(RATE, symbol=r"\frac{\eta}{\sqrt{v}+\varepsilon}")),
    observe=_yogi_shown,
)


class Differences(NamedTuple):
    """Adan's three averages, and the last gradient, from which the next difference is taken."""

    t: Scalar
    m: Vector
    v: Vector
    n: Vector
    grads: Vector


def _no_differences(params: Vector) -> Differences:
    return Differences(jnp.zeros(()), *[jnp.zeros_like(params)] * 4)


def _adan_advance(
    opt_state: Differences, grads: Vector, *, beta1: Scalar, beta2: Scalar, beta3: Scalar, **_others: Scalar
) -> Differences:
    t, m, v, n, last = opt_state
    # The first gradient starts the averages (m₀ = g₀, v₀ = 0, n₀ = g₀²), as where the paper's algorithm restarts.
    # The authors' code starts all three at 0 and divides by 1 − βᵗ instead.
    is_first = t == 0
    change = jnp.where(is_first, 0.0, grads - last)
    ahead = (grads + beta2 * change) ** 2
    return Differences(
        t + 1,
        m=average(beta1, jnp.where(is_first, grads, m), grads),
        v=average(beta2, v, change),
        n=average(beta3, jnp.where(is_first, ahead, n), ahead),
        grads=grads,
    )


def _adan_shown(
    opt_state: Differences, *, learning_rate: Scalar, beta2: Scalar, eps: Scalar, **_others: Scalar
) -> Shown:
    _, m, v, n, _ = opt_state
    rate = quotient(learning_rate, jnp.sqrt(n) + eps)
    return {"m": m, "v": v, "n": n, "direction": m + beta2 * v, "effective_rate": rate}


def _adan_move(
    step: Vector, params: Vector, *, learning_rate: Scalar, weight_decay: Scalar, **_others: Scalar
) -> Vector:
    # (θ − step)/(1 + ηλ), as a change of θ: the weight decay as a proximal step.
    decay = learning_rate * weight_decay
    return -(step + decay * params) / (1 + decay)


ADAN = Optimizer(
    name="adan",
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
    build=adaptive(
        init=_no_differences,
        advance=_adan_advance,
        observe=_adan_shown,
        along=lambda shown, _grads: shown["direction"],
        move=_adan_move,
    ),
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
    observe=_adan_shown,
)
