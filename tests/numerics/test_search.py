"""Ways to search: where their points lie, and what repetitions of them find."""

import math

import numpy as np
import pytest

from app.numerics.analysis.search import (
    MOST_BUDGET,
    STRATEGIES,
    Span,
    bands,
    best_so_far,
    fine_box,
    search,
    stream,
)
from app.schema.kinds import pick

RATES = Span(low=1e-4, high=1.0, scale="log")
BETAS = Span(low=0.0, high=0.9999, scale="one_minus_log")
BOX = (RATES, BETAS)
MANY = 4096
each_strategy = pytest.mark.parametrize("name", STRATEGIES)


def far_from(x, y):
    """Return what a search measures: how far, on the numbers' own scales, points are from one that is the best."""

    def measure(points):
        shares = np.array([[span.share(value) for span, value in zip(BOX, point, strict=True)] for point in points])
        return np.hypot(shares[:, 0] - x, shares[:, 1] - y), None

    return measure


def points_of(name, budget, seed=0, measure=None, box=BOX):
    strategy = STRATEGIES[name]
    points, _, _, _ = search(
        strategy, pick(strategy).values, box, budget, [stream(seed, 0)], measure or far_from(0.7, 0.3)
    )
    return points[0]


@pytest.mark.parametrize("name", ["log_uniform", "one_minus_log"])
def test_log_uniform_rates_put_one_quarter_in_each_decade(name):
    rates = points_of(name, MANY)[:, 0]
    counts, _ = np.histogram(rates, bins=[1e-4, 1e-3, 1e-2, 1e-1, 1.0])
    deviation = math.sqrt(MANY * 0.25 * 0.75)  # of a binomial count
    assert np.abs(counts - MANY / 4).max() < 4 * deviation


def test_shares_are_quantiles_of_the_log_uniform_distribution():
    shares = np.linspace(0, 1, 9)
    assert RATES.at(shares, "log") == pytest.approx(10.0 ** (4 * shares - 4))
    assert RATES.at(shares, "linear") == pytest.approx(1e-4 + 0.9999 * shares)
    assert 1 - BETAS.at(shares, "one_minus_log") == pytest.approx(10.0 ** (-4 * shares))


def test_uniform_rates_put_nine_of_ten_into_the_largest_decade():
    rates = points_of("uniform", MANY)[:, 0]
    assert np.mean(rates > 0.1) == pytest.approx(0.9, abs=4 * math.sqrt(0.09 / MANY))


def test_one_minus_beta_is_even_by_decades_only_where_it_is_asked_for():
    bins = [1e-4, 1e-3, 1e-2, 1e-1, 1.0]
    even, _ = np.histogram(1 - points_of("one_minus_log", MANY)[:, 1], bins=bins)
    linear, _ = np.histogram(1 - points_of("log_uniform", MANY)[:, 1], bins=bins)
    assert np.abs(even - MANY / 4).max() < 4 * math.sqrt(MANY * 0.25 * 0.75)
    assert linear[-1] / MANY == pytest.approx(0.9, abs=4 * math.sqrt(0.09 / MANY))


@pytest.mark.parametrize(("budget", "k"), [(4, 2), (15, 3), (16, 4), (17, 4), (256, 16)])
def test_a_grid_has_only_k_values_a_side(budget, k):
    points = points_of("grid", budget)
    assert len(points) == len({tuple(point) for point in points.tolist()}) == k * k
    for side, span in enumerate(BOX):
        values = np.unique(points[:, side])
        assert len(values) == k
        places = np.array([span.share(value) for value in values])
        assert places == pytest.approx((np.arange(k) + 0.5) / k)


@each_strategy
@pytest.mark.parametrize("budget", [4, 10, 64, MOST_BUDGET])
def test_every_strategy_stays_in_the_range_and_within_the_budget(name, budget):
    points = points_of(name, budget)
    spent = math.isqrt(budget) ** 2 if name == "grid" else budget
    assert points.shape == (spent, 2)
    for side, span in enumerate(BOX):
        assert points[:, side].min() >= span.low
        assert points[:, side].max() <= span.high


@each_strategy
def test_whole_numbers_are_searched_as_whole_numbers(name):
    box = (Span(low=1, high=50, is_integer=True), RATES)
    values = points_of(name, 36, measure=lambda points: (points[:, 0], None), box=box)[:, 0]
    assert (values == np.rint(values)).all()


@pytest.mark.parametrize("name", ["uniform", "log_uniform", "one_minus_log"])
def test_a_larger_budget_begins_with_the_points_of_a_smaller_one(name):
    assert (points_of(name, 64)[:16] == points_of(name, 16)).all()


@pytest.mark.parametrize("best", [(0.7, 0.3), (0.01, 0.99)])
def test_the_fine_half_stays_in_a_box_around_the_best_of_the_coarse_half(best):
    points = points_of("coarse_to_fine", 64, measure=far_from(*best))
    shares = np.array([[span.share(value) for span, value in zip(BOX, point, strict=True)] for point in points])
    coarse, fine = shares[:32], shares[32:]
    nearest = coarse[np.hypot(*(coarse - best).T).argmin()]
    low, high = fine_box(BOX, points[:32][np.hypot(*(coarse - best).T).argmin()], 0.25).T
    assert high - low == pytest.approx(0.25)
    assert (low >= 0).all()
    assert (high <= 1).all()
    assert (low - 1e-9 <= nearest).all()
    assert (nearest <= high + 1e-9).all()
    assert (fine >= low - 1e-9).all()
    assert (fine <= high + 1e-9).all()
    assert np.ptp(coarse, axis=0).min() > 0.8


def test_repetitions_are_searches_of_their_own():
    strategy = STRATEGIES["coarse_to_fine"]
    streams = [stream(3, repetition) for repetition in range(5)]
    together, values, _, sizes = search(strategy, pick(strategy).values, BOX, 20, streams, far_from(0.7, 0.3))
    assert sizes == (10, 10)
    for repetition in range(5):
        alone = search(strategy, pick(strategy).values, BOX, 20, [stream(3, repetition)], far_from(0.7, 0.3))
        assert (alone[0][0] == together[repetition]).all()
        assert (alone[1][0] == values[repetition]).all()


def test_what_is_best_so_far_never_rises_and_a_failure_is_no_find():
    values = np.array([[math.inf, 3.0, 5.0, 1.0], [2.0, math.inf, 2.0, 2.5]])
    assert best_so_far(values, 6).tolist() == [[math.inf, 3, 3, 1, 1, 1], [2, 2, 2, 2, 2, 2]]


def test_bands_are_values_that_some_repetition_has():
    curves = np.arange(100.0)[::-1, None] + np.zeros((1, 3))
    assert bands(curves)[:, 0].tolist() == [9, 49, 89]
    assert bands(np.array([[1.0], [math.inf]]))[:, 0].tolist() == [1, 1, math.inf]
    assert bands(np.array([[7.0]]))[:, 0].tolist() == [7, 7, 7]
