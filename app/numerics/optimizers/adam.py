"""Adam and its kin: an average of gradients for the direction, an average of squares for each coordinate's rate."""

from dataclasses import replace
from typing import Any, NamedTuple

import jax.numpy as jnp
import optax

from app.numerics.declare import Parameter
from app.numerics.optimizers.averages import Scalar, Shown, Vector, adaptive, average, kept, quotient
from app.numerics.optimizers.hyperparameters import (
    BETA1,
    BETA2,
    BETA3,
    DEBIAS,
    EPS,
    LEARNING_RATE,
    WEIGHT_DECAY,
)
from app.numerics.optimizers.record import Optimizer, Quantity
from app.numerics.words import N_

FAMILY = N_("Adam and its kin")
AVERAGES: tuple[Parameter, ...] = (LEARNING_RATE, BETA1, BETA2, EPS)


class Moments(NamedTuple):
    """How many gradients were seen, their average, and the average of their squares."""

    count: Scalar
    m: Vector
    v: Vector


def _no_moments(params: Vector) -> Moments:
    return Moments(jnp.zeros(()), jnp.zeros_like(params), jnp.zeros_like(params))


def _advance(opt_state: Moments, grads: Vector, *, beta1: Scalar, beta2: Scalar, **_others: Scalar) -> Moments:
    return Moments(opt_state.count + 1, average(beta1, opt_state.m, grads), average(beta2, opt_state.v, grads**2))


def _along_m_hat(shown: Shown, _grads: Vector) -> Vector:
    return shown["m_hat"]


def _adam_shown(
    opt_state: Moments,
    *,
    learning_rate: Scalar,
    beta1: Scalar,
    beta2: Scalar,
    eps: Scalar,
    debias: Scalar | float = 1.0,
    **_others: Scalar,
) -> Shown:
    count, m, v = opt_state
    v_hat = v / kept(beta2, count, debias)
    return {
        "m": m,
        "v": v,
        "m_hat": m / kept(beta1, count, debias),
        "v_hat": v_hat,
        "effective_rate": quotient(learning_rate, jnp.sqrt(v_hat) + eps),
    }


_adam = adaptive(init=_no_moments, advance=_advance, observe=_adam_shown, along=_along_m_hat)


def adamw(learning_rate: Scalar, weight_decay: Scalar, **averages: Scalar) -> optax.GradientTransformation:
    """Adam after θ ← (1 − ηλ)θ: the decay does not pass through the averages."""
    inner = _adam(learning_rate=learning_rate, **averages)

    def update(grads: Vector, opt_state: Moments, params: Vector) -> tuple[Vector, Any]:
        updates, opt_state = inner.update(grads, opt_state)
        return updates - learning_rate * weight_decay * params, opt_state

    return optax.GradientTransformation(inner.init, update)


def _adamax_advance(
    opt_state: Moments, grads: Vector, *, beta1: Scalar, beta2: Scalar, eps: Scalar, **_others: Scalar
) -> Moments:
    m = average(beta1, opt_state.m, grads)
    return Moments(opt_state.count + 1, m, optax.tree.update_infinity_moment(grads, opt_state.v, beta2, eps))


def _adamax_shown(opt_state: Moments, *, learning_rate: Scalar, beta1: Scalar, **_others: Scalar) -> Shown:
    count, m, u = opt_state
    return {"m": m, "u": u, "m_hat": m / kept(beta1, count), "effective_rate": quotient(learning_rate, u)}


class MomentsAndMaximum(NamedTuple):
    """Adam's averages, and the largest v so far."""

    count: Scalar
    m: Vector
    v: Vector
    v_max: Vector


def _amsgrad_advance(opt_state: MomentsAndMaximum, grads: Vector, **averages: Scalar) -> MomentsAndMaximum:
    moments = _advance(Moments(*opt_state[:3]), grads, **averages)
    return MomentsAndMaximum(*moments, jnp.maximum(opt_state.v_max, moments.v))


def _amsgrad_shown(opt_state: MomentsAndMaximum, **hyperparameters: Scalar) -> Shown:
    count, m, v, v_max = opt_state
    shown = _adam_shown(Moments(count, m, v_max), **hyperparameters)
    return {**shown, "v": v, "v_max": v_max}


class MomentsAndGradient(NamedTuple):
    """Adam's averages, and the newest gradient by itself."""

    count: Scalar
    m: Vector
    v: Vector
    grads: Vector


def _nadam_advance(opt_state: MomentsAndGradient, grads: Vector, **averages: Scalar) -> MomentsAndGradient:
    return MomentsAndGradient(*_advance(Moments(*opt_state[:3]), grads, **averages), grads)


def _nadam_shown(opt_state: MomentsAndGradient, *, beta1: Scalar, **hyperparameters: Scalar) -> Shown:
    count, m, v, grads = opt_state
    # Dozat's algorithm with the constant schedule μ_t = β₁. His n̂ = νn/(1 − νᵗ) has one ν more than Adam's; as in
    # all implementations, it is left out.
    ahead = beta1 * m / kept(beta1, count + 1) + (1 - beta1) * grads / kept(beta1, count)
    return {**_adam_shown(Moments(count, m, v), beta1=beta1, **hyperparameters), "m_hat": ahead}


def _radam_shown(opt_state: Moments, *, learning_rate: Scalar, beta1: Scalar, beta2: Scalar, eps: Scalar) -> Shown:
    count, m, v = opt_state
    longest = 2 / (1 - beta2) - 1
    length = longest - 2 * count * beta2**count / kept(beta2, count)
    # The paper trusts the average of squares from a length above 4, which needs β₂ > 0.6; the square root's argument
    # is made positive for the shorter ones, where it is not used.
    is_trusted = length > 4
    safe = jnp.where(is_trusted, length, 5.0)
    most = jnp.where(is_trusted, longest, 5.0)
    rectification = jnp.sqrt((safe - 4) * (safe - 2) * most / ((most - 4) * (most - 2) * safe))
    v_hat = v / kept(beta2, count)
    rate = quotient(learning_rate * rectification, jnp.sqrt(v_hat) + eps)
    return {
        "m": m,
        "v": v,
        "m_hat": m / kept(beta1, count),
        "v_hat": v_hat,
        "rectification": jnp.full_like(m, jnp.where(is_trusted, rectification, 0.0)),
        "effective_rate": jnp.where(is_trusted, rate, learning_rate),
    }


def _adabelief_advance(
    opt_state: Moments, grads: Vector, *, beta1: Scalar, beta2: Scalar, eps: Scalar, **_others: Scalar
) -> Moments:
    m = average(beta1, opt_state.m, grads)
    return Moments(opt_state.count + 1, m, average(beta2, opt_state.v, (grads - m) ** 2) + eps)


def _adabelief_shown(opt_state: Moments, **hyperparameters: Scalar) -> Shown:
    shown = _adam_shown(opt_state, **hyperparameters)
    return {
        "m": shown["m"],
        "s": shown["v"],
        "m_hat": shown["m_hat"],
        "s_hat": shown["v_hat"],
        "effective_rate": shown["effective_rate"],
    }


def _yogi_advance(opt_state: Moments, grads: Vector, *, beta1: Scalar, beta2: Scalar, **_others: Scalar) -> Moments:
    square = grads**2
    v = opt_state.v - (1 - beta2) * jnp.sign(opt_state.v - square) * square
    return Moments(opt_state.count + 1, average(beta1, opt_state.m, grads), v)


def _yogi_shown(opt_state: Moments, *, learning_rate: Scalar, eps: Scalar, **_others: Scalar) -> Shown:
    _, m, v = opt_state
    return {"m": m, "v": v, "effective_rate": quotient(learning_rate, jnp.sqrt(v) + eps)}


class Differences(NamedTuple):
    """Adan's three averages, and the last gradient, from which the next difference is taken."""

    count: Scalar
    m: Vector
    v: Vector
    n: Vector
    grads: Vector


def _no_differences(params: Vector) -> Differences:
    return Differences(jnp.zeros(()), *[jnp.zeros_like(params)] * 4)


def _adan_advance(
    opt_state: Differences, grads: Vector, *, beta1: Scalar, beta2: Scalar, beta3: Scalar, **_others: Scalar
) -> Differences:
    count, m, v, n, last = opt_state
    # The first gradient starts the averages (m₀ = g₀, v₀ = 0, n₀ = g₀²), as where the paper's algorithm restarts.
    is_first = count == 0
    change = jnp.where(is_first, 0.0, grads - last)
    ahead = (grads + beta2 * change) ** 2
    return Differences(
        count + 1,
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


_adan = adaptive(
    init=_no_differences, advance=_adan_advance, observe=_adan_shown, along=lambda shown, _grads: shown["direction"]
)


def adan(learning_rate: Scalar, weight_decay: Scalar, **averages: Scalar) -> optax.GradientTransformation:
    """Adan's step, then the division by 1 + ηλ: the weight decay as a proximal step."""
    inner = _adan(learning_rate=learning_rate, **averages)

    def update(grads: Vector, opt_state: Differences, params: Vector) -> tuple[Vector, Any]:
        updates, opt_state = inner.update(grads, opt_state)
        decay = learning_rate * weight_decay
        return (updates - decay * params) / (1 + decay), opt_state

    return optax.GradientTransformation(inner.init, update)


M = Quantity(name="m", symbol="m", title=N_("Average of gradients"))
V = Quantity(name="v", symbol="v", title=N_("Average of squared gradients"))
M_HAT = Quantity(name="m_hat", symbol=r"\hat m", title=N_("Average of gradients, corrected"))
V_HAT = Quantity(name="v_hat", symbol=r"\hat v", title=N_("Average of squares, corrected"))
RATE = Quantity(name="effective_rate", symbol=r"\frac{\eta}{\sqrt{\hat v}+\varepsilon}", title=N_("Effective rate"))

_MOMENTS = r"m &\leftarrow \beta_1 m + (1-\beta_1)\, g \\ v &\leftarrow \beta_2 v + (1-\beta_2)\, g^2 \\"
_M_HAT = r" \hat m &= m/(1-\beta_1^t)"
_HATS = _M_HAT + r", \quad \hat v = v/(1-\beta_2^t) \\"
_STEP = r" \theta &\leftarrow \theta - \frac{\eta}{\sqrt{\hat v} + \varepsilon}\, \hat m"


def _aligned(*lines: str) -> str:
    return r"\begin{aligned} " + "".join(lines) + r" \end{aligned}"


ADAM = Optimizer(
    name="adam",
    title=N_("Adam"),
    family=FAMILY,
    formula=_aligned(_MOMENTS, _HATS, _STEP),
    source="Kingma and Ba, Adam: A Method for Stochastic Optimization, ICLR (2015), algorithm 1",
    about=N_("Averages the gradients and divides by the root of their average square: steps of about η at first."),
    build=_adam,
    hyperparameters=(*AVERAGES, DEBIAS),
    quantities=(M, V, M_HAT, V_HAT, RATE),
    observe=_adam_shown,
)

ADAMW = Optimizer(
    name="adamw",
    title=N_("AdamW"),
    family=FAMILY,
    formula=_aligned(_MOMENTS, _HATS, r" \theta &\leftarrow (1 - \eta\lambda)\, \theta \\", _STEP),
    source="Loshchilov and Hutter, Decoupled Weight Decay Regularization, ICLR (2019), algorithm 2; as in PyTorch",
    about=N_("Adam whose weight decay acts on the point itself and is not divided by the averages."),
    build=adamw,
    hyperparameters=(*AVERAGES, replace(WEIGHT_DECAY, default=0.01)),
    quantities=(M, V, M_HAT, V_HAT, RATE),
    observe=_adam_shown,
)

ADAMAX = Optimizer(
    name="adamax",
    title=N_("AdaMax"),
    family=FAMILY,
    formula=_aligned(
        r"m &\leftarrow \beta_1 m + (1-\beta_1)\, g \\",
        r" u &\leftarrow \max(\beta_2 u,\ |g| + \varepsilon) \\",
        _M_HAT + r" \\",
        r" \theta &\leftarrow \theta - \frac{\eta}{u}\, \hat m",
    ),
    source="Kingma and Ba, Adam: A Method for Stochastic Optimization, ICLR (2015), algorithm 2; ε as in PyTorch",
    about=N_("Adam with the largest recent slope in place of the root of the average square."),
    build=adaptive(init=_no_moments, advance=_adamax_advance, observe=_adamax_shown, along=_along_m_hat),
    hyperparameters=AVERAGES,
    quantities=(
        M,
        Quantity(name="u", symbol="u", title=N_("Largest recent slope")),
        M_HAT,
        replace(RATE, symbol=r"\frac{\eta}{u}"),
    ),
    observe=_adamax_shown,
)

AMSGRAD = Optimizer(
    name="amsgrad",
    title=N_("AMSGrad"),
    family=FAMILY,
    formula=_aligned(
        _MOMENTS,
        r" v_{\max} &\leftarrow \max(v_{\max}, v) \\",
        _M_HAT + r", \quad \hat v = v_{\max}/(1-\beta_2^t) \\",
        _STEP,
    ),
    source="Reddi, Kale and Kumar, On the Convergence of Adam and Beyond, ICLR (2018), algorithm 2; corrected as in "
    "PyTorch",
    about=N_("Adam that never forgets its largest average square: no coordinate's rate grows again."),
    build=adaptive(
        init=lambda params: MomentsAndMaximum(*_no_moments(params), jnp.zeros_like(params)),
        advance=_amsgrad_advance,
        observe=_amsgrad_shown,
        along=_along_m_hat,
    ),
    hyperparameters=AVERAGES,
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

NADAM = Optimizer(
    name="nadam",
    title=N_("NAdam"),
    family=FAMILY,
    formula=_aligned(
        _MOMENTS,
        r" \hat m &= \frac{\beta_1 m}{1-\beta_1^{t+1}} + \frac{(1-\beta_1)\, g}{1-\beta_1^t},",
        r" \quad \hat v = v/(1-\beta_2^t) \\",
        _STEP,
    ),
    source="Dozat, Incorporating Nesterov Momentum into Adam, ICLR workshop (2016), algorithm 2 with constant μ = β₁",
    about=N_("Adam with Nesterov's look ahead: the newest gradient counts once more."),
    build=adaptive(
        init=lambda params: MomentsAndGradient(*_no_moments(params), jnp.zeros_like(params)),
        advance=_nadam_advance,
        observe=_nadam_shown,
        along=_along_m_hat,
    ),
    hyperparameters=AVERAGES,
    quantities=(M, V, replace(M_HAT, title=N_("Average looking ahead, corrected")), V_HAT, RATE),
    observe=_nadam_shown,
)

RADAM = Optimizer(
    name="radam",
    title=N_("RAdam"),
    family=FAMILY,
    formula=_aligned(
        _MOMENTS,
        _HATS,
        r" \rho_\infty &= \frac{2}{1-\beta_2} - 1, \quad \rho = \rho_\infty - \frac{2 t \beta_2^t}{1-\beta_2^t} \\",
        r" r &= \sqrt{\frac{(\rho-4)(\rho-2)\,\rho_\infty}{(\rho_\infty-4)(\rho_\infty-2)\,\rho}} \\",
        r" \theta &\leftarrow \theta - \frac{\eta\, r}{\sqrt{\hat v} + \varepsilon}\, \hat m"
        r" \quad \text{if } \rho > 4, \text{ else } \theta - \eta\, \hat m",
    ),
    source="Liu et al., On the Variance of the Adaptive Learning Rate and Beyond, ICLR (2020), algorithm 2; ε is ours",
    about=N_("Plain momentum until enough gradients were seen to trust their average square, then Adam, warming up."),
    build=adaptive(init=_no_moments, advance=_advance, observe=_radam_shown, along=_along_m_hat),
    hyperparameters=(replace(LEARNING_RATE, default=0.01), BETA1, BETA2, EPS),
    quantities=(
        M,
        V,
        M_HAT,
        V_HAT,
        Quantity(name="rectification", symbol="r", title=N_("Rectification, 0 while not trusted")),
        replace(RATE, symbol=r"\frac{\eta\, r}{\sqrt{\hat v}+\varepsilon}\ \text{or}\ \eta"),
    ),
    observe=_radam_shown,
)

ADABELIEF = Optimizer(
    name="adabelief",
    title=N_("AdaBelief"),
    family=FAMILY,
    formula=_aligned(
        r"m &\leftarrow \beta_1 m + (1-\beta_1)\, g \\",
        r" s &\leftarrow \beta_2 s + (1-\beta_2)(g-m)^2 + \varepsilon \\",
        _M_HAT + r", \quad \hat s = s/(1-\beta_2^t) \\",
        r" \theta &\leftarrow \theta - \frac{\eta}{\sqrt{\hat s} + \varepsilon}\, \hat m",
    ),
    source="Zhuang et al., AdaBelief Optimizer: Adapting Stepsizes by the Belief in Observed Gradients, NeurIPS "
    "(2020), algorithm 2",
    about=N_("Adam that divides by how far gradients stray from their average: long steps where they agree."),
    build=adaptive(init=_no_moments, advance=_adabelief_advance, observe=_adabelief_shown, along=_along_m_hat),
    hyperparameters=AVERAGES,
    quantities=(
        M,
        Quantity(name="s", symbol="s", title=N_("Average squared surprise")),
        M_HAT,
        Quantity(name="s_hat", symbol=r"\hat s", title=N_("Average squared surprise, corrected")),
        replace(RATE, symbol=r"\frac{\eta}{\sqrt{\hat s}+\varepsilon}"),
    ),
    observe=_adabelief_shown,
)

YOGI = Optimizer(
    name="yogi",
    title=N_("Yogi"),
    family=FAMILY,
    formula=_aligned(
        r"m &\leftarrow \beta_1 m + (1-\beta_1)\, g \\",
        r" v &\leftarrow v - (1-\beta_2) \operatorname{sign}(v - g^2)\, g^2 \\",
        r" \theta &\leftarrow \theta - \frac{\eta}{\sqrt{v} + \varepsilon}\, m",
    ),
    source="Zaheer, Reddi, Sachan, Kale and Kumar, Adaptive Methods for Nonconvex Optimization, NeurIPS (2018), "
    "algorithm 2",
    about=N_("Adam whose average square changes by a share of the new square only: rates cannot jump up."),
    build=adaptive(
        init=_no_moments, advance=_yogi_advance, observe=_yogi_shown, along=lambda shown, _grads: shown["m"]
    ),
    hyperparameters=(replace(LEARNING_RATE, default=0.05), BETA1, BETA2, replace(EPS, default=1e-3)),
    quantities=(M, V, replace(RATE, symbol=r"\frac{\eta}{\sqrt{v}+\varepsilon}")),
    observe=_yogi_shown,
)

ADAN = Optimizer(
    name="adan",
    title=N_("Adan"),
    family=FAMILY,
    formula=_aligned(
        r"m &\leftarrow \beta_1 m + (1-\beta_1)\, g \\",
        r" v &\leftarrow \beta_2 v + (1-\beta_2)\, (g - g_{t-1}) \\",
        r" n &\leftarrow \beta_3 n + (1-\beta_3) \left(g + \beta_2 (g - g_{t-1})\right)^2 \\",
        r" \theta &\leftarrow \frac{1}{1+\eta\lambda}",
        r" \left(\theta - \frac{\eta}{\sqrt{n} + \varepsilon}\, (m + \beta_2 v)\right)",
    ),
    source="Xie, Zhou, Li, Lin and Yan, Adan: Adaptive Nesterov Momentum Algorithm for Faster Optimizing Deep Models, "
    "IEEE TPAMI (2024), algorithm 1, with β for its 1 − β",
    about=N_("Nesterov's look ahead from the change of the gradient, in the direction and in the rate."),
    build=adan,
    hyperparameters=(
        LEARNING_RATE,
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
