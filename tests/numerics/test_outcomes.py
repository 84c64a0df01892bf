"""Outcomes: each rule on paths made by hand, and on runs whose end is known in closed form."""

import collections
import dataclasses
import itertools

import numpy as np
import pytest

from app.labs.descent import DescentQuery, compute
from app.numerics.problems.datasets import DATASETS
from app.numerics.problems.surfaces import SURFACES
from app.numerics.runs.events import events_of, first, for_good
from app.numerics.runs.outcome import Goal
from app.runtime.programs import Programs
from app.sentences.numbers import apart, short
from tests.answers import plain

BOX = ((-1.0, 1.0), (-1.0, 1.0))
GOAL = Goal(
    domain=np.array(BOX),
    lowest=np.array(0.0),
    minima=np.zeros((2, 1)),
    is_known=np.array(True),
    is_convex=np.array(True),
    has_minimum=np.array(True),
    is_penalized=np.array(False),
)


@pytest.fixture(scope="module")
def programs():
    return Programs()


def the_run(programs, link):
    answer = plain(compute(DescentQuery.read([tuple(pair.split("=", 1)) for pair in link.split("&")]), programs, str))
    return answer["runs"][0]


@pytest.mark.parametrize(
    ("holds", "first_row", "for_good_row"),
    [
        ([0, 0, 0, 0], -1, -1),
        ([1, 1, 1, 1], 0, 0),
        ([0, 1, 0, 1], 1, 3),
        ([0, 1, 1, 1], 1, 1),
        ([1, 1, 1, 0], 0, -1),
    ],
)
def test_first_and_for_good(holds, first_row, for_good_row):
    rows = np.array([holds], dtype=bool)
    assert first(rows).tolist() == [first_row]
    assert for_good(rows).tolist() == [for_good_row]


@pytest.mark.parametrize("is_known", [True, False])
def test_events_agree_with_a_plain_loop(is_known):
    rng = np.random.default_rng(0)
    params = rng.normal(size=(5, 60, 2)) * np.exp(rng.uniform(-9, 9, size=(5, 1, 1)) * np.linspace(0, 1, 60)[:, None])
    params[3, 40:] = np.nan
    loss = 0.5 * (params**2).sum(axis=-1) ** 1.1
    rows = np.array((*params.transpose(2, 0, 1), loss))
    goal = dataclasses.replace(GOAL, is_known=np.array(is_known))
    found = events_of(rows, goal, view=BOX, tolerance=0.1)
    expected = [plain_events(*run, is_known) for run in zip(params, loss, strict=True)]
    assert list(zip(found.gone, found.reached, found.left_view, strict=True)) == expected
    assert sum(rows[0] >= 0 for rows in expected) >= 2  # the table is not empty
    assert sum(rows[1] >= 0 for rows in expected) >= 1


def plain_events(params, loss, is_known):
    """The rules, row by row."""

    def from_here_on(holds):
        row = len(loss)
        while row > 0 and holds(row - 1):
            row -= 1
        return row if row < len(loss) else -1

    def is_gone(row):
        is_finite = np.isfinite(loss[row]) and np.isfinite(params[row]).all()
        return not is_finite or np.hypot(*params[row]) > 1e3 * np.sqrt(8) or loss[row] > 1e3 * max(loss[0], 1)

    def is_within(row):
        if is_known:
            return np.hypot(*params[row]) / np.hypot(*params[0]) <= 0.1
        return np.sqrt(loss[row] / loss[0]) <= 0.1

    left = [row for row, (x, y) in enumerate(params) if not (-1 <= x <= 1 and -1 <= y <= 1)]
    return from_here_on(is_gone), from_here_on(is_within), left[0] if left else -1


ENDINGS = [
    # Rates below and above 2/λ_max = 0.08.
    ("surface=bowl,kappa:25&run=gd,learning_rate:0.05&steps=1000", "converged", "converges to the global minimum"),
    (
        "surface=bowl,kappa:25&run=gd,learning_rate:0.09",
        "diverged",
        # 2·1.25ᵏ passes 10, the edge of the view, at k = 8.
        "diverges: the learning rate 0.09 is above 2/λ_max = 0.08; it leaves the view at step 8",
    ),
    ("surface=bowl,kappa:25&run=gd,learning_rate:0.0801&steps=50", "moving", "growing: the learning rate 0.0801"),
    ("surface=circle&run=gd,learning_rate:0.1&noise=gaussian&steps=400", "moving", "hovers"),
    ("surface=bowl,kappa:25&run=gd,learning_rate:0.001&steps=50", "moving", "still decreasing"),
    # The cause is not quoted where something else acts on the gradient.
    ("surface=bowl,kappa:25&run=gd,learning_rate:0.2&noise=gaussian", "diverged", "the loss grows beyond all"),
    ("surface=bowl,kappa:25&run=adam,learning_rate:0.000001&steps=20", "stuck", "too small to see"),
    ("surface=saddle&run=gd,learning_rate:0.1&start=1,0.1", "unbounded", "unbounded"),
    ("surface=saddle_walls&run=gd,learning_rate:0.1&start=1,0&steps=500", "stuck", "stuck at a saddle"),
    (
        "surface=saddle_walls&run=gd,learning_rate:0.1&start=1,0.1&steps=500",
        "converged",
        "a global minimum, one of",
    ),
    ("surface=six_hump_camel&run=gd,learning_rate:0.01&start=1.7,0.7", "converged", "a local minimum"),
    ("surface=bowl&run=gd,learning_rate:0.001,schedule:step,every:5,factor:0", "stuck", "has decayed to nothing"),
    ("surface=two_weights&run=newton&start=0.7,0.7&steps=60", "converged", "a global minimum, one of"),
    # At a kink the gradient is not zero, but the shortest subgradient is.
    ("surface=bowl,kappa:1&penalty=l1,weight:3&run=gd,learning_rate:0.1", "converged", "the global minimum"),
    # The penalty's kink holds the path where the surface alone would fall.
    ("surface=saddle_walls&penalty=l1&run=gd,learning_rate:0.1&start=1,0", "converged", "a local minimum"),
    # Beside the middle of its floor, here at w₁w₂ = 1 + 4·10⁻⁸, a bent valley curves down along the floor.
    ("surface=two_weights&run=gd,learning_rate:0.02&start=2,2", "converged", "a global minimum, one of several"),
    # A valley with a level floor is convex, even if rounding makes λ_min negative.
    ("surface=regression,x1:ash,x2:ash&run=gd,learning_rate:20", "diverged", "is above 2/λ_max = 13.4"),
    # Flat ground is neither a minimum nor a saddle, whatever the signs of curvatures of 10⁻¹⁴⁰.
    ("surface=easom&run=gd,learning_rate:1&start=-9,-9", "stuck", "stuck on flat ground"),
    ("surface=monkey_saddle&run=gd,learning_rate:0.1&start=0,0", "stuck", "stuck on flat ground"),
    ("surface=himmelblau&run=newton&start=-0.2,-0.9", "stuck", "though the surface falls from there"),
    # Without a minimum there is nothing to converge to, though the slope has fallen from 1.4 to 10⁻⁷.
    (
        "surface=softmax_cross_entropy&run=gd,learning_rate:17&steps=3",
        "stuck",
        "there is no minimum: the loss only",
    ),
    # From far above, a minimum 28 above the lowest looks as low; outside the domain there are lower ones.
    ("surface=styblinski_tang&run=newton&start=1000,1000", "converged", "a local minimum, 28.3 above the lowest"),
    (
        "surface=mccormick&run=gd,learning_rate:0.1&start=-4,-5",
        "converged",
        "3.14 below the lowest in the usual do",
    ),
    (
        "surface=mccormick&run=gd,learning_rate:0.1&start=-4,-5&steps=3",
        "moving",
        "below the lowest in the usual do",
    ),
    ("surface=saddle&run=gd,learning_rate:0.1&steps=5", "moving", "above the lowest in the usual domain at step 5"),
    # The start, and the first step of a warm-up.
    ("surface=bowl,kappa:25&run=gd,learning_rate:0.05&start=0,0", "converged", "settled from step 0"),
    ("surface=bowl,kappa:25&run=gd,learning_rate:0.05&steps=1", "moving", "still decreasing: "),
    (
        "surface=bowl&run=gd,learning_rate:0.01&schedule=constant,warmup:9&steps=1",
        "stuck",
        "rate is 0 in every step",
    ),
    # A rate that is small from the beginning has not faded, though the schedule ends at 0.
    ("surface=bowl,kappa:25&run=adam,learning_rate:0.000001&steps=20&schedule=cosine", "stuck", "too small to see"),
    ("surface=bowl,kappa:25&run=adamw,learning_rate:0.000001&steps=20", "stuck", "too small to see"),
    (
        "surface=himmelblau&run=adamw,eps:1,beta2:0.9,weight_decay:0.2&start=3,2&steps=2000",
        "stuck",
        "weight decay pulls",
    ),
    # Beside the slope on the plateau where it began, that of 10⁻⁷ at the minimum is not nothing.
    ("surface=plateau&run=adam,learning_rate:0.5&steps=300", "stuck", "stuck just short of the minimum, "),
    # What goes up at the end may only swing, and what is gone need not be high.
    ("surface=bowl&run=lion&start=-8,2", "moving", "fluctuates: the loss rises again"),
    ("surface=bowl&run=gd,learning_rate:0.001&start=1000000,1000000", "diverged", "out of reach: it began 1000"),
    (
        "surface=bowl,kappa:25&run=gd,learning_rate:0.1&start=100,100&view=-1,1,-1,1",
        "diverged",
        "2/λ_max = 0.08; out of all bounds from step",  # the view never held it
    ),
]


def sampled(cases, every):
    """Leave every n-th case to the quick tests, and all to the thorough ones."""
    return [
        case if number % every == 0 else pytest.param(*case, marks=pytest.mark.thorough)
        for number, case in enumerate(cases)
    ]


@pytest.mark.parametrize(("link", "kind", "words"), sampled(ENDINGS, 6))
def test_each_ending_has_its_name_and_its_sentence(programs, link, kind, words):
    run = the_run(programs, link)
    assert (run["outcome"], words in run["sentence"]) == (kind, True), run["sentence"]


@pytest.mark.parametrize(
    ("link", "words"),
    [
        # The lowest value that was found in the domain is passed on the way out, and is no goal.
        ("surface=saddle&run=gd,learning_rate:0.1", "unbounded: the loss falls without end along y"),
        (
            "surface=saddle&run=gd,learning_rate:0.1&run=gd,learning_rate:0.2",
            "none reaches the tolerance within 200 steps",
        ),
        ("surface=circle&run=gd&start=0,0", "κ = 1: converges to the global minimum; settled from step 0"),
        ("surface=circle&run=gd&run=adam&start=0,0", "κ = 1: the start is within the tolerance already"),
    ],
)
def test_the_takeaway_tells_reaching_from_passing_by(programs, link, words):
    answer = plain(compute(DescentQuery.read([tuple(pair.split("=", 1)) for pair in link.split("&")]), programs, str))
    assert answer["takeaway"].startswith(words)


def test_newton_stops_where_the_hessian_is_singular_and_says_so(programs):
    # On a row of identical features the valley is a line: one eigenvalue of the Hessian is 0.
    run = the_run(programs, "surface=regression,x1:ash,x2:ash&run=newton&steps=20")
    assert (run["outcome"], "the Hessian is singular" in run["sentence"]) == ("stuck", True), run["sentence"]


def test_steps_to_tolerance_follow_the_contraction_of_the_bowl(programs):
    # Both coordinates shrink by 1 − ηλ, and so does the distance.
    run = the_run(programs, "surface=circle&run=gd,learning_rate:0.1&tolerance=0.0001&steps=300")
    rate = 1 - 0.1 * the_curvature_of_circle(programs)
    assert run["reached_at"] == int(np.ceil(np.log(1e-4) / np.log(rate)))
    assert run["shape"] == "straight"


def the_curvature_of_circle(programs):
    return plain(compute(DescentQuery.read([("surface", "circle")]), programs, str))["surface"]["hessian"][
        "eigenvalues"
    ][0]


def test_the_bottom_of_the_opening_page_is_what_the_curriculum_says(programs):
    answers = {
        scaler: plain(compute(DescentQuery.read(pairs(scaler)), programs, str)) for scaler in ("none", "standardize")
    }
    assert answers["none"]["takeaway"].startswith("κ = 16.4")
    assert answers["none"]["takeaway"].endswith("zig-zag")
    assert answers["none"]["runs"][0]["reached_at"] == pytest.approx(60, abs=3)
    assert answers["standardize"]["takeaway"].startswith("κ = 1.05")
    assert answers["standardize"]["takeaway"].endswith("reaches the tolerance at step 17, straight")


def pairs(scaler):
    return [("surface", "regression"), ("scaler", scaler), ("learning_rate", "0.337"), ("steps", "100")]


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.08, "0.08"), (16.42, "16.4"), (257123.0, "2.57·10⁵"), (1.35e-5, "1.35·10⁻⁵"), (0.0, "0"), (1000.0, "1·10³")],
)
def test_numbers_in_sentences(value, text):
    assert short(value) == text


# What verification found: a small gradient or a small gap taken for the minimum, and rounding taken for a trend.
MISLEADING = [
    (
        "surface=regression,data:made_wide&run=gd",
        "stuck",
        "κ = 8.17·10⁷: crawls: the steep direction is done in 10 steps; along the flat one, "
        "1/(ηλ_min) ≈ 1.63·10⁸ steps",
    ),
    (
        "surface=bowl,kappa:1000000&run=gd&start=-10,-10",
        "moving",
        "κ = 1·10⁶: crawls: the steep direction is done in 10 steps; along the flat one, 1/(ηλ_min) ≈ 2·10⁶ steps",
    ),
    (
        "surface=bowl,kappa:1000000&run=momentum&start=-10,-10",
        "moving",
        "κ = 1·10⁶: crawls: the steep direction is done in 132 steps; along the flat one, "
        "(1 − β₁)/(ηλ_min) ≈ 2·10⁵ steps",
    ),
    ("surface=rosenbrock&run=adam,learning_rate:1&start=-30,30", "moving", "still decreasing: 71 above the lowest at"),
    (
        "surface=bowl,kappa:25&run=gd,learning_rate:0.08",
        "moving",
        "κ = 25: oscillates between the same values: the learning rate 0.08 is exactly at the limit of stability, ",
    ),
    (
        "surface=bowl,kappa:25&run=gd,learning_rate:2&rate=relative",
        "moving",
        "κ = 25: oscillates between the same values: the learning rate 0.08 is exactly at the limit of stability, ",
    ),
    (
        "surface=styblinski_tang&run=gd,learning_rate:0.068&steps=1000",
        "moving",
        "almost level: the loss falls by only 8.63·10⁻⁹ in the last 100 steps, 28.3 above the lowest at step 1000",
    ),
    (
        "surface=bowl,kappa:25&run=gd,learning_rate:0.0801&steps=2000&start=8,0.000001",
        "moving",
        "κ = 25: growing: the learning rate 0.0801 is above 2/λ_max = 0.08",
    ),
    (
        "surface=bowl,kappa:25&run=gd,learning_rate:0.0800001&steps=2000&start=1e-9,1",
        "moving",
        "κ = 25: growing: the learning rate 0.0800001 is above 2/λ_max = 0.08",
    ),
]


@pytest.mark.parametrize(("link", "kind", "words"), sampled(MISLEADING, 2))
def test_neither_a_small_gradient_nor_rounding_is_taken_for_an_end(programs, link, kind, words):
    answer = answer_of(programs, link)
    (run,) = answer["runs"]
    assert (run["outcome"], run["converged_at"]) == (kind, None), run["sentence"]
    assert answer["takeaway"].startswith(words)


def test_a_run_that_is_far_from_every_minimum_is_at_no_global_one(programs):
    for steps in (200, 2000):
        run = the_run(programs, f"surface=beale&run=adagrad&start=8.5,13.8&steps={steps}")
        assert run["outcome"] != "converged"
        assert run["gap"][-1] > 1


def answer_of(programs, link):
    return plain(compute(DescentQuery.read([tuple(pair.split("=", 1)) for pair in link.split("&")]), programs, str))


def raw_pairs():
    """All pairs of features of all data, as they are."""
    return [
        f"surface=regression,data:{name},x1:{one},x2:{two}&run=gd"
        for name, data in DATASETS.items()
        for one, two in itertools.combinations(data.features, 2)
    ]


@pytest.mark.parametrize(
    "links",
    [
        pytest.param(raw_pairs()[::47], id="some"),
        pytest.param(raw_pairs(), id="all", marks=pytest.mark.thorough),
    ],
)
def test_a_raw_pair_converges_only_where_it_ends_at_the_minimum(programs, links):
    ended = 0
    for link in links:
        answer = answer_of(programs, link)
        (run,), minima = answer["runs"], [minimum["at"] for minimum in answer["surface"]["minima"]]
        if len(minima) > 1:
            continue  # a line of minima
        (x0, x1), (y0, y1) = answer["surface"]["domain"]
        remaining, first = (np.linalg.norm(run["params"][row] - minima[0]) for row in (-1, 0))
        is_near = remaining <= 1e-3 * np.hypot(x1 - x0, y1 - y0)
        assert is_near or run["outcome"] != "converged", (link, run["sentence"])
        assert (run["reached_at"] is not None) == (remaining <= 1e-3 * first), link
        assert "reaches" not in answer["takeaway"] or run["reached_at"] is not None
        ended += is_near
    assert 0 < ended < len(links)


@pytest.mark.parametrize(
    "count", [pytest.param(20, id="some"), pytest.param(700, id="many", marks=pytest.mark.thorough)]
)
def test_what_is_said_to_decrease_does(programs, count):
    rng = np.random.default_rng(5)
    names = [name for name, surface in SURFACES.items() if not surface.has_rows]
    said = collections.Counter()
    for _ in range(count):
        surface, optimizer = (
            rng.choice(each) for each in (names[:: 1 if count > 100 else 6], ["gd", "momentum", "adam"])
        )
        rate = float(f"{np.exp(rng.uniform(np.log(1e-4), np.log(3))):.3g}")
        steps = int(rng.integers(20, 500))
        answer = answer_of(programs, f"surface={surface}&run={optimizer},learning_rate:{rate}&steps={steps}")
        (run,) = answer["runs"]
        tail = max(1, round(0.1 * steps))
        now, before = run["loss"][-tail:].mean(), run["loss"][-2 * tail : -tail].mean()
        word = run["sentence"].split(":")[0]
        said[word] += 1
        if word == "still decreasing":
            assert before - now > 1e-3 * abs(run["gap"][-tail:].mean()), (surface, optimizer, rate, steps)
    assert said["still decreasing"] >= 1


@pytest.mark.parametrize(
    ("first", "second", "texts"),
    [(0.08, 0.08, ("0.08", "0.08")), (0.0800001, 0.08, ("0.0800001", "0.08")), (1.0, 2.0, ("1", "2"))],
)
def test_two_numbers_are_printed_with_digits_that_tell_them_apart(first, second, texts):
    assert apart(first, second) == texts


def test_a_run_at_a_place_without_derivatives_gets_no_verdict_from_one(programs):
    # Schwefel's √|x| has an infinite slope on both axes; the 0 that is computed there in its place is no zero gradient,
    # and the curvature is nothing that a saddle, a maximum or a minimum could be told by.
    run = the_run(programs, "surface=schwefel&run=gd&start=0,0&steps=50")
    assert run["outcome"] == "stuck"
    assert (run["params"] == 0).all()
    for word in ("gradient is zero", "saddle", "maximum", "minimum", "curvature", "flat"):
        assert word not in run["sentence"], run["sentence"]


@pytest.mark.parametrize("name", ["ackley", "levy", "himmelblau", "rastrigin"])
def test_a_lowest_value_that_is_zero_to_rounding_is_zero(programs, name):
    # Ackley's formula makes −8.9·10⁻¹⁶ (or 4.4·10⁻¹⁶) of 20 + e − 20 − e.
    answer = answer_of(programs, f"surface={name}&run=gd")
    assert answer["surface"]["lowest"] == 0.0
    assert {minimum["loss"] for minimum in answer["surface"]["minima"]} == {0.0}
