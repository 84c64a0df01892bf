"""Weight penalties: λ·Σ|θᵢ|^q in the loss, its subgradient, and the proximal step that L1 has."""

from collections.abc import Callable

import jax.numpy as jnp
from jaxtyping import Array, Float

from app.numerics.conditions import Addition, Amount, Conditions, by_name
from app.numerics.problems.surfaces.record import Arrays, Surface
from app.schema.kinds import Choice, Number
from app.schema.messages import N_

# L1: Tibshirani, J. Royal Statistical Society B 58 (1996); its proximal step: Beck and Teboulle, SIAM J. Imaging
# Sciences 2 (2009); L2: Hoerl and Kennard, Technometrics 12 (1970); Lq: Frank and Friedman, Technometrics 35 (1993).

WEIGHT = Number(
    name="weight",
    title=N_("Weight of the penalty"),
    symbol="λ",
    default=0.1,
    low=0.0,
    high=1e6,
    slider=(1e-4, 10.0),
    scale="log",
)
METHOD = Choice(
    name="method",
    title=N_("Method"),
    options={"proximal": N_("proximal step, with gradient descent"), "subgradient": N_("subgradient")},
    default="proximal",
    help=N_("The subgradient only hovers near zero; the proximal step sets coordinates to exactly zero."),
)
POWER = Number(name="q", title=N_("Exponent"), symbol="q", default=0.5, low=0.5, high=4.0, slider=(0.5, 4.0))
PENALTIES = by_name(
    Addition(name="none", title=N_("none")),
    Addition(
        name="l1",
        title=N_("L1: sum of absolute values"),
        formula=r"\lambda \lVert \theta \rVert_1",
        about=N_("Pulls small weights to exactly zero."),
        exponent=1.0,
        parameters=(WEIGHT, METHOD),
    ),
    Addition(
        name="l2",
        title=N_("L2: sum of squares"),
        formula=r"\lambda \lVert \theta \rVert_2^2",
        about=N_("Makes every direction steeper by 2λ, and the ellipse rounder."),
        exponent=2.0,
        parameters=(WEIGHT,),
    ),
    Addition(
        name="lq",
        title=N_("Lq: sum of powers"),
        formula=r"\lambda \lVert \theta \rVert_q^q",
        about=N_("Below q = 1 the penalty is not convex: valleys of its own appear along the axes."),
        parameters=(WEIGHT, POWER),
    ),
)


def penalty_sum(params: Float[Array, "2"], exponent: Amount) -> Float[Array, ""]:
    """Σ|θᵢ|^exponent, whose derivative at 0 is the subgradient 0 for every exponent."""
    # |θ|^q has an infinite or undefined slope at 0 for q ≤ 1: both branches of `where` are evaluated, so the
    # argument is made safe first.
    is_zero = params == 0
    magnitude = jnp.where(is_zero, 1.0, jnp.abs(params))
    # Of the squares the curvature at 0 is known: without it a ridge penalty would bend nothing on the axes.
    at_zero = jnp.where(exponent == 2, params**2, 0.0)
    return jnp.sum(jnp.where(is_zero, at_zero, magnitude**exponent))


def total_loss(
    surface: Surface, arrays: Arrays, conditions: Conditions, *, has_penalty: bool = True
) -> Callable[[Float[Array, "2"]], Float[Array, ""]]:
    """Return the loss that is descended, drawn and listed: the surface's own plus the penalty, if there may be one."""
    if not has_penalty:
        return lambda params: surface.loss(params, arrays)

    def loss(params: Float[Array, "2"]) -> Float[Array, ""]:
        return surface.loss(params, arrays) + conditions.weight * penalty_sum(params, conditions.exponent)

    return loss


def shrink(params: Float[Array, "2"], threshold: Float[Array, ""]) -> Float[Array, "2"]:
    """Soft thresholding, the proximal step of threshold·‖θ‖₁: exact zeros inside it."""
    return jnp.sign(params) * jnp.maximum(jnp.abs(params) - threshold, 0.0)
