"""The rows: names that fit into links, splits that stay, made rows of the promised ranges."""

import re

import numpy as np
import pytest
from sklearn import datasets

from app.numerics.problems.datasets import DATASETS, held_out, slug

each_dataset = pytest.mark.parametrize("dataset", DATASETS.values(), ids=DATASETS)


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("alcohol", "alcohol"),
        ("sepal length (cm)", "sepal_length"),
        ("od280/od315_of_diluted_wines", "od280_od315_of_diluted_wines"),
        ("mean fractal dimension", "mean_fractal_dimension"),
        ("S1", "s1"),
    ],
)
def test_slugs(title, expected):
    assert slug(title) == expected


@each_dataset
def test_a_data_set_is_consistent(dataset):
    features, targets = dataset.load(0)
    assert features.shape == (len(targets), len(dataset.features))
    assert np.isfinite(features).all()
    assert all(re.fullmatch("[a-z0-9_]+", name) for name in [*dataset.features, dataset.target])
    assert dataset.target not in dataset.features
    assert set(dataset.pair) <= set(dataset.features)
    assert {slug(label) for label in dataset.classes} >= {dataset.positive} - {""}


@pytest.mark.parametrize(
    ("name", "bunch"),
    [
        ("wine", datasets.load_wine()),
        ("breast_cancer", datasets.load_breast_cancer()),
        ("diabetes", datasets.load_diabetes(scaled=False)),
        ("iris", datasets.load_iris()),
    ],
)
def test_bundled_rows_are_those_of_scikit_learns_own_loaders(name, bunch):
    features, targets = DATASETS[name].load(0)
    np.testing.assert_array_equal(features, bunch.data)
    np.testing.assert_array_equal(targets, bunch.target)
    assert list(DATASETS[name].features.values()) == list(bunch.feature_names)
    assert DATASETS[name].classes == tuple(bunch.get("target_names", ()))


@each_dataset
def test_columns_are_found_by_name(dataset):
    features, targets = dataset.load(3)
    for index, name in enumerate(dataset.features):
        np.testing.assert_array_equal(dataset.column(name, 3), features[:, index])
    np.testing.assert_array_equal(dataset.column(dataset.target, 3), targets)


@pytest.mark.parametrize(
    ("name", "rows", "column", "first"),  # the first row as the source's own table has it
    [
        ("wine", 178, "proline", 1065),
        ("breast_cancer", 569, "mean_radius", 17.99),
        ("diabetes", 442, "age", 59),  # years, not scikit-learn's prepared units
        ("iris", 150, "sepal_length", 5.1),
    ],
)
def test_bundled_rows_are_the_sources(name, rows, column, first):
    values = DATASETS[name].column(column, 0)
    assert len(values) == rows
    assert values[0] == first


@pytest.mark.parametrize(("name", "low", "high"), [("made_wide", 1, 1e4), ("made_near", 1, 2)])
def test_made_rows_fill_their_ranges(name, low, high):
    features, _ = DATASETS[name].load(0)
    assert features.shape == (200, 2)
    np.testing.assert_allclose(features.min(axis=0), [0, low], atol=0.05 * high)
    np.testing.assert_allclose(features.max(axis=0), [1, high], rtol=0.05)


@pytest.mark.parametrize("name", ["made_wide", "made_near"])
def test_made_rows_depend_on_the_seed_alone(name):
    load = DATASETS[name].load
    np.testing.assert_array_equal(load(5)[0], load(5)[0])
    assert not np.array_equal(load(5)[0], load(6)[0])


def test_the_split_is_numpys_frozen_permutation():
    # RandomState(0).permutation(10) begins 2, 8, 4 in every version of NumPy since 1.7.
    np.testing.assert_array_equal(np.flatnonzero(held_out(10, 0.3, 0)), [2, 4, 8])


@pytest.mark.parametrize(("share", "expected"), [(0.0, 0), (0.3, 45), (0.9, 135)])
def test_the_split_has_the_asked_size(share, expected):
    assert held_out(150, share, 7).sum() == expected
