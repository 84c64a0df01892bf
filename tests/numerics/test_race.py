"""What all runs of a race share: the lowest value, the draws, the shortest subgradient."""

import numpy as np
import pytest
from scipy.optimize import minimize

from app.numerics.problems import evaluate
from app.numerics.problems.scalers import SCALERS, Scaling
from app.numerics.problems.surfaces import SURFACES
from app.numerics.runs.single import draws, ground_of, hold_kinks, least_subgradient
from app.numerics.runs.step import Conditions
from app.runtime.programs import Programs

pytestmark = pytest.mark.sampled

RAW = Scaling(SCALERS["none"], {})


@pytest.fixture(scope="module")
def programs():
    return Programs()


def test_draws_are_numpys_frozen_stream():
    # The first draws of seed 0, as printed in countless NumPy tutorials since 2010.
    np.testing.assert_allclose(draws(0, 2), [[1.76405235, 0.40015721], [0.97873798, 2.2408932]], atol=5e-9)


def test_a_longer_race_begins_with_the_same_draws():
    np.testing.assert_array_equal(draws(3, 40), draws(3, 400)[:40])


FORMULAS = {
    "himmelblau": lambda x, y: (x**2 + y - 11) ** 2 + (x + y**2 - 7) ** 2,
    "rosenbrock": lambda x, y: (1 - x) ** 2 + 100 * (y - x**2) ** 2,
    "rastrigin": lambda x, y: 20 + x**2 + y**2 - 10 * np.cos(2 * np.pi * x) - 10 * np.cos(2 * np.pi * y),
    "bowl": lambda x, y: 0.5 * (x**2 + 25 * y**2),
}


@pytest.mark.parametrize("name", FORMULAS)
@pytest.mark.parametrize(("weight", "exponent"), [(0.5, 1.0), (10.0, 1.0), (0.5, 2.0), (2.0, 1.5)])
def test_the_lowest_value_under_a_penalty_is_what_scipy_finds(programs, name, weight, exponent):
    problem = SURFACES[name].bind({}, RAW, 0)

    def loss(point):
        return FORMULAS[name](*point) + weight * (np.abs(point) ** exponent).sum()

    (x0, x1), (y0, y1) = problem.domain
    starts = [(x, y) for x in np.linspace(x0, x1, 9) for y in np.linspace(y0, y1, 9)]
    options = {"xatol": 1e-9, "fatol": 1e-12}
    best = min(minimize(loss, start, method="Nelder-Mead", options=options).fun for start in starts)
    found = ground_of(programs, problem, Conditions(smooth_weight=weight, exponent=exponent)).lowest
    assert found == pytest.approx(best, abs=1e-6, rel=1e-6)


def test_known_minima_are_taken_as_declared(programs):
    problem = SURFACES["himmelblau"].bind({}, RAW, 0)
    ground = ground_of(programs, problem, Conditions())
    assert len(ground.minima) == 4
    assert ground.lowest == pytest.approx(0, abs=1e-12)


def test_a_grid_holds_the_loss_of_each_of_its_points(programs):
    problem = SURFACES["beale"].bind({}, RAW, 0)
    x, y, loss = evaluate.grid(programs, problem, Conditions(), ((-1.0, 2.0), (0.0, 1.0)), 7)
    for j in (0, 3, 6):
        for i in (0, 2, 5):
            expected = (
                (1.5 - x[i] + x[i] * y[j]) ** 2
                + (2.25 - x[i] + x[i] * y[j] ** 2) ** 2
                + (2.625 - x[i] + x[i] * y[j] ** 3) ** 2
            )
            assert loss[j, i] == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(
    ("params", "grads", "expected"),
    [
        ((0.0, 0.0), (0.4, -2.5), (0.0, -1.5)),  # the kink holds what is shorter than its weight
        ((0.0, 1.0), (0.4, 0.2), (0.0, 0.2)),  # beside the kink the gradient is what it is
    ],
)
def test_the_shortest_subgradient_at_a_kink(params, grads, expected):
    found = least_subgradient(Conditions(smooth_weight=1.0, exponent=1.0), np.array([params]), np.array([grads]))
    np.testing.assert_allclose(found, [expected])


def test_below_exponent_one_zero_is_always_a_resting_place():
    conditions = Conditions(smooth_weight=0.1, exponent=0.5)
    found = least_subgradient(conditions, np.array([[0.0, 2.0]]), np.array([[9.0, 9.0]]))
    np.testing.assert_allclose(found, [[0.0, 9.0]])


@pytest.mark.parametrize(
    ("point", "exponent", "expected"),
    [
        ((1.0, 0.0), 1.0, [[2, 0], [0, 2]]),  # along y the kink holds
        ((0.0, 0.0), 1.5, [[1, 0], [0, 1]]),
        ((1.0, 0.0), 2.0, [[2, 1], [1, -2]]),  # a square has no kink
        ((1.0, 3.0), 1.0, [[2, 1], [1, -2]]),
    ],
)
def test_a_coordinate_in_a_kink_is_held_and_curves_up(point, exponent, expected):
    conditions = Conditions(smooth_weight=1.0, exponent=exponent)
    found = hold_kinks(conditions, np.array(point), np.array([[2.0, 1.0], [1.0, -2.0]]))
    np.testing.assert_array_equal(found, expected)
