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
from app.schema.kinds import Choice
from app.schema.messages import N_, Mistake

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
MOST_ROUNDS = 100  # each two at least halve the bracket
TINY = 1e-300


def _loss(params: Float[Array, "2"], arrays: Arrays) -> Float[Array, ""]:
    x1, x2 = arrays["features"]
    scores = x1 * params[0] + x2 * params[1]
    intercept = jax.lax.cond(
        arrays["is_profiled"],
        best_intercept,
        lambda _scores, _weights, _log_odds: jnp.zeros(()),
        *(scores, arrays["weights"], arrays["log_odds"]),
    )
    return cross_entropy(scores, intercept, arrays["signs"], arrays["weights"])


@jax.custom_jvp
def cross_entropy(
    scores: Float[Array, " rows"],
    intercept: Float[Array, ""],
    signs: Float[Array, " rows"],
    weights: Float[Array, " rows"],
) -> Float[Array, ""]:
    """Return the mean of ln(1 + exp(−sign·(score + intercept))) over the rows whose weight is not 0.

    The derivative is with respect to the scores only: the intercept either is constant or minimizes this function,
    where the derivative along it is 0. Second derivatives do take into account that it depends on the scores.

    Args:
        weights: 1/n for n rows, and 0 for the padding.
    """
    margins = signs * (scores + intercept)
    wrong = jax.nn.sigmoid(-margins)
    right = 1.0 - wrong
    # e^−|margin|, which the logistic function has computed already.
    decays = jnp.where(weights > 0, jnp.minimum(wrong, right) / jnp.maximum(wrong, right), 0.0)
    return jnp.sum(weights * jax.nn.relu(-margins)) + jnp.max(weights) * sum_of_log1p(decays)


@cross_entropy.defjvp
def _cross_entropy_jvp(primals, tangents):
    scores, intercept, signs, weights = primals
    wrong = jax.nn.sigmoid(-signs * (scores + intercept))
    return cross_entropy(*primals), -jnp.sum(weights * signs * wrong * tangents[0])


def sum_of_log1p(values: Float[Array, " rows"]) -> Float[Array, ""]:
    """Return Σ ln(1 + value) for values from 0 to 1, with few logarithms, which are the dearest part of the loss.

    (1 + a)(1 + b) = 1 + (a + b + ab) halves the terms without adding 1 to a small number. The product of 2⁶ factors is
    at most 2⁶⁴.
    """
    for _ in range(6):
        first, second = jnp.split(values, 2)
        values = first + second + first * second
    return jnp.sum(jnp.log1p(values))


@jax.custom_jvp
def best_intercept(
    scores: Float[Array, " rows"], weights: Float[Array, " rows"], log_odds: Float[Array, ""]
) -> Float[Array, ""]:
    """Return the b that solves Σ weight·σ(score + b) = share of the positive class, whose logit is `log_odds`.

    Halley's method on the difference of the two logits, which is nearly linear in b: two or three rounds to the last
    digit in the domain. It is kept in a bracket, and bisects where a step leaves it or steps do not shrink (Press et
    al., Numerical Recipes (2007), section 9.4): some 15 rounds far out, where nearly every σ is 0 or 1. There any b
    may do, and the middle of the bracket that does is taken. The derivative is that of the implicit function, with
    respect to the scores.
    """
    share = jax.nn.sigmoid(log_odds)
    # For normally distributed scores this is nearly the answer: MacKay, The evidence framework applied to
    # classification networks (1992).
    spread = jnp.sum(weights * scores**2)
    first = log_odds * jnp.sqrt(1 + math.pi / 8 * spread)
    # The mean of σ lies between the σ of the smallest and of the largest score, and no score is larger than this.
    reach = jnp.sqrt(len(scores) * spread)
    low, high = log_odds - reach, log_odds + reach

    def improve(state):
        low, high, b, sizes, _, rounds = state
        positive, step = _halley(scores + b, weights, log_odds)
        is_low = positive < share
        low, high = jnp.where(is_low, b, low), jnp.where(is_low, high, b)
        is_step = (b - step >= low) & (b - step <= high) & (jnp.abs(step) < 0.5 * sizes[0])
        following = jnp.where(is_step, b - step, 0.5 * (low + high))
        # A sum of so many terms comes no closer to the share than this.
        is_there = jnp.abs(positive - share) < 1e-14
        # The error after a step is of the order of its cube.
        is_last = is_there | (is_step & (jnp.abs(step) < 1e-4))
        following = jnp.where(is_there, b, following)
        return low, high, following, (sizes[1], jnp.abs(following - b)), is_last, rounds + 1

    def is_open(state):
        return ~state[4] & (state[5] < MOST_ROUNDS)

    is_lost = ~jnp.isfinite(reach)  # a diverged run has no best intercept: the answer is nan, without 100 rounds
    begin = (low, high, jnp.clip(first, low, high), (2 * reach, 2 * reach), is_lost, 0)
    return jax.lax.while_loop(is_open, improve, begin)[2]


@best_intercept.defjvp
def _best_intercept_jvp(primals, tangents):
    scores, weights, log_odds = primals
    b = best_intercept(scores, weights, log_odds)
    slopes = weights * (1 - jnp.tanh(0.5 * (scores + b)) ** 2)
    total = jnp.sum(slopes)
    # Where all slopes are 0 the loss does not depend on b: a safe divisor makes this derivative 0 instead of nan.
    return b, -jnp.dot(slopes, tangents[0]) / jnp.where(total > 0, total, 1.0)


def _halley(
    scores: Float[Array, " rows"], weights: Float[Array, " rows"], log_odds: Float[Array, ""]
) -> tuple[Float[Array, ""], Float[Array, ""]]:
    """Return the mean of σ(score), and the step to subtract from b for its logit to become `log_odds`.

    The step is infinite or noise where nearly every σ is 0 or 1.
    """
    # σ and its derivatives from one hyperbolic tangent, which costs half of an exponential.
    half = jnp.tanh(0.5 * scores)
    # One pass makes all three sums.
    terms = (weights * half, weights * half**2, weights * half**3)
    mean, square, cube = jax.lax.reduce(terms, (0.0, 0.0, 0.0), lambda a, b: jax.tree.map(jnp.add, a, b), (0,))
    # Rounding may leave a mean beyond 1: the logarithms of its two shares stay finite.
    positive, negative = jnp.clip(0.5 * (1 + mean), TINY, 1.0), jnp.clip(0.5 * (1 - mean), TINY, 1.0)
    slope, bend = jnp.maximum(0.25 * (1 - square), TINY), 0.25 * (cube - mean)
    newton = (jnp.log(positive) - jnp.log(negative) - log_odds) * positive * negative / slope
    curve = bend / slope + slope * mean / (positive * negative)  # second over first derivative of the difference
    return positive, newton / jnp.clip(1 - 0.5 * newton * curve, 0.5, 2.0)


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
