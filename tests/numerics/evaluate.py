"""Surfaces evaluated for tests: one program for each, kept for all tests of the run."""

import functools
from collections.abc import Callable
from typing import Any

import jax
import numpy as np

from app.numerics.problems.scalers import SCALERS, Scaling
from app.numerics.problems.surfaces import SURFACES
from app.numerics.problems.surfaces.record import Box, Problem, Surface

SIDE = 21  # odd, so that middles, axes and corners are grid points


def bind(surface: Surface | str, scaler: str = "none", *, seed: int = 0, **values: Any) -> Problem:
    """Bind a surface, by record or by name, to a scaler with its defaults."""
    record = SURFACES[surface] if isinstance(surface, str) else surface
    return record.bind(values, Scaling(SCALERS[scaler]), seed)


def hessian_of(problem: Problem) -> np.ndarray:
    """Return the declared Hessian of a problem that must have one."""
    assert problem.hessian is not None
    return problem.hessian


@functools.cache
def compiled(surface: Surface) -> Callable[..., tuple[jax.Array, jax.Array, jax.Array]]:
    """Return the program for loss, gradient and Hessian at SIDE² points."""

    def slope(point, arrays):
        loss, grads = jax.value_and_grad(surface.loss)(point, arrays)
        return grads, (loss, grads)

    def at(point, arrays):
        hessian, (loss, grads) = jax.jacfwd(slope, has_aux=True)(point, arrays)
        return loss, grads, hessian

    return jax.jit(jax.vmap(at, in_axes=(0, None)))


def derivatives(problem: Problem, points: Any) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return loss, gradient and Hessian at any number of points, under the strictest rules for shapes and dtypes."""
    points = np.atleast_2d(np.asarray(points, dtype=float))
    count = -(-len(points) // SIDE**2)
    blocks = np.resize(points, (count, SIDE**2, 2))  # one shape is one program
    with jax.numpy_rank_promotion("raise"), jax.numpy_dtype_promotion("strict"):
        found = [compiled(problem.surface)(block, problem.arrays) for block in blocks]
    loss, grads, hessians = (np.concatenate(parts)[: len(points)] for parts in zip(*found, strict=True))
    return loss, grads, hessians


def grid(box: Box, side: int = SIDE) -> np.ndarray:
    """Return side² points that fill the box to its corners."""
    x, y = (np.linspace(low, high, side) for low, high in box)
    return np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)


def scattered(box: Box, count: int) -> np.ndarray:
    """Return random points of the box, always the same."""
    low, high = np.array(box).T
    return np.random.default_rng(0).uniform(low, high, (count, 2))
