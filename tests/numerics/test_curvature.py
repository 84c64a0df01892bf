"""Eigenvalues in closed form against LAPACK and exact fractions; what is zero but for rounding; kinks."""

from fractions import Fraction

import jax
import numpy as np
import pytest

from app.numerics.conditions import Conditions
from app.numerics.problems.curvature import ascending, eigenvalues_of, eigenvectors_of
from app.numerics.problems.roughness import has_derivatives, is_rough_at
from app.numerics.problems.surfaces import SURFACES
from app.numerics.rounding import without_rounding
from tests.numerics.evaluate import bind, scattered
from tests.numerics.published import KINKS

PLAIN = Conditions()


def symmetric(count=2000, spread=8):
    draws = np.random.default_rng(0)
    entries = draws.standard_normal((count, 3)) * 10 ** draws.uniform(-spread, spread, (count, 3))
    return entries[:, [0, 1, 1, 2]].reshape(-1, 2, 2)


def test_eigenvalues_are_those_of_lapack():
    hessians = symmetric()
    found, expected = eigenvalues_of(hessians), np.linalg.eigvalsh(hessians)
    largest = np.abs(expected).max(axis=1, keepdims=True)
    assert np.max(np.abs(found - expected) / largest) < 1e-15


@pytest.mark.parametrize("diagonal", [(1, 1e8), (1e16, 1), (-3e-200, 4e200), (0, 0), (2, 2), (-0.1, 0.3)])
def test_a_diagonal_matrix_has_exactly_its_entries_as_eigenvalues(diagonal):
    assert eigenvalues_of(np.diag(np.array(diagonal, dtype=float))).tolist() == sorted(diagonal)


def test_of_a_nearly_diagonal_matrix_the_small_eigenvalue_keeps_its_digits():
    # Middle ± radius gives 0 here: 1e-9 is lost beside 1e9.
    low, high = eigenvalues_of(np.array([[1e9, 1e-3], [1e-3, 1e-9]])).tolist()
    determinant = Fraction(1e9) * Fraction(1e-9) - Fraction(1e-3) ** 2
    assert low == pytest.approx(float(determinant / Fraction(1e9)), rel=1e-12)
    assert high == 1e9


def test_products_with_the_eigenvectors_stretch_them_and_they_are_orthonormal():
    hessians = symmetric()
    vectors, values = eigenvectors_of(hessians), eigenvalues_of(hessians)
    largest = np.abs(values).max(axis=1)[:, None, None]
    assert np.max(np.abs(vectors @ hessians - values[..., None] * vectors) / largest) < 1e-14
    np.testing.assert_allclose(
        vectors @ vectors.transpose(0, 2, 1), np.broadcast_to(np.eye(2), vectors.shape), atol=1e-15
    )


@pytest.mark.parametrize(
    ("hessian", "expected"),
    [
        ([[0, -2], [-2, 0]], [[0.5**0.5, 0.5**0.5], [0.5**0.5, -(0.5**0.5)]]),
        ([[2, 0], [0, -2]], [[0, 1], [1, 0]]),
        ([[-2, 0], [0, 2]], [[1, 0], [0, 1]]),
        ([[3, 0], [0, 3]], [[1, 0], [0, 1]]),
        ([[0, 0], [0, 0]], [[1, 0], [0, 1]]),
    ],
)
def test_eigenvectors_point_to_the_right_or_up(hessian, expected):
    np.testing.assert_allclose(eigenvectors_of(np.array(hessian, dtype=float)), expected, atol=1e-15)


def test_compiled_code_finds_the_same_eigenvalues():
    xx, xy, _, yy = symmetric(100).reshape(-1, 4).T
    compiled = np.array(jax.jit(ascending)(*map(jax.numpy.asarray, (xx, xy, yy))))
    plain = np.array(ascending(xx, xy, yy))
    assert np.max(np.abs(compiled - plain) / np.abs(plain).max(axis=0)) < 1e-15


def test_what_rounding_leaves_of_zero_is_zero():
    assert without_rounding(-3.5e-18, 2.0) == 0
    assert without_rounding(np.array([-8.9e-16, 1e-9]), 14.3).tolist() == [0, 1e-9]
    assert without_rounding(-3.5e-18, 1e-17) == -3.5e-18  # small beside nothing


@pytest.mark.parametrize(("name", "point", "_slope"), KINKS)
def test_every_known_kink_is_declared_as_one(name, point, _slope):
    assert not has_derivatives(bind(name), PLAIN, np.array(point))


@pytest.mark.parametrize("name", [name for name, surface in SURFACES.items() if not surface.smooth])
def test_elsewhere_a_rough_surface_has_derivatives(name):
    problem = bind(name)
    assert not is_rough_at(problem, scattered(problem.domain, 1000)).any()


def test_a_penalty_with_a_crease_has_no_derivative_where_a_coordinate_is_zero():
    problem, points = bind("bowl"), np.array([[0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    ridge, lasso = (Conditions(smooth_weight=0.5, exponent=exponent) for exponent in (2.0, 1.0))
    assert has_derivatives(problem, PLAIN, points).all()
    assert has_derivatives(problem, ridge, points).all()
    assert has_derivatives(problem, lasso, points).tolist() == [False, False, True]
    assert not is_rough_at(problem, points).any()
