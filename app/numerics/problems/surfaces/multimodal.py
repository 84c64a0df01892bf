"""Many minima, waves, needles and creases: what defeats every method that only looks downhill."""

import functools
import math

import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float

from app.numerics.problems.surfaces import analytic
from app.numerics.problems.surfaces.analytic import SURVEY
from app.numerics.problems.surfaces.record import Minima, Roughness
from app.schema.messages import N_

surface = functools.partial(analytic.surface, family=N_("Many minima"))


def root(value: Float[Array, "*any"]) -> Float[Array, "*any"]:
    """√value, whose derivatives at 0 are 0 instead of infinite: the subgradient 0."""
    # Both branches of `where` are differentiated, so the argument is made safe before the root. Not only at 0 itself:
    # below 1e-100 the second derivative, value^(−3/2)/4, would overflow, and infinity times 0 is nan.
    is_zero = value < 1e-100
    return jnp.where(is_zero, 0.0, jnp.sqrt(jnp.where(is_zero, 1.0, value)))


@surface(
    title=N_("Rastrigin"),
    domain=((-5.12, 5.12), (-5.12, 5.12)),
    start=(-3.4, 2.3),
    minima=((0.0, 0.0),),
    source="Rastrigin, Systems of Extremal Control (1974)",
    formula=r"L = 20 + x^2 - 10\cos 2\pi x + y^2 - 10\cos 2\pi y",
    about=N_("A bowl full of dents, one at every pair of whole numbers: descent ends in the nearest."),
)
def rastrigin(point: Float[Array, "2"]) -> Float[Array, ""]:
    """20 + Σ(x² − 10 cos 2πx)."""
    return 20 + jnp.sum(point**2 - 10 * jnp.cos(2 * math.pi * point))


@surface(
    title=N_("Ackley"),
    domain=((-5.0, 5.0), (-5.0, 5.0)),
    start=(-3.3, 2.6),
    minima=((0.0, 0.0),),
    source="Ackley, A Connectionist Machine for Genetic Hillclimbing (1987)",
    formula=r"L = 20 + e - 20\,e^{-0.2\sqrt{(x^2 + y^2)/2}} - e^{(\cos 2\pi x + \cos 2\pi y)/2}",
    about=N_(
        "A dented funnel with a sharp tip. Usually searched over ±32; drawn over ±5, where the dents can be seen."
    ),
    rough=Roughness(where=N_("at the origin, the tip of the funnel"), distance=np.hypot),
)
def ackley(point: Float[Array, "2"]) -> Float[Array, ""]:
    """20 + e − 20 exp(−0.2√(mean x²)) − exp(mean cos 2πx)."""
    funnel = 20 - 20 * jnp.exp(-0.2 * root(jnp.mean(point**2)))
    return funnel + math.e - jnp.exp(jnp.mean(jnp.cos(2 * math.pi * point)))


@surface(
    title=N_("Griewank"),
    domain=((-10.0, 10.0), (-10.0, 10.0)),
    start=(-8.0, 5.5),
    minima=((0.0, 0.0),),
    source="Griewank, Journal of Optimization Theory and Applications 34 (1981)",
    formula=r"L = 1 + \frac{x^2 + y^2}{4000} - \cos x\,\cos\frac{y}{\sqrt{2}}",
    about=N_("Waves on a hardly bent bowl. Usually searched over ±600; drawn over ±10, where the waves can be seen."),
)
def griewank(point: Float[Array, "2"]) -> Float[Array, ""]:
    """1 + (x² + y²)/4000 − cos x cos(y/√2)."""
    x, y = point
    return 1 + (x**2 + y**2) / 4000 - jnp.cos(x) * jnp.cos(y / math.sqrt(2))


@surface(
    title=N_("Levy"),
    domain=((-10.0, 10.0), (-10.0, 10.0)),
    start=(-7.0, 6.0),
    minima=((1.0, 1.0),),
    source="Levy and Montalvo, SIAM Journal on Scientific and Statistical Computing 6 (1985)",
    formula=r"L = \sin^2 \pi u + (u - 1)^2\left(1 + 10\sin^2(\pi u + 1)\right)"
    r" + (v - 1)^2\left(1 + \sin^2 2\pi v\right),\quad u = 1 + \frac{x - 1}{4},\; v = 1 + \frac{y - 1}{4}",
    about=N_("Long ridges and furrows, narrower in one direction than in the other."),
)
def levy(point: Float[Array, "2"]) -> Float[Array, ""]:
    """sin²πu + (u − 1)²(1 + 10 sin²(πu + 1)) + (v − 1)²(1 + sin² 2πv)."""
    u, v = 1 + (point - 1) / 4
    ridges = jnp.sin(math.pi * u) ** 2 + (u - 1) ** 2 * (1 + 10 * jnp.sin(math.pi * u + 1) ** 2)
    return ridges + (v - 1) ** 2 * (1 + jnp.sin(2 * math.pi * v) ** 2)


@surface(
    title=N_("Schwefel"),
    domain=((-500.0, 500.0), (-500.0, 500.0)),
    start=(-150.0, 150.0),
    minima=((420.968746359982, 420.968746359982),),
    source="Schwefel, Numerical Optimization of Computer Models (1981)",
    formula=r"L = 837.9658 - x\sin\sqrt{|x|} - y\sin\sqrt{|y|}",
    about=N_("The lowest valley is in a far corner, and the next best is nowhere near it."),
    rough=Roughness(
        where=N_("on both axes, where the second derivative is infinite"),
        distance=lambda x, y: np.minimum(np.abs(x), np.abs(y)),
    ),
)
def schwefel(point: Float[Array, "2"]) -> Float[Array, ""]:
    """2·418.98… − Σ x sin√|x|; the constant is published as 418.9829, ours makes the lowest value 0."""
    return 2 * 418.98288727243369 - jnp.sum(point * jnp.sin(root(jnp.abs(point))))


@surface(
    title=N_("Easom"),
    domain=((-10.0, 10.0), (-10.0, 10.0)),
    start=(1.7, 2.3),
    minima=((math.pi, math.pi),),
    source="Easom, A Survey of Global Optimization Techniques, thesis, University of Louisville (1990)",
    formula=r"L = -\cos x\,\cos y\;e^{-(x - \pi)^2 - (y - \pi)^2}",
    about=N_("A needle's hole in a plain. Usually searched over ±100; drawn over ±10, where the hole can be seen."),
)
def easom(point: Float[Array, "2"]) -> Float[Array, ""]:
    """−cos x cos y exp(−(x − π)² − (y − π)²)."""
    x, y = point
    return -jnp.cos(x) * jnp.cos(y) * jnp.exp(-((x - math.pi) ** 2) - (y - math.pi) ** 2)


@surface(
    title=N_("Eggholder"),
    domain=((-512.0, 512.0), (-512.0, 512.0)),
    start=(200.0, 100.0),
    minima=Minima(
        kind="boundary",
        points=((512.0, 404.2318051137578),),
        reason=N_("on the edge x = 512 of the usual domain; outside it the function goes lower"),
    ),
    source="Whitley, Rana, Dzubera and Mathias, Artificial Intelligence 85 (1996)",
    formula=r"L = -(y + 47)\sin\sqrt{\left|\tfrac{x}{2} + y + 47\right|} - x\sin\sqrt{\left|x - (y + 47)\right|}",
    about=N_("Deep, crooked and everywhere: the lowest point of the square is on its edge."),
    rough=Roughness(
        where=N_("on the lines x/2 + y + 47 = 0 and x − y − 47 = 0"),
        distance=lambda x, y: np.minimum(np.abs(x + 2 * y + 94) / 5**0.5, np.abs(x - y - 47) / 2**0.5),
    ),
)
def eggholder(point: Float[Array, "2"]) -> Float[Array, ""]:
    """−(y + 47) sin√|x/2 + y + 47| − x sin√|x − y − 47|."""
    x, y = point
    first = (y + 47) * jnp.sin(root(jnp.abs(x / 2 + y + 47)))
    return -first - x * jnp.sin(root(jnp.abs(x - (y + 47))))


@surface(
    title=N_("Schaffer 2"),
    domain=((-4.0, 4.0), (-4.0, 4.0)),
    start=(-3.0, 1.6),
    minima=((0.0, 0.0),),
    source=SURVEY,
    formula=r"L = \frac{1}{2} + \frac{\sin^2\left(x^2 - y^2\right) - \frac{1}{2}}"
    r"{\left(1 + 0.001\left(x^2 + y^2\right)\right)^2}",
    about=N_("Ripples that tighten outwards. Usually searched over ±100; drawn over ±4, where they can be seen."),
)
def schaffer_2(point: Float[Array, "2"]) -> Float[Array, ""]:
    """½ + (sin²(x² − y²) − ½)/(1 + 0.001(x² + y²))²."""
    x, y = point
    return 0.5 + (jnp.sin(x**2 - y**2) ** 2 - 0.5) / (1 + 0.001 * (x**2 + y**2)) ** 2


@surface(
    title=N_("Bukin 6"),
    domain=((-15.0, -5.0), (-3.0, 3.0)),
    start=(-13.0, 2.8),
    minima=((-10.0, 1.0),),
    source=SURVEY,
    formula=r"L = 100\sqrt{\left|y - 0.01x^2\right|} + 0.01\left|x + 10\right|",
    about=N_("A crease with infinitely steep sides along a parabola: every step jumps across it."),
    rough=Roughness(
        where=N_("on the parabola y = x²/100 and on the line x = −10"),
        distance=lambda x, y: np.minimum(np.abs(y - x**2 / 100) / np.hypot(1, x / 50), np.abs(x + 10)),
    ),
)
def bukin_6(point: Float[Array, "2"]) -> Float[Array, ""]:
    """100√|y − 0.01x²| + 0.01|x + 10|."""
    x, y = point
    # Written so that rounding cannot leave a rest at the minimum: under the root 1e-17 is no small number.
    walls = 10 * root(jnp.abs(100 * y - x**2))
    # JAX gives |u| the slope 1 at 0; ours is the subgradient 0.
    return walls + 0.01 * jnp.where(x == -10, 0.0, jnp.abs(x + 10))


@surface(
    title=N_("Michalewicz"),
    domain=((0.0, math.pi), (0.0, math.pi)),
    start=(1.9, 1.25),
    minima=((2.2029055201726093, math.pi / 2),),
    source="Michalewicz, Genetic Algorithms + Data Structures = Evolution Programs (1992)",
    formula=r"L = -\sin x\,\sin^{20}\frac{x^2}{\pi} - \sin y\,\sin^{20}\frac{2y^2}{\pi}",
    about=N_("Narrow trenches in a flat plain, and one crossing that is the deepest."),
)
def michalewicz(point: Float[Array, "2"]) -> Float[Array, ""]:
    """−Σ sin x sin²⁰(i x²/π), steepness m = 10."""
    x, y = point
    return -jnp.sin(x) * jnp.sin(x**2 / math.pi) ** 20 - jnp.sin(y) * jnp.sin(2 * y**2 / math.pi) ** 20


@surface(
    title=N_("Drop-wave"),
    domain=((-5.12, 5.12), (-5.12, 5.12)),
    start=(-2.0, 1.2),
    minima=((0.0, 0.0),),
    source="Molga and Smutnicki, Test functions for optimization needs (2005), the function 'Drop wave'",
    formula=r"L = -\frac{1 + \cos\left(12\sqrt{x^2 + y^2}\right)}{\frac{1}{2}\left(x^2 + y^2\right) + 2}",
    about=N_("Rings around the minimum like those around a stone in water: every trough is a trap."),
)
def drop_wave(point: Float[Array, "2"]) -> Float[Array, ""]:
    """−(1 + cos 12r)/(r²/2 + 2): smooth at the origin too, since the cosine is even."""
    square = jnp.sum(point**2)
    return -(1 + _cos_root(144 * square)) / (0.5 * square + 2)


def _cos_root(value: Float[Array, ""]) -> Float[Array, ""]:
    """cos√value with its true derivatives at 0, where those of the root are infinite."""
    # Below 1e-3 four terms of the series are exact to the last digit. Both branches of `where` are differentiated,
    # so the root gets a safe argument there.
    is_small = value < 1e-3
    series = 1 - value / 2 + value**2 / 24 - value**3 / 720
    return jnp.where(is_small, series, jnp.cos(jnp.sqrt(jnp.where(is_small, 1.0, value))))
