"""A few basins each: where a path ends depends on where it begins, on its steps and on its momentum."""

import functools
import math

import jax.numpy as jnp
from jaxtyping import Array, Float

from app.numerics.problems.surfaces import analytic
from app.numerics.problems.surfaces.analytic import SURVEY
from app.schema.messages import N_

surface = functools.partial(analytic.surface, family=N_("A few basins"))


@surface(
    title=N_("Himmelblau"),
    domain=((-5.0, 5.0), (-5.0, 5.0)),
    start=(0.0, -4.5),
    minima=(
        (3.0, 2.0),
        (-2.805118086952745, 3.131312518250573),
        (-3.779310253377747, -3.2831859912861696),
        (3.5844283403304917, -1.8481265269644036),
    ),
    source="Himmelblau, Applied Nonlinear Programming (1972)",
    formula=r"L = \left(x^2 + y - 11\right)^2 + \left(x + y^2 - 7\right)^2",
    about=N_("Four valleys, all equally deep: the start decides which one is found."),
)
def himmelblau(point: Float[Array, "2"]) -> Float[Array, ""]:
    """(x² + y − 11)² + (x + y² − 7)²: four minima, one maximum, four saddles."""
    x, y = point
    return (x**2 + y - 11) ** 2 + (x + y**2 - 7) ** 2


@surface(
    title=N_("Three-hump camel"),
    domain=((-5.0, 5.0), (-5.0, 5.0)),
    start=(-2.2, 2.4),
    minima=((0.0, 0.0),),
    source=SURVEY,
    formula=r"L = 2x^2 - 1.05x^4 + \tfrac{1}{6}x^6 + xy + y^2",
    about=N_("The deepest of three valleys is in the middle, with a shallower one on either side."),
)
def three_hump_camel(point: Float[Array, "2"]) -> Float[Array, ""]:
    """2x² − 1.05x⁴ + x⁶/6 + xy + y²."""
    x, y = point
    return 2 * x**2 - 1.05 * x**4 + x**6 / 6 + x * y + y**2


@surface(
    title=N_("Six-hump camel"),
    domain=((-3.0, 3.0), (-2.0, 2.0)),
    start=(-1.9, 1.2),
    minima=((-0.08984201310031806, 0.7126564030207396), (0.08984201310031806, -0.7126564030207396)),
    source="Dixon and Szegö, The global optimization problem: an introduction (1978)",
    formula=r"L = \left(4 - 2.1x^2 + \tfrac{1}{3}x^4\right)x^2 + xy + \left(4y^2 - 4\right)y^2",
    about=N_("Six minima in pairs, two of them the lowest: the function is the same seen from (x, y) and (−x, −y)."),
)
def six_hump_camel(point: Float[Array, "2"]) -> Float[Array, ""]:
    """(4 − 2.1x² + x⁴/3)x² + xy + (4y² − 4)y²."""
    x, y = point
    return (4 - 2.1 * x**2 + x**4 / 3) * x**2 + x * y + (4 * y**2 - 4) * y**2


@surface(
    title=N_("Styblinski–Tang"),
    domain=((-5.0, 5.0), (-5.0, 5.0)),
    start=(0.6, -4.5),
    minima=((-2.9035340277711774, -2.9035340277711774),),
    source="Styblinski and Tang, Neural Networks 3 (1990)",
    formula=r"L = \tfrac{1}{2}\left(x^4 - 16x^2 + 5x + y^4 - 16y^2 + 5y\right)",
    about=N_("Four basins of different depth: plain gradient descent ends in the nearest, momentum may roll on."),
)
def styblinski_tang(point: Float[Array, "2"]) -> Float[Array, ""]:
    """½Σ(x⁴ − 16x² + 5x): each coordinate by itself has two minima."""
    return 0.5 * jnp.sum(point**4 - 16 * point**2 + 5 * point)


@surface(
    title=N_("McCormick"),
    domain=((-1.5, 4.0), (-3.0, 4.0)),
    start=(1.0, 3.5),
    # cos(x + y) = −1/2 and x − y = 1 where both derivatives are 0.
    minima=((0.5 - math.pi / 3, -0.5 - math.pi / 3),),
    source="McCormick, Computability of global solutions to factorable nonconvex programs, part I (1976)",
    formula=r"L = \sin(x + y) + (x - y)^2 - 1.5x + 2.5y + 1",
    about=N_("A sloping gutter with waves along it: the second hollow, higher up, catches paths from the top."),
)
def mccormick(point: Float[Array, "2"]) -> Float[Array, ""]:
    """sin(x + y) + (x − y)² − 1.5x + 2.5y + 1."""
    x, y = point
    return jnp.sin(x + y) + (x - y) ** 2 - 1.5 * x + 2.5 * y + 1


@surface(
    title=N_("Branin"),
    domain=((-5.0, 10.0), (0.0, 15.0)),
    start=(5.5, 12.0),
    minima=((-math.pi, 12.275), (math.pi, 2.275), (3 * math.pi, 2.475)),
    source="Branin, IBM Journal of Research and Development 16 (1972)",
    formula=r"L = \left(y - \frac{5.1}{4\pi^2}x^2 + \frac{5}{\pi}x - 6\right)^2"
    r" + 10\left(1 - \frac{1}{8\pi}\right)\cos x + 10",
    about=N_("Three equal minima in a bent trough."),
)
def branin(point: Float[Array, "2"]) -> Float[Array, ""]:
    """(y − 5.1x²/4π² + 5x/π − 6)² + 10(1 − 1/8π)cos x + 10."""
    x, y = point
    trough = y - 5.1 / (4 * math.pi**2) * x**2 + 5 / math.pi * x - 6
    return trough**2 + 10 * (1 - 1 / (8 * math.pi)) * jnp.cos(x) + 10


@surface(
    title=N_("Goldstein–Price"),
    domain=((-2.0, 2.0), (-2.0, 2.0)),
    start=(-0.4, 0.9),
    minima=((0.0, -1.0),),
    source="Goldstein and Price, On descent from local minima, Mathematics of Computation 25 (1971)",
    formula=r"L = \left[1 + (x + y + 1)^2\left(19 - 14x + 3x^2 - 14y + 6xy + 3y^2\right)\right]"
    r"\left[30 + (2x - 3y)^2\left(18 - 32x + 12x^2 + 48y - 36xy + 27y^2\right)\right]",
    about=N_(
        "From 3 to a million within a few units: gradients so different that only small or normalized steps survive."
    ),
)
def goldstein_price(point: Float[Array, "2"]) -> Float[Array, ""]:
    """A product of two polynomials of degree 4."""
    x, y = point
    first = 1 + (x + y + 1) ** 2 * (19 - 14 * x + 3 * x**2 - 14 * y + 6 * x * y + 3 * y**2)
    second = 30 + (2 * x - 3 * y) ** 2 * (18 - 32 * x + 12 * x**2 + 48 * y - 36 * x * y + 27 * y**2)
    return first * second


@surface(
    title=N_("Sharp and flat valley"),
    domain=((-4.0, 6.0), (-4.0, 4.0)),
    start=(-2.3, 2.0),
    minima=((2.0, 0.0),),
    source="Descent Lab, after Keskar et al., On large-batch training for deep learning, ICLR (2017), figure 1",
    formula=r"L = \tfrac{1}{2}y^2 - \tfrac{1}{2}\ln\left(e^{-2s} + e^{-2f}\right),\quad "
    r"s = \tfrac{1}{10} + 10(x + 2)^2,\; f = \tfrac{1}{2}(x - 2)^2",
    about=N_(
        "Two valleys of nearly the same depth, one 20 times as sharply curved: noise shakes a path out of that one."
    ),
)
def two_valleys(point: Float[Array, "2"]) -> Float[Array, ""]:
    """½y² and a smooth minimum of 0.1 + 10(x + 2)² and ½(x − 2)²: curvature 20 at x = −2, and 1 at x = 2."""
    x, y = point
    sharp, flat = 0.1 + 10 * (x + 2) ** 2, 0.5 * (x - 2) ** 2
    return 0.5 * y**2 - 0.5 * jnp.logaddexp(-2 * sharp, -2 * flat)
