"""A surface that `test_extending` adds: this file is all that it takes."""

import jax.numpy as jnp
from jaxtyping import Array, Float

from app.numerics.problems.surfaces.analytic import surface
from app.schema.kinds import Number
from app.schema.messages import N_


@surface(
    title=N_("Ripples"),
    family=N_("Added surfaces"),
    domain=((-4.0, 4.0), (-4.0, 4.0)),
    start=(2.0, 1.0),
    minima=((0.0, 0.0),),
    source="test_extending",
    formula=r"L = x^2 + y^2 + h \sin^2 x",
    about=N_("A bowl with ripples along x."),
    parameters=(
        Number(name="height", title=N_("Height"), symbol="h", default=1.0, low=0.0, high=10.0, slider=(0.0, 5.0)),
    ),
)
def ripples(point: Float[Array, "2"], *, height: Float[Array, ""]) -> Float[Array, ""]:
    """x² + y² + h·sin²x, lowest at (0, 0)."""
    x, y = point
    return x**2 + y**2 + height * jnp.sin(x) ** 2
