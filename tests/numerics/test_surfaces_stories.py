"""What our own surfaces were made to show, from their default starts."""

import jax
import numpy as np
import pytest

from app.numerics.problems.surfaces import SURFACES
from tests.numerics.evaluate import bind

pytestmark = pytest.mark.sampled


def descend(name, *, rate, steps, clip=np.inf, momentum=0.0, normalize=False):
    """The textbook's loop: returns all points."""
    problem = bind(name)
    slope = jax.jit(jax.grad(SURFACES[name].loss))
    points, velocity = [np.array(problem.start)], np.zeros(2)
    for _ in range(steps):
        grads = np.asarray(slope(points[-1], problem.arrays))
        length = np.linalg.norm(grads)
        grads = grads / length if normalize else grads * min(1.0, clip / length)
        velocity = momentum * velocity + grads
        points.append(points[-1] - rate * velocity)
    return np.array(points)


@pytest.mark.parametrize("rate", [0.1, 0.3, 1.0])
def test_the_cliff_throws_descent_out_of_the_view_and_clipping_keeps_it(rate):
    (left, _), _ = bind("cliff").domain
    assert descend("cliff", rate=rate, steps=150)[:, 0].min() < left
    clipped = descend("cliff", rate=rate, steps=150, clip=1.0)
    assert np.linalg.norm(clipped[-1] - bind("cliff").minima.points[0]) < max(1.5 * rate, 1.5)
    assert clipped[:, 0].min() > left


def test_the_plateau_stalls_descent_and_lets_normalized_steps_cross():
    start = np.array(bind("plateau").start)
    assert np.linalg.norm(descend("plateau", rate=0.1, steps=200)[-1] - start) < 0.2
    assert np.linalg.norm(descend("plateau", rate=0.1, steps=200, normalize=True)[-1]) < 0.2


def test_the_long_valley_is_crawled_along_and_momentum_gets_through():
    rate = 0.4  # 80 % of the largest stable one
    assert abs(descend("long_valley", rate=rate, steps=200)[-1, 0]) > 3
    assert abs(descend("long_valley", rate=rate, steps=200, momentum=0.9)[-1, 0]) < 0.1


def test_descent_on_the_saddle_first_comes_close_and_then_leaves():
    distances = np.linalg.norm(descend("saddle", rate=0.1, steps=40), axis=1)
    assert distances.min() < 0.2 < 1.5 < distances[-1]


@pytest.mark.parametrize(
    ("name", "rate"),
    [("styblinski_tang", 0.003), ("mccormick", 0.1), ("three_hump_camel", 0.03), ("rastrigin", 0.001), ("levy", 0.01)],
)
def test_descent_from_the_default_start_ends_in_a_minimum_that_is_not_the_lowest(name, rate):
    end = descend(name, rate=rate, steps=300)
    assert np.linalg.norm(end[-1] - end[-2]) < 1e-3
    assert np.linalg.norm(end[-1] - bind(name).minima.points[0]) > 1


def test_squared_error_stalls_where_cross_entropy_gets_out():
    ends = {name: descend(name, rate=1.0, steps=200)[-1] for name in ("softmax_squared_error", "softmax_cross_entropy")}
    np.testing.assert_allclose(ends["softmax_squared_error"], bind("softmax_squared_error").start, atol=1e-4)
    assert ends["softmax_cross_entropy"][0] > ends["softmax_cross_entropy"][1]  # the right class wins
