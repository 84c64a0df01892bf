"""Mini-batches against plain NumPy loops, the full-batch program and the formulas that predict them."""

import itertools

import numpy as np
import pytest

from app.numerics.optimizers import OPTIMIZERS
from app.numerics.problems.evaluate import losses_at
from app.numerics.problems.scalers import SCALERS, Scaling
from app.numerics.problems.surfaces import SURFACES
from app.numerics.problems.surfaces.record import complete
from app.numerics.runs.batches import (
    ROW_LOSSES,
    Learner,
    batch_grid,
    batch_rows,
    check_updates,
    gradients_at,
    lesson_of,
    noise_of,
    orders,
    study,
    time_per_epoch,
    updates_per_epoch,
)
from app.numerics.runs.step import Conditions
from app.runtime.programs import Programs
from app.schema.messages import Mistake
from tests.numerics import textbook
from tests.numerics.support import run

pytestmark = pytest.mark.sampled

PROGRAMS = Programs()
FIXED = {"logistic": {"intercept": "fixed"}, "regression": {}, "two_valleys": {}}


def lesson(name, *, epochs=3, seed=0, **values):
    surface = SURFACES[name]
    chosen = complete(surface.parameters, FIXED[name] | values)
    problem = surface.bind(chosen, Scaling(SCALERS["standardize"]), seed)
    return lesson_of(
        problem, chosen, start=problem.start, epochs=epochs, seed=seed, view=problem.domain, tolerance=1e-6
    )


def learner(name, batch, **values):
    optimizer = OPTIMIZERS[name]
    chosen = {each.name: values.get(each.name, each.default) for each in optimizer.hyperparameters}
    return Learner(optimizer=optimizer, values=chosen, batch=batch)


@pytest.mark.parametrize("name", ROW_LOSSES)
def test_the_mean_over_all_rows_is_the_surface(name):
    course = lesson(name)
    low, high = np.array(course.problem.domain).T
    points = np.random.RandomState(0).uniform(low, high, (20, 2))
    expected = losses_at(PROGRAMS, course.problem, Conditions(), points)
    means = [gradients_at(PROGRAMS, course, point)[0].mean() for point in points]
    np.testing.assert_allclose(means, expected, rtol=1e-12)


@pytest.mark.thorough
@pytest.mark.parametrize("intercept", ["profiled", "fixed"])
@pytest.mark.parametrize("optimizer", ["gd", "momentum", "nesterov", "adam"])
def test_all_rows_at_once_are_the_full_batch_program(optimizer, intercept):
    course = lesson("regression", epochs=50, intercept=intercept)
    found = study(PROGRAMS, course, learner(optimizer, course.n, learning_rate=0.1))
    expected = run(course.problem, optimizer, steps=50, learning_rate=0.1)
    np.testing.assert_allclose(found.params, expected.params, rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(found.loss, expected.loss, rtol=1e-12)


@pytest.mark.parametrize("name", ROW_LOSSES)
def test_the_loss_along_a_path_is_that_of_the_surface(name):
    course = lesson(name, epochs=1)
    found = study(PROGRAMS, course, learner("gd", 8, learning_rate=0.05))
    np.testing.assert_allclose(found.loss, losses_at(PROGRAMS, course.problem, Conditions(), found.params), rtol=1e-12)


@pytest.mark.thorough
def test_the_loss_of_a_batch_of_all_rows_is_the_loss():
    found = study(PROGRAMS, lesson("logistic"), learner("momentum", 569, learning_rate=0.1))
    np.testing.assert_allclose(found.batch_loss, found.loss[:-1], rtol=1e-12)


def numpy_path(course, batch, optimizer, **values):
    """Return the points of a loop of its own: squares by hand, batches cut from each epoch's order."""
    batches = itertools.chain.from_iterable(
        np.split(order, range(batch, course.n, batch)) for order in orders(course.n, course.epochs, course.seed)
    )

    def gradient(point):
        rows = course.rows[next(batches)]
        return rows[:, :2].T @ (rows[:, :2] @ point - rows[:, 2]) / len(rows)

    terrain = textbook.Terrain(lambda _p: 0.0, gradient, lambda _p: np.eye(2))
    loop = getattr(textbook, optimizer)(terrain, np.array(course.start), **values)
    return np.array([point for point, _ in itertools.islice(loop, course.epochs * -(-course.n // batch))])


@pytest.mark.parametrize(
    ("optimizer", "values"),
    [
        ("gd", {"learning_rate": 0.05}),
        ("momentum", {"learning_rate": 0.02, "beta1": 0.8}),
        ("adam", {"learning_rate": 0.1, "beta1": 0.9, "beta2": 0.99, "eps": 1e-8}),
    ],
)
@pytest.mark.parametrize("batch", [1, 7, 16])  # 178 rows: 16 leaves a smaller last batch
def test_every_path_is_that_of_a_plain_loop(optimizer, values, batch):
    course = lesson("regression", seed=3)
    found = study(PROGRAMS, course, learner(optimizer, batch, **values))
    np.testing.assert_allclose(found.params[:-1], numpy_path(course, batch, optimizer, **values), rtol=1e-9, atol=1e-12)


@pytest.mark.thorough
def test_equal_batches_of_an_epoch_average_to_the_full_gradient():
    course = lesson("logistic", data="iris", epochs=1)
    still = study(PROGRAMS, course, learner("gd", 15, learning_rate=0.0))
    _, grads = gradients_at(PROGRAMS, course, np.array(course.start))
    np.testing.assert_allclose(still.grads.mean(axis=0), grads.mean(axis=0), rtol=1e-13)
    assert not np.allclose(still.grads[0], still.grads[1])


@pytest.mark.parametrize("batch", [1, 16, 100])
def test_each_epoch_shows_every_row_once(batch):
    course = lesson("regression")
    each = updates_per_epoch(course.n, batch)
    for epoch in range(course.epochs):
        seen = np.concatenate([batch_rows(course, batch, epoch * each + k) for k in range(each)])
        assert sorted(seen) == list(range(course.n))


def test_the_same_seed_takes_the_same_path_and_another_one_does_not():
    first, again, other = (
        study(PROGRAMS, lesson("regression", seed=seed), learner("gd", 8, learning_rate=0.1)) for seed in (1, 1, 2)
    )
    np.testing.assert_array_equal(first.params, again.params)
    assert not np.array_equal(first.params, other.params)


def test_more_epochs_begin_alike():
    np.testing.assert_array_equal(orders(50, 3, 5), orders(50, 9, 5)[:3])


def test_the_spread_of_batch_gradients_follows_the_root_of_the_batch_size():
    course = lesson("regression", data="breast_cancer", x1="mean_radius", x2="mean_texture", y="class")
    _, grads = gradients_at(PROGRAMS, course, np.array(course.start))
    noise = noise_of(grads, 0)
    assert noise.batch_sizes.tolist() == [*(2**k for k in range(10)), 569]
    np.testing.assert_allclose(noise.predicted[0], np.sqrt(grads.var(axis=0).sum()), rtol=1e-12)
    np.testing.assert_allclose(noise.measured[0], noise.predicted[0], rtol=1e-9)  # every row once in each shuffle
    # 100 shuffles or more: a relative error of 1/√200 = 7 % is one standard deviation, in two directions.
    np.testing.assert_allclose(noise.measured[:-1], noise.predicted[:-1], rtol=0.25)
    assert noise.predicted[-1] == 0
    assert noise.measured[-1] == pytest.approx(0, abs=1e-12)


def test_one_row_has_no_noise():
    noise = noise_of(np.array([[1.0, 2.0]]), 0)
    assert noise.batch_sizes.tolist() == [1]
    assert noise.predicted.tolist() == noise.measured.tolist() == [0.0]


@pytest.mark.thorough
def test_nothing_compiles_when_a_slider_moves():
    programs = Programs()
    study(programs, lesson("regression", split=0.1), learner("adam", 16))
    before = programs.traces
    study(programs, lesson("regression", epochs=5, seed=4), learner("adam", 3, learning_rate=0.3, beta1=0.5))
    study(programs, lesson("regression", epochs=9, split=0.3), learner("adam", 150, learning_rate=0.01))
    assert programs.traces == before


@pytest.mark.thorough
def test_all_rows_stay_in_the_sharp_valley_and_single_rows_end_in_the_flat_one():
    is_flat = {64: 0, 1: 0}
    for seed in range(20):
        for batch in is_flat:
            epochs = 200 if batch == 64 else 40
            found = study(
                PROGRAMS, lesson("two_valleys", epochs=epochs, seed=seed), learner("gd", batch, learning_rate=0.09)
            )
            is_flat[batch] += bool(found.params[-1, 0] > 0)
    assert is_flat == {64: 0, 1: 20}


def test_the_grid_of_a_batch_is_the_mean_over_its_rows():
    course = lesson("regression")
    chosen = batch_rows(course, 5, 2)
    x, y, loss = batch_grid(PROGRAMS, course, chosen, 16)
    rows = course.rows[chosen]
    assert loss[3, 11] == pytest.approx(0.5 * np.mean((rows[:, :2] @ [x[11], y[3]] - rows[:, 2]) ** 2), rel=1e-12)


def test_units_of_time_count_batches_and_passes():
    assert [time_per_epoch(569, batch, 64) for batch in (1, 64, 65, 1000)] == [569, 9, 18, 9]


def test_too_many_updates_are_refused_with_all_numbers():
    check_updates(569, 1, 30)
    with pytest.raises(Mistake) as caught:
        check_updates(569, 1, 40)
    assert str(caught.value) == (
        "40 epochs of 569 rows in batches of 1 are 40 · 569 = 22760 updates; expected at most 20000"
    )


@pytest.mark.parametrize("intercept", ["profiled", "fixed"])
def test_the_test_loss_is_taken_after_each_epoch_with_the_intercept_of_the_training_rows(intercept):
    course = lesson("regression", epochs=4, split=0.3, intercept=intercept)
    found = study(PROGRAMS, course, learner("gd", 9, learning_rate=0.1))
    rows = course.problem.rows
    assert rows is not None
    assert found.test_loss is not None
    x, y = (part[rows.is_train] for part in (rows.scaled, rows.targets))
    w = found.params[-1]
    b = (y - x @ w).mean() if intercept == "profiled" else 0.0
    left = rows.targets[~rows.is_train] - rows.scaled[~rows.is_train] @ w - b
    assert found.test_loss.shape == found.epoch_loss.shape == (5,)
    assert found.test_loss[-1] == pytest.approx(0.5 * np.mean(left**2), rel=1e-12)
    assert found.epoch_loss[-1] == pytest.approx(0.5 * np.mean((y - x @ w - b) ** 2), rel=1e-12)
