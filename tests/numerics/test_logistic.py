"""Logistic regression: scikit-learn's weights, a bracketed root for the intercept, rows that a line separates."""

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import brentq, linprog
from scipy.special import expit
from sklearn.linear_model import LogisticRegression

from app.numerics.problems import evaluate
from app.numerics.problems.datasets import DATASETS, held_out
from app.numerics.problems.scalers import SCALERS
from app.numerics.problems.surfaces.logistic import best_intercept, is_separable
from app.numerics.runs.step import Conditions
from app.schema.messages import Mistake
from tests.numerics.evaluate import bind, derivatives, grid, scattered
from tests.numerics.support import PROGRAMS, run

pytestmark = pytest.mark.sampled

CLASSES = [(name, dataset.positive) for name, dataset in DATASETS.items() if dataset.classes]
INTERCEPTS = ("profiled", "fixed")
SETOSA: dict[str, Any] = {"class": "setosa"}  # a word of Python cannot be an argument's name


def training(problem):
    rows = problem.rows
    assert rows is not None
    return rows.scaled[rows.is_train], np.where(rows.targets[rows.is_train] > 0, 1.0, -1.0)


def mean_loss(scores, signs):
    return np.mean(np.logaddexp(0, -signs * scores))


def best_intercept_of(scores, signs):
    """Find the intercept by SciPy's bracketed root."""
    share = np.mean(signs > 0)
    reach = np.abs(scores).max() + 40
    return brentq(lambda b: np.mean(0.5 * (1 + np.tanh((scores + b) / 2))) - share, -reach, reach, xtol=1e-13)


def textbook_loss(features, signs, point, intercept):
    """Mean cross-entropy at a point, with the best intercept where it is free."""
    scores = features @ point
    return mean_loss(scores + (best_intercept_of(scores, signs) if intercept == "profiled" else 0.0), signs)


@pytest.mark.thorough
@pytest.mark.parametrize("scaler", SCALERS)
@pytest.mark.parametrize("intercept", INTERCEPTS)
@pytest.mark.parametrize(("data", "label"), CLASSES)
def test_the_minimizer_is_scikit_learns(data, label, intercept, scaler):
    problem = bind("logistic", scaler, data=data, intercept=intercept, split=0.2, **{"class": label})
    features, signs = training(problem)
    deviation = features.std(axis=0)  # both fits are given features that a solver likes
    model = LogisticRegression(C=np.inf, fit_intercept=intercept == "profiled", solver="newton-cholesky", tol=1e-12)
    expected = model.fit(features / deviation, signs).coef_[0]
    np.testing.assert_allclose(problem.minima.points[0] * deviation, expected, rtol=1e-5, atol=1e-7)


@pytest.mark.thorough
@pytest.mark.parametrize("scaler", ["none", "standardize"])
@pytest.mark.parametrize("intercept", INTERCEPTS)
@pytest.mark.parametrize(("data", "label"), CLASSES)
def test_the_loss_is_the_mean_cross_entropy_of_the_training_rows(data, label, intercept, scaler):
    problem = bind("logistic", scaler, data=data, intercept=intercept, split=0.3, **{"class": label})
    points = scattered(problem.domain, 10)
    expected = [textbook_loss(*training(problem), point, intercept) for point in points]
    np.testing.assert_allclose(derivatives(problem, points)[0], expected, rtol=1e-11)


@pytest.mark.parametrize(
    ("scaler", "point"),
    [("none", (1023.65, -4894.09)), ("none", (-300.0, -700.0)), ("unit", (9e5, -3e5)), ("whiten", (-2e3, 40.0))],
)
def test_far_out_the_intercept_is_still_the_best_one(scaler, point):
    problem = bind("logistic", scaler)
    features, signs = training(problem)
    # The first row of a run: programs round differently, and only in those of runs a mean of σ came out above 1.
    path = run(problem, "gd", start=point, steps=0)
    # Scores of 10⁶ keep their digits only around their mean, which the intercept takes up.
    centered = features - features.mean(axis=0)
    scores = centered @ np.array(point)
    b = best_intercept_of(scores, signs)
    assert path.loss[0] == pytest.approx(mean_loss(scores + b, signs), rel=1e-9)
    residuals = 0.5 * (1 + np.tanh((scores + b) / 2)) - (signs > 0)
    np.testing.assert_allclose(path.grads[0], centered.T @ residuals / len(signs), rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize("scaler", ["none", "unit"])
def test_no_other_intercept_fits_better_at_any_distance(scaler):
    problem = bind("logistic", scaler)
    features, signs = training(problem)
    centered = features - features.mean(axis=0)
    points = np.concatenate([scattered(problem.domain, 25) * distance for distance in (1, 30, 1e3, 1e5)])
    losses = evaluate.losses_at(PROGRAMS, problem, Conditions(), points)
    positive = np.sum(signs > 0)
    for point, loss in zip(points, losses, strict=True):
        scores = centered @ point
        # Far out the best intercept puts the threshold between as many rows as are positive and the rest.
        near = np.sort(-scores)[positive - 1 : positive + 1]
        others = (best_intercept_of(scores, signs), near.mean(), *np.linspace(near[0] - 5, near[1] + 5, 50))
        assert loss <= min(mean_loss(scores + b, signs) for b in others) * (1 + 1e-12)


def test_far_out_the_hessian_is_that_of_the_profiled_loss():
    problem = bind("logistic", "standardize")
    features, signs = training(problem)
    points = 30 * scattered(problem.domain, 20)
    _, _, hessians = derivatives(problem, points)
    for point, hessian in zip(points, hessians, strict=True):
        scores = features @ point
        scores = scores + best_intercept_of(scores, signs)
        slopes = expit(scores) * expit(-scores)
        design = np.column_stack([features, np.ones(len(signs))])
        full = (design.T * slopes) @ design / len(signs)
        # The Hessian of the minimum over b is the Schur complement: Boyd and Vandenberghe (2004), A.5.5.
        expected = full[:2, :2] - np.outer(full[:2, 2], full[2, :2]) / full[2, 2]
        np.testing.assert_allclose(hessian, expected, rtol=1e-6, atol=1e-12)


def test_tiny_losses_keep_their_digits():
    problem = bind("logistic", "standardize", data="iris", x1="petal_length", x2="petal_width", **SETOSA)
    features, signs = training(problem)
    point = np.array([-40.0, -40.0])
    loss, grads, _ = derivatives(problem, point)
    assert 0 < loss[0] < 1e-12
    scores = features @ point
    terms = np.exp(-signs * (scores + best_intercept_of(scores, signs)))
    assert loss[0] == pytest.approx(terms.mean(), rel=1e-3)
    assert np.isfinite(grads).all()


@pytest.mark.parametrize("intercept", INTERCEPTS)
def test_gradient_and_hessian_are_the_slopes_of_the_profiled_loss(intercept):
    problem = bind("logistic", "standardize", intercept=intercept)
    features, signs = training(problem)
    points = scattered(((-2.0, 4.0), (-2.0, 2.0)), 5)
    _, grads, hessians = derivatives(problem, points)
    width = 1e-3

    def slope(function):
        def along(axis):
            at = [function(points + k * width * np.eye(2)[axis]) for k in (-2, -1, 1, 2)]
            return (8 * (at[2] - at[1]) - (at[3] - at[0])) / (12 * width)

        return np.stack([along(0), along(1)], axis=-1)

    def losses(where):
        return np.array([textbook_loss(features, signs, point, intercept) for point in where])

    np.testing.assert_allclose(grads, slope(losses), atol=1e-10)
    np.testing.assert_allclose(hessians, slope(lambda where: derivatives(problem, where)[1]), atol=1e-9)


@pytest.mark.parametrize("scaler", ["none", "standardize"])
@pytest.mark.parametrize("intercept", INTERCEPTS)
def test_the_declared_minimum_is_the_lowest(scaler, intercept):
    problem = bind("logistic", scaler, intercept=intercept)
    loss, grads, hessians = derivatives(problem, problem.minima.points)
    np.testing.assert_allclose(grads, 0, atol=1e-12)
    assert np.linalg.eigvalsh(hessians).min() > 0
    assert derivatives(problem, grid(problem.domain))[0].min() > loss[0]


def test_raw_features_in_the_hundreds_leave_everything_finite():
    problem = bind("logistic", x1="mean_area", x2="worst_area")
    for part in derivatives(problem, 1e3 * scattered(problem.domain, 50)):
        assert np.isfinite(part).all()


@pytest.mark.thorough
@settings(max_examples=100, deadline=None)
@given(
    scores=st.lists(st.floats(-1e4, 1e4), min_size=20, max_size=20),
    positive=st.integers(1, 19),
)
def test_the_best_intercept_matches_the_share_or_lies_where_no_b_matters(scores, positive):
    share = positive / 20
    b = float(solve(np.array(scores) - np.mean(scores), np.full(20, 1 / 20), np.log(share / (1 - share))))
    reached = np.mean(0.5 * (1 + np.tanh((np.array(scores) - np.mean(scores) + b) / 2)))
    # b itself is rounded: at 1e4 by 2e-12, and the mean follows with a slope of at most 1/4.
    assert reached == pytest.approx(share, abs=1e-11)


solve = jax.jit(best_intercept)


@pytest.mark.thorough
def test_a_diverged_point_gives_nan_and_no_endless_search():
    problem = bind("logistic")
    loss = jax.jit(problem.surface.loss)
    assert not np.isfinite(loss(jnp.array([np.nan, 0.0]), problem.arrays))
    assert not np.isfinite(loss(jnp.array([np.inf, 0.0]), problem.arrays))


@pytest.mark.thorough
@settings(max_examples=200, deadline=None)
@given(
    vectors=st.lists(
        st.tuples(st.integers(-3, 3), st.integers(-3, 3)).filter(any),
        min_size=1,
        max_size=6,
    )
)
def test_separability_is_what_a_linear_program_says(vectors):
    V = np.array(vectors, dtype=float)
    # The largest Σ w·v over a box with all w·v ≥ 0 is positive exactly if some w separates: Konis (2007).
    best = linprog(-V.sum(axis=0), A_ub=-V, b_ub=np.zeros(len(V)), bounds=[(-1, 1)] * 2)
    assert is_separable(V) == (-best.fun > 1e-9)


def test_rows_that_a_line_separates_have_no_minimum_and_say_why():
    problem = bind("logistic", data="iris", x1="petal_length", x2="petal_width", **SETOSA)
    assert problem.minima.kind == "none"
    assert "separates" in problem.minima.reason
    lower = [derivatives(problem, factor * grid(problem.domain))[0].min() for factor in (0.5, 1.0)]
    assert lower[1] < lower[0]


def test_the_same_feature_twice_leaves_a_line_of_minima():
    problem = bind("logistic", x1="mean_texture", x2="mean_texture")
    assert problem.minima.kind == "curve"
    loss, grads, _ = derivatives(problem, problem.minima.points)
    np.testing.assert_allclose(loss, loss.mean(), rtol=1e-12)
    np.testing.assert_allclose(grads, 0, atol=1e-11)


def test_features_that_do_not_vary_leave_nothing_to_learn():
    problem = bind("logistic", "unit", x1="mean_area", x2="mean_area")
    loss, _, _ = derivatives(problem, scattered(problem.domain, 5))
    share = np.mean(training(problem)[1] > 0)
    np.testing.assert_allclose(loss, -share * np.log(share) - (1 - share) * np.log(1 - share), rtol=1e-12)
    assert problem.minima.kind == "curve"


def test_a_split_that_leaves_one_class_is_refused_in_words():
    is_setosa = DATASETS["iris"].column("class", 0) == 0
    seed = next(seed for seed in range(10_000) if not is_setosa[~held_out(150, 0.9, seed)].any())
    with pytest.raises(Mistake, match=r"^the training rows must hold both setosa and others, got one kind only with"):
        bind("logistic", data="iris", split=0.9, seed=seed, **SETOSA)


def test_all_data_sets_share_one_shape():
    shapes = {jax.tree.map(jnp.shape, bind("logistic", data=data).arrays).__repr__() for data, _ in CLASSES}
    assert len(shapes) == 1
