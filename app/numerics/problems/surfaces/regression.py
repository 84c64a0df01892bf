"""Least squares over two weights on real rows: the quadratic bowl whose shape the features decide."""

import functools
from typing import Any, NamedTuple

import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float

from app.numerics.problems.datasets import DATASETS
from app.numerics.problems.scalers import SCALERS, Scaling
from app.numerics.problems.surfaces.record import Arrays, Minima, Problem, Rows, Surface, Values, complete
from app.numerics.problems.surfaces.rows import (
    INTERCEPT,
    ONE_FEATURE,
    SPLIT,
    columns,
    line_in,
    nice_half,
    prepare,
    principal,
    read_only,
    square,
    weight_axes,
)
from app.schema.kinds import Choice
from app.schema.messages import N_

_TARGET = Choice(
    name="y",
    title=N_("Target"),
    options={name: {dataset.target: dataset.target, **dataset.features} for name, dataset in DATASETS.items()},
    default={name: dataset.target for name, dataset in DATASETS.items()},
    depends_on="data",
)
_PARAMETERS = (*columns(tuple(DATASETS)), _TARGET, INTERCEPT, SPLIT)


class Fit(NamedTuple):
    """What ½·MSE is as a function of the weights: ½(w − minimizer)ᵀ hessian (w − minimizer) + lowest."""

    hessian: Float[np.ndarray, "2 2"]
    minimizer: Float[np.ndarray, "2"]  # the shortest, where there is a line of them
    lowest: float
    flat: Float[np.ndarray, "free 2"]  # directions, as rows, in which the loss does not change


def fit(features: Float[np.ndarray, "rows 2"], targets: Float[np.ndarray, " rows"], *, is_profiled: bool) -> Fit:
    """Reduce the rows to a quadratic; the best intercept for every w is what centering does."""
    size = float(np.abs(features).max())
    if is_profiled:
        features, targets = features - features.mean(axis=0), targets - targets.mean()
    left, singular, right, is_curved = principal(features, size)
    # A curvature that underflows is none: its inverse would be infinite.
    is_curved = is_curved & (singular**2 >= np.finfo(float).tiny)
    inverse = np.where(is_curved, 1.0 / np.where(is_curved, singular, 1.0), 0.0)
    minimizer = right.T @ (inverse * (left.T @ targets)) / np.sqrt(len(features))
    half = singular[:, None] * right
    return Fit(
        hessian=half.T @ half,
        minimizer=minimizer,
        lowest=0.5 * float(np.mean((features @ minimizer - targets) ** 2)),
        flat=right[~is_curved],
    )


def _loss(params: Float[Array, "2"], arrays: Arrays) -> Float[Array, ""]:
    offset = params - arrays["minimizer"]
    return 0.5 * jnp.dot(offset, arrays["hessian"] @ offset) + arrays["lowest"]


@functools.lru_cache(maxsize=256)
def _problem(
    given: tuple[tuple[str, Any], ...], scaler: str, scaling: tuple[tuple[str, Any], ...], seed: int
) -> Problem:
    values = complete(_PARAMETERS, dict(given))
    chosen = Scaling(SCALERS[scaler], dict(scaling))
    rows = prepare(values, values["y"], DATASETS[values["data"]].column(values["y"], seed), chosen, seed)
    return bowl_of(rows, weight_axes(rows, chosen), is_profiled=values["intercept"] == "profiled")


def half_for(found: Fit) -> float:
    """Choose the half-width of what is drawn, with the minimizer in its middle.

    The picture of a quadratic looks the same at every scale, so small weights share one square, where raw and scaled
    features can be compared from the same start.
    """
    return nice_half(max(10.0, 2.5 * float(np.abs(found.minimizer).max())))


def bowl_of(rows: Rows, axes: tuple[str, str], *, is_profiled: bool, half: float | None = None) -> Problem:
    """Return the problem of fitting the training rows.

    Args:
        half: the half-width of what is drawn; left out, one that many problems share.
    """
    found = fit(rows.scaled[rows.is_train], rows.targets[rows.is_train], is_profiled=is_profiled)
    domain, start = square(half or half_for(found))
    minimizer = (float(found.minimizer[0]), float(found.minimizer[1]))
    minima = Minima(kind="points", points=(minimizer,))
    if len(found.flat) == 1:
        points = line_in(domain, found.minimizer, found.flat[0])
        minima = Minima(kind="curve", points=points, reason=ONE_FEATURE)
    if len(found.flat) == 2:
        minima = Minima(kind="curve", points=(minimizer,), reason=N_("everywhere: no feature varies"))
    return Problem(
        surface=regression,
        arrays={
            "hessian": jnp.asarray(found.hessian),
            "minimizer": jnp.asarray(found.minimizer),
            "lowest": jnp.asarray(found.lowest),
        },
        domain=domain,
        start=start,
        minima=minima,
        hessian=read_only(found.hessian),
        axes=axes,
        rows=rows,
    )


def _bind(values: Values, scaling: Scaling, seed: int) -> Problem:
    return _problem(tuple(values.items()), scaling.scaler.name, tuple(scaling.values.items()), seed)


regression = Surface(
    name="regression",
    title=N_("Linear regression on real rows"),
    family=N_("Real rows"),
    formula=r"L = \frac{1}{2n}\sum_{i=1}^{n}\left(w_1 x_{i1} + w_2 x_{i2} + b - y_i\right)^2",
    about=N_("A bowl whose Hessian is the covariance of the features: scale them, and its shape changes."),
    source="Hastie, Tibshirani and Friedman, The Elements of Statistical Learning (2009), section 3.2",
    loss=_loss,
    bind=_bind,
    parameters=_PARAMETERS,
    has_rows=True,
)
