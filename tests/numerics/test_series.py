"""Running averages against plain loops and closed forms."""

import math

import numpy as np
import pytest

from app.numerics.analysis.averages import SERIES, exponential, moving, window_of
from app.schema.kinds import Number

BETAS = [0.0, 0.5, 0.9, 0.98, 0.999]


def observed_of(name="sine", *, steps=300, seed=3, noise=2.0):
    series = SERIES[name]
    values = {parameter.name: parameter.default or 0.0 for parameter in series.parameters}
    return series.make(steps=steps, seed=seed, noise=noise, **values)[1]


def average_by_hand(observed, beta, initial):
    values = [initial]
    for x in observed[1:]:
        values.append(beta * values[-1] + (1 - beta) * x)
    return np.array(values)


@pytest.mark.parametrize("beta", BETAS)
@pytest.mark.parametrize("initial", [0.0, -4.0])
def test_an_exponential_average_is_its_recursion(beta, initial):
    observed = observed_of()
    plain = exponential(observed, beta=beta, initial=initial, debias=False)
    by_hand = average_by_hand(observed, beta, initial)
    np.testing.assert_allclose(plain.value, by_hand, atol=1e-11)
    # Corrected, it is the average that began at 0, divided by what it has seen.
    corrected = exponential(observed, beta=beta, initial=initial, debias=True)
    from_zero = average_by_hand(observed, beta, 0.0)
    for t in range(1, len(observed)):
        assert corrected.value[t] == pytest.approx(from_zero[t] / (1 - beta**t), abs=1e-9)
    assert math.isnan(corrected.value[0])


@pytest.mark.parametrize("window", [1, 7, 50, 2000])
def test_a_moving_average_is_the_mean_of_the_last_values(window):
    observed = observed_of()
    found = moving(observed, window=window)
    for t in range(1, len(observed)):
        assert found.value[t] == pytest.approx(np.mean(observed[max(1, t - window + 1) : t + 1]), abs=1e-10)


@pytest.mark.parametrize("beta", BETAS)
@pytest.mark.parametrize("t", [1, 2, 10, 300])
def test_the_weights_sum_to_one_minus_beta_to_the_t(beta, t):
    observed = observed_of()
    plain = exponential(observed, beta=beta, initial=0.0, debias=False)
    assert plain.weights_at(t).sum() == pytest.approx(1 - beta**t, abs=1e-12)
    assert plain.start_weight[t] == pytest.approx(beta**t)
    corrected = exponential(observed, beta=beta, initial=0.0, debias=True)
    assert corrected.weights_at(t).sum() == pytest.approx(1, abs=1e-11)
    assert moving(observed, window=20).weights_at(t).sum() == pytest.approx(1, abs=1e-12)


@pytest.mark.parametrize("t", [1, 5, 60])
def test_the_weights_are_what_the_average_is_made_of(t):
    observed, initial = observed_of(), 7.0
    found = [
        exponential(observed, beta=0.9, initial=initial, debias=False),
        exponential(observed, beta=0.9, initial=initial, debias=True),
        moving(observed, window=10),
    ]
    for one in found:
        newest_first = observed[t:0:-1]
        made = one.weights_at(t) @ newest_first + one.start_weight[t] * initial
        assert made == pytest.approx(one.value[t], abs=1e-10)


@pytest.mark.parametrize(("beta", "window"), [(0.9, 10), (0.98, 50), (0.5, 2), (0.0, 1), (0.999, 1000)])
def test_beta_is_a_window(beta, window):
    assert window_of(beta) == window


@pytest.mark.parametrize(("beta", "within"), [(0.9, 0.06), (0.98, 0.011), (0.999, 0.0006)])
def test_a_window_back_the_weight_is_about_one_e_th_of_the_newest(beta, within):
    found = exponential(observed_of(steps=1500), beta=beta, initial=0.0, debias=False)
    share = found.weights[round(found.window)] / found.weights[0]
    # βᵏ at k = 1/(1 − β) is e⁻¹(1 − (1 − β)/2 − …).
    assert share == pytest.approx(1 / math.e, rel=within)


@pytest.mark.parametrize("beta", BETAS)
def test_the_corrected_average_of_a_constant_is_that_constant_at_every_step(beta):
    observed = observed_of("constant", noise=0.0)
    found = exponential(observed, beta=beta, initial=-3.0, debias=True)
    np.testing.assert_allclose(found.value[1:], 10.0, rtol=1e-11)


def test_what_has_to_be_kept():
    observed = observed_of()
    assert exponential(observed, beta=0.98, initial=0.0, debias=False).stores == 1
    assert exponential(observed, beta=0.98, initial=0.0, debias=True).stores == 2  # and the count of steps
    assert moving(observed, window=50).stores == 50


@pytest.mark.parametrize("series", SERIES.values(), ids=SERIES)
def test_a_longer_series_begins_like_a_shorter_one_and_the_seed_decides(series):
    values = {parameter.name: parameter.default for parameter in series.parameters}
    assert all(isinstance(parameter, Number) for parameter in series.parameters)
    short = series.make(steps=50, seed=1, noise=2.0, **values)[1]
    long = series.make(steps=400, seed=1, noise=2.0, **values)[1]
    np.testing.assert_array_equal(long[:51], short)
    assert np.isfinite(long[1:]).all()
    assert not np.array_equal(series.make(steps=50, seed=2, noise=2.0, **values)[1], short)


def test_the_noise_has_the_standard_deviation_that_was_asked_for():
    signal, observed = SERIES["sine"].make(steps=2000, seed=0, noise=2.0, level=10.0, period=60.0)
    assert np.std((observed - signal)[1:]) == pytest.approx(2.0, rel=0.05)
