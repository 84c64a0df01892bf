"""Every surface is what it declares: its formula, its minima by their kind, its kinks; and finite everywhere."""

import jax.numpy as jnp
import numpy as np
import pytest
from latex2mathml.converter import convert

from app.numerics.problems.surfaces import SURFACES
from tests.numerics.evaluate import bind, derivatives, grid, hessian_of, scattered
from tests.numerics.published import DIGITS, FORMULAS, KINKS

pytestmark = pytest.mark.sampled

each_surface = pytest.mark.parametrize("surface", SURFACES.values(), ids=SURFACES)
each_formula = pytest.mark.parametrize("surface", [SURFACES[name] for name in FORMULAS], ids=FORMULAS)


def of_kind(*kinds: str):
    chosen = [surface for surface in SURFACES.values() if bind(surface).minima.kind in kinds]
    return pytest.mark.parametrize("surface", chosen, ids=[surface.name for surface in chosen])


def test_every_formula_has_an_independent_one():
    assert set(FORMULAS) == {surface.name for surface in SURFACES.values() if not surface.has_rows}


@each_surface
def test_the_record_speaks(surface):
    assert all([surface.title, surface.family, surface.about, surface.source])
    assert "\\" not in convert(surface.formula)  # every command of the formula is known to the typesetter
    problem = bind(surface)
    assert (problem.minima.kind == "points") == (not problem.minima.reason)
    (x0, x1), (y0, y1) = problem.domain
    assert x0 <= problem.start[0] <= x1
    assert y0 <= problem.start[1] <= y1


@each_formula
def test_losses_are_those_of_the_literature(surface):
    points = scattered(bind(surface).domain, 400)
    loss, _, _ = derivatives(bind(surface), points)
    expected = FORMULAS[surface.name](*points.T)
    np.testing.assert_allclose(loss, expected, rtol=1e-11, atol=1e-13 * np.abs(expected).max())


@each_formula
def test_gradients_are_the_slopes_of_the_literatures_formula(surface):
    domain = bind(surface).domain
    points = scattered(domain, 100).astype(np.longdouble)
    _, grads, _ = derivatives(bind(surface), points)
    width = np.longdouble(1e-5) * np.ptp(domain)

    def slope(axis):
        def at(k):
            return FORMULAS[surface.name](*(points + k * width * np.eye(2)[axis]).T)

        return (8 * (at(1) - at(-1)) - (at(2) - at(-2))) / (12 * width)  # exact for polynomials of degree 4

    expected = np.stack([slope(0), slope(1)], axis=1).astype(float)
    np.testing.assert_allclose(grads, expected, rtol=1e-5, atol=1e-8 * np.abs(expected).max())


@each_surface
def test_nothing_is_ever_nan_in_the_domain(surface):
    for part in derivatives(bind(surface), grid(bind(surface).domain)):
        assert np.isfinite(part).all()


@each_surface
def test_nothing_is_ever_nan_at_or_beside_the_points_where_roots_and_logarithms_fail(surface):
    problem = bind(surface)
    tiny = [0.0, *(sign * size for sign in (-1, 1) for size in (5e-324, 1e-300, 1e-150, 1e-60, 1e-20, 1e-9))]
    offsets = np.stack(np.meshgrid(tiny, tiny), axis=-1).reshape(-1, 2)
    anchors = [np.mean(problem.domain, axis=1), (0.0, 0.0), problem.start, *problem.minima.points[:4]]
    points = np.concatenate([np.array(anchor) + offsets for anchor in anchors])
    for part in derivatives(problem, points):
        assert np.isfinite(part).all()


@each_surface
def test_hessians_are_symmetric(surface):
    _, _, hessians = derivatives(bind(surface), scattered(bind(surface).domain, 50))
    scale = np.abs(hessians).max()
    np.testing.assert_allclose(hessians, hessians.swapaxes(1, 2), atol=1e-12 * scale)


@pytest.mark.parametrize(("name", "point", "value", "point_error", "value_error"), DIGITS)
def test_minima_have_the_published_digits(name, point, value, point_error, value_error):
    problem = bind(name)
    distances = np.abs(np.array(problem.minima.points) - point).max(axis=1)
    assert distances.min() <= point_error
    loss, _, _ = derivatives(problem, problem.minima.points[distances.argmin()])
    assert abs(loss[0] - value) <= value_error


def test_all_published_minima_are_declared():
    published = [name for name, *_ in DIGITS]
    for name in set(published):
        assert len(bind(name).minima.points) == published.count(name)


@of_kind("points")
def test_declared_points_are_minima(surface):
    problem = bind(surface)
    points = np.array(problem.minima.points)
    loss, grads, hessians = derivatives(problem, points)
    steepest = np.abs(derivatives(problem, grid(problem.domain))[1]).max()
    assert np.ptp(loss) < 1e-12  # equally deep
    assert np.abs(grads).max() <= 1e-12 * steepest
    assert np.linalg.eigvalsh(hessians).min() >= 0
    around = 1e-3 * np.ptp(problem.domain[0]) * np.array([(np.cos(a), np.sin(a)) for a in np.linspace(0, 6.2, 32)])
    for point, value in zip(points, loss, strict=True):
        assert derivatives(problem, point + around)[0].min() > value


@of_kind("curve")
def test_points_of_a_declared_curve_are_minima_without_curvature_along_it(surface):
    problem = bind(surface)
    loss, grads, hessians = derivatives(problem, problem.minima.points)
    np.testing.assert_allclose(loss, 0, atol=1e-30)
    np.testing.assert_allclose(grads, 0, atol=1e-14)
    eigenvalues = np.linalg.eigvalsh(hessians)
    np.testing.assert_allclose(eigenvalues[:, 0], 0, atol=1e-14)
    assert (eigenvalues[:, 1] > 0).all()


@of_kind("boundary")
def test_a_boundary_minimum_is_on_the_edge_and_downhill_leads_out(surface):
    problem = bind(surface)
    low, high = np.array(problem.domain).T
    for point in problem.minima.points:
        at_edge = (point == low).astype(int) - (point == high)  # 1: at the lower edge, −1: at the upper one
        _, grads, hessians = derivatives(problem, point)
        is_edge = at_edge != 0
        assert is_edge.any()
        assert (grads[0] * at_edge)[is_edge].min() > 0  # the loss rises inwards
        np.testing.assert_allclose(grads[0][~is_edge], 0, atol=1e-9)
        assert (np.diag(hessians[0])[~is_edge] > 0).all()


@of_kind("none")
def test_without_a_minimum_the_loss_falls_as_the_view_grows(surface):
    half, full = (derivatives(bind(surface), factor * grid(bind(surface).domain))[0].min() for factor in (0.5, 1.0))
    assert full < half


@of_kind("points", "boundary", "curve")
def test_nothing_in_the_domain_is_lower_than_the_declared_minimum(surface):
    problem = bind(surface)
    lowest = derivatives(problem, problem.minima.points)[0].min()
    assert derivatives(problem, grid(problem.domain))[0].min() >= lowest - 1e-12


@pytest.mark.parametrize("name", sorted({name for name, *_ in DIGITS}))
def test_nothing_on_a_fine_grid_is_lower_than_the_published_minimum(name):
    problem = bind(name)
    lowest = derivatives(problem, problem.minima.points)[0].min()
    assert FORMULAS[name](*grid(problem.domain, 801).T).min() >= lowest - 1e-12


@pytest.mark.parametrize(("name", "point", "expected"), KINKS)
def test_the_subgradient_at_a_kink_is_zero(name, point, expected):
    _, grads, hessians = derivatives(bind(name), point)
    np.testing.assert_allclose(grads[0], expected, atol=1e-12)
    assert np.isfinite(hessians).all()


def test_every_rough_surface_has_a_kink_and_no_other():
    assert {name for name, *_ in KINKS} == {surface.name for surface in SURFACES.values() if not surface.smooth}


def test_drop_wave_is_smooth_at_its_minimum():
    # −(1 + cos 12r)/(2 + r²/2) = −1 + (36 + 1/4)r² + …, whose Hessian is 2·36.25 times the identity.
    _, _, hessians = derivatives(bind("drop_wave"), [(0.0, 0.0), (1e-3, 0.0)])
    np.testing.assert_allclose(hessians[0], 72.5 * np.eye(2), rtol=1e-12)
    np.testing.assert_allclose(hessians[1], 72.5 * np.eye(2), atol=0.02)


def test_two_weights_has_the_saddle_of_the_textbook():
    loss, grads, hessians = derivatives(bind("two_weights"), (0.0, 0.0))
    np.testing.assert_array_equal(loss, [1])
    np.testing.assert_array_equal(grads, [[0, 0]])
    np.testing.assert_array_equal(hessians, [[[0, -2], [-2, 0]]])


def test_far_from_the_answer_squared_error_is_flat_and_cross_entropy_steep():
    far = (-10.0, 10.0)
    assert np.linalg.norm(derivatives(bind("softmax_squared_error"), far)[1]) < 1e-6
    assert np.linalg.norm(derivatives(bind("softmax_cross_entropy"), far)[1]) > 0.5


def test_binding_twice_is_one_lookup():
    assert bind("bowl", kappa=7.0) is bind("bowl", kappa=7.0)
    assert bind("bowl", kappa=7.0) is not bind("bowl", kappa=8.0)


def test_what_is_cached_cannot_be_changed():
    hessian = hessian_of(bind("bowl"))
    with pytest.raises(ValueError, match="read-only"):
        hessian[0, 0] = 2.0


def test_the_registry_cannot_be_changed():
    with pytest.raises(TypeError):
        SURFACES["everest"] = SURFACES["bowl"]  # pyright: ignore[reportIndexIssue]: that is the point


def test_left_out_parameters_take_their_defaults():
    _, grads, _ = derivatives(bind("bowl"), (-8.0, 2.0))
    np.testing.assert_array_equal(grads, [[-8, 50]])


def test_kernels_take_one_point():
    with pytest.raises(TypeError):
        SURFACES["circle"].loss(jnp.zeros(3), {})
