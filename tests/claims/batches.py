"""What the presets of Batches say, as checks of the answers that they speak of."""

import numpy as np

from tests.claims.views import View, panels, runs


def late_gap(run: View) -> float:
    """The mean gap over the last quarter of a run."""
    gap = np.asarray(run.gap)
    return float(gap[-len(gap) // 4 :].mean())


def one_against_all(query):
    single, whole = runs("batches", query)
    assert (single.update_count, whole.update_count) == (1780, 10)
    assert single.ends_above < 0.01 < 10 < whole.ends_above
    assert single.time_per_epoch > 10 * whole.time_per_epoch


def root_law(query):
    noise = panels("batches", query)[0].noise
    sizes, predicted, measured = (np.asarray(each) for each in (noise.batch_sizes, noise.predicted, noise.measured))
    n = sizes[-1]
    assert predicted[-1] == 0
    assert measured[-1] < 1e-12
    for size in (1, 4, 16):
        few, many = (measured[np.searchsorted(sizes, each)] for each in (size, 4 * size))
        np.testing.assert_allclose(few / many, 2, rtol=0.15)
    law = np.sqrt((n - sizes) / (n - 1) / sizes)
    np.testing.assert_allclose(predicted, predicted[0] * law, atol=1e-12)
    np.testing.assert_allclose(measured[:-1], predicted[:-1], rtol=0.1)


def noise_floor(query):
    gaps = [late_gap(run) for run in runs("batches", query)]
    assert gaps[0] > 2 * gaps[1] > 4 * gaps[2]


def shaken_out(query):
    for seed in ("", "&seed=1", "&seed=2"):
        single, whole = runs("batches", query + seed)
        assert np.asarray(single.params)[0, 0] < 0
        assert single.ends_at[0] > 1
        assert np.asarray(whole.params)[:, 0].max() < 0


def momentum(query):
    plain, averaged = runs("batches", query)
    rates = [0.2, 0.02 / (1 - averaged.hyperparameters.beta1)]
    np.testing.assert_allclose(rates[0], rates[1])
    changes = [np.diff(np.asarray(run.params)[-100:], axis=0).std(axis=0) for run in (plain, averaged)]
    assert np.all(changes[1] < changes[0] / 2)


def thirty_epochs(query):
    (run,) = runs("batches", query)
    assert run.update_count == 17_070 == 30 * 569
    assert run.time_per_epoch == 569
    assert runs("batches", query.replace("batch=1", "batch=64"))[0].time_per_epoch == 9


CLAIMS = {
    "one-against-all": one_against_all,
    "root-law": root_law,
    "noise-floor": noise_floor,
    "two-valleys": shaken_out,
    "momentum": momentum,
    "thirty-epochs": thirty_epochs,
}
