"""Ladders: many races that differ in one number, each the same as if it had been asked for alone."""

import numpy as np
import pytest
from starlette.testclient import TestClient

from app.labs.descent import DescentQuery, LadderQuery, compute, compute_ladder
from app.labs.racing.ladder import MOST_VALUES
from app.main import create_app
from app.runtime.programs import Programs
from app.schema.messages import Mistake
from app.schema.page import read_page
from app.settings import Settings
from tests.answers import plain
from tests.web.test_encoding import read

RATES = (0.0001, 0.03, 0.08, 10.0)
RUNS = "run=gd&run=adam&run=nesterov&run=lbfgs"


@pytest.fixture(scope="module")
def programs():
    return Programs()


@pytest.fixture
def ladder_of(programs):
    def ladder_of(link, vary, values):
        text = f"{link}&vary={vary}&values={','.join(map(str, values))}"
        return plain(compute_ladder(read_page(LadderQuery, text).first, programs, str))

    return ladder_of


@pytest.fixture
def race_of(programs):
    def race_of(link):
        return plain(compute(read_page(DescentQuery, link).first, programs, str))

    return race_of


@pytest.fixture(scope="module")
def client():
    return TestClient(create_app(Settings()))


def check_rung(ladder, index, race):
    rung = ladder["rungs"][index]
    assert (rung["takeaway"], rung["notes"]) == (race["takeaway"], race["notes"])
    assert (rung["surface"] or ladder["rungs"][0]["surface"]) == race["surface"]
    for at, run in enumerate(race["runs"]):
        np.testing.assert_allclose(ladder["params"][index, at], run["params"], rtol=1e-9, atol=1e-9)
        np.testing.assert_allclose(ladder["gap"][index, at], run["gap"], rtol=1e-9, atol=1e-9)
        facts = {name: fact for name, fact in run.items() if name not in ("params", "loss", "gap")}
        assert rung["runs"][at] == facts


@pytest.mark.parametrize("surface", ["bowl,kappa:25", "himmelblau", "regression,data:wine"])
@pytest.mark.parametrize("more", ["steps=60", "steps=200&schedule=cosine,warmup:7&clip=norm,at:2&noise=gaussian,std:2"])
@pytest.mark.thorough
def test_a_rung_is_the_race_that_is_asked_for_alone(ladder_of, race_of, surface, more):
    link = f"surface={surface}&{RUNS}&{more}"
    ladder = ladder_of(link, "learning_rate", RATES)
    for index, rate in enumerate(RATES):
        check_rung(ladder, index, race_of(f"{link}&learning_rate={rate}"))


FORKED = "run=momentum,learning_rate:0.02&run=momentum,learning_rate:0.05,fork:1@20"
VARIED = [  # a link, the number, a value, and the link of its rung
    ("surface=bowl", "surface.kappa", 40, "surface=bowl,kappa:40"),
    ("run=gd&run=adam,eps:0.1", "run.2.learning_rate", 0.3, "run=gd&run=adam,learning_rate:0.3,eps:0.1"),
    (FORKED, "run.1.learning_rate", 0.03, FORKED.replace("0.02", "0.03")),
    ("run=momentum", "beta1", 0.5, "run=momentum&beta1=0.5"),
    ("schedule=cosine,warmup:5", "schedule.warmup", 20, "schedule=cosine,warmup:20"),
    ("clip=norm,at:2", "clip.at", 0.5, "clip=norm,at:0.5"),
    ("penalty=l2", "penalty.weight", 1.5, "penalty=l2,weight:1.5"),
    ("noise=gaussian", "noise.std", 3, "noise=gaussian,std:3"),
    ("noise=gaussian", "seed", 4, "noise=gaussian&seed=4"),
    ("run=gd,schedule:step", "run.1.every", 7, "run=gd,schedule:step,every:7"),
]


@pytest.mark.parametrize(("link", "vary", "value", "alone"), VARIED, ids=[vary for _, vary, _, _ in VARIED])
def test_any_number_but_the_length_can_vary(ladder_of, race_of, link, vary, value, alone):
    ladder = ladder_of(f"{link}&steps=40", vary, [value])
    check_rung(ladder, 0, race_of(f"{alone}&steps=40"))
    assert ladder["rungs"][0]["query"] == read_page(DescentQuery, f"{alone}&steps=40").first.link("query")


def test_a_surface_is_told_where_it_is_another_one(ladder_of):
    same = ladder_of("surface=bowl&steps=5", "learning_rate", [0.01, 0.02])
    moved = ladder_of("surface=bowl&steps=5", "surface.kappa", [3, 4])
    assert [rung["surface"] is None for rung in same["rungs"]] == [False, True]
    assert [rung["surface"]["hessian"]["kappa"] for rung in moved["rungs"]] == [3, 4]


def test_a_ladder_compiles_nothing_that_its_race_has_not(ladder_of, race_of, programs):
    race_of("surface=beale&run=adam&steps=100")
    before = programs.traces
    ladder_of("surface=beale&run=adam&steps=100", "learning_rate", np.geomspace(1e-4, 10, MOST_VALUES).tolist())
    assert programs.traces == before


@pytest.mark.parametrize(
    ("link", "message"),
    [
        ("vary=surface.gamma&values=1", "unknown number 'surface.gamma'; expected one of surface.kappa, surface.angle"),
        ("vary=steps&values=1", "unknown number 'steps'; expected one of surface.kappa"),
        ("vary=run.2.eps&values=1", "unknown number 'run.2.eps'; expected one of"),
        ("vary=Rate&values=1", "vary must be the name of a number, such as run.2.beta1, got 'Rate'"),
        ("values=0.1,2000", "learning_rate must be between 1e-12 and 1000, got 2000"),
        ("vary=surface.kappa&values=0.5", "kappa must be between 1 and 1000000, got 0.5"),
        ("vary=seed&values=1.5", "seed must be a whole number between 0 and 999999, got 1.5"),
        ("values=0.1,x", "values value must be between"),
        (f"values={','.join(['1'] * 65)}", "values may be at most 64 numbers, got 65"),
        (
            f"steps=2000&run=gd&run=adam&values={','.join(['1'] * 63)}",
            "63 values are too many for 2 runs of 2000 steps on bowl; expected at most 62",
        ),
        (  # a row of this surface looks at thousands of numbers
            f"surface=logistic&values={','.join(['1'] * 64)}",
            "64 values are too many for 1 runs of 200 steps on logistic; expected at most 25",
        ),
    ],
)
def test_a_bad_ladder_gets_a_sentence(programs, link, message):
    with pytest.raises(Mistake) as mistake:
        plain(compute_ladder(read_page(LadderQuery, link).first, programs, str))
    assert str(mistake.value).startswith(message)


def test_a_ladder_comes_as_two_arrays(client):
    response = client.get("/api/ladder?run=gd&run=adam&steps=10&vary=learning_rate&values=0.01,0.02,0.04&dtype=f8")
    answer = response.json()
    assert read(answer["params"]).shape == (3, 2, 11, 2)
    assert read(answer["gap"]).shape == (3, 2, 11)
    assert answer["values"] == [0.01, 0.02, 0.04]
    assert answer["ladder"] == MOST_VALUES
    alone = client.get("/api/descent?run=gd&run=adam&steps=10&learning_rate=0.04&dtype=f8").json()
    assert alone["ladder"] == MOST_VALUES
    np.testing.assert_array_equal(read(answer["params"])[2, 1], read(alone["runs"][1]["params"]))
    lowest = answer["rungs"][0]["surface"]["lowest"]
    np.testing.assert_allclose(read(answer["gap"])[2, 0] + lowest, read(alone["runs"][0]["loss"]), rtol=1e-12)
    refused = client.get("/api/ladder?vary=wrong&values=1")
    assert refused.status_code == 422
    assert refused.json()["detail"].startswith("unknown number 'wrong'")
