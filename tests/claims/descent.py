"""What the presets of Descent say, as checks of the answers that they speak of."""

import numpy as np

from tests.claims.views import panels, runs


def ellipse_and_circle(query):
    raw, scaled = runs("descent", query)
    assert (raw.reached_at, raw.shape) == (60, "zig-zag")
    assert (scaled.reached_at, scaled.shape) == (17, "straight")


def extreme_pair(query):
    raw, scaled = panels("descent", query)
    assert round(raw.surface.hessian.kappa, -4) == 260_000
    assert raw.runs[0].reached_at is None
    assert scaled.runs[0].reached_at < 50


def stability_limit(query):
    below, near, above = runs("descent", query)
    assert panels("descent", query)[0].surface.hessian.max_learning_rate == 0.08
    assert below.sign_changes(1, 100) <= 1
    assert near.sign_changes(1, 100) == 99
    assert near.outcome == "moving"
    assert above.outcome == "diverged"


def momentum(query):
    plain, averaged = runs("descent", query)
    assert averaged.reached_at < plain.reached_at / 2
    assert averaged.sign_changes(1, 40) < plain.sign_changes(1, 40)


def saddle(query):
    plain, _, adam = runs("descent", query)
    # The row by which the sideways distance, a millionth at first, has grown to a tenth.
    assert adam.leaves_axis_at() <= 3
    assert plain.leaves_axis_at() > 100
    assert np.abs(plain.params).sum(axis=1).min() < 0.01


def ravine_race(query):
    found = runs("descent", query)
    for run in found:
        x, y = np.asarray(run.params)[:21].T
        assert np.abs(y - x**2).min() < 0.1
    gaps = [run.ends_above for run in found]
    assert max(gaps) > 1 > 1e-9 > min(gaps)


def cliff(query):
    free, clipped = runs("descent", query)
    assert free.step_lengths.max() > 5
    assert clipped.step_lengths.max() < 0.11
    assert abs(clipped.ends_at[0]) < 0.2


def plateau(query):
    moved = [run.step_lengths[:20].sum() for run in runs("descent", query)]
    assert min(moved[2:]) > 10 * max(moved[:2])


def schedule_against_noise(query):
    constant, decaying = (np.asarray(run.gap) for run in runs("descent", query))
    assert constant[-100:].mean() > 0.5 * constant[100:200].mean()
    assert decaying[-100:].mean() < 0.5 * decaying[100:200].mean() < 0.1 * constant[-100:].mean()


def bias_correction(query):
    corrected, uncorrected = runs("descent", query)
    assert (uncorrected.step_lengths / corrected.step_lengths)[:10].min() > 3
    assert uncorrected.ends_above < corrected.ends_above


def exact_zeros(query):
    subgradient, proximal = runs("descent", query)
    assert proximal.ends_at[1] == 0
    assert np.all(np.asarray(proximal.params)[-20:, 1] == 0)
    late = np.asarray(subgradient.params)[-20:, 1]
    assert np.all(late != 0)
    assert np.ptp(late) > 0.1


def loss_choice(query):
    squared, entropy = runs("descent", query)
    assert squared.outcome == "stuck"
    assert squared.ends_above > 1.9
    assert entropy.ends_above < 0.01


def newton(query):
    _, second, _ = runs("descent", query)
    assert second.reached_at == 1


def map_of_rates(query):
    race = query.removesuffix("&map=stability").replace("steps=100", "steps=400").replace("&beta1=0.5", "")
    for beta in (0, 0.5, 0.9):
        limit = 2 * (1 + beta) / 25
        for share, outcome in ((0.98, False), (1.02, True)):
            (run,) = runs("descent", race.replace("learning_rate=0.05", f"learning_rate={share * limit}&beta1={beta}"))
            assert (run.outcome == "diverged") == outcome


def basins_of_newton(query):
    race = query.removesuffix("&map=basins")
    (at_saddle,) = runs("descent", race)
    (at_maximum,) = runs("descent", race.replace("start=-1,1.5", "start=-0.3,-0.9"))
    assert [at_saddle.outcome, at_maximum.outcome] == ["stuck", "stuck"]
    assert "saddle" in at_saddle.sentence
    np.testing.assert_allclose(at_maximum.ends_at, (-0.2708, -0.9230), atol=1e-3)  # the maximum


def many_valleys(query):
    ends = [tuple(np.round(run.ends_at, 1)) for run in runs("descent", query)]
    assert len(set(ends)) > 1
    moved = [tuple(np.round(run.ends_at, 1)) for run in runs("descent", query + "&start=2,4")]
    assert moved != ends


CLAIMS = {
    "ellipse-and-circle": ellipse_and_circle,
    "extreme-pair": extreme_pair,
    "stability-limit": stability_limit,
    "momentum": momentum,
    "saddle": saddle,
    "ravine-race": ravine_race,
    "cliff": cliff,
    "plateau": plateau,
    "schedule-against-noise": schedule_against_noise,
    "bias-correction": bias_correction,
    "exact-zeros": exact_zeros,
    "loss-choice": loss_choice,
    "newton": newton,
    "map-of-rates": map_of_rates,
    "basins-of-newton": basins_of_newton,
    "many-valleys": many_valleys,
}
