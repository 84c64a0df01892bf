"""One minimum behind an obstacle: a bent valley, a flat plain, a wall."""

import functools
import math

import jax
import jax.numpy as jnp
from jaxtyping import Array, Float

from app.numerics.problems.surfaces import analytic
from app.schema.messages import N_

surface = functools.partial(analytic.surface, family=N_("Valleys, plains and walls"))


@surface(
    title=N_("Plateau"),
    domain=((-10.0, 10.0), (-10.0, 10.0)),
    start=(-6.0, 4.0),
    minima=((0.0, 0.0),),
    source="Descent Lab",
    formula=r"L = 1 - \exp\left(-\tfrac{1}{12}\left(x^2 + 2y^2\right)\right)",
    about=N_("Far out the slope is next to nothing: steps that follow its size stall, steps that normalize it cross."),
)
def plateau(point: Float[Array, "2"]) -> Float[Array, ""]:
    """1 − exp(−(x² + 2y²)/12): the slope falls from 0.35 near the minimum to 10⁻¹⁰ in the corners."""
    x, y = point
    return 1 - jnp.exp(-(x**2 + 2 * y**2) / 12)


@surface(
    title=N_("Cliff"),
    domain=((-8.0, 2.0), (-5.0, 5.0)),
    start=(-7.0, 4.0),
    # The slope 200σ(200x) of the wall balances the gentle slope −1 where σ = 1/200.
    minima=((-math.log(199) / 200, 0.0),),
    source="Descent Lab, after Pascanu, Mikolov and Bengio, ICML (2013), figure 6",
    formula=r"L = -x + \ln\left(1 + e^{200x}\right) + \tfrac{1}{20}y^2",
    about=N_(
        "A gentle slope ends at a wall 200 times as steep: one step onto it throws the path far back. Clipping helps."
    ),
)
def cliff(point: Float[Array, "2"]) -> Float[Array, ""]:
    """−x + ln(1 + e²⁰⁰ˣ) + y²/20: slope −1 for x < 0, 199 for x > 0."""
    x, y = point
    return -x + jax.nn.softplus(200 * x) + y**2 / 20


@surface(
    title=N_("Rosenbrock"),
    domain=((-2.0, 2.0), (-1.0, 3.0)),
    start=(-1.2, 1.0),
    minima=((1.0, 1.0),),
    source="Rosenbrock, The Computer Journal 3 (1960); Moré, Garbow and Hillstrom (1981), problem 1",
    formula=r"L = (1 - x)^2 + 100\left(y - x^2\right)^2",
    about=N_("Into the bent valley is easy, along it is hard: curvatures differ by a factor of 2,500 at the minimum."),
)
def rosenbrock(point: Float[Array, "2"]) -> Float[Array, ""]:
    """(1 − x)² + 100(y − x²)²: the floor of the valley is near y = x²."""
    x, y = point
    return (1 - x) ** 2 + 100 * (y - x**2) ** 2


@surface(
    title=N_("Beale"),
    domain=((-4.5, 4.5), (-4.5, 4.5)),
    start=(1.0, 1.5),
    minima=((3.0, 0.5),),
    source="Beale, On an iterative method (1958); Moré, Garbow and Hillstrom (1981), problem 5",
    formula=r"L = (1.5 - x + xy)^2 + \left(2.25 - x + xy^2\right)^2 + \left(2.625 - x + xy^3\right)^2",
    about=N_("Flat in the middle, steep in the corners: no single learning rate suits both."),
)
def beale(point: Float[Array, "2"]) -> Float[Array, ""]:
    """Three squared residuals cᵢ − x(1 − yⁱ)."""
    x, y = point
    return (1.5 - x + x * y) ** 2 + (2.25 - x + x * y**2) ** 2 + (2.625 - x + x * y**3) ** 2
