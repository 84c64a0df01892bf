"""What an optimizer is: its update as an optax transformation, its hyperparameters, what it shows, formula, source."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import optax
from jaxtyping import Array, Float

from app.schema.parameters import Parameter


def aligned(*lines: str) -> str:
    """Return one LaTeX formula of several lines, each with `&` where they align."""
    # `align*`, because latex2mathml passes the `&` of `aligned` on as text.
    return r"\begin{align*} " + r" \\ ".join(lines) + r" \end{align*}"


@dataclass(frozen=True, kw_only=True)
class Quantity:
    """A vector that an optimizer keeps or computes in an update, and that the inspector shows beside the formula."""

    name: str
    symbol: str  # LaTeX
    title: str


@dataclass(frozen=True, kw_only=True, eq=False)
class Optimizer:
    r"""One optimizer.

    `build(**hyperparameters)` returns an optax transformation whose update includes the learning rate and the sign:
    θ ← θ + update. All hyperparameters arrive as traced scalars, with this step's value: flags as 0.0 or 1.0, choices
    as the index of the option. The shape of the state must not depend on them. Updates get optax's extra arguments
    `value`, `grad` and `value_fn` (loss with penalty).

    `observe(opt_state, **hyperparameters)` returns the declared quantities, each of shape (2,), from the state *after*
    update k: so that the numbers in row k are those that its formula used to compute Δθ of row k.

    `lookahead(params, opt_state, **hyperparameters)`, if given, is the point at which the gradient of update k is
    taken; it is recorded as the quantity `lookahead`.

    `stability(eigenvalue, hyperparameters)`, if given, is the largest stable learning rate on a quadratic with that
    largest Hessian eigenvalue, in NumPy; `stability_formula` says it in words: "2/λ_max".
    """

    name: str
    title: str
    family: str
    formula: str  # LaTeX, one update
    source: str
    about: str
    build: Callable[..., optax.GradientTransformation | optax.GradientTransformationExtraArgs]
    hyperparameters: tuple[Parameter, ...]
    quantities: tuple[Quantity, ...] = ()
    observe: Callable[..., Mapping[str, Float[Array, "2"]]] = lambda _opt_state, **_hyperparameters: {}
    lookahead: Callable[..., Float[Array, "2"]] | None = None
    stability: Callable[[float, Mapping[str, float]], float] | None = None
    stability_formula: str = ""
    quadratic_default: float | None = None  # on a quadratic, default learning rate = this / λ_max (gd, momentum: 0.5)
    has_proximal: bool = False  # offers the proximal step for an L1 penalty
    inverts_hessian: bool = False  # has no step where the Hessian is singular
