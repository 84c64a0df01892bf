"""What the lab of averages answers, as somebody else's program meets it."""

import numpy as np
import pytest
from starlette.testclient import TestClient

from app.labs.averages import AVERAGES_LAB
from app.labs.descent import DescentQuery
from app.main import create_app
from app.schema.page import read_page
from app.schema.query import read_pairs
from app.settings import Settings
from tests.web.test_encoding import read


@pytest.fixture(scope="module")
def client():
    return TestClient(create_app(Settings()))


def get(client, query):
    response = client.get(f"/api/averages?{query}")
    assert response.status_code == 200, response.text
    return response.json()


def test_averages_come_in_the_order_of_the_link_with_the_values_in_force(client):
    answer = get(client, "average=mean&average=ema,beta:0.5&average=ema,debias:true&beta=0.98&steps=30")
    assert [one["hyperparameters"] for one in answer["averages"]] == [
        {"window": 50},
        {"beta": 0.5, "debias": False},
        {"beta": 0.98, "debias": True},
    ]
    assert [one["stores"] for one in answer["averages"]] == [50, 1, 2]
    for one in answer["averages"]:
        assert read(one["value"]).shape == read(one["kept"]).shape == read(answer["observed"]).shape == (31,)


def test_an_answer_can_be_made_again_from_its_weights(client):
    answer = get(client, "series=walk&average=ema&average=ema,debias:true&average=mean&initial=5&steps=60&dtype=f8")
    observed = read(answer["observed"])
    for one in answer["averages"]:
        value, weights, kept = read(one["value"]), read(one["weights"]), read(one["kept"])
        for t in range(1, 61):
            made = sum(weights[k] / kept[t] * observed[t - k] for k in range(t)) + 5 * read(one["start_weight"])[t]
            assert made == pytest.approx(value[t], abs=1e-9)
        signal = read(answer["signal"])
        assert one["error"] == pytest.approx(np.sqrt(np.mean((value[1:] - signal[1:]) ** 2)))


@pytest.mark.parametrize(
    ("beta", "says"),
    [
        ("0.9", "β = 0.9 averages about 1/(1 − β) = 10 steps: that far back, a value weighs 0.349 of the newest"),
        ("0.98", "= 50 steps: that far back, a value weighs 0.364 of"),
        ("0.5", "= 2 steps: that far back, a value weighs 0.25 of"),
        # As many digits as it takes: 1/(1 − 0.9) would not be 10.1, and β = 1 has no window.
        ("0.9005", "β = 0.9005 averages about 1/(1 − β) = 10.1 steps"),
        ("0.9999", "β = 0.9999 averages about 1/(1 − β) = 10000 steps"),
        ("0", "keeps nothing"),
    ],
)
def test_a_sentence_says_what_beta_means(client, beta, says):
    assert says in get(client, f"beta={beta}")["sentence"]


@pytest.mark.parametrize("beta", ["0", "0.9", "0.98", "0.9999"])
def test_the_way_into_adam_is_a_canonical_link_with_and_without_correction(client, beta):
    link = get(client, f"beta={beta}")["adam"]
    query = DescentQuery.read(read_pairs(link))
    assert query.link() == link
    assert [run.values["debias"] for run in query.run] == [True, False]
    # Adam's β₁ ends before 1 earlier than an average's β does.
    assert {run.values["beta1"] for run in query.run} == {min(float(beta), 0.999)}


@pytest.mark.parametrize(
    ("query", "detail"),
    [
        ("beta=1", "beta must be between 0 and 0.9999, got 1"),
        ("average=median", "unknown average 'median'; expected one of ema, mean"),
        ("average=mean,window:0", "window must be a whole number between 1 and 2000, got 0"),
        ("steps=4000", "steps must be a whole number between 1 and 2000, got 4000"),
        ("&".join(["average=ema"] * 5), "average may be given at most 4 times, got 5"),
    ],
)
def test_bad_queries_get_a_sentence(client, query, detail):
    response = client.get(f"/api/averages?{query}")
    assert response.status_code == 422
    assert response.json()["detail"] == detail


@pytest.mark.parametrize("preset", AVERAGES_LAB.presets, ids=lambda preset: preset.name)
def test_presets_are_canonical_and_answered(client, preset):
    page = read_page(AVERAGES_LAB.query, preset.query)
    assert page.link() == preset.query
    for panel in page.panels:
        assert get(client, panel.link("query"))["averages"]
