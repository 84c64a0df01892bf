"""Least squares on real rows: the curriculum's numbers, NumPy's own least squares, rows that leave a choice."""

import itertools

import numpy as np
import pytest

from app.numerics.problems.datasets import DATASETS
from app.numerics.problems.scalers import SCALERS
from tests.numerics.evaluate import bind, derivatives, hessian_of, scattered

pytestmark = pytest.mark.sampled(4)

ALL = [(data, scaler, intercept) for data in DATASETS for scaler in SCALERS for intercept in ("profiled", "fixed")]


def kappa(scaler, **values):
    low, high = np.linalg.eigvalsh(hessian_of(bind("regression", scaler, **values)))
    return high / low


def training(problem):
    assert problem.rows is not None
    return problem.rows.scaled[problem.rows.is_train], problem.rows.targets[problem.rows.is_train]


@pytest.mark.parametrize(
    ("x1", "x2", "intercept", "scaler", "expected"),
    [
        ("proanthocyanins", "color_intensity", "profiled", "none", 16.4),
        ("proanthocyanins", "color_intensity", "profiled", "standardize", 1.05),
        ("alcalinity_of_ash", "magnesium", "profiled", "none", 18.4),
        ("alcalinity_of_ash", "magnesium", "profiled", "standardize", 1.18),
        ("magnesium", "color_intensity", "profiled", "none", 39.6),
        ("magnesium", "color_intensity", "profiled", "standardize", 1.50),
        ("alcohol", "proline", "profiled", "none", 2.57e5),
        ("alcohol", "proline", "fixed", "none", 3.10e4),
        ("alcohol", "proline", "profiled", "standardize", 4.61),
        ("alcohol", "proline", "profiled", "whiten", 1.00),
    ],
)
def test_condition_numbers_of_wine(x1, x2, intercept, scaler, expected):
    found = kappa(scaler, data="wine", x1=x1, x2=x2, intercept=intercept)
    assert found == pytest.approx(expected, rel=4e-3)  # three printed digits


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize(
    ("data", "intercept", "scaler", "low", "high"),
    [
        ("made_wide", "profiled", "none", 0.7e8, 1.5e8),
        ("made_wide", "profiled", "standardize", 1.0, 1.35),
        ("made_wide", "profiled", "minmax", 1.0, 1.35),  # about 1.15: centering …
        ("made_wide", "fixed", "minmax", 6.0, 8.0),  # … matters, not scale alone
        ("made_near", "profiled", "none", 1.0, 1.5),  # scaling is not needed here
    ],
)
def test_condition_numbers_of_made_rows(seed, data, intercept, scaler, low, high):
    assert low < kappa(scaler, data=data, intercept=intercept, seed=seed) < high


def test_standardized_kappa_is_decided_by_the_correlation():
    for x1, x2 in itertools.combinations(DATASETS["wine"].features, 2):
        correlation = abs(np.corrcoef(DATASETS["wine"].column(x1, 0), DATASETS["wine"].column(x2, 0))[0, 1])
        hessian = hessian_of(bind("regression", "standardize", data="wine", x1=x1, x2=x2))
        np.testing.assert_allclose(np.abs(hessian), [[1, correlation], [correlation, 1]], rtol=1e-9)
        found = kappa("standardize", data="wine", x1=x1, x2=x2)
        assert found == pytest.approx((1 + correlation) / (1 - correlation), rel=1e-9)


@pytest.mark.parametrize(("scaler", "low", "high"), [("none", 55, 65), ("standardize", 16, 18)])
def test_the_opening_pair_takes_about_60_steps_raw_and_17_standardized(scaler, low, high):
    problem = bind("regression", scaler)
    minimizer, point = np.array(problem.minima.points[0]), np.array(problem.start)
    goal = 1e-3 * np.linalg.norm(point - minimizer)
    steps = 0
    while np.linalg.norm(point - minimizer) > goal:
        point = point - 0.337 * hessian_of(problem) @ (point - minimizer)
        steps += 1
    assert low <= steps <= high


def test_both_panels_of_the_opening_pair_begin_at_the_same_point_of_the_same_square():
    raw, scaled = bind("regression", "none"), bind("regression", "standardize")
    assert raw.start == scaled.start
    assert raw.domain == scaled.domain


@pytest.mark.parametrize(("data", "scaler", "intercept"), ALL)
def test_minimizer_and_lowest_loss_are_those_of_numpys_least_squares(data, scaler, intercept):
    problem = bind("regression", scaler, data=data, intercept=intercept, split=0.2, seed=1)
    features, targets = training(problem)
    ones = {"profiled": np.ones((len(features), 1)), "fixed": np.zeros((len(features), 0))}[intercept]
    # Columns of length 1, since NumPy counts a tiny but honest column as none.
    design = np.hstack([features, ones])
    lengths = np.linalg.norm(design, axis=0)
    solution, residual, *_ = np.linalg.lstsq(design / lengths, targets)
    expected = (solution / lengths)[:2]
    np.testing.assert_allclose(problem.minima.points[0], expected, rtol=1e-6, atol=1e-9 * np.abs(expected).max())
    loss, grads, _ = derivatives(problem, problem.minima.points)
    assert loss[0] == pytest.approx(0.5 * residual[0] / len(targets), rel=1e-9)
    np.testing.assert_array_equal(grads, [[0, 0]])


@pytest.mark.parametrize(
    ("intercept", "best"),  # the best intercept for these residuals
    [("profiled", np.mean), ("fixed", lambda _residuals: 0.0)],
)
@pytest.mark.parametrize("data", DATASETS)
def test_the_loss_is_half_the_mean_squared_error_of_the_training_rows(data, intercept, best):
    problem = bind("regression", "standardize", data=data, intercept=intercept, split=0.3)
    features, targets = training(problem)
    points = scattered(problem.domain, 20)
    residuals = [targets - features @ point for point in points]
    expected = [0.5 * np.mean((each - best(each)) ** 2) for each in residuals]
    np.testing.assert_allclose(derivatives(problem, points)[0], expected, rtol=1e-11)


@pytest.mark.parametrize("seed", range(5))
def test_the_smaller_curvature_survives_a_kappa_of_1e8(seed):
    problem = bind("regression", data="made_wide", seed=seed)
    features = training(problem)[0].astype(np.longdouble)
    offsets = features - features.mean(axis=0)
    (a, b), (_, c) = offsets.T @ offsets / len(offsets)
    smaller = (a * c - b * b) / c  # exact to 1/κ, from numbers with three more digits
    assert np.linalg.eigvalsh(hessian_of(problem))[0] == pytest.approx(float(smaller), rel=1e-7)


@pytest.mark.parametrize(("data", "scaler", "intercept"), ALL)
def test_the_minimizer_is_in_the_middle_of_a_square_and_far_from_the_start(data, scaler, intercept):
    problem = bind("regression", scaler, data=data, intercept=intercept)
    (low, high), second = problem.domain
    assert (low, high) == second == (-high, high)
    assert np.abs(problem.minima.points[0]).max() <= 0.4 * high
    assert np.linalg.norm(np.subtract(problem.start, problem.minima.points[0])) > 0.4 * high


def centered(values):
    return values - values.mean(axis=0)


@pytest.mark.parametrize(
    ("scaler", "feature", "intercept", "center"),
    [
        ("none", "ash", "profiled", centered),
        ("none", "ash", "fixed", np.array),
        ("whiten", "ash", "profiled", centered),
        ("minmax", "hue", "profiled", centered),
    ],
)
def test_the_same_feature_twice_leaves_a_line_of_minima(scaler, feature, intercept, center):
    problem = bind("regression", scaler, x1=feature, x2=feature, intercept=intercept)
    assert problem.minima.kind == "curve"
    assert len(problem.minima.points) > 10
    loss, grads, hessians = derivatives(problem, problem.minima.points)
    features, targets = training(problem)
    features, targets = center(features), center(targets)
    residuals = targets - features @ np.linalg.lstsq(features, targets)[0]
    np.testing.assert_allclose(loss, 0.5 * np.mean(residuals**2), rtol=1e-9)
    np.testing.assert_allclose(grads, 0, atol=1e-11)
    assert np.abs(np.linalg.eigvalsh(hessians)[:, 0]).max() < 1e-14
    low, high = problem.domain[0]
    assert np.min(problem.minima.points) >= low
    assert np.max(problem.minima.points) <= high


def test_unit_rows_of_the_same_feature_leave_nothing_to_learn():
    problem = bind("regression", "unit", x1="ash", x2="ash")
    assert problem.minima.kind == "curve"
    np.testing.assert_array_equal(hessian_of(problem), np.zeros((2, 2)))
    np.testing.assert_allclose(derivatives(problem, scattered(problem.domain, 5))[0], np.var(training(problem)[1]) / 2)


def test_a_feature_can_be_its_own_target():
    problem = bind("regression", x1="ash", x2="hue", y="ash")
    np.testing.assert_allclose(problem.minima.points[0], [1, 0], atol=1e-12)


@pytest.mark.parametrize(
    ("scaler", "expected"),
    [
        ("standardize", ("w₁ (alcohol)", "w₂ (proline)")),
        ("whiten", ("w₁ (first component)", "w₂ (second component)")),  # no feature by itself
    ],
)
def test_axes_name_what_the_weights_multiply(scaler, expected):
    assert bind("regression", scaler, x1="alcohol", x2="proline").axes == expected


def test_another_seed_changes_only_what_is_drawn():
    assert bind("regression", seed=1).minima == bind("regression", seed=2).minima
    assert bind("regression", split=0.3, seed=1).minima != bind("regression", split=0.3, seed=2).minima
