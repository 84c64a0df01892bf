"""Leaving a saddle: the steps that are counted against closed forms and plain loops."""

import numpy as np
import pytest

from app.numerics.analysis.critical_points import survey
from app.numerics.analysis.saddle_escape import Exit, depart, nearest_escape, radius_around, trial_at
from app.numerics.conditions import Conditions
from app.runtime.programs import Programs
from tests.numerics.evaluate import bind
from tests.numerics.published import FORMULAS

pytestmark = pytest.mark.sampled

PLAIN = Conditions()


@pytest.fixture(scope="module")
def programs():
    return Programs()


def trial(programs, name, **given):
    problem = bind(name)
    found = survey(programs, problem, PLAIN, problem.domain)
    point = nearest_escape(found, (0.0, 0.0))
    assert point is not None
    return trial_at(
        programs,
        problem,
        PLAIN,
        problem.domain,
        point,
        radius=radius_around(point, found),
        **({"learning_rate": 0.1, "beta1": 0.9, "epsilon": 1e-6, "noise": 0.01, "seed": 0, "steps": 500} | given),
    )


def runs(programs, *arguments, **given):
    return {run.name: run for run in depart(programs, trial(programs, *arguments, **given))}


@pytest.mark.thorough
@pytest.mark.parametrize("epsilon", [1e-1, 1e-3, 1e-6, 1e-9])
@pytest.mark.parametrize("learning_rate", [0.01, 0.1, 0.4])
def test_on_a_quadratic_saddle_the_formula_is_exact(programs, epsilon, learning_rate):
    run = runs(programs, "saddle", epsilon=epsilon, learning_rate=learning_rate, steps=2000)["offset"]
    # λ = −2, and with no other critical point near, one unit is what counts as having left.
    predicted = np.log(1 / epsilon) / np.log(1 + 2 * learning_rate)
    assert run.predicted == pytest.approx(predicted)
    assert run.left_at == int(np.ceil(predicted - 1e-9))


@pytest.mark.thorough
@pytest.mark.parametrize("name", ["saddle", "two_weights"])
def test_exactly_at_a_saddle_nothing_moves(programs, name):
    run = runs(programs, name)["exact"]
    assert run.left_at is None
    assert run.predicted is None
    assert not run.distance.any()


def test_on_the_stable_axis_the_run_converges_to_the_saddle(programs):
    run = runs(programs, "saddle")["stable"]
    assert run.left_at is None
    np.testing.assert_allclose(run.distance[:50], 0.5 * 0.8 ** np.arange(50), rtol=1e-9)


@pytest.mark.parametrize("beta1", [0.0, 0.5, 0.9])
def test_momentum_leaves_when_its_recurrence_does(programs, beta1):
    run = runs(programs, "saddle", beta1=beta1)["momentum"]
    x, velocity, steps = 1e-6, 0.0, 0
    while abs(x) < 1:
        velocity = beta1 * velocity - 2 * x
        x, steps = x - 0.1 * velocity, steps + 1
    assert run.left_at == steps
    assert run.predicted == pytest.approx(steps, abs=1.01)


def test_the_spread_of_noisy_runs_reaches_the_radius_when_predicted(programs):
    run = runs(programs, "saddle", noise=0.05)["noise"]
    rows = np.zeros(4000)
    draws = np.random.default_rng(1)
    steps = 0
    while rows.std() < 1:
        rows = 1.2 * rows - 0.1 * 0.05 * draws.standard_normal(len(rows))
        steps += 1
    assert run.predicted == pytest.approx(steps, abs=1)
    assert run.left_at == pytest.approx(steps, abs=15)  # one draw of many


@pytest.mark.thorough
def test_with_walls_leaving_means_half_the_way_to_the_next_critical_point(programs):
    run = runs(programs, "saddle_walls")
    assert trial(programs, "saddle_walls").radius == pytest.approx(np.sqrt(2) / 2)
    assert run["offset"].left_at == pytest.approx(run["offset"].predicted, abs=3)


def test_a_smaller_offset_costs_the_same_number_of_steps_each_time(programs):
    left = [runs(programs, "saddle", epsilon=10.0**-power)["offset"].left_at for power in range(2, 10)]
    np.testing.assert_allclose(np.diff(np.array(left, dtype=int)), np.log(10) / np.log(1.2), atol=1)


def test_above_the_limit_a_run_on_the_downhill_axis_still_leaves_along_it(programs):
    # η = 1.5 on x² − y²: 2/λ₂ = 1, but from (0, ε) nothing moves x.
    run = runs(programs, "saddle", learning_rate=1.5, steps=60)
    assert run["offset"].exit == Exit.DOWN
    assert run["stable"].exit == Exit.UP
    assert not run["stable"].is_bent
    assert trial(programs, "saddle", learning_rate=1.5).is_unstable


@pytest.mark.parametrize(("name", "is_good"), [("saddle", True), ("two_valleys", False)])
def test_the_model_s_error_at_the_radius_tells_where_the_prediction_is_rough(programs, name, is_good):
    found = trial(programs, name)
    h = 1e-6
    x, y = np.array(found.point.at) + found.radius * found.down
    dx, dy = found.down * h
    formula = FORMULAS[name]
    slope = (formula(x + dx, y + dy) - formula(x - dx, y - dy)) / (2 * h)
    expected = found.point.eigenvalues[0] * found.radius
    assert found.model_error == pytest.approx(abs(slope / expected - 1), abs=1e-4)
    assert (found.model_error < 0.01) == is_good
    assert (found.holds_to == found.radius) == is_good


@pytest.mark.parametrize(
    "extreme",
    [
        {"epsilon": 3.6e-06, "noise": 5e-324},
        {"learning_rate": 1e-12, "noise": 1e-300},
        {"learning_rate": 1e3, "beta1": 0.999, "epsilon": 1e3},
        {"learning_rate": 1e-12, "beta1": 0.999, "epsilon": 1e-12},
    ],
)
@pytest.mark.parametrize("name", ["six_hump_camel", "saddle"])
def test_extreme_rates_and_noise_divide_by_no_zero(programs, name, extreme):
    for run in runs(programs, name, **extreme).values():
        assert run.predicted is None or np.isfinite(run.predicted)


def test_the_prediction_is_the_same_for_a_rate_so_small_that_one_plus_it_is_one(programs):
    run = runs(programs, "saddle", learning_rate=1e-12, beta1=0.0)
    # ln(1 + x) is x here, and without momentum both formulas are one.
    assert run["offset"].predicted == pytest.approx(np.log(1e6) / 2e-12, rel=1e-9)
    assert run["momentum"].predicted == pytest.approx(run["offset"].predicted, rel=1e-9)
