"""What the presets of Averages say, as checks of the answers that they speak of."""

import numpy as np

from tests.claims.views import View, panels


def values(average: View) -> np.ndarray:
    return np.asarray(average.value)


def roughness(average: View) -> float:
    """The standard deviation of the changes from step to step, late enough that no start matters."""
    return float(np.diff(values(average)[100:]).std())


def lag(average: View, signal: np.ndarray) -> int:
    """By how many steps the signal must be moved to look most like its average."""
    late = values(average)[100:]
    scores = [np.corrcoef(late, signal[100 - shift : len(signal) - shift])[0, 1] for shift in range(80)]
    return int(np.argmax(scores))


def year(query):
    found = [panels("averages", f"{query}&beta={beta}&average=ema")[0] for beta in (0.9, 0.98)]
    first, second = (panel.averages[0] for panel in found)
    np.testing.assert_allclose([first.window, second.window], [10, 50])
    assert roughness(second) < roughness(first) / 2
    signal = np.asarray(found[0].signal)
    assert lag(second, signal) > lag(first, signal) > 0


def bias(query):
    (panel,) = panels("averages", query)
    plain, corrected = (values(average) for average in panel.averages)
    signal = np.asarray(panel.signal)
    assert np.all(plain[1:13] < 0.3 * signal[1:13])
    assert np.all(np.diff(plain[:13]) > 0)
    assert np.all(np.abs(corrected[1:13] - signal[1:13]) < 0.2 * signal[1:13])


def betas(query):
    (panel,) = panels("averages", query)
    np.testing.assert_allclose([average.window for average in panel.averages], [2, 10, 50])
    rough = [roughness(average) for average in panel.averages]
    assert rough == sorted(rough, reverse=True)
    lags = [lag(average, np.asarray(panel.signal)) for average in panel.averages]
    assert lags == sorted(set(lags))


def memory(query):
    (panel,) = panels("averages", query.replace("noise=1", "noise=0"))
    exponential, moving = panel.averages
    np.testing.assert_allclose([exponential.window, moving.window], 50)
    assert [exponential.stores, moving.stores] == [2, 50]
    signal = np.asarray(panel.signal)
    jump = int(np.argmax(np.diff(signal[1:]) > 0)) + 2  # the first row of the new level
    low, high = signal[1], signal[jump]
    reached = [(values(average)[jump + 49] - low) / (high - low) for average in (exponential, moving)]
    np.testing.assert_allclose(reached, [2 / 3, 1], atol=0.04)


def spike(query):
    (panel,) = panels("averages", query)
    exponential = panel.averages[0]
    observed = np.asarray(panel.observed)
    at = int(np.nanargmax(observed))
    assert observed[at] == 10
    k = np.arange(30)
    np.testing.assert_allclose(values(exponential)[at : at + 30], 10 * 0.1 * 0.9**k)
    np.testing.assert_allclose(np.asarray(exponential.weights)[:30], 0.1 * 0.9**k)


def walk(query):
    (panel,) = panels("averages", query)
    by_window = sorted(panel.averages, key=lambda average: average.window)
    errors = [average.error for average in by_window]
    assert errors == sorted(errors)
    assert errors[-1] > 3 * errors[0]


def compare(query):
    for panel, bars in zip(panels("averages", query), (10, 50), strict=True):
        exponential, moving = panel.averages
        assert np.count_nonzero(np.asarray(moving.weights)) == bars
        assert 0.6 < np.asarray(exponential.weights)[:bars].sum() < 0.7
    first, second = panels("averages", query)
    np.testing.assert_array_equal(np.asarray(first.observed), np.asarray(second.observed))


CLAIMS = {
    "year": year,
    "bias": bias,
    "betas": betas,
    "memory": memory,
    "spike": spike,
    "walk": walk,
    "compare": compare,
}
