"""What the steps of the stories say, as checks of the answers that they speak of."""

import numpy as np

from app.stories import moments
from tests.claims import batches, descent, scaling
from tests.claims.views import View, panels, runs

STEPS = {name: story.steps[number - 1] for name, (story, number) in moments().items()}


def race(query):
    return runs("descent", query)


def kappas(slug, query):
    return [panel.surface.hessian.kappa for panel in panels(slug, query)]


def long_cloud(query):
    (panel,) = panels("scaling", query)
    low, high = panel.summaries[0].raw.deviation
    assert round(high / low) == 4
    assert 16 < panel.surface.hessian.kappa < 17
    # The cloud is longest where its variance is largest, the ellipse where the curvature is smallest.
    _, cloud = np.linalg.eigh(np.asarray(panel.data.covariance))
    _, curvature = np.linalg.eigh(np.asarray(panel.surface.hessian_matrix))
    assert abs(cloud[:, 1] @ curvature[:, 0]) < 0.01


def crawls(query):
    (run,) = race(query)
    assert run.reached_at is None
    assert run.sign_changes(1, 80) <= 1


def zigzags(query):
    (run,) = race(query)
    assert run.shape == "zig-zag"


def leaves_the_view(query):
    (run,) = race(query)
    assert run.outcome == "diverged"
    assert run.left_view_at is not None
    lengths = run.step_lengths[:20]
    assert np.all(lengths[1:] > lengths[:-1])


def momentum_is_faster(query):
    plain, averaged = race(query)
    assert (plain.reached_at, averaged.reached_at) == (60, 35)


def straight_on_a_circle(query):
    (run,) = race(query)
    path = np.asarray(run.params)
    assert np.abs(path[:, 0] * path[0, 1] - path[:, 1] * path[0, 0]).max() < 1e-12


def one_step(query):
    for start in ("", "&start=3,-7"):
        assert race(query + start)[0].reached_at == 1


def far_up_the_valley(query):
    (run,) = race(query)
    assert abs(run.ends_at[0]) > 0.8 * 8
    assert run.outcome == "moving"


def one_step_then_straight(query):
    (run,) = race(query)
    assert abs(np.asarray(run.params)[1, 1]) < 1e-12
    assert run.reached_at is None


def both_shrink_equally(query):
    (run,) = race(query)
    assert run.reached_at == 87
    assert run.sign_changes(1, 80) == 79
    x, y = np.abs(np.asarray(run.params)[50])
    np.testing.assert_allclose(x / 8, y / 2, rtol=0.05)  # 0.0769 is 1/13 but for its fifth digit
    assert race(query.replace("0.0769", "0.04"))[0].reached_at is None


def limit_is_sharp(query):
    below, above = race(query)
    assert below.outcome == "moving"
    assert below.sign_changes(1, 100) == 99
    assert above.outcome == "diverged"


def stops_at_the_saddle(query):
    (run,) = race(query)
    assert run.outcome == "stuck"
    np.testing.assert_allclose(run.ends_at, 0, atol=1e-6)


def one_up_one_down(query):
    (panel,) = panels("critical", query)
    assert panel.counts.saddle == 1
    assert panel.counts.minimum == 2


def stays_for_dozens_of_steps(query):
    (run,) = race(query)
    near = np.linalg.norm(np.asarray(run.params), axis=1) < 0.1
    assert near.sum() > 36
    assert np.linalg.norm(run.ends_at) > 1.4
    y = np.asarray(run.params)[60:100, 1]
    np.testing.assert_allclose(y[1:] / y[:-1], (y[1] / y[0]), rtol=0.01)


def adam_leaves_at_once(query):
    plain, adam = race(query)
    assert adam.leaves_axis_at() <= 3
    assert plain.leaves_axis_at() > 100


def noise_is_enough(query):
    for seed in ("", "&seed=1", "&seed=2"):
        assert abs(abs(race(query + seed)[0].ends_at[1]) - 2**0.5) < 0.1


def batches_differ(query):
    (panel,) = panels("batches", query)
    assert np.ptp(np.asarray(panel.runs[0].batch_loss)[:10]) > 0.1


def not_halfway(query):
    (run,) = race(query)
    assert kappas("descent", query) == [400]
    assert abs(run.ends_at[0]) > 4.5


def thousand_times_lower(query):
    plain, averaged = race(query)
    assert plain.ends_above > 1000 * averaged.ends_above


def rmsprop_oscillates(query):
    _, rms = race(query)
    path = np.abs(np.asarray(rms.params))
    moved = np.abs(np.diff(path[:20], axis=0)).sum(axis=0)
    assert moved[0] / moved[1] > 0.3
    assert rms.reached_at is None
    assert rms.step_lengths[-20:].min() > 1e-3


def adam_is_there(query):
    *others, adam = race(query)
    assert adam.reached_at is not None
    assert all(run.reached_at is None for run in others)


def starts_at_the_data(query):
    (panel,) = panels("averages", query)
    plain, corrected = (np.asarray(average.value) for average in panel.averages)
    # An average from zero is the corrected one times 1 − βᵏ.
    assert np.all(np.abs(plain[1:6]) < np.abs(corrected[1:6]))
    assert abs(corrected[1]) > 5 * abs(plain[1])


def thrown_back(query):
    lengths = race(query)[0].step_lengths
    assert lengths.max() > 5
    assert np.sort(lengths)[-2] < 0.5 * lengths.max() or np.median(lengths) < 0.2


def momentum_leaves_first(query):
    plain, averaged = race(query)[:2]
    assert np.argmax(np.asarray(averaged.gap) < 0.1) < np.argmax(np.asarray(plain.gap) < 0.1)


def full_speed(query):
    plain, momentum, rms, adam = (np.asarray(run.gap) for run in race(query))
    assert max(np.argmax(rms < 0.5), np.argmax(adam < 0.5)) < min(np.argmax(plain < 0.5), np.argmax(momentum < 0.5))
    assert race(query)[2].step_lengths[-20:].min() > 0.1


def does_not_move(query):
    run = race(query + "&fields=grads")[0]
    assert np.linalg.norm(np.asarray(run.grads), axis=1).max() < 1e-6
    assert np.linalg.norm(run.ends_at - np.asarray(run.params)[0]) < 1e-3


def cross_entropy_gets_out(query):
    squared, entropy = race(query)
    assert squared.outcome == "stuck"
    assert entropy.ends_above < 0.01


def better_loss(query):
    squared, adam, entropy, _ = race(query)
    assert squared.ends_above > 1.9
    assert adam.ends_above < 0.01
    assert entropy.ends_above < 0.01


def towards_zero(query):
    free, penalized = panels("descent", query)
    lengths = [np.linalg.norm(panel.surface.minima[0].at) for panel in (free, penalized)]
    assert lengths[1] < lengths[0]
    assert penalized.surface.hessian.kappa < free.surface.hessian.kappa


def exactly_zero(query):
    assert np.all(race(query)[0].ends_at == 0)


def never_gets_there(query):
    proximal, subgradient = race(query)
    assert np.all(proximal.ends_at == 0)
    late = np.sign(np.asarray(subgradient.params)[-20:])
    assert np.all(late[1:] == -late[:-1])


def breaks_somewhere(query):
    assert race(query)[0].reached_at is not None
    assert race(query.replace("learning_rate=0.05", "learning_rate=0.13"))[0].outcome == "diverged"
    assert race(query.replace("beta1=0.5", "beta1=0").replace("=0.05", "=0.09"))[0].outcome == "diverged"


def luck_decides(query):
    rates = (1e-4, 1e-3, 0.1, 0.3, 1, 3)
    gaps = [race(query.replace("&map=stability", f"&learning_rate={rate}"))[0].ends_above for rate in rates]
    assert min(gaps[:2]) > 1 > 10 * min(gaps[2:])


def four_valleys(query):
    ends = set()
    for x in (-3, 3):
        for y in (-3, 3):
            (run,) = race(query.replace("&map=basins", f"&start={x},{y}"))
            ends.add(tuple(np.round(run.ends_at, 1)))
    assert len(ends) == 4


def scalers_agree(query):
    first, second = panels("scaling", query)
    assert max(kappas("scaling", query)) < 1.6
    assert first.surface.hessian.max_learning_rate > 10 * second.surface.hessian.max_learning_rate


def whitening_turns(query):
    standardized, whitened = kappas("scaling", query)
    assert round(standardized, 1) == 13.8
    assert abs(whitened - 1) < 1e-9


CLAIMS = {
    "first-chapter@1": long_cloud,
    "first-chapter@2": crawls,
    "first-chapter@3": zigzags,
    "first-chapter@4": leaves_the_view,
    "first-chapter@5": momentum_is_faster,
    "first-chapter@6": lambda query: descent_like(runs("scaling", query)[0]),
    "first-chapter@7": descent.ellipse_and_circle,
    "first-chapter@8": straight_on_a_circle,
    "first-chapter@9": one_step,
    "learning-rate@1": far_up_the_valley,
    "learning-rate@2": one_step_then_straight,
    "learning-rate@3": both_shrink_equally,
    "learning-rate@4": limit_is_sharp,
    "learning-rate@5": descent.schedule_against_noise,
    "scalers@1": scalers_agree,
    "scalers@2": scaling.outlier,
    "scalers@3": scaling.leak,
    "scalers@4": whitening_turns,
    "saddles@1": stops_at_the_saddle,
    "saddles@2": one_up_one_down,
    "saddles@3": stays_for_dozens_of_steps,
    "saddles@4": adam_leaves_at_once,
    "saddles@5": noise_is_enough,
    "a-few-rows@1": batches_differ,
    "a-few-rows@2": batches.one_against_all,
    "a-few-rows@3": batches.root_law,
    "a-few-rows@4": batches.noise_floor,
    "a-few-rows@5": batches.shaken_out,
    "towards-adam@1": not_halfway,
    "towards-adam@2": thousand_times_lower,
    "towards-adam@3": rmsprop_oscillates,
    "towards-adam@4": adam_is_there,
    "towards-adam@5": starts_at_the_data,
    "towards-adam@6": descent.bias_correction,
    "cliffs-and-plateaus@1": thrown_back,
    "cliffs-and-plateaus@2": descent.cliff,
    "cliffs-and-plateaus@3": momentum_leaves_first,
    "cliffs-and-plateaus@4": full_speed,
    "the-right-loss@1": does_not_move,
    "the-right-loss@2": cross_entropy_gets_out,
    "the-right-loss@3": better_loss,
    "penalties@1": towards_zero,
    "penalties@2": exactly_zero,
    "penalties@3": never_gets_there,
    "every-pixel-a-run@1": breaks_somewhere,
    "every-pixel-a-run@2": descent.map_of_rates,
    "every-pixel-a-run@3": luck_decides,
    "every-pixel-a-run@4": four_valleys,
    "every-pixel-a-run@5": descent.basins_of_newton,
}


def descent_like(run: View):
    """Before scaling, the run of the chapter's third step."""
    assert (run.reached_at, run.shape) == (60, "zig-zag")
