"""The decorator that makes a surface of a plain function and the facts about it."""

import functools
from collections.abc import Callable
from typing import Any

import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float

from app.numerics.problems.scalers import Scaling
from app.numerics.problems.surfaces.record import (
    Arrays,
    Box,
    Minima,
    Point,
    Problem,
    Roughness,
    Surface,
    Values,
    complete,
)
from app.schema.kinds import Parameter

# Where a function's first author is unknown, or wrote it differently, this is what we follow.
SURVEY = "Jamil and Yang, A literature survey of benchmark functions for global optimisation problems (2013)"

Hessian = tuple[tuple[float, float], tuple[float, float]]


def surface(
    *,
    title: str,
    family: str,
    domain: Box,
    start: Point,
    minima: tuple[Point, ...] | Minima,
    source: str,
    formula: str,
    about: str,
    parameters: tuple[Parameter, ...] = (),
    hessian: Callable[..., Hessian] | None = None,
    rough: Roughness | None = None,
    axes: tuple[str, str] = ("x", "y"),
) -> Callable[[Callable[..., Float[Array, ""]]], Surface]:
    """Turn `def name(point, *, parameter, …)` into the surface called `name`.

    Args:
        minima: points where the value is lowest, or a record that says why there are no such points.
        parameters: numbers that the function takes by name; to compiled code they are data.
        hessian: of a quadratic bowl, from the same parameters.
        rough: where the function has no gradient or no Hessian.
    """
    known = minima if isinstance(minima, Minima) else Minima(kind="points", points=minima)

    def decorate(function: Callable[..., Float[Array, ""]]) -> Surface:
        def loss(params: Float[Array, "2"], arrays: Arrays) -> Float[Array, ""]:
            return function(params, **arrays)

        @functools.lru_cache(maxsize=256)
        def problem(given: tuple[tuple[str, Any], ...]) -> Problem:
            values = complete(parameters, dict(given))
            return Problem(
                surface=record,
                arrays={name: jnp.asarray(value, dtype=float) for name, value in values.items()},
                domain=domain,
                start=start,
                minima=known,
                hessian=None if hessian is None else constant(hessian(**values)),
                axes=axes,
            )

        def bind(values: Values, _scaling: Scaling, _seed: int) -> Problem:
            return problem(tuple(values.items()))

        record = Surface(
            name=function.__name__,
            title=title,
            family=family,
            formula=formula,
            about=about,
            source=source,
            loss=loss,
            bind=bind,
            parameters=parameters,
            roughness=rough,
        )
        return record

    return decorate


def constant(matrix: Hessian) -> Float[np.ndarray, "2 2"]:
    """Return the matrix as an array that nobody can change."""
    array = np.array(matrix, dtype=np.float64)
    array.flags.writeable = False
    return array
