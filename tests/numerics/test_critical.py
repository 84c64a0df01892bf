"""Every critical point in view, against published sets, separable sums and finite differences."""

import numpy as np
import pytest
from scipy import optimize

from app.numerics.analysis.critical_points import MOST_POINTS, look_at, survey
from app.numerics.conditions import Conditions
from app.numerics.problems.surfaces import SURFACES
from app.runtime.programs import Programs
from tests.numerics.evaluate import bind, derivatives, grid
from tests.numerics.published import FORMULAS

pytestmark = pytest.mark.sampled

PLAIN = Conditions()


@pytest.fixture(scope="module")
def programs():
    return Programs()


def surveyed(programs, name, view=None, **values):
    problem = bind(name, **values)
    return survey(programs, problem, PLAIN, view or problem.domain)


def counts(found):
    return {kind: count for kind, count in found.counts.items() if count}


@pytest.mark.thorough
def test_all_nine_of_himmelblau_are_found(programs):
    found = surveyed(programs, "himmelblau")
    assert counts(found) == {"minimum": 4, "maximum": 1, "saddle": 4}
    maximum = next(point for point in found.points if point.kind == "maximum")
    # Himmelblau (1972) prints (−0.270844, −0.923038) with the value 181.616.
    assert maximum.at == pytest.approx((-0.270845, -0.923039), abs=1e-6)
    assert maximum.loss == pytest.approx(181.617, abs=1e-3)


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("bowl", {"minimum": 1}),
        ("saddle_walls", {"minimum": 2, "saddle": 1}),
        ("monkey_saddle", {"degenerate": 1}),
        pytest.param("saddle", {"saddle": 1}, marks=pytest.mark.thorough),
        pytest.param("rosenbrock", {"minimum": 1}, marks=pytest.mark.thorough),
        pytest.param("beale", {"minimum": 1, "saddle": 2}, marks=pytest.mark.thorough),
        pytest.param("three_hump_camel", {"minimum": 3, "saddle": 2}, marks=pytest.mark.thorough),
        # Dixon and Szegö (1978): 15 stationary points, six of them minima and two maxima.
        pytest.param("six_hump_camel", {"minimum": 6, "saddle": 7, "maximum": 2}, marks=pytest.mark.thorough),
        pytest.param("styblinski_tang", {"minimum": 4, "saddle": 4, "maximum": 1}, marks=pytest.mark.thorough),
        pytest.param("goldstein_price", {"minimum": 4, "saddle": 4, "maximum": 1}, marks=pytest.mark.thorough),
        pytest.param("branin", {"minimum": 3, "saddle": 2}, marks=pytest.mark.thorough),
        pytest.param("logistic", {"minimum": 1}, marks=pytest.mark.thorough),
        pytest.param("regression", {"minimum": 1}, marks=pytest.mark.thorough),
        # Nothing but creases: where there is no gradient, nothing is claimed.
        pytest.param("bukin_6", {}, marks=pytest.mark.thorough),
        pytest.param("softmax_cross_entropy", {}, marks=pytest.mark.thorough),
    ],
)
def test_as_many_of_each_kind_as_the_formula_has(programs, name, expected):
    found = surveyed(programs, name)
    assert counts(found) == expected
    assert found.curves == ()


def extrema(formula, low, high):
    """Count minima and maxima of a function of one variable inside an interval, on a fine grid."""
    values = formula(np.linspace(low, high, 400_001))
    rising = np.sign(np.diff(values))
    return int(np.sum(np.diff(rising) > 0)), int(np.sum(np.diff(rising) < 0))


@pytest.mark.thorough
@pytest.mark.parametrize("name", ["rastrigin", "styblinski_tang", "levy", "schwefel"])
def test_of_a_sum_over_coordinates_every_pair_of_extrema_is_found(programs, name):
    formula, ((x0, x1), (y0, y1)) = FORMULAS[name], bind(name).domain
    x_minima, x_maxima = extrema(lambda x: formula(x, 0.5 + 0 * x), x0, x1)
    y_minima, y_maxima = extrema(lambda y: formula(0.5 + 0 * y, y), y0, y1)
    assert counts(surveyed(programs, name)) == {
        "minimum": x_minima * y_minima,
        "maximum": x_maxima * y_maxima,
        "saddle": x_minima * y_maxima + x_maxima * y_minima,
    }


def gradients(formula, x, y):
    """Central differences; their error moves a point by some 1e-6."""
    h = 1e-5 * np.maximum(1.0, np.maximum(np.abs(x), np.abs(y)))
    return np.stack([formula(x + h, y) - formula(x - h, y), formula(x, y + h) - formula(x, y - h)]) / (2 * h)


def roots_of(name, view, side):
    """Find zeros of the gradient with SciPy, from each cell of a fine grid in which both components change sign."""
    formula, (x, y) = FORMULAS[name], (np.linspace(low, high, side + 1) for low, high in view)
    slopes = gradients(formula, *np.meshgrid(x, y))
    corners = np.stack([slopes[:, j : j + side, i : i + side] for j in (0, 1) for i in (0, 1)])
    lines, columns = np.nonzero(((corners.min(axis=0) <= 0) & (corners.max(axis=0) >= 0)).all(axis=0))
    cell = np.array([x[1] - x[0], y[1] - y[0]])
    # Along the valleys of schaffer_2 the slope is a ten-thousandth of what it is across them, and no zero.
    level = 1e-7 * np.median(np.linalg.norm(slopes, axis=0))
    found = []
    for start in np.stack([x[columns], y[lines]], axis=1) + cell / 2:
        root = optimize.root(lambda at: gradients(formula, *at), start, tol=1e-12)
        if np.all(np.abs(root.x - start) <= 2 * cell) and np.linalg.norm(root.fun) < level:
            found.append(root.x)
    places = np.array(found)
    size = np.ptp(np.array(view), axis=1)
    _, each = np.unique(np.rint(places / size * 1e5), axis=0, return_index=True)
    return places[each]


# What used to be missing: points beside the creases of eggholder, and those of views so large that the middle is flat.
LARGE = [
    ("eggholder", ((-512, 512), (-512, 512)), {"minimum": 75, "saddle": 148, "maximum": 72}),
    ("rastrigin", ((-7, 7), (-7, 7)), {"minimum": 225, "saddle": 420, "maximum": 196}),
    ("beale", ((-20, 20), (-20, 20)), {"minimum": 1, "saddle": 2}),
    ("goldstein_price", ((-10, 10), (-10, 10)), {"minimum": 4, "saddle": 4, "maximum": 1}),
    ("six_hump_camel", ((-30, 30), (-20, 20)), {"minimum": 6, "saddle": 7, "maximum": 2}),
    ("himmelblau", ((-50, 50), (-50, 50)), {"minimum": 4, "saddle": 4, "maximum": 1}),
    ("three_hump_camel", ((-30, 30), (-30, 30)), {"minimum": 3, "saddle": 2}),
    ("griewank", ((-30, 30), (-30, 30)), {"minimum": 123, "saddle": 280, "maximum": 124}),
]


@pytest.mark.thorough
@pytest.mark.parametrize(("name", "view", "expected"), LARGE, ids=[name for name, *_ in LARGE])
def test_in_large_views_every_point_is_found_and_counted_by_kind(programs, name, view, expected):
    found = surveyed(programs, name, tuple(tuple(map(float, ends)) for ends in view))
    assert counts(found) == expected
    assert found.found == sum(expected.values())


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("name", "view", "side"),
    [
        ("himmelblau", ((-5.0, 5.0), (-5.0, 5.0)), 200),
        ("eggholder", ((-512.0, 512.0), (-512.0, 512.0)), 1000),
        ("schaffer_2", ((-2.0, 2.0), (-2.0, 2.0)), 300),
    ],
)
def test_every_point_that_scipy_finds_from_a_fine_grid_is_found(programs, name, view, side):
    roots = roots_of(name, view, side)
    places = np.array([point.at for point in surveyed(programs, name, view).points])
    size = np.ptp(np.array(view), axis=1)
    away = [np.max(np.abs(places - root) / size, axis=1).min() for root in roots]
    assert max(away) < 1e-5
    # Between two creases of eggholder one basin is smaller than a cell of this grid.
    assert 0 <= len(places) - len(roots) <= 1


@pytest.mark.thorough
def test_the_point_beside_two_creases_of_eggholder_is_found(programs):
    places = np.array([point.at for point in surveyed(programs, "eggholder").points])
    assert np.linalg.norm(places - (-43.694982, -27.074788), axis=1).min() < 1e-5


@pytest.mark.thorough
def test_a_search_that_had_to_stop_says_where_it_was_coarse(programs):
    # 3,720 points, of which dozens are not found.
    coarse = surveyed(programs, "ackley", ((-15.0, 15.0), (-15.0, 15.0)))
    assert len(coarse.doubtful)
    assert not len(surveyed(programs, "himmelblau").doubtful)
    assert not len(surveyed(programs, "rastrigin").doubtful)


def test_a_thousand_surveys_fit_into_memory(programs):
    found = surveyed(programs, "himmelblau")
    around = found.neighborhood
    arrays = [around.steepest, around.change, around.area, found.doubtful, *(curve.points for curve in found.curves)]
    assert sum(array.nbytes for array in arrays) < 100_000


@pytest.mark.parametrize(
    ("name", "kink"), [("ackley", (0.0, 0.0)), ("bukin_6", (-10.0, 1.0)), ("schwefel", (0.0, 100.0))]
)
def test_where_a_surface_declares_no_derivative_there_is_no_verdict_from_one(programs, name, kink):
    problem = bind(name)
    spot = look_at(programs, problem, PLAIN, problem.domain, kink)
    assert not spot.has_derivatives
    assert (spot.kind, spot.is_flat, spot.stationary) == (None, False, None)
    assert np.isnan([*spot.grads, *spot.hessian.flat, *spot.eigenvalues]).all()


def test_what_is_zero_to_rounding_is_zero(programs):
    # 7.9e-31 as the loss of a minimum, −3.5e-18 as an eigenvalue.
    assert {point.loss for point in surveyed(programs, "himmelblau").points if point.kind == "minimum"} == {0}
    problem = bind("two_weights")
    assert look_at(programs, problem, PLAIN, problem.domain, (2.0, 0.5)).eigenvalues[0] == 0


@pytest.mark.thorough
@pytest.mark.parametrize("name", SURFACES)
def test_what_is_listed_is_critical_of_its_kind_and_inside_the_view(programs, name):
    problem = bind(name)
    found = surveyed(programs, name)
    assert len(found.points) == min(found.found, MOST_POINTS)
    on_curves = [point for curve in found.curves for point in curve.points.tolist()]
    places = np.array([*(point.at for point in found.points), *on_curves]).reshape(-1, 2)
    if not len(places):
        return
    _, grads, hessians = derivatives(problem, places)
    _, elsewhere, _ = derivatives(problem, grid(problem.domain, 65))
    assert np.linalg.norm(grads, axis=1).max() <= 1e-8 * np.linalg.norm(elsewhere, axis=1).max()
    for point, hessian in zip(found.points, hessians, strict=False):
        low, high = np.linalg.eigvalsh(hessian)
        expected = "minimum" if low > 0 else "maximum" if high < 0 else "saddle"
        assert point.kind in (expected, "degenerate")
    inside = np.all((places >= np.array(problem.domain)[:, 0] - 0.1) & (places <= np.array(problem.domain)[:, 1] + 0.1))
    assert inside


@pytest.mark.thorough
@pytest.mark.parametrize(
    "name", [name for name, surface in SURFACES.items() if not surface.rough and bind(name).minima.kind == "points"]
)
def test_the_known_minima_are_among_what_is_found(programs, name):
    problem, found = bind(name), surveyed(programs, name)
    places = np.array([point.at for point in found.points if point.kind == "minimum"])
    for minimum in problem.minima.points:
        assert np.linalg.norm(places - minimum, axis=1).min() < 1e-5


def test_two_weights_have_a_saddle_between_two_curves_of_minima(programs):
    found = surveyed(programs, "two_weights")
    (saddle,) = found.points
    assert saddle.at == pytest.approx((0, 0), abs=1e-12)
    assert saddle.eigenvalues == pytest.approx((-2, 2))
    assert saddle.kind == "saddle"
    assert len(found.curves) == 2
    for curve in found.curves:
        np.testing.assert_allclose(curve.points.prod(axis=1), 1, rtol=1e-9)
        assert not curve.is_closed
        assert curve.loss == pytest.approx(0, abs=1e-15)
        # Both branches reach from edge to edge of the view, ±3, without a gap.
        assert np.ptp(curve.points[:, 0]) > 2.6
        assert np.linalg.norm(np.diff(curve.points, axis=0), axis=1).max() < 0.1
        assert curve.eigenvalues[0] == 0 < curve.eigenvalues[1]


@pytest.mark.thorough
def test_rings_of_critical_points_are_closed_curves(programs):
    view = ((-1.0, 1.0), (-1.0, 1.0))
    rings = surveyed(programs, "drop_wave", view).curves
    closed = sorted(float(np.hypot(*ring.points.T).mean()) for ring in rings if ring.is_closed)
    # Crests where 12r = π and 3π; the trough between them a little inside 2π.
    assert closed == pytest.approx([np.pi / 12, 2 * np.pi / 12, 3 * np.pi / 12], rel=0.01)
    for ring in rings:
        assert np.ptp(np.hypot(*ring.points.T)) < 1e-9


@pytest.mark.thorough
@pytest.mark.parametrize(("name", "kink"), [("ackley", (0, 0)), ("bukin_6", (-10, 1)), ("schwefel", (0, 0))])
def test_a_subgradient_of_zero_is_not_taken_for_a_critical_point(programs, name, kink):
    # The kink lies on a node of the grid, where our derivatives are the subgradient 0.
    around = tuple((at - 1.0, at + 1.0) for at in kink)
    found = surveyed(programs, name, around)
    assert all(np.linalg.norm(np.subtract(point.at, kink)) > 1e-3 for point in found.points)


@pytest.mark.thorough
def test_a_plateau_is_an_area_and_no_point(programs):
    found = surveyed(programs, "plateau")
    assert counts(found) == {"minimum": 1}
    assert sum(area.share for area in found.areas) == pytest.approx(0.136, abs=0.02)
    assert all(area.level > 0.99 for area in found.areas)
    # From close by the same ground slopes: what counts as flat depends on the view.
    assert surveyed(programs, "plateau", ((7.5, 8.5), (7.5, 8.5))).areas == ()


def test_where_nothing_can_be_told_everything_is_flat(programs):
    # So far out the loss is 1 to the last digit, and all derivatives are exactly 0.
    found = surveyed(programs, "plateau", ((500.0, 501.0), (500.0, 501.0)))
    assert found.points == ()
    assert found.areas[0].share == 1


@pytest.mark.parametrize("kappa", [1.0, 1e3, 1e6])
def test_a_narrow_valley_is_no_degenerate_point(programs, kappa):
    (point,) = surveyed(programs, "bowl", kappa=kappa, angle=30.0).points
    assert point.kind == "minimum"
    assert point.eigenvalues == pytest.approx((1, kappa))


def test_at_any_point_the_model_agrees_with_differences(programs):
    problem, at, h = bind("himmelblau"), np.array([1.3, -0.4]), 1e-4
    spot = look_at(programs, problem, PLAIN, problem.domain, (1.3, -0.4))
    formula = FORMULAS["himmelblau"]
    for axis in np.eye(2):
        slope = (formula(*(at + h * axis)) - formula(*(at - h * axis))) / (2 * h)
        assert spot.grads @ axis == pytest.approx(slope, rel=1e-6)
        bend = (formula(*(at + h * axis)) - 2 * formula(*at) + formula(*(at - h * axis))) / h**2
        assert axis @ spot.hessian @ axis == pytest.approx(bend, rel=1e-5)
    np.testing.assert_allclose(spot.hessian @ spot.eigenvectors[0], spot.eigenvalues[0] * spot.eigenvectors[0])
    assert spot.kind is None


def test_along_the_downhill_eigenvector_the_loss_falls_by_half_of_lambda(programs):
    problem = bind("two_weights")
    spot = look_at(programs, problem, PLAIN, problem.domain, (0.0, 0.0))
    np.testing.assert_allclose(spot.eigenvectors[0], np.array([1, 1]) / np.sqrt(2))
    length = 1e-3
    change = FORMULAS["two_weights"](*(length * spot.eigenvectors[0])) - 1
    assert change == pytest.approx(-0.5 * 2 * length**2, rel=1e-6)


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("name", "at", "kind", "is_flat"),
    [
        ("monkey_saddle", (0.0, 0.0), "degenerate", False),
        ("two_weights", (2.0, 0.5), "degenerate", False),
        ("saddle_walls", (0.0, 1.41421356), "minimum", False),  # eight digits are enough to be that point
        ("saddle_walls", (0.0, 1.4), None, False),
        ("plateau", (9.9, 9.9), None, True),
    ],
)
def test_the_verdict_on_a_point(programs, name, at, kind, is_flat):
    problem = bind(name)
    spot = look_at(programs, problem, PLAIN, problem.domain, at)
    assert (spot.kind, spot.is_flat) == (kind, is_flat)


def test_a_penalty_moves_the_minimum_and_bends_it(programs):
    problem = bind("bowl", kappa=9.0)
    (point,) = survey(programs, problem, Conditions(smooth_weight=1.5), problem.domain).points
    assert point.eigenvalues == pytest.approx((4, 12))


def test_looking_elsewhere_compiles_nothing(programs):
    surveyed(programs, "himmelblau")
    problem = bind("himmelblau")
    look_at(programs, problem, PLAIN, problem.domain, (0.0, 0.0))
    before = programs.traces
    surveyed(programs, "himmelblau", ((-1.0, 2.0), (0.0, 3.0)))
    look_at(programs, problem, PLAIN, ((-1.0, 2.0), (0.0, 3.0)), (1.0, 1.0))
    survey(programs, problem, Conditions(smooth_weight=0.5), problem.domain)
    assert programs.traces == before
