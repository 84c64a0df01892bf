"""What the lab of critical points answers, as somebody else's program meets it."""

import numpy as np
import pytest
from starlette.testclient import TestClient

from app.labs.critical import CRITICAL
from app.main import create_app
from app.schema.page import read_page
from app.settings import Settings
from tests.web.test_encoding import read

pytestmark = pytest.mark.sampled


@pytest.fixture(scope="module")
def client():
    return TestClient(create_app(Settings()))


def get(client, query, name="critical"):
    response = client.get(f"/api/{name}?{query}")
    assert response.status_code == 200, response.text
    return response.json()


@pytest.mark.thorough
def test_the_nine_points_of_himmelblau(client):
    answer = get(client, "surface=himmelblau")
    assert answer["found"] == len(answer["points"]) == 9
    assert answer["counts"] == {"minimum": 4, "maximum": 1, "saddle": 4, "degenerate": 0}
    for point in answer["points"]:
        assert point.keys() == {"at", "loss", "kind", "eigenvalues"}
        assert point["eigenvalues"][0] <= point["eigenvalues"][1]
    assert answer["takeaway"] == "9 critical points in view. minima: 4 · maxima: 1 · saddles: 4"


def test_only_what_is_in_view_counts(client):
    answer = get(client, "surface=himmelblau&view=0,5,-5,5")
    assert answer["counts"]["minimum"] == 2
    assert all(0 <= point["at"][0] <= 5 for point in answer["points"])


@pytest.mark.thorough
def test_the_saddle_of_two_weights_at_the_origin(client):
    answer = get(client, "surface=two_weights&point=0,0&dtype=f8")
    look = answer["point"]
    assert look["hessian"] == [[0, -2], [-2, 0]]
    assert look["eigenvalues"] == pytest.approx([-2, 2])
    assert look["eigenvectors"][0] == pytest.approx([0.5**0.5, 0.5**0.5])
    assert look["kind"] == "saddle"
    assert look["sentence"].startswith("A saddle point: the surface falls along u₁")
    for curve in answer["curves"]:
        assert curve["kind"] == "degenerate"
        np.testing.assert_allclose(read(curve["points"]).prod(axis=1), 1, rtol=1e-9)


def test_moving_the_point_answers_the_same_point_without_the_rest(client):
    query = "surface=himmelblau&point=1,1"
    assert get(client, query, "expansion")["point"] == get(client, query)["point"]
    assert get(client, query)["point"]["kind"] == "slope"


@pytest.mark.parametrize(
    ("query", "part"),
    [
        ("surface=monkey_saddle&point=0,0", "gradient and Hessian are both zero"),
        ("surface=two_weights&point=1,1", "one of a whole curve"),
        ("surface=plateau&point=9,9", "Flat ground"),
        ("surface=himmelblau&point=1,1", "Not a critical point: the slope is 59.7"),
        ("surface=himmelblau&point=3,2", "A local minimum"),
        ("surface=rosenbrock&point=1e9,1e9", "Not a critical point"),
        ("surface=ackley&point=0,0", "no derivative here, and so no verdict from one: this surface is not smooth at"),
        ("surface=bukin_6&point=-10,1", "no derivative here"),
        ("surface=schwefel&point=0,100", "no derivative here"),
        ("surface=bowl&penalty=l1,weight:0.5&point=0,1", "the penalty has a crease at 0"),
    ],
)
def test_the_verdict_in_words(client, query, part):
    assert part in get(client, query, "expansion")["point"]["sentence"]


@pytest.mark.thorough
def test_where_there_is_no_gradient_nothing_is_claimed_and_it_is_said(client):
    answer = get(client, "surface=bukin_6")
    assert answer["points"] == []
    assert answer["kinks"] == [{"at": [-10, 1]}]
    assert "not smooth on the parabola" in answer["notes"][0]


@pytest.mark.thorough
def test_a_crease_of_the_penalty_is_said(client):
    answer = get(client, "surface=bowl&penalty=l1,weight:0.5")
    assert any("crease" in note for note in answer["notes"])


@pytest.mark.thorough
def test_the_map_of_curvature_lies_as_documented(client):
    answer = get(client, "surface=saddle_walls&dtype=f8", "curvature")
    x, y, low, high = (read(answer[name]) for name in ("x", "y", "smallest", "largest"))
    # The Hessian is diag(2, 3y² − 2).
    own = np.broadcast_to(3 * y[:, None] ** 2 - 2, (len(y), len(x)))
    np.testing.assert_allclose(low, np.minimum(own, 2), atol=1e-12)
    np.testing.assert_allclose(high, np.maximum(own, 2), atol=1e-12)


@pytest.mark.thorough
def test_an_escape_beside_the_saddle_takes_as_long_as_predicted(client):
    answer = get(client, "surface=saddle&point=0,0&learning_rate=0.1&epsilon=1e-6&dtype=f8", "escape")
    runs = {run["name"]: run for run in answer["runs"]}
    assert answer["radius"] == 1
    assert runs["offset"]["predicted"] == pytest.approx(np.log(1e6) / np.log(1.2))
    assert runs["offset"]["left_at"] == 76
    assert runs["exact"]["left_at"] is None
    assert runs["exact"]["sentence"] == "never moves: the gradient is exactly zero"
    assert runs["stable"]["sentence"].startswith("approaches the saddle")
    distance = read(runs["offset"]["distance"])
    np.testing.assert_allclose(distance, np.linalg.norm(read(runs["offset"]["params"]), axis=1))
    assert distance[75] < 1 <= distance[76]


def test_from_a_bowl_there_is_nothing_to_escape(client):
    answer = get(client, "surface=bowl", "escape")
    assert answer["runs"] == []
    assert "nothing to escape from" in answer["sentence"]


@pytest.mark.thorough
def test_a_rate_above_the_limit_is_named_but_not_as_the_cause_of_leaving_along_the_other_axis(client):
    answer = get(client, "surface=saddle&point=0,0&learning_rate=1.5", "escape")
    assert "each step multiplies the distance by 4" in answer["sentence"]
    assert "above 2/λ₂ = 1: along u₂ each step multiplies the distance by 2" in answer["sentence"]
    runs = {run["name"]: run["sentence"] for run in answer["runs"]}
    assert runs["offset"] == "leaves at step 5 along u₁"
    assert runs["stable"] == "leaves at step 1 along u₂, oscillating ever wider: η is above 2/λ₂ = 1"


@pytest.mark.thorough
def test_a_prediction_beyond_the_quadratic_region_says_so(client):
    answer = get(client, "surface=two_valleys", "escape")
    assert answer["model_error"] > 0.2
    assert "The prediction is rough" in answer["sentence"]
    assert "rough" not in get(client, "surface=saddle&point=0,0", "escape")["sentence"]


@pytest.mark.thorough
def test_all_points_are_counted_though_only_some_are_listed(client):
    answer = get(client, "surface=rastrigin&view=-7,7,-7,7")
    assert answer["counts"] == {"minimum": 225, "maximum": 196, "saddle": 420, "degenerate": 0}
    assert (answer["found"], len(answer["points"])) == (841, 500)
    assert "841 critical points were found and counted; the lowest 500 are listed" in answer["notes"][0]


@pytest.mark.thorough
def test_a_coarse_search_is_said_on_the_page(client):
    assert any("the search was coarse" in note for note in get(client, "surface=beale&view=-20,20,-20,20")["notes"])
    assert get(client, "surface=beale")["notes"] == []


EXTREMES = [
    "surface=six_hump_camel&epsilon=3.6e-06&noise=gaussian,std:5e-324&escapes=true",
    "surface=saddle&point=0,0&learning_rate=1e-12&beta1=0.999&epsilon=1e-12",
    "surface=saddle&point=1e9,-1e9",
    "surface=himmelblau&view=1,1.0000000000000002,1,1.0000000000000002",
    "surface=two_weights&view=-1e9,1e9,-1e9,1e9",
    "surface=bowl,kappa:1000000&penalty=l1,weight:1e9&point=0,0",
    "surface=rastrigin&learning_rate=1000&steps=2000",
]


NUMBERS = ["0", "5e-324", "1e-300", "1e-12", "3.6e-06", "1", "0.1", "1000", "1e9", "-1e9", "1e308", "-0"]


def extreme_queries(count):
    """Yield links with numbers at the ends of what floats can say."""
    draws = np.random.default_rng(0)
    for _ in range(count):
        some = iter(draws.choice(NUMBERS, 10).tolist())
        keys = [f"{name}={next(some)}" for name in ("epsilon", "learning_rate", "beta1") if draws.random() < 0.5]
        keys += [f"point={next(some)},{next(some)}"] * int(draws.integers(2))
        keys += [f"noise=gaussian,std:{next(some)}"] * int(draws.integers(2))
        keys += [f"view={next(some)},{next(some)},{next(some)},{next(some)}"] * int(draws.random() < 0.2)
        yield "&".join(["surface=" + str(draws.choice(["six_hump_camel", "saddle"])), *keys])


@pytest.mark.thorough
def test_no_extreme_number_is_an_error_of_ours(client):
    for query in extreme_queries(300):
        for name in ("expansion", "escape"):
            assert client.get(f"/api/{name}?{query}").status_code in (200, 422), query


@pytest.mark.thorough
@pytest.mark.parametrize("query", EXTREMES)
@pytest.mark.parametrize("name", ["critical", "expansion", "curvature", "escape"])
def test_extreme_values_are_answered_or_refused(client, query, name):
    assert client.get(f"/api/{name}?{query}").status_code in (200, 422)


@pytest.mark.thorough
def test_the_network_says_how_many_eigenvalues_are_positive(client):
    answer = get(client, "hidden=4&seed=0&dtype=f8", "network")
    eigenvalues, ratio = read(answer["eigenvalues"]), read(answer["ratio"])
    assert eigenvalues.shape == (len(answer["stages"]), 17)
    largest = np.abs(eigenvalues).max(axis=1, keepdims=True)
    np.testing.assert_allclose(ratio, (eigenvalues > 1e-10 * largest).mean(axis=1))


@pytest.mark.parametrize(
    ("query", "part"),
    [
        ("point=1", "point must be 2 numbers, x,y"),
        ("epsilon=0", "epsilon must be between 1e-12 and 1000"),
        ("view=1,0,0,1", "view must be x0,x1,y0,y1"),
        ("hidden=9", "hidden must be a whole number between 1 and 8"),
        ("surface=everest", "unknown surface 'everest'"),
        ("signs=maybe", "signs must be"),
    ],
)
def test_a_bad_value_is_named_with_what_was_expected(client, query, part):
    response = client.get(f"/api/critical?{query}")
    assert response.status_code == 422
    assert part in response.json()["detail"]


@pytest.mark.thorough
@pytest.mark.parametrize("preset", CRITICAL.presets, ids=lambda preset: preset.name)
def test_every_preset_is_answered_in_full(client, preset):
    for computation in CRITICAL.computations:
        for query in read_page(computation.query, preset.query).panels:
            assert get(client, query.link("query"), computation.name)
