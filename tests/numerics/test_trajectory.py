"""The path itself: what a row holds, and the order in which penalty, noise, clipping and update are composed."""

from dataclasses import replace

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from app.numerics.optimizers import OPTIMIZERS
from app.numerics.runs.step import Conditions, penalty_sum, total_loss
from tests.numerics.support import ROWS, problem, run, terrain
from tests.numerics.textbook import TERRAINS

pytestmark = pytest.mark.sampled

EVERY = pytest.mark.parametrize("name", OPTIMIZERS)
DRAWS = np.random.RandomState(7).standard_normal((ROWS, 2))


@EVERY
def test_each_row_holds_what_its_update_used(name):
    bowl, start = terrain("bowl"), (-8.0, 2.0)
    path = run(bowl, name, start=start)
    assert tuple(path.params[0]) == start
    assert path.params[1:] == pytest.approx(path.params[:-1] + path.updates[:-1], rel=1e-12, abs=1e-300)
    assert path.loss == pytest.approx([TERRAINS["bowl"].loss(point) for point in path.params], rel=1e-13)
    assert path.grads == pytest.approx(path.params * [1.0, 25.0], rel=1e-15)
    where = path.state.get("lookahead", path.params)
    assert path.state["gradient_used"] == pytest.approx(where * [1.0, 25.0], rel=1e-14, abs=1e-300)


@EVERY
def test_every_optimizer_gets_the_same_draws(name):
    path = run(terrain("bowl"), name, noise=DRAWS, steps=60)
    where = path.state.get("lookahead", path.params)
    assert path.state["gradient_used"] - where * [1.0, 25.0] == pytest.approx(DRAWS[:61], abs=1e-11)


def test_clipping_comes_after_noise_and_bounds_each_component_or_the_length():
    noisy = run(terrain("bowl"), "gd", noise=DRAWS, learning_rate=0.01)
    by_value = run(terrain("bowl"), "gd", noise=DRAWS, learning_rate=0.01, conditions=Conditions(clip_value=0.5))
    by_norm = run(terrain("bowl"), "gd", noise=DRAWS, learning_rate=0.01, conditions=Conditions(clip_norm=0.5))
    unclipped = by_value.grads + DRAWS[:201]
    assert by_value.state["gradient_used"] == pytest.approx(np.clip(unclipped, -0.5, 0.5), rel=1e-13)
    unclipped = by_norm.grads + DRAWS[:201]
    factor = np.minimum(1.0, 0.5 / np.linalg.norm(unclipped, axis=1, keepdims=True))
    assert by_norm.state["gradient_used"] == pytest.approx(unclipped * factor, rel=1e-13)
    assert np.abs(noisy.state["gradient_used"]).max() > 10


def test_an_unclipped_gradient_is_untouched_by_a_wide_bound():
    plain = run(terrain("rosenbrock"), "adam")
    wide = run(terrain("rosenbrock"), "adam", conditions=Conditions(clip_value=1e9, clip_norm=1e9))
    assert np.array_equal(plain.params, wide.params)


@pytest.mark.parametrize("q", [0.5, 1.0, 1.5, 2.0, 3.0, 4.0])
def test_penalized_descent_is_a_plain_loop(q):
    weight, rate, point = 0.3, 0.01, np.array([-1.5, 2.0])
    path = run(terrain("bowl"), "gd", start=(-1.5, 2.0), learning_rate=rate, conditions=Conditions(weight, 0.0, q))
    for row in range(201):
        size = np.abs(point)
        slope = weight * q * np.sign(point) * np.where(size > 0, size, 1.0) ** (q - 1)
        assert path.params[row] == pytest.approx(point, rel=1e-9, abs=1e-9)
        assert path.loss[row] == pytest.approx(TERRAINS["bowl"].loss(point) + weight * np.sum(size**q), rel=1e-9)
        if np.any(size < 0.05):
            break  # from here the root's slope grows without bound, and the path jumps about
        point = point - rate * (point * [1.0, 25.0] + slope)


@pytest.mark.parametrize("q", [0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 4.0])
def test_the_penalty_and_its_slope_are_zero_at_zero(q):
    value, slope = jax.value_and_grad(penalty_sum)(jnp.array([0.0, 2.0]), jnp.array(q))
    assert value == pytest.approx(2.0**q)
    assert slope == pytest.approx([0.0, q * 2.0 ** (q - 1)])


def test_the_subgradient_hovers_where_the_proximal_step_is_exactly_zero():
    # The bowl moved so that its minimum is at (0.05, 1): with weight 0.1 the first coordinate belongs to 0.
    bowl = problem("bowl", kappa=1.0)
    off = jnp.array([0.05, 1.0])
    surface = replace(bowl.surface, loss=lambda params, arrays: bowl.surface.loss(params - off, arrays))
    moved = replace(bowl, surface=surface)
    hovers = run(moved, "gd", start=(-1.0, 0.0), learning_rate=0.3, conditions=Conditions(0.1, 0.0, 1.0))
    settles = run(moved, "gd", start=(-1.0, 0.0), learning_rate=0.3, conditions=Conditions(0.0, 0.1, 1.0))
    assert np.all(settles.params[20:, 0] == 0.0)
    assert settles.params[-1, 1] == pytest.approx(0.9, abs=1e-12)
    assert np.all(np.abs(hovers.params[-20:, 0]) > 1e-6)
    assert np.ptp(hovers.params[-20:, 0]) > 0.01
    # Iterative soft thresholding, as Beck and Teboulle (2009) write it.
    point = np.array([-1.0, 0.0])
    for row in range(50):
        assert settles.params[row] == pytest.approx(point, rel=1e-12, abs=1e-15)
        half = point - 0.3 * (point - np.array(off))
        point = np.sign(half) * np.maximum(np.abs(half) - 0.3 * 0.1, 0.0)


@pytest.mark.thorough
def test_gradient_descent_with_a_squared_penalty_reaches_the_closed_form():
    regression = problem("regression")
    hessian = np.asarray(jax.hessian(regression.surface.loss)(jnp.zeros(2), regression.arrays))
    slope = np.asarray(jax.grad(regression.surface.loss)(jnp.zeros(2), regression.arrays))
    weight = 0.1 * np.linalg.eigvalsh(hessian)[-1]
    ridge = np.linalg.solve(hessian + 2 * weight * np.eye(2), -slope)
    rate = 1 / (np.linalg.eigvalsh(hessian)[-1] + 2 * weight)
    path = run(regression, "gd", learning_rate=rate, steps=512, conditions=Conditions(weight, 0.0, 2.0))
    assert path.params[-1] == pytest.approx(ridge, rel=1e-8)


def test_a_diverged_run_keeps_its_place_as_data():
    path = run(terrain("rosenbrock"), "gd", start=(-1.5, 2.0), learning_rate=1.0)
    assert path.params.shape == (201, 2)
    assert not np.isfinite(path.params[-1]).any()
    assert np.isfinite(path.params[:3]).all()


@pytest.mark.parametrize("name", ["adam", "newton", "lbfgs"])
def test_compiling_into_one_kernel_changes_no_value(name, monkeypatch):
    start = {"start": (2.0, 1.0), "steps": 30}
    together = run(problem("himmelblau"), name, **start)
    monkeypatch.setattr("app.numerics.runs.step.as_one_kernel", lambda function: function)
    himmelblau = problem("himmelblau")
    another = replace(himmelblau, surface=replace(himmelblau.surface))  # so that it is compiled once more
    apart = run(another, name, **start)
    assert apart.params == pytest.approx(together.params, rel=1e-12)


@pytest.mark.thorough
def test_the_listed_loss_is_the_drawn_one():
    conditions = Conditions(0.1, 0.2, 1.0)
    path = run(terrain("bowl"), "gd", start=(1.0, 1.0), conditions=conditions, learning_rate=0.01)
    bowl = problem("bowl")
    traced = Conditions(*map(jnp.asarray, conditions))
    drawn = jax.vmap(total_loss(bowl.surface, bowl.arrays, traced))(jnp.asarray(path.params))
    assert path.loss == pytest.approx(np.asarray(drawn), rel=1e-14)
