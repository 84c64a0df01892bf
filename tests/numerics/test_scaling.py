"""Every scaler is its textbook formula, with the training rows' statistics, and takes features that do not vary."""

import numpy as np
import pytest
from latex2mathml.converter import convert

from app.numerics.problems.datasets import DATASETS
from app.numerics.problems.scalers import SCALERS
from app.numerics.problems.surfaces.record import complete
from app.schema.messages import Mistake
from tests.numerics.evaluate import bind


def standardize(x, train):
    mean = train.mean(axis=0)
    return (x - mean) / np.sqrt(((train - mean) ** 2).mean(axis=0))


def minmax(x, train, low=0.0, high=1.0):
    span = train.max(axis=0) - train.min(axis=0)
    return low + (high - low) * (x - train.min(axis=0)) / span


def robust(x, train):
    quarter, half, three_quarters = np.percentile(train, [25, 50, 75], axis=0)
    return (x - half) / (three_quarters - quarter)


# (scaler, its values, the formula of x and the training rows)
FORMULAS = [
    ("none", {}, lambda x, train: x),
    ("standardize", {}, standardize),
    ("minmax", {}, minmax),
    ("minmax", {"low": -1.0, "high": 1.0}, lambda x, train: minmax(x, train, -1.0, 1.0)),
    ("robust", {}, robust),
    ("unit", {"norm": "l1"}, lambda x, train: x / np.abs(x).sum(axis=1, keepdims=True)),
    ("unit", {}, lambda x, train: x / np.sqrt((x**2).sum(axis=1, keepdims=True))),
    ("unit", {"norm": "max"}, lambda x, train: x / np.abs(x).max(axis=1, keepdims=True)),
]

each_scaler = pytest.mark.parametrize("scaler", SCALERS.values(), ids=SCALERS)


def make(scaler, **values):
    return scaler.make(**complete(scaler.parameters, values))


@each_scaler
def test_the_record_speaks(scaler):
    assert scaler.title
    assert scaler.about
    assert "\\" not in convert(scaler.formula)


@pytest.mark.parametrize(("name", "values", "formula"), FORMULAS)
def test_scalers_are_their_formulas_on_rows_they_were_not_fitted_on(name, values, formula):
    rows, _ = DATASETS["wine"].load(0)
    train, test = rows[:100], rows[100:]
    transformer = make(SCALERS[name], **values).fit(train)
    np.testing.assert_allclose(transformer.transform(train), formula(train, train), rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(transformer.transform(test), formula(test, train), rtol=1e-12, atol=1e-12)


def test_every_scaler_has_a_test():
    assert {name for name, *_ in FORMULAS} | {"whiten"} == set(SCALERS)


@pytest.mark.parametrize(
    ("data", "x1", "x2"),
    [("wine", "alcohol", "proline"), ("wine", "flavanoids", "total_phenols"), ("made_wide", "x1", "x2")],
)
def test_whitening_makes_the_population_covariance_the_identity(data, x1, x2):
    rows = np.column_stack([DATASETS[data].column(name, 0) for name in (x1, x2)])
    whitened = make(SCALERS["whiten"]).fit(rows).transform(rows)
    np.testing.assert_allclose(whitened.mean(axis=0), 0, atol=1e-9)
    np.testing.assert_allclose(np.cov(whitened.T, bias=True), np.eye(2), atol=1e-9)


def test_whitening_leaves_a_direction_without_variance_at_zero():
    x = np.random.default_rng(0).normal(size=50)
    rows = np.column_stack([x, 3 * x])
    whitened = make(SCALERS["whiten"]).fit(rows).transform(rows)
    np.testing.assert_allclose(np.cov(whitened.T, bias=True), np.diag([1, 0]), atol=1e-12)


@each_scaler
@pytest.mark.parametrize("constant", [0.0, 5.0, 1e6])
def test_a_feature_that_does_not_vary_makes_no_nan(scaler, constant):
    rows = np.column_stack([np.linspace(1, 2, 30), np.full(30, constant)])
    assert np.isfinite(make(scaler).fit(rows).transform(rows)).all()


def test_one_outlier_moves_the_z_score_and_not_the_robust_one():
    rows = np.column_stack([np.linspace(0, 1, 101), np.linspace(0, 1, 101)])
    hit = rows.copy()
    hit[-1, 0] = 1000.0

    def moved(name):
        scaled = [make(SCALERS[name]).fit(each).transform(rows[:-1])[:, 0] for each in (rows, hit)]
        return np.abs(scaled[1] - scaled[0]).max()

    assert moved("standardize") > 1
    assert moved("robust") < 0.05


@pytest.mark.parametrize("low", [1.0, 2.0])
def test_an_empty_range_is_refused_in_words(low):
    with pytest.raises(Mistake, match=f"^low must be below high, got low {low:g} and high 1$"):
        make(SCALERS["minmax"], low=low, high=1.0)


@pytest.mark.parametrize("surface", ["regression", "logistic"])
def test_test_rows_are_scaled_with_the_training_rows_statistics(surface):
    rows = bind(surface, "standardize", split=0.3).rows
    assert rows is not None
    train = rows.raw[rows.is_train]
    np.testing.assert_allclose(rows.scaled, (rows.raw - train.mean(axis=0)) / train.std(axis=0), rtol=1e-12, atol=1e-12)
    assert np.abs(rows.scaled[~rows.is_train].mean(axis=0)).min() > 1e-6  # not centered by themselves
