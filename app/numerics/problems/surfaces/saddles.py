"""Saddles: points of zero gradient that are no minima, where slow paths look as if they had converged."""

import functools
import math

import numpy as np
from jaxtyping import Array, Float

from app.numerics.problems.surfaces import analytic
from app.numerics.problems.surfaces.record import Minima
from app.schema.messages import N_

surface = functools.partial(analytic.surface, family=N_("Saddles"))


@surface(
    title=N_("Saddle"),
    domain=((-2.0, 2.0), (-2.0, 2.0)),
    start=(-1.5, 0.01),
    minima=Minima(kind="none", reason=N_("the loss falls without end along y")),
    source="Dauphin et al., Identifying and attacking the saddle point problem, NeurIPS (2014)",
    formula=r"L = x^2 - y^2",
    about=N_("Down to the middle along x, and away from it along y: near the middle both are slow."),
)
def saddle(point: Float[Array, "2"]) -> Float[Array, ""]:
    """x² − y²: eigenvalues 2 and −2 everywhere."""
    x, y = point
    return x**2 - y**2


@surface(
    title=N_("Saddle with walls"),
    domain=((-2.0, 2.0), (-2.5, 2.5)),
    start=(-1.5, 0.01),
    minima=((0.0, -math.sqrt(2)), (0.0, math.sqrt(2))),
    source="Descent Lab",
    formula=r"L = x^2 - y^2 + \tfrac{1}{4}y^4",
    about=N_("The same saddle, but a run that escapes it ends in one of two minima."),
)
def saddle_walls(point: Float[Array, "2"]) -> Float[Array, ""]:
    """x² − y² + y⁴/4: a saddle at the origin, minima at y = ±√2, where y³ = 2y."""
    x, y = point
    return x**2 - y**2 + y**4 / 4


@surface(
    title=N_("Monkey saddle"),
    domain=((-2.0, 2.0), (-2.0, 2.0)),
    start=(1.5, 0.02),
    minima=Minima(kind="none", reason=N_("the loss falls without end in three directions")),
    source="Hilbert and Cohn-Vossen, Anschauliche Geometrie (1932), chapter IV",
    formula=r"L = x^3 - 3xy^2",
    about=N_("In the middle even the Hessian is zero: three valleys, two for the legs and one for the tail."),
)
def monkey_saddle(point: Float[Array, "2"]) -> Float[Array, ""]:
    """x³ − 3xy²: the origin is degenerate."""
    x, y = point
    return x**3 - 3 * x * y**2


def _hyperbola(reach: float) -> tuple[tuple[float, float], ...]:
    """Return points of both branches of w₁w₂ = 1 with coordinates up to `reach`, evenly spaced along log w₁."""
    w1 = np.exp(np.linspace(-math.log(reach), math.log(reach), 41))
    return tuple((float(sign * w), float(sign / w)) for sign in (-1.0, 1.0) for w in w1)


@surface(
    title=N_("Two weights in a row"),
    domain=((-3.0, 3.0), (-3.0, 3.0)),
    start=(-2.0, 1.6),
    minima=Minima(kind="curve", points=_hyperbola(3.0), reason=N_("the hyperbola w₁w₂ = 1")),
    source="Hung-yi Lee, Machine Learning (National Taiwan University, 2021), lecture on critical points",
    formula=r"L = \left(1 - w_1 w_2\right)^2",
    about=N_("The smallest deep network, ŷ = w₁w₂x: a saddle at 0 between two curves of perfect fits."),
    axes=("w₁", "w₂"),
)
def two_weights(point: Float[Array, "2"]) -> Float[Array, ""]:
    """(1 − w₁w₂)²: the Hessian at the origin is [[0, −2], [−2, 0]]."""
    w1, w2 = point
    return (1 - w1 * w2) ** 2
