"""What a constant Hessian decides: stability, contraction, the angle between slope and way."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.numerics.problems.surfaces import SURFACES
from tests.numerics.evaluate import bind, derivatives, grid, hessian_of

QUADRATIC = [surface for surface in SURFACES.values() if bind(surface).hessian is not None]


def hessian(**values):
    return hessian_of(bind("bowl", **values))


@pytest.mark.parametrize("surface", QUADRATIC, ids=[surface.name for surface in QUADRATIC])
def test_the_declared_hessian_is_that_of_the_loss(surface):
    problem = bind(surface)
    _, _, found = derivatives(problem, grid(problem.domain))
    np.testing.assert_allclose(found, np.broadcast_to(hessian_of(problem), found.shape), rtol=1e-14, atol=1e-15)


@settings(max_examples=50, deadline=None)
@given(kappa=st.floats(1, 1e6), angle=st.floats(-180, 180))
def test_a_turned_bowl_has_eigenvalues_1_and_kappa(kappa, angle):
    problem = bind("bowl", kappa=kappa, angle=angle)
    np.testing.assert_allclose(np.linalg.eigvalsh(hessian_of(problem)), [1, kappa], rtol=1e-9)
    _, _, found = derivatives(problem, problem.start)
    np.testing.assert_allclose(found[0], hessian_of(problem), rtol=1e-12, atol=1e-12 * kappa)


def test_the_angle_turns_the_flat_axis_counterclockwise():
    flat = np.array([np.cos(np.radians(30)), np.sin(np.radians(30))])
    np.testing.assert_allclose(hessian(kappa=25.0, angle=30.0) @ flat, flat, rtol=1e-14)


@pytest.mark.parametrize("kappa", [1.0, 4.0, 25.0, 1e3])
def test_the_largest_angle_between_slope_and_way_depends_on_kappa_alone(kappa):
    H = hessian(kappa=kappa, angle=20.0)
    turns = np.linspace(0, np.pi, 200_001)
    offsets = np.stack([np.cos(turns), np.sin(turns)], axis=1)
    slopes = offsets @ H
    cosines = np.sum(slopes * offsets, axis=1) / np.linalg.norm(slopes, axis=1)
    assert cosines.min() == pytest.approx(2 * np.sqrt(kappa) / (kappa + 1), rel=1e-6)


@pytest.mark.parametrize("start", [(-8.0, 2.0), (1e-3, 1e6), (0.5, -3.0)])
def test_on_a_circle_one_step_of_rate_1_is_enough_from_anywhere(start):
    _, grads, _ = derivatives(bind("circle"), start)
    np.testing.assert_array_equal(start - grads[0], [0, 0])


@pytest.mark.parametrize(
    ("rate_of_limit", "is_stable"),
    [(0.99, True), (1.01, False)],  # of 2/λ_max
)
def test_descent_is_stable_below_two_over_the_largest_eigenvalue(rate_of_limit, is_stable):
    H = hessian(kappa=25.0, angle=40.0)
    contraction = np.abs(np.linalg.eigvalsh(np.eye(2) - rate_of_limit * 2 / 25 * H)).max()
    assert (contraction < 1) == is_stable


def test_the_best_rate_contracts_by_kappa_minus_1_over_kappa_plus_1():
    H = hessian(kappa=25.0, angle=40.0)
    contraction = np.abs(np.linalg.eigvalsh(np.eye(2) - 2 / 26 * H)).max()
    assert contraction == pytest.approx(24 / 26, rel=1e-12)
