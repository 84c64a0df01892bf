"""What the Batches lab answers, and what it refuses."""

import json

import numpy as np
import pytest

from app.labs.batches import BATCHES, BatchesQuery, BatchQuery, compute, compute_batch, compute_surface
from app.labs.batches.query import BatchSurfaceQuery
from app.labs.descent import DescentQuery
from app.labs.descent import compute as compute_descent
from app.runtime.encoding import encode
from app.runtime.programs import Programs
from app.schema.answers import fields_of
from app.schema.messages import Mistake
from app.schema.page import read_page
from tests.answers import plain

pytestmark = pytest.mark.sampled

PROGRAMS = Programs()


def get(link):
    return compute(read_page(BatchesQuery, link).first, PROGRAMS, str)


def batch(link):
    return compute_batch(read_page(BatchQuery, link).first.check_problem(None), PROGRAMS, str)


@pytest.mark.thorough
def test_the_answer_has_all_that_descents_has():
    ours, theirs = get(""), plain(compute_descent(read_page(DescentQuery, "surface=regression").first, PROGRAMS, str))
    # Here nothing is asked for whole sliders.
    assert theirs.keys() - {"ladder"} <= fields_of(ours).keys()
    assert theirs["runs"][0].keys() <= fields_of(ours.runs[0]).keys()


def test_all_rows_in_a_batch_are_descents_own_path():
    ours = get("batch=178&epochs=60&learning_rate=0.3")
    link = "surface=regression&scaler=standardize&steps=60&learning_rate=0.3"
    theirs = plain(compute_descent(read_page(DescentQuery, link).first, PROGRAMS, str))
    np.testing.assert_allclose(ours.runs[0].params, theirs["runs"][0]["params"], rtol=1e-12, atol=1e-12)
    assert ours.runs[0].sentence == theirs["runs"][0]["sentence"]


def test_a_run_counts_its_updates_and_its_time():
    first, second = get("run=gd,batch:1&run=adam&batch=100&epochs=3&parallel=64").runs
    assert (first.update_count, first.updates_per_epoch, first.time_per_epoch) == (534, 178, 178)
    assert (second.update_count, second.updates_per_epoch, second.time_per_epoch) == (6, 2, 4)
    assert first.params.shape == (535, 2)
    assert first.batch_loss.shape == (534,)
    assert second.epoch_loss.shape == (4,)
    np.testing.assert_array_equal(first.epoch_loss, first.loss[::178])


def test_a_batch_larger_than_all_rows_is_all_rows_and_says_so():
    answer = get("batch=500")
    assert answer.runs[0].batch == 178
    assert answer.notes == ["run 1 asks for batches of 500 rows, and only 178 train: each batch is all of them"]


def test_test_rows_are_heard_after_each_epoch():
    answer = get("surface=regression,split:0.25&epochs=5")
    assert answer.n + answer.n_test == 178
    test_loss = answer.runs[0].test_loss
    assert test_loss is not None
    assert test_loss.shape == (6,)
    assert get("").runs[0].test_loss is None


def test_17070_updates_are_taken():
    assert get("surface=regression,data:breast_cancer&batch=1&epochs=30").runs[0].update_count == 17_070


@pytest.mark.parametrize(
    ("link", "sentence"),
    [
        (
            "batch=1&epochs=200",
            "200 epochs of 178 rows in batches of 1 are 200 · 178 = 35600 updates; expected at most 20000",
        ),
        ("surface=logistic&rate=relative", "rate=relative needs a quadratic surface, and logistic is none"),
        ("surface=logistic,intercept:profiled", "unknown surface key 'intercept'"),
        ("run=newton", "unknown run 'newton'"),
        ("batch=0", "batch must be a whole number between 1 and 100000, got 0"),
        ("view=1,0,0,1", "view must be x0,x1,y0,y1"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(link, sentence):
    with pytest.raises(Mistake) as caught:
        read_page(BatchesQuery, link).check_problem(None)
    assert str(caught.value).startswith(sentence)


def test_a_page_takes_as_many_epochs_as_can_be():
    notes = []
    query = read_page(BatchesQuery, "batch=1&epochs=200", notes).check_problem(notes).first
    assert query.epochs == 112
    assert str(notes[0]).startswith("using as many epochs as can be: 200 epochs of 178 rows")


@pytest.mark.parametrize(("link", "said"), [("update=120", "update must be at most 119"), ("which=2", "which must be")])
def test_a_batch_that_is_not_there_is_refused(link, said):
    with pytest.raises(Mistake) as caught:
        batch(link)
    assert str(caught.value).startswith(said)


@pytest.mark.thorough
@pytest.mark.parametrize("surface", ["regression", "logistic", "two_valleys"])
def test_a_batch_says_what_the_run_heard(surface):
    link = f"surface={surface}&batch=10&learning_rate=0.05"
    run, one = get(link).runs[0], batch(f"{link}&update=7")
    np.testing.assert_allclose(one.at, run.params[7], rtol=1e-15)
    assert one.batch_loss == pytest.approx(run.batch_loss[7], rel=1e-12)
    assert one.loss == pytest.approx(run.loss[7], rel=1e-12)
    assert len(set(one.rows.tolist())) == 10
    # Plain gradient descent moves by η times the gradient of the batch.
    np.testing.assert_allclose(run.params[8] - run.params[7], -0.05 * one.batch_gradient, rtol=1e-9)
    assert one.grid.loss.shape == (48, 48)


@pytest.mark.thorough
def test_the_grid_of_all_rows_belongs_to_the_loss():
    query = read_page(BatchSurfaceQuery, "surface=logistic&n=20").first
    grid = compute_surface(query, PROGRAMS, str)
    x, y = grid.x[3], grid.y[5]
    answer = get(f"surface=logistic&start={x},{y}&epochs=1")
    assert answer.runs[0].loss[0] == pytest.approx(grid.loss[5, 3], rel=1e-9)


@pytest.mark.parametrize("preset", BATCHES.presets, ids=lambda preset: preset.name)
def test_presets_are_canonical_and_answer(preset):
    page = read_page(BatchesQuery, preset.query)
    assert read_page(BatchesQuery, page.link()) == page
    assert all(np.isfinite(run.loss).all() for run in get(preset.query).runs)


def test_single_rows_end_in_the_flat_valley_and_all_rows_in_the_sharp_one():
    (preset,) = (each for each in BATCHES.presets if each.name == "two-valleys")
    assert [bool(run.params[-1][0] > 0) for run in get(preset.query).runs] == [True, False]


def test_answers_go_over_the_wire():
    for found in (get("surface=regression,split:0.2"), batch("update=3")):
        json.loads(encode(found, "f4"))
