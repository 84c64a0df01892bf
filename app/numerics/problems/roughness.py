"""Where a loss has no gradient or no Hessian: what JAX computes there is a convention, and proves nothing."""

import numpy as np
from jaxtyping import Bool, Float

from app.numerics.conditions import Conditions
from app.numerics.problems.surfaces.record import Problem, Surface

NEAR = 1e-9  # of the domain's diagonal: closer to a kink than this, a point is on it


def is_rough_at(
    problem: Problem, points: Float[np.ndarray, "*points 2"], *, within: float | None = None
) -> Bool[np.ndarray, "*points"]:
    """Whether the surface itself, without a penalty, lacks a gradient or a Hessian at each point.

    Args:
        within: the distance at which a point counts as there; left out, NEAR of the domain's diagonal.
    """
    low, high = np.array(problem.domain).T
    return rough_at(problem.surface, points, NEAR * float(np.linalg.norm(high - low)) if within is None else within)


def rough_at(
    surface: Surface, points: Float[np.ndarray, "*points 2"], within: Float[np.ndarray, "..."] | float
) -> Bool[np.ndarray, "*points"]:
    """Whether each point is `within` this distance of a place where the surface lacks derivatives."""
    roughness = surface.roughness
    if roughness is None:
        return np.zeros(points.shape[:-1], dtype=bool)
    with np.errstate(invalid="ignore", over="ignore"):  # a run that diverged
        distances = roughness.distance(points[..., 0], points[..., 1])
    return np.asarray(distances <= within)


def has_derivatives(
    problem: Problem, conditions: Conditions, points: Float[np.ndarray, "*points 2"]
) -> Bool[np.ndarray, "*points"]:
    """Whether the loss with its penalty has a gradient and a Hessian at each point.

    A penalty |θ|^q with q < 2 has none, or an infinite one, where a coordinate is exactly 0.
    """
    has_crease = np.asarray((conditions.weight != 0) & (np.asarray(conditions.exponent) < 2))
    is_on_crease = has_crease & np.any(points == 0, axis=-1)
    return np.asarray(~(is_rough_at(problem, points) | is_on_crease))
