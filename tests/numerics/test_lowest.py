"""The lowest point under a penalty, against a brute-force search of the formulas of the literature."""

import numpy as np
import pytest
from scipy.optimize import differential_evolution, minimize

from app.numerics.problems.lowest import lowest
from app.numerics.problems.surfaces import SURFACES
from app.numerics.runs.single import find_ground
from app.numerics.runs.step import Conditions
from tests.numerics.evaluate import bind, grid
from tests.numerics.published import FORMULAS
from tests.numerics.support import PROGRAMS

PENALTIES = [(0.1, 1.0), (0.05, 2.0), (2.0, 2.0), (0.3, 0.5), (1.0, 1.5), (2.0, 4.0)]  # weight, exponent


def penalized(name, weight, exponent):
    def loss(points):
        x, y = np.moveaxis(np.asarray(points, dtype=float), -1, 0)
        return FORMULAS[name](x, y) + weight * (np.abs(x) ** exponent + np.abs(y) ** exponent)

    return loss


def brute_force(loss, domain, *, evolves):
    """Return the lowest value of a grid of 601², of the axes, and of local searches from the best of both."""
    axis = [np.linspace(low, high, 2001) for low, high in domain]
    zero = np.zeros(2001)
    points = np.concatenate([grid(domain, 601), np.stack([axis[0], zero], 1), np.stack([zero, axis[1]], 1), [(0, 0)]])
    low, high = np.array(domain).T
    points = points[np.all((points >= low) & (points <= high), axis=1)]
    values = loss(points)
    best = values.min()
    starts = points[np.argsort(values)[:2000:200]]
    with np.errstate(all="ignore"):
        for start in starts:
            for method in ("L-BFGS-B", "Nelder-Mead"):
                best = min(best, minimize(loss, start, method=method, bounds=domain, tol=1e-14).fun)
        if evolves:
            best = min(best, differential_evolution(loss, domain, rng=0, popsize=40, tol=1e-12).fun)
    return best


def check(name, weight, exponent, *, evolves):
    problem = bind(name)
    loss = penalized(name, weight, exponent)
    points = lowest(PROGRAMS, problem, Conditions(smooth_weight=weight, exponent=exponent))
    low, high = np.array(problem.domain).T
    assert np.all((points >= low) & (points <= high))
    found = loss(points)
    reference = brute_force(loss, problem.domain, evolves=evolves)
    # Where the loss is a difference of large numbers, both know it to their rounding only.
    size = 1 + abs(loss(np.array(problem.start)))
    assert found.max() <= reference + 1e-9 * size
    assert np.ptp(found) <= 1e-9 * size  # several lowest points are equally deep


@pytest.mark.parametrize(
    ("name", "weight", "exponent", "value"),
    [
        ("himmelblau", 0.1, 1.0, 0.49983917),  # not the minimum that is nearest to the first one: 0.5430
        ("schwefel", 0.05, 2.0, 832.27353307),
        ("bukin_6", 0.05, 2.0, 1.303125),  # on the crease, at the edge of the domain
    ],
)
def test_a_penalty_that_reorders_the_minima_is_searched_for_the_lowest(name, weight, exponent, value):
    conditions = Conditions(proximal_weight=weight, exponent=exponent)
    assert find_ground(PROGRAMS, bind(name), conditions).lowest == pytest.approx(value, abs=1e-6)


@pytest.mark.parametrize(
    ("name", "weight", "exponent"),
    [("himmelblau", 0.1, 1.0), ("six_hump_camel", 0.3, 0.5), ("cliff", 2.0, 2.0), ("eggholder", 0.05, 2.0)],
)
def test_brute_force_finds_nothing_lower(name, weight, exponent):
    check(name, weight, exponent, evolves=False)


@pytest.mark.thorough
@pytest.mark.parametrize(("weight", "exponent"), PENALTIES)
@pytest.mark.parametrize("name", FORMULAS)
def test_brute_force_finds_nothing_lower_anywhere(name, weight, exponent):
    check(name, weight, exponent, evolves=True)


@pytest.mark.parametrize("exponent", [1.0, 2.0])
def test_a_symmetric_penalty_keeps_both_of_two_symmetric_minima(exponent):
    points = lowest(PROGRAMS, bind("six_hump_camel"), Conditions(smooth_weight=0.1, exponent=exponent))
    assert len(points) == 2
    np.testing.assert_allclose(points[0], -points[1], atol=1e-6)


@pytest.mark.thorough
@pytest.mark.parametrize("scaler", ["none", "standardize"])
@pytest.mark.parametrize(("weight", "exponent"), PENALTIES)
def test_real_rows_have_no_lower_point_either(scaler, weight, exponent):
    problem = bind("logistic", scaler)
    conditions = Conditions(smooth_weight=weight, exponent=exponent)
    rows = problem.rows
    assert rows is not None
    features, signs = rows.scaled, np.where(rows.targets > 0, 1.0, -1.0)

    def loss(given):
        w, b = np.asarray(given[:2]), given[2]
        return np.mean(np.logaddexp(0, -signs * (features @ w + b))) + weight * np.sum(np.abs(w) ** exponent)

    ground = find_ground(PROGRAMS, problem, conditions)
    scale = 1 / features.std(axis=0).max()
    for start in [(0.0, 0.0), *ground.minima, *(0.1 * grid(((-scale, scale), (-scale, scale)), 3))]:
        found = minimize(loss, (*start, 0.0), method="Nelder-Mead", options={"maxiter": 4000, "fatol": 1e-13})
        assert ground.lowest <= found.fun + 1e-7


@pytest.mark.parametrize("name", SURFACES)
def test_a_lowest_value_that_is_zero_to_rounding_is_zero(name):
    problem = bind(name)
    value = find_ground(PROGRAMS, problem, Conditions()).lowest
    assert value == 0 or abs(value) > 1e-12


@pytest.mark.parametrize("name", SURFACES)
def test_every_surface_has_a_lowest_point_under_a_penalty(name):
    # XLA once aborted the whole process while it compiled the derivatives of a regression.
    problem = bind(name)
    ground = find_ground(PROGRAMS, problem, Conditions(proximal_weight=0.1, exponent=1.0))
    low, high = np.array(problem.domain).T
    assert np.all((ground.minima >= low) & (ground.minima <= high))
    assert np.isfinite(ground.losses).all()
