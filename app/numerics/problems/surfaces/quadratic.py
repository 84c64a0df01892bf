"""Quadratic bowls: one Hessian everywhere, so that one number, κ = λ_max/λ_min, decides how gradient descent fares."""

import functools
import math

import jax.numpy as jnp
from jaxtyping import Array, Float

from app.numerics.problems.surfaces import analytic
from app.numerics.problems.surfaces.analytic import SURVEY, Hessian
from app.schema.kinds import Number
from app.schema.messages import N_

surface = functools.partial(analytic.surface, family=N_("Bowls"))

KAPPA = Number(
    name="kappa",
    title=N_("Condition number"),
    symbol="κ",
    default=25.0,
    low=1.0,
    high=1e6,
    slider=(1.0, 100.0),
    scale="log",
    help=N_("The steepest curvature divided by the gentlest: 1 is a circle."),
)
ANGLE = Number(
    name="angle",
    title=N_("Angle in degrees"),
    symbol="φ",
    default=0.0,
    low=-180.0,
    high=180.0,
    slider=(-90.0, 90.0),
    help=N_("How far the ellipse is turned, counterclockwise."),
)


def bowl_hessian(kappa: float, angle: float) -> Hessian:
    """R diag(1, κ) Rᵀ, where R turns by the angle."""
    c, s = math.cos(math.radians(angle)), math.sin(math.radians(angle))
    mixed = (1 - kappa) * c * s
    return ((c * c + kappa * s * s, mixed), (mixed, s * s + kappa * c * c))


@surface(
    title=N_("Quadratic bowl"),
    domain=((-10.0, 10.0), (-10.0, 10.0)),
    start=(-8.0, 2.0),
    minima=((0.0, 0.0),),
    source="Boyd and Vandenberghe, Convex Optimization (2004), section 9.3.2, with γ = κ",
    formula=r"L = \tfrac{1}{2}\left(u^2 + \kappa v^2\right),\quad "
    r"u = x\cos\varphi + y\sin\varphi,\; v = y\cos\varphi - x\sin\varphi",
    about=N_("Every smooth minimum looks like this from close by. The larger κ, the narrower the valley."),
    parameters=(KAPPA, ANGLE),
    hessian=bowl_hessian,
)
def bowl(point: Float[Array, "2"], *, kappa: Float[Array, ""], angle: Float[Array, ""]) -> Float[Array, ""]:
    """½(u² + κv²) in axes turned by the angle: eigenvalues 1 and κ."""
    x, y = point
    c, s = jnp.cos(jnp.deg2rad(angle)), jnp.sin(jnp.deg2rad(angle))
    u, v = c * x + s * y, c * y - s * x
    return 0.5 * (u**2 + kappa * v**2)


@surface(
    title=N_("Circle"),
    domain=((-10.0, 10.0), (-10.0, 10.0)),
    start=(-8.0, 2.0),
    minima=((0.0, 0.0),),
    source="Boyd and Vandenberghe, Convex Optimization (2004), section 9.3.2, with γ = 1",
    formula=r"L = \tfrac{1}{2}\left(x^2 + y^2\right)",
    about=N_("Every gradient points straight away from the minimum: at learning rate 1 one step is enough."),
    hessian=lambda: ((1.0, 0.0), (0.0, 1.0)),
)
def circle(point: Float[Array, "2"]) -> Float[Array, ""]:
    """½(x² + y²): κ = 1."""
    x, y = point
    return 0.5 * (x**2 + y**2)


@surface(
    title=N_("Long valley"),
    domain=((-10.0, 10.0), (-10.0, 10.0)),
    start=(-9.0, 2.0),
    minima=((0.0, 0.0),),
    source="Descent Lab",
    formula=r"L = \frac{x^2}{200} + 2y^2",
    about=N_("Steep walls force small steps, and the floor hardly slopes: plain gradient descent crawls along it."),
    hessian=lambda: ((0.01, 0.0), (0.0, 4.0)),
)
def long_valley(point: Float[Array, "2"]) -> Float[Array, ""]:
    """x²/200 + 2y²: eigenvalues 0.01 and 4."""
    x, y = point
    return x**2 / 200 + 2 * y**2


@surface(
    title=N_("Booth"),
    domain=((-10.0, 10.0), (-10.0, 10.0)),
    start=(-8.0, -2.0),
    minima=((1.0, 3.0),),
    source=SURVEY,
    formula=r"L = (x + 2y - 7)^2 + (2x + y - 5)^2",
    about=N_("A tilted bowl with κ = 9: both coordinates must change together."),
    hessian=lambda: ((10.0, 8.0), (8.0, 10.0)),
)
def booth(point: Float[Array, "2"]) -> Float[Array, ""]:
    """(x + 2y − 7)² + (2x + y − 5)²: eigenvalues 2 and 18."""
    x, y = point
    return (x + 2 * y - 7) ** 2 + (2 * x + y - 5) ** 2


@surface(
    title=N_("Matyas"),
    domain=((-10.0, 10.0), (-10.0, 10.0)),
    start=(-9.0, -4.0),
    minima=((0.0, 0.0),),
    source=SURVEY,
    formula=r"L = 0.26\left(x^2 + y^2\right) - 0.48\,xy",
    about=N_(
        "A flat bowl along the diagonal, κ = 25: methods that scale each coordinate by itself cannot straighten it."
    ),
    hessian=lambda: ((0.52, -0.48), (-0.48, 0.52)),
)
def matyas(point: Float[Array, "2"]) -> Float[Array, ""]:
    """0.26(x² + y²) − 0.48xy: eigenvalues 0.04 and 1."""
    x, y = point
    return 0.26 * (x**2 + y**2) - 0.48 * x * y
