"""The small network: its loss and its Hessian against plain NumPy and finite differences."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from app.numerics.analysis.network import MOST_HIDDEN, cross_entropy, training
from app.runtime.programs import Programs

pytestmark = pytest.mark.sampled


@pytest.fixture(scope="module")
def programs():
    return Programs()


@pytest.mark.thorough
def test_the_loss_is_the_mean_logistic_loss_of_a_tanh_network():
    draws = np.random.default_rng(0)
    weights, features = draws.normal(size=4 * MOST_HIDDEN + 1), draws.normal(size=(20, 2))
    signs = np.sign(draws.normal(size=20))
    into, bias, out = weights[:16].reshape(2, 8), weights[16:24], weights[24:32]
    scores = [sum(out[k] * np.tanh(row @ into[:, k] + bias[k]) for k in range(8)) + weights[32] for row in features]
    expected = np.mean(np.log1p(np.exp(-signs * scores)))
    assert float(cross_entropy(*map(jnp.asarray, (weights, features, signs)))) == pytest.approx(expected)


@pytest.mark.thorough
@pytest.mark.parametrize("hidden", [1, 4, 8])
def test_only_the_weights_of_the_chosen_units_count(programs, hidden):
    found = training(programs, hidden, 0)
    assert found.parameters == 4 * hidden + 1
    assert found.eigenvalues.shape == (len(found.stages), 4 * hidden + 1)
    assert np.all(np.diff(found.eigenvalues, axis=1) >= 0)
    assert found.loss[-1] < 0.4 * found.loss[0]


@pytest.mark.thorough
def test_the_trace_of_the_hessian_agrees_with_differences_of_the_loss(programs):
    found = training(programs, MOST_HIDDEN, 3)
    assert np.isfinite(found.eigenvalues).all()
    draws = np.random.default_rng(0)
    weights, features, signs = draws.normal(size=33), draws.normal(size=(9, 2)), np.sign(draws.normal(size=9))
    loss = jax.jit(lambda at: cross_entropy(at, jnp.asarray(features), jnp.asarray(signs)))
    trace = sum((loss(weights + h) - 2 * loss(weights) + loss(weights - h)) / 1e-8 for h in 1e-4 * np.eye(33))
    hessian = jax.hessian(loss)(weights)
    assert float(trace) == pytest.approx(float(np.trace(hessian)), rel=1e-4)


@pytest.mark.thorough
def test_with_eight_units_the_share_of_positive_eigenvalues_does_not_reach_one(programs):
    for seed in range(3):
        ratio = training(programs, MOST_HIDDEN, seed).ratio
        assert ratio.min() > 0.3
        assert 0.7 < ratio[-1] < 1


def test_another_seed_or_width_compiles_nothing(programs):
    training(programs, 4, 0)
    before = programs.traces
    training(programs, 2, 7)
    assert programs.traces == before
