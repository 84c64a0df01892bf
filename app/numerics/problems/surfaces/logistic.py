"""Logistic regression over two weights on real rows: the intercept at its best for every pair of weights, or at 0."""

import functools
import math
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float

from app.numerics.problems.datasets import DATASETS, slug
from app.numerics.problems.scalers import SCALERS, Scaling
from app.numerics.problems.surfaces.record import Arrays, Box, Minima, Point, Problem, Surface, Values, complete
from app.numerics.problems.surfaces.rows import (
    INTERCEPT,
    ONE_FEATURE,
    SPLIT,
    columns,
    line_in,
    nice_half,
    prepare,
    principal,
    square,
    weight_axes,
)
from app.schema.messages import N_, Mistake
from app.schema.parameters import Choice

_SETS = {name: dataset for name, dataset in DATASETS.items() if dataset.classes}
_POSITIVE = Choice(
    name="class",
    title=N_("Positive class"),
    options={name: {slug(label): label for label in dataset.classes} for name, dataset in _SETS.items()},
    default={name: dataset.positive for name, dataset in _SETS.items()},
    depends_on="data",
    help=N_("The class that is told from all others."),
)
_PARAMETERS = (*columns(("breast_cancer", "wine", "iris")), _POSITIVE, INTERCEPT, SPLIT)
_PADDED = 576  # rows of every data set, the missing ones with weight 0: one shape, and so one program


def _loss(params: Float[Array, "2"], arrays: Arrays) -> Float[Array, ""]:
    x1, x2 = arrays["features"]
    scores = x1 * params[0] + x2 * params[1]
    intercept = jax.lax.cond(
        arrays["is_profiled"],
        best_intercept,
        lambda _scores, _weights, _log_odds: jnp.zeros(()),
        *(scores, arrays["weights"], arrays["log_odds"]),
    )
    return jnp.dot(arrays["weights"], jax.nn.softplus(-arrays["signs"] * (scores + intercept)))


@jax.custom_jvp
def best_intercept(
    scores: Float[Array, " rows"], weights: Float[Array, " rows"], log_odds: Float[Array, ""]
) -> Float[Array, ""]:
    """Return b for which Σ weight·σ(score + b) is the share of the positive class, whose logit is `log_odds`.

    Halley's method on the difference of the two logits, which is nearly straight in b: two or three rounds to the last
    digit. It bisects where it would leave the bounds. The derivative is that of the implicit function, with respect to
    the scores only.
    """
    share = jax.nn.sigmoid(log_odds)
    spread = jnp.dot(weights, scores**2)
    # The mean of σ lies between the σ of the smallest and of the largest score, and no score is longer than this.
    reach = jnp.sqrt(len(scores) * spread)
    low, high = log_odds - reach, log_odds + reach
    # For normally distributed scores this is nearly the answer: MacKay, The evidence framework applied to
    # classification networks (1992).
    first = log_odds * jnp.sqrt(1 + math.pi / 8 * spread)

    def improve(state):
        low, high, b, _, rounds = state
        # σ and its derivatives from one hyperbolic tangent, which costs half of an exponential, and one product with
        # the weights, which costs half of three sums.
        half = jnp.tanh(0.5 * (scores + b))
        mean, square, cube = jnp.stack([half, half**2, half**3]) @ weights
        positive, negative = 0.5 * (1 + mean), 0.5 * (1 - mean)
        slope, bend = 0.25 * (1 - square), 0.25 * (cube - mean)
        excess = jnp.log(positive) - jnp.log(negative) - log_odds
        low, high = jnp.where(excess < 0, b, low), jnp.where(excess < 0, high, b)
        newton = excess * positive * negative / slope
        curve = bend / slope + slope * mean / (positive * negative)  # second over first derivative of the difference
        halley = newton / jnp.clip(1 - 0.5 * newton * curve, 0.5, 2.0)
        # Where nearly every σ is 0 or 1 the slope is rounding, and the step is noise, or nan, or does not get ahead.
        is_step = (b - halley >= low) & (b - halley <= high) & (slope > 1e-12) & (rounds < 30)
        # A sum of so many terms comes no closer to the share than this; and a step's error is of the order of its cube.
        is_there = jnp.abs(positive - share) < 1e-14
        following = jnp.where(is_there, b, jnp.where(is_step, b - halley, 0.5 * (low + high)))
        return low, high, following, is_there | (is_step & (jnp.abs(halley) < 1e-4)), rounds + 1

    def is_open(state):
        return ~state[3] & (state[4] < 100)

    is_lost = ~jnp.isfinite(reach)  # a diverged run has no best intercept: the answer is nan, without 100 rounds
    return jax.lax.while_loop(is_open, improve, (low, high, jnp.clip(first, low, high), is_lost, 0))[2]


@best_intercept.defjvp
def _best_intercept_jvp(primals, tangents):
    scores, weights, log_odds = primals
    b = best_intercept(scores, weights, log_odds)
    slopes = weights * (1 - jnp.tanh(0.5 * (scores + b)) ** 2)
    total = jnp.sum(slopes)
    # Where all slopes are 0 the loss does not depend on b: a safe divisor makes this derivative 0 instead of nan.
    return b, -jnp.dot(slopes, tangents[0]) / jnp.where(total > 0, total, 1.0)


def is_separable(vectors: Float[np.ndarray, "vectors 2"]) -> bool:
    """Whether some w has w·v ≥ 0 for all vectors v, and not 0 for all: then ever longer w lower the loss for ever.

    That is so if the vectors leave half of the directions free. Albert and Anderson, Biometrika 71 (1984), call it
    separation, and quasi-complete separation where some w·v are 0.
    """
    vectors = vectors[np.any(vectors != 0, axis=1)]
    angles = np.sort(np.arctan2(vectors[:, 1], vectors[:, 0]))
    gaps = np.diff(angles, append=angles[:1] + 2 * np.pi)
    widest = int(np.argmax(gaps))
    from_edge = (angles - angles[(widest + 1) % len(angles)]) % (2 * np.pi)
    span = 2 * np.pi - gaps[widest]
    is_half = abs(span - np.pi) <= 1e-9
    is_between = (from_edge > 1e-9) & (from_edge < np.pi - 1e-9)
    return bool(span < np.pi - 1e-9 or (is_half and is_between.any()))


def minimize(
    design: Float[np.ndarray, "rows columns"], signs: Float[np.ndarray, " rows"]
) -> Float[np.ndarray, " columns"]:
    """Minimize the mean of ln(1 + exp(−sign·(design·c))) by Newton's method with halved steps.

    The derivatives are written by hand: JAX would compile one more program for each number of rows and columns.
    """

    def loss(c: np.ndarray) -> float:
        return float(np.mean(np.logaddexp(0.0, -signs * (design @ c))))

    c = np.zeros(design.shape[1])
    for _ in range(100):
        wrong = 1.0 / (1.0 + np.exp(np.clip(signs * (design @ c), -500, 500)))
        grads = -design.T @ (signs * wrong) / len(design)
        step = np.linalg.solve((design.T * (wrong * (1 - wrong))) @ design / len(design), grads)
        size = next((size for size in 0.5 ** np.arange(30) if loss(c - size * step) < loss(c)), 1.0)
        c = c - size * step
        if np.abs(step).max() < 1e-12:
            break
    return c


def _solve(
    features: Float[np.ndarray, "rows 2"], signs: Float[np.ndarray, " rows"], *, is_profiled: bool, size: float
) -> tuple[Box, Point, Minima]:
    """Find what is drawn, the start and the minima."""
    parts = principal(features, size)
    if not parts.is_curved.any():
        return *square(10.0), Minima(kind="curve", points=((0.0, 0.0),), reason=N_("everywhere: no feature varies"))
    # Along principal axes of length 1 Newton's method does not see how badly the features are scaled.
    axes = parts.right[parts.is_curved] / parts.singular[parts.is_curved, None]
    scores = np.zeros_like(features)
    scores[:, : len(axes)] = features @ axes.T
    vectors = signs[:, None] * scores
    if is_profiled:
        vectors = (scores[signs > 0][:, None] - scores[signs < 0][None]).reshape(-1, 2)
    if is_separable(vectors):
        # A weight of 5 standard deviations makes a typical score 5, where most rows are decided.
        box, start = square(nice_half(5.0 / float(parts.singular[parts.is_curved].min())))
        return (
            box,
            start,
            Minima(kind="none", reason=N_("a line separates the classes: ever larger weights fit better")),
        )
    design = scores[:, : len(axes)]
    if is_profiled:
        design = np.column_stack([design, np.ones(len(design))])
    minimizer = minimize(design, signs)[: len(axes)] @ axes
    box, start = square(nice_half(2.5 * float(np.abs(minimizer).max())))
    if len(axes) == 2:
        return box, start, Minima(kind="points", points=((float(minimizer[0]), float(minimizer[1])),))
    points = line_in(box, minimizer, parts.right[~parts.is_curved][0])
    return box, start, Minima(kind="curve", points=points, reason=ONE_FEATURE)


def _arrays(
    features: Float[np.ndarray, "rows 2"], signs: Float[np.ndarray, " rows"], *, is_profiled: bool
) -> dict[str, Array]:
    count = len(features)
    missing = _PADDED - count
    positive = float(np.sum(signs > 0))
    return {
        "features": jnp.asarray(np.pad(features, ((0, missing), (0, 0))).T),
        "signs": jnp.asarray(np.pad(signs, (0, missing), constant_values=1.0)),
        "weights": jnp.asarray(np.pad(np.full(count, 1.0 / count), (0, missing))),
        "log_odds": jnp.asarray(math.log(positive / (count - positive))),
        "is_profiled": jnp.asarray(is_profiled),
    }


@functools.lru_cache(maxsize=64)
def _problem(
    given: tuple[tuple[str, Any], ...], scaler: str, scaling: tuple[tuple[str, Any], ...], seed: int
) -> Problem:
    values = complete(_PARAMETERS, dict(given))
    chosen = Scaling(SCALERS[scaler], dict(scaling))
    dataset = DATASETS[values["data"]]
    is_positive = dataset.column(dataset.target, seed) == [slug(label) for label in dataset.classes].index(
        values["class"]
    )
    rows = prepare(values, values["class"], is_positive.astype(float), chosen, seed)
    features, signs = rows.scaled[rows.is_train], np.where(rows.targets[rows.is_train] > 0, 1.0, -1.0)
    if abs(signs.sum()) == len(signs):
        raise Mistake(
            N_("the training rows must hold both {label} and others, got one kind only with split {split:g}"),
            label=values["class"],
            split=values["split"],
        )
    size = float(np.abs(features).max())
    is_profiled = values["intercept"] == "profiled"
    if is_profiled:
        features = features - features.mean(axis=0)  # the intercept takes it up, and scores around 0 keep their digits
    domain, start, minima = _solve(features, signs, is_profiled=is_profiled, size=size)
    return Problem(
        surface=logistic,
        arrays=_arrays(features, signs, is_profiled=is_profiled),
        domain=domain,
        start=start,
        minima=minima,
        axes=weight_axes(rows, chosen),
        rows=rows,
    )


def _bind(values: Values, scaling: Scaling, seed: int) -> Problem:
    return _problem(tuple(values.items()), scaling.scaler.name, tuple(scaling.values.items()), seed)


logistic = Surface(
    name="logistic",
    title=N_("Logistic regression on real rows"),
    family=N_("Real rows"),
    formula=r"L = \frac{1}{n}\sum_{i=1}^{n}\ln\left(1 + e^{-t_i\left(w_1 x_{i1} + w_2 x_{i2} + b\right)}\right),"
    r"\quad t_i = \pm 1",
    about=N_(
        "Convex, but no quadratic: straight walls far out, a round bottom, and no bottom if a line separates the rows."
    ),
    source="Hastie, Tibshirani and Friedman, The Elements of Statistical Learning (2009), section 4.4",
    loss=_loss,
    bind=_bind,
    parameters=_PARAMETERS,
    has_rows=True,
)
