"""What the Scaling lab answers, as somebody else's program meets it."""

import gc
import re
import weakref

import numpy as np
import pytest
from starlette.testclient import TestClient

from app.labs.scaling import SCALING, ScalingQuery, compute
from app.main import create_app
from app.numerics.problems.scalers import SCALERS
from app.runtime.programs import Programs
from app.schema.answers import fields_of
from app.schema.kinds.rows import SESSION, pack
from app.schema.messages import Mistake
from app.schema.page import read_page
from app.schema.table import MOST_BYTES
from app.settings import Settings
from tests.web.test_encoding import read

CSV = "size,age,price\n1,10,3\n2,30,5\n3,20,4\n4,50,9\n"
POST = f"surface=own&rows={SESSION}&scaler=none"


@pytest.fixture(scope="module")
def client():
    return TestClient(create_app(Settings()))


def get(client, query):
    response = client.get(f"/api/scaling?{query}")
    assert response.status_code == 200, response.text
    return response.json()


def test_the_opening_pair_takes_60_steps_raw_and_17_scaled(client):
    first, second = (get(client, f"learning_rate=0.337&steps=80&scaler={scaler}") for scaler in ("none", "standardize"))
    assert [answer["runs"][0]["reached_at"] for answer in (first, second)] == [60, 17]
    assert [answer["surface"]["hessian"]["kappa"] for answer in (first, second)] == [
        pytest.approx(16.4, abs=0.05),
        pytest.approx(1.05, abs=0.005),
    ]


def test_a_raw_morph_is_the_raw_surface(client):
    raw, start = get(client, "scaler=none&dtype=f8"), get(client, "scaler=standardize&morph=0&dtype=f8")
    np.testing.assert_allclose(read(raw["data"]["rows"]), read(start["data"]["rows"]), rtol=1e-15)
    assert raw["surface"]["hessian"]["kappa"] == pytest.approx(start["surface"]["hessian"]["kappa"], rel=1e-12)


def test_every_scaler_is_in_the_table_with_and_without_the_outlier(client):
    answer = get(client, "outlier=15,30")
    assert [one["name"] for one in answer["scalers"]] == list(SCALERS)
    plain = get(client, "")
    for with_outlier, without in zip(answer["scalers"], plain["scalers"], strict=True):
        assert with_outlier["kappa_without_outlier"] == pytest.approx(without["kappa"], rel=1e-12)
        assert without["kappa_without_outlier"] is None


def test_each_runs_weights_are_in_both_unit_systems(client):
    answer = get(client, "dtype=f8&run=gd&run=adam,learning_rate:0.3&steps=40")
    rows, targets = read(answer["data"]["rows"]), read(answer["data"]["targets"])
    raw = read(get(client, "scaler=none&dtype=f8")["data"]["rows"])
    for run in answer["runs"]:
        weights, back = read(run["weights"]), read(run["raw_weights"])
        predictions = rows @ weights[:, :2].T + weights[:, 2]
        np.testing.assert_allclose(raw @ back[:, :2].T + back[:, 2], predictions, rtol=1e-10)
        loss = 0.5 * np.mean((predictions - targets[:, None]) ** 2, axis=0)
        np.testing.assert_allclose(loss, read(run["loss"]), rtol=1e-10)


def test_rows_with_factors_of_their_own_have_no_weights_in_raw_units(client):
    answer = get(client, "scaler=unit")
    assert answer["runs"][0]["raw_weights"] is answer["fitted"]["raw_weights"] is answer["data"]["back"] is None


def test_the_loss_of_the_test_rows_is_that_of_the_fitted_line(client):
    answer = get(client, "surface=regression,split:0.3&dtype=f8")
    rows, targets = read(answer["data"]["rows"]), read(answer["data"]["targets"])
    is_test = read(answer["data"]["is_test"]) == 1
    first, second, intercept = answer["fitted"]["weights"]
    errors = rows @ [first, second] + intercept - targets
    assert answer["fitted"]["train_loss"] == pytest.approx(0.5 * np.mean(errors[~is_test] ** 2))
    assert answer["fitted"]["test_loss"] == pytest.approx(0.5 * np.mean(errors[is_test] ** 2))
    assert [one["count"] for one in answer["summaries"]] == [125, 53]
    assert answer["summaries"][0]["scaled"]["mean"] == pytest.approx([0, 0], abs=1e-12)
    assert answer["summaries"][1]["scaled"]["mean"] != pytest.approx([0, 0], abs=1e-3)


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("", "All rows train"),
        ("surface=regression,split:0.3&scaler=none", "learns nothing"),
        ("surface=regression,split:0.3", "knows the training rows only"),
        ("surface=regression,split:0.3&fit=all", "has seen the test rows"),
    ],
)
def test_what_leaks_is_said(client, query, words):
    assert words in get(client, query)["leak"]


def test_own_rows_travel_in_the_link(client):
    answer = get(client, f"surface=own&rows={pack(CSV)}&scaler=none&dtype=f8")
    assert answer["data"]["names"] == ["size", "age", "price"]
    np.testing.assert_array_equal(read(answer["data"]["rows"]), [[1, 10], [2, 30], [3, 20], [4, 50]])
    assert answer["surface"]["axes"] == ["w₁ (size)", "w₂ (age)"]


def test_own_rows_come_in_a_body_and_answer_the_same(client):
    response = client.post(f"/api/scaling?{POST}", content=CSV)
    assert response.status_code == 200
    assert response.headers["cache-control"] == "no-store"
    by_body, by_link = response.json(), get(client, f"surface=own&rows={pack(CSV)}&scaler=none")
    assert by_body.pop("query") == POST
    by_link.pop("query")
    assert by_body == by_link
    grid = client.post(f"/api/scaled_surface?{POST}", content=CSV).json()
    assert read(grid["loss"]).shape == (100, 100)


def test_rows_of_two_visitors_are_kept_apart(client):
    for factor in (1, 7):
        content = f"1,10,{3 * factor}\n2,30,5\n3,20,4"
        answer = client.post(f"/api/scaling?{POST}&dtype=f8", content=content).json()
        assert read(answer["data"]["targets"])[0] == 3 * factor


def test_nothing_of_a_visitors_rows_stays_in_the_server():
    programs = Programs()
    query = read_page(ScalingQuery, POST).first.with_rows(CSV.encode())
    compute(query, programs, str)
    left = [weakref.ref(query.sheet), weakref.ref(query.problem), weakref.ref(query.problem.rows)]
    del query
    gc.collect()
    assert [one() for one in left] == [None, None, None]


@pytest.mark.parametrize(
    ("query", "content", "status", "sentence"),
    [
        (POST, "a,b,c\n1,2,x", 422, "row 2, column 'c' of the table is 'x'; expected a number such as 3.5 or -1e3"),
        (POST, "1" * (MOST_BYTES + 1), 422, "the table is larger than 256 KB"),
        ("surface=own&rows=session&scaler=minmax,low:1,high:0", CSV, 422, "low must be below high"),
        ("scaler=none", CSV, 422, "a body holds rows that the query does not ask for"),
        (f"surface=own&rows={pack(CSV)}", CSV, 422, "a body holds rows that the query does not ask for"),
    ],
)
def test_bad_bodies_are_refused_with_a_sentence(client, query, content, status, sentence):
    response = client.post(f"/api/scaling?{query}", content=content)
    assert response.status_code == status
    assert response.json()["detail"].startswith(sentence)


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("surface=own", "surface=own needs rows; expected a pasted table or a file"),
        (f"rows={pack(CSV)}", "rows are given, but not used by surface=regression"),
        ("surface=own&rows=AAAA", "rows cannot be unpacked, got 'AAAA'; expected compressed CSV"),
        (f"surface=own&rows={'A' * 6001}", "rows has 6001 characters; expected at most 6000 in a link"),
        ("scaler=minmax,low:1,high:0", "low must be below high, got low 1 and high 0"),
        ("run=gd&run=gd,fork:3@1", "run 2 is forked from run 3; expected a run before it"),
        ("view=1,0,0,1", "view must be x0,x1,y0,y1 with x0 < x1 and y0 < y1"),
    ],
)
def test_bad_queries_are_refused_and_mended(query, sentence):
    with pytest.raises(Mistake, match=re.escape(sentence)):
        read_page(ScalingQuery, query).check_problem(None)
    notes = []
    mended = read_page(ScalingQuery, query, notes).check_problem(notes)
    assert any(sentence in str(note) for note in notes)
    read_page(ScalingQuery, mended.link()).check_problem(None)


def test_rows_that_only_a_browser_has_are_asked_for(client):
    """The page opens with such a link, and then sends the rows; a plain GET cannot be answered."""
    notes = []
    assert read_page(ScalingQuery, POST, notes).check_problem(notes).link() == POST
    assert not notes
    response = client.get(f"/api/scaling?{POST}")
    assert response.status_code == 422
    assert "expected them in the body of a POST" in response.json()["detail"]


@pytest.mark.parametrize("content", ["1,2,3", "1,2,3\n1,4,5", "1,2,3\n2,4,5\n3,6,1", "1,2,3\n1,2,4"])
@pytest.mark.parametrize("scaler", SCALERS)
def test_tables_that_decide_too_little_are_answered_with_a_sentence(client, content, scaler):
    answer = client.post(f"/api/scaling?surface=own&rows=session&scaler={scaler}", content=content).json()
    assert answer["notes"]
    assert np.isfinite(read(answer["runs"][0]["params"])).all()
    grid = client.post(f"/api/scaled_surface?surface=own&rows=session&scaler={scaler}", content=content).json()
    assert np.isfinite(read(grid["loss"])).all()


def test_moving_a_slider_does_not_compile_again():
    programs = Programs()
    compute(read_page(ScalingQuery, "morph=0.3").first, programs, str)
    traces = programs.traces
    for query in ("morph=0.31", "scaler=minmax", "outlier=15,30", "learning_rate=0.2", "surface=regression,split:0.3"):
        compute(read_page(ScalingQuery, query).first, programs, str)
    assert programs.traces == traces


def preset(name):
    query = next(preset.query for preset in SCALING.presets if preset.name == name)
    return [fields_of(compute(panel, Programs(), str)) for panel in read_page(ScalingQuery, query).panels]


def test_robust_scaling_beats_min_max_when_there_is_an_outlier():
    # It did not where the outlier was far in both features: κ was 4.94 against 3.76.
    minmax, robust = preset("outlier")
    shares = {one.name: one.spread[0] / one.spread_without_outlier[0] for one in minmax["scalers"]}
    assert [f"{shares[name]:.2f}" for name in ("minmax", "standardize", "robust")] == ["0.38", "0.81", "1.00"]
    by_name = {one.name: one.kappa for one in minmax["scalers"]}
    assert (f"{by_name['minmax']:.3g}", f"{by_name['robust']:.3g}") == ("4.8", "1.16")
    assert robust["runs"][0].reached_at < minmax["runs"][0].reached_at  # κ decides how long it takes


def test_a_leak_makes_the_test_look_better_than_it_is():
    # It made only κ look better, without any number of the test.
    honest, leaking = preset("leak")
    assert honest["held_out"] == leaking["held_out"]
    assert f"{honest['fitted'].test_loss:.3g}" == "0.204"
    assert f"{leaking['fitted'].test_loss:.3g}" == "0.122"
    assert honest["fitted"].test_loss == honest["held_out"].honest_loss
    assert leaking["fitted"].test_loss == honest["held_out"].leaking_loss
    for answer, outside in ((honest, 14), (leaking, 0)):
        test = answer["data"].rows[answer["data"].is_test == 1]
        assert ((test < 0) | (test > 1)).any(axis=1).sum() == outside
    assert honest["held_out"].outside == 14
    assert "14 of 455 test rows lie outside" in honest["leak"]
    assert "the test loss is 0.122. Fitted on the training rows alone, it is 0.204" in leaking["leak"]


def test_the_same_leak_looks_better_for_every_seed():
    link = "surface=regression,data:breast_cancer,x1:mean_smoothness,x2:worst_concave_points,intercept:fixed,split:0.8"
    for seed in range(8):
        found = compute(read_page(ScalingQuery, f"{link}&scaler=minmax&seed={seed}").first, Programs(), str).held_out
        assert found is not None
        assert found.leaking_loss <= found.honest_loss * (1 + 1e-12)


def test_with_an_intercept_a_leak_changes_no_prediction_at_the_minimum_and_says_so():
    query = read_page(ScalingQuery, "surface=regression,split:0.5&scaler=minmax&seed=2&fit=all").first
    answer = compute(query, Programs(), str)
    assert answer.held_out is not None
    assert answer.held_out.leaking_loss == pytest.approx(answer.held_out.honest_loss, rel=1e-10)
    assert "9 of 89 lie outside" in answer.leak
    assert "the predictions at the minimum are the same" in answer.leak


def test_the_test_loss_along_a_path_is_that_of_a_loop_over_rows():
    link = "surface=regression,split:0.3&scaler=minmax&steps=12"
    answer = compute(read_page(ScalingQuery, link).first, Programs(), str)
    (run,) = answer.runs
    assert run.test_loss is not None
    test = answer.data.is_test == 1
    for weights, loss in zip(run.weights, run.test_loss, strict=True):
        errors = answer.data.rows[test] @ weights[:2] + weights[2] - answer.data.targets[test]
        assert loss == pytest.approx(0.5 * np.mean(errors**2), rel=1e-9)


def test_the_mean_of_standardized_rows_is_zero_and_not_what_rounding_leaves():
    # −1.5·10⁻¹⁵ ± 1 stood on the page.
    answer = compute(read_page(ScalingQuery, "scaler=standardize").first, Programs(), str)
    assert list(answer.summaries[0].scaled.mean) == list(answer.data.mean) == [0.0, 0.0]
