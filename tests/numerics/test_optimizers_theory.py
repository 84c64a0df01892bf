"""What the theory of quadratics says of the optimizers, and what their forms have to do with each other."""

import math
from typing import Any

import numpy as np
import pytest

from app.numerics.optimizers import OPTIMIZERS
from app.numerics.runs.step import Conditions, Trajectory
from tests.numerics.support import run, terrain

LARGEST = 25.0  # eigenvalue of the bowl with κ = 25; the smallest is 1


def distance(path: Trajectory) -> np.ndarray:
    """Return the distance from the bowl's minimum, row by row."""
    return np.linalg.norm(path.params, axis=1)


@pytest.mark.parametrize("surface", ["bowl", "rosenbrock", "beale"])
def test_averaged_momentum_with_a_larger_rate_is_the_heavy_ball(surface):
    ball = run(terrain(surface), "momentum", start=(1.3, 0.7), learning_rate=0.0005, beta1=0.9)
    averaged = run(terrain(surface), "momentum_ema", start=(1.3, 0.7), learning_rate=0.0005 / (1 - 0.9), beta1=0.9)
    assert averaged.params == pytest.approx(ball.params, rel=1e-12, abs=1e-12)


@pytest.mark.parametrize("surface", ["bowl", "rosenbrock", "beale"])
def test_without_memory_momentum_and_nesterov_are_gradient_descent(surface):
    plain = run(terrain(surface), "gd", start=(1.3, 0.7), learning_rate=0.001)
    for name in ("momentum", "momentum_ema", "nesterov"):
        path = run(terrain(surface), name, start=(1.3, 0.7), learning_rate=0.001, beta1=0.0)
        assert path.params == pytest.approx(plain.params, rel=1e-12, abs=1e-12)


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("adam", {"eps": 0.0}),
        ("adamw", {"eps": 0.0, "weight_decay": 0.0}),
        ("amsgrad", {"eps": 0.0}),
        ("adamax", {"eps": 0.0}),
        ("adan", {"eps": 0.0}),
        ("adagrad", {"eps": 0.0}),
        ("adagrad_mean", {}),
        ("rmsprop", {"eps": 0.0, "initial": "first_gradient"}),
        ("lion", {}),
        ("sign_sgd", {}),
    ],
)
def test_the_first_step_is_the_learning_rate_in_every_coordinate(name, values):
    path = run(terrain("rosenbrock"), name, start=(-1.5, 2.0), learning_rate=0.03, **values)
    assert np.abs(path.updates[0]) == pytest.approx([0.03, 0.03], rel=1e-13)


@pytest.mark.parametrize("name", ["gd", "momentum", "nesterov"])
@pytest.mark.parametrize("beta1", [0.0, 0.5, 0.9])
def test_the_stability_limit_is_where_quadratics_begin_to_diverge(name, beta1):
    optimizer = OPTIMIZERS[name]
    values: dict[str, Any] = {"beta1": beta1} if name != "gd" else {}

    def grows(rate: float) -> bool:
        path = run(terrain("bowl"), name, start=(0.0, 1.0), steps=512, learning_rate=rate, **values)
        return not abs(path.params[-1, 1]) <= 1.0

    stable, unstable = 0.0, 1.0
    for _ in range(30):
        middle = (stable + unstable) / 2
        stable, unstable = (stable, middle) if grows(middle) else (middle, unstable)
    # With 512 steps and a double root −1 close by, growth by a constant factor is mistaken for divergence.
    assert optimizer.stability is not None
    assert stable == pytest.approx(optimizer.stability(LARGEST, values), rel=2e-3)


def test_gradient_descent_converges_exactly_below_two_over_the_largest_eigenvalue():
    assert distance(run(terrain("bowl"), "gd", learning_rate=0.999 * 2 / LARGEST, steps=512))[-1] < 2
    assert distance(run(terrain("bowl"), "gd", learning_rate=1.001 * 2 / LARGEST, steps=512))[-1] > 2


@pytest.mark.parametrize("start", [(-8.0, 2.0), (1e-3, 1e6), (0.5, -3.0)])
def test_on_a_circle_gradient_descent_arrives_in_one_step_from_anywhere(start):
    # With the penalty 1.5·‖θ‖² the curvature is λ = 1 + 2·1.5 = 4 all around.
    path = run(
        terrain("bowl", kappa=1.0),
        "gd",
        start=start,
        learning_rate=1 / 4,
        steps=3,
        conditions=Conditions(1.5, 0.0, 2.0),
    )
    assert np.abs(path.params[1:]).max() <= 1e-15 * np.abs(start).max()


def test_the_best_rate_of_gradient_descent_contracts_by_kappa():
    path = run(terrain("bowl"), "gd", start=(3.0, 3.0), learning_rate=2 / (1 + LARGEST), steps=50)
    assert distance(path)[1:] / distance(path)[:-1] == pytest.approx(np.full(50, 24 / 26), rel=1e-12)


def test_each_coordinate_shrinks_by_one_minus_rate_times_curvature():
    path = run(terrain("bowl"), "gd", start=(1.0, 1.0), learning_rate=0.03, steps=20)
    k = np.arange(21)
    assert path.params == pytest.approx(np.stack([0.97**k, 0.25**k], axis=1), rel=1e-13)


@pytest.mark.parametrize("kappa", [25.0, 100.0, 400.0])
def test_heavy_ball_needs_steps_like_the_root_of_kappa_and_gradient_descent_like_kappa(kappa):
    root = math.sqrt(kappa)
    rates: dict[str, Any] = {"learning_rate": (2 / (root + 1)) ** 2, "beta1": ((root - 1) / (root + 1)) ** 2}
    problem = terrain("bowl", kappa=kappa)

    def steps_to(path: Trajectory, tolerance: float) -> int:
        return int(np.argmax(distance(path) <= tolerance * distance(path)[0]))

    ball = steps_to(run(problem, "momentum", start=(1.0, 1.0), steps=512, **rates), 1e-3)
    plain = steps_to(run(problem, "gd", start=(1.0, 1.0), steps=512, learning_rate=2 / (1 + kappa)), 0.3)
    # Gradient descent loses a factor e in κ/2 steps, the heavy ball in √κ/2 and a little.
    assert plain == pytest.approx(math.log(1 / 0.3) * kappa / 2, rel=0.1)
    assert math.log(1e3) * root / 2 <= ball <= 2 * math.log(1e3) * root / 2


def test_newton_is_at_the_minimum_of_a_quadratic_after_one_step():
    path = run(terrain("bowl", kappa=1e6, angle=30.0), "newton", start=(-8.0, 2.0), steps=2)
    assert np.abs(path.params[1:]).max() < 1e-9


def test_rmsprop_from_zero_starts_with_long_steps():
    path = run(terrain("bowl"), "rmsprop", learning_rate=0.01, beta2=0.99, eps=0.0, initial="zero")
    assert np.abs(path.updates[0]) == pytest.approx([0.1, 0.1], rel=1e-12)  # η/√(1 − β₂)
