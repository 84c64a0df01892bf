"""The API as somebody else's program meets it."""

import json

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.labs.descent import DescentQuery
from app.numerics.optimizers import OPTIMIZERS
from tests.web.test_encoding import read

RUN_KEYS = {"optimizer", "title", "hyperparameters", "params", "loss", "gap", "outcome", "sentence"}


def get(client, query, path="/api/descent"):
    response = client.get(f"{path}?{query}")
    assert response.status_code == 200, response.text
    return response.json()


def test_gradient_descent_on_a_bowl_follows_the_closed_form(client):
    answer = get(client, "surface=bowl,kappa:25&run=gd,learning_rate:0.07&start=-8,2&steps=50&dtype=f8")
    (run,) = answer["runs"]
    assert run.keys() >= RUN_KEYS
    step = np.arange(51)[:, None]
    expected = np.array([-8.0, 2.0]) * (1 - 0.07 * np.array([1.0, 25.0])) ** step
    np.testing.assert_allclose(read(run["params"]), expected, rtol=1e-12)
    np.testing.assert_allclose(read(run["loss"]), 0.5 * (expected**2 @ [1, 25]), rtol=1e-12)
    assert answer["surface"]["hessian"] == {"kappa": 25, "eigenvalues": [1, 25], "max_learning_rate": 0.08}
    assert answer["surface"]["minima"] == [{"at": [0, 0], "loss": 0}]


@pytest.mark.parametrize("steps", [1, 127, 128, 129, 512, 513, 2000])
def test_a_run_has_one_row_more_than_steps_whatever_the_bucket(client, steps):
    (run,) = get(client, f"steps={steps}")["runs"]
    assert run["params"]["shape"] == f"{steps + 1},2"
    assert run["loss"]["shape"] == f"{steps + 1}"


def test_the_rows_of_one_run_satisfy_its_formula(client):
    query = "run=adam,learning_rate:0.1&steps=30&fields=grads,updates,learning_rate,state&dtype=f8"
    (run,) = get(client, query)["runs"]
    state = {name: read(array) for name, array in run["state"].items()}
    params, updates, rates = read(run["params"]), read(run["updates"]), read(run["learning_rate"])
    np.testing.assert_allclose(params[1:] - params[:-1], updates[:-1], rtol=1e-9, atol=1e-15)
    np.testing.assert_allclose(updates, -state["effective_rate"] * state["m_hat"], rtol=1e-12)
    np.testing.assert_allclose(state["effective_rate"], rates[:, None] / (np.sqrt(state["v_hat"]) + 1e-8), rtol=1e-12)
    np.testing.assert_array_equal(state["gradient_used"], read(run["grads"]))  # no noise, no clipping


@pytest.mark.thorough
def test_all_fields_are_answered_for_every_optimizer(client):
    names = list(OPTIMIZERS)
    for first in range(0, len(names), 8):
        runs = "&".join(f"run={name}" for name in names[first : first + 8])
        for run in get(client, f"surface=bowl&steps=5&fields=grads,updates,learning_rate,state&{runs}")["runs"]:
            declared = {quantity.name for quantity in OPTIMIZERS[run["optimizer"]].quantities}
            assert run["state"].keys() == declared | {"gradient_used"}
            assert all(array["shape"] == "6,2" for array in run["state"].values())


def test_the_grid_lies_as_documented(client):
    answer = get(client, "surface=bowl,kappa:4&view=-1,1,-2,2&n=5&dtype=f8", "/api/surface")
    x, y, loss = (read(answer[name]) for name in ("x", "y", "loss"))
    assert (x[0], x[-1], y[0], y[-1]) == (-1, 1, -2, 2)
    np.testing.assert_allclose(loss, 0.5 * (x[None, :] ** 2 + 4 * y[:, None] ** 2))


def test_a_penalty_bends_path_contours_and_condition_number_alike(client):
    query = "surface=bowl,kappa:9&penalty=l2,weight:1.5&dtype=f8"
    answer = get(client, query)
    assert answer["surface"]["hessian"]["eigenvalues"] == pytest.approx([4, 12])
    grid = get(client, query + "&view=-1,1,-1,1&n=3", "/api/surface")
    assert read(grid["loss"])[0, 0] == pytest.approx(0.5 * (1 + 9) + 1.5 * 2)


def test_the_view_is_widened_to_hold_the_start(client):
    surface = get(client, "surface=bowl&start=30,0")["surface"]
    (x0, x1), (y0, y1) = surface["view"]
    assert x0 == -10
    assert 30 < x1 < 40
    assert (y0, y1) == (-10, 10)


def test_the_noise_is_the_same_for_every_run_of_a_race(client):
    query = "noise=gaussian,std:2&seed=3&steps=20&fields=grads,state&dtype=f8"
    runs = get(client, f"{query}&run=gd&run=adam&run=momentum")["runs"]
    draws = [read(run["state"]["gradient_used"]) - read(run["grads"]) for run in runs]
    for other in draws[1:]:
        np.testing.assert_allclose(other, draws[0], rtol=1e-9, atol=1e-9)
    assert np.std(draws[0]) == pytest.approx(2, rel=0.5)


def test_a_relative_rate_is_divided_by_the_panels_own_largest_eigenvalue(client):
    answer = get(client, "surface=bowl,kappa:50&rate=relative&learning_rate=0.5")
    assert answer["runs"][0]["hyperparameters"]["learning_rate"] == pytest.approx(0.01)


@pytest.mark.parametrize(
    ("query", "rate"),
    [
        ("surface=bowl,kappa:25", 0.5 / 25),  # the default of gradient descent on a quadratic
        ("surface=bowl,kappa:25&learning_rate=0.03", 0.03),
        ("surface=bowl,kappa:25&learning_rate=0.03&run=gd,learning_rate:0.04", 0.04),
    ],
)
def test_a_learning_rate_comes_from_the_run_the_slider_or_the_record(client, query, rate):
    assert get(client, query)["runs"][0]["hyperparameters"]["learning_rate"] == pytest.approx(rate)


def test_page_keys_change_neither_answer_nor_tag(client):
    plain = client.get("/api/descent?steps=20")
    shown = client.get("/api/descent?steps=20&at=3&embed=true&hide=loss&vs.scaler=standardize")
    assert shown.content == plain.content
    assert shown.headers["etag"] == plain.headers["etag"]


def test_equal_queries_share_a_tag_and_other_fields_do_not(client):
    tags = {
        query: client.get(f"/api/descent?{query}").headers["etag"]
        for query in ("steps=20", "steps=2e1", "fields=grads")
    }
    assert tags["steps=20"] == tags["steps=2e1"] != tags["fields=grads"]
    again = client.get("/api/descent?steps=20", headers={"if-none-match": tags["steps=20"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(
    ("query", "status", "detail"),
    [
        ("surface=everest", 422, "unknown surface 'everest'; expected one of bowl, circle"),
        ("learning_rate=nan", 422, "learning_rate must be between 1e-12 and 1000, got 'nan'"),
        ("=1", 422, "unknown key ''; expected one of surface"),
        ("&".join(["run=gd"] * 9), 422, "run may be given at most 8 times, got 9"),
        ("steps=2001", 422, "steps must be a whole number between 1 and 2000, got 2001"),
        ("vs.wrong=1", 422, "unknown vs. key 'wrong'"),
        ("surface=bowl" + "&x=1" * 2100, 414, "the query has 8412 bytes; expected at most 8192"),
    ],
    ids=["surface", "nan", "empty key", "nine runs", "steps", "vs", "8 KB"],
)
def test_bad_input_gets_a_sentence(client, query, status, detail):
    response = client.get(f"/api/descent?{query}")
    assert response.status_code == status
    assert response.json()["detail"].startswith(detail)


@pytest.mark.parametrize(
    ("address", "detail"),
    [
        ("/api/descent?surface=beale&rate=relative", "rate=relative needs a quadratic surface, and beale is none"),
        ("/api/surface?surface=regression&scaler=minmax,low:1,high:0", "low must be below high, got low 1 and high 0"),
        ("/api/map?map=stability,x:rho", "map x rho is no number of gd here"),
        ("/api/search?x=rho", "x rho is no number of momentum here"),
    ],
    ids=["rate", "scaler", "map", "search"],
)
def test_what_only_the_bound_problem_can_tell_is_refused_too(client, address, detail):
    """For some time links were read without binding a problem, and nobody asked the problem afterwards."""
    response = client.get(address)
    assert response.status_code == 422
    assert response.json()["detail"].startswith(detail)


def test_a_bad_value_of_the_second_panel_is_no_matter_of_the_first_ones_answer(client):
    """Each panel asks for itself; the names of the keys are looked at all the same."""
    assert get(client, "steps=20&vs.steps=nonsense")["query"] == "steps=20"


def test_a_start_outside_the_domain_is_allowed_and_said(client):
    answer = get(client, "surface=beale&start=40,40&steps=3")
    assert read(answer["runs"][0]["params"])[0].tolist() == [40, 40]
    (note,) = answer["notes"]
    assert note.startswith("the start lies outside the usual domain of this surface, x from -4.5 to 4.5")
    assert get(client, "surface=beale&steps=3")["notes"] == []


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    query=st.text(st.characters(codec="ascii"), max_size=80),
    key=st.sampled_from(["run", "surface", "start", "vs.run", ""]),
)
def test_no_query_is_our_fault(client, query, key):
    response = client.get("/api/descent", params={key: query})
    assert response.status_code in (200, 422)
    json.loads(response.content)


def test_every_answer_carries_the_security_headers(client):
    for path in ("/api/descent?steps=1", "/api/descent?steps=0", "/nowhere", "/healthz", "/static/x/y"):
        headers = client.get(path).headers
        assert "script-src 'self'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"


def test_the_description_of_the_api_lists_every_key(client):
    described = client.get("/openapi.json").json()["paths"]["/api/descent"]["get"]["parameters"]
    assert [parameter["name"] for parameter in described] == list(DescentQuery.keys())
    assert all(parameter["description"] for parameter in described)


def test_healthy_at_once_and_ready_only_when_warm(client):
    assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").status_code == 503  # this app never started its warm-up
