"""Outcomes: each rule on paths made by hand, and on runs whose end is known in closed form."""

import numpy as np
import pytest

from app.labs.descent import DescentQuery, compute
from app.numerics.runs.milestones import Setting, first, for_good, milestones
from app.numerics.runs.outcome import short
from app.runtime.programs import Programs

pytestmark = pytest.mark.sampled

BOX = ((-1.0, 1.0), (-1.0, 1.0))
SETTING = Setting(
    domain=BOX,
    view=BOX,
    lowest=0.0,
    no_minimum="",
    is_penalized=False,
    is_convex=True,
    has_several=False,
    tolerance=0.01,
    steps=4,
)


@pytest.fixture(scope="module")
def programs():
    return Programs()


def the_run(programs, link):
    answer = compute(DescentQuery.read([tuple(pair.split("=", 1)) for pair in link.split("&")]), programs, str)
    return answer["runs"][0]


@pytest.mark.parametrize(
    ("holds", "first_row", "for_good_row"),
    [
        ([0, 0, 0, 0], None, None),
        ([1, 1, 1, 1], 0, 0),
        ([0, 1, 0, 1], 1, 3),
        ([0, 1, 1, 1], 1, 1),
        ([1, 1, 1, 0], 0, None),
    ],
)
def test_first_and_for_good(holds, first_row, for_good_row):
    rows = np.array([holds], dtype=bool)
    assert first(rows) == [first_row]
    assert for_good(rows) == [for_good_row]


def test_milestones_agree_with_a_plain_loop():
    rng = np.random.default_rng(0)
    params = rng.normal(size=(5, 60, 2)) * np.exp(rng.uniform(-9, 9, size=(5, 1, 1)) * np.linspace(0, 1, 60)[:, None])
    params[3, 40:] = np.nan
    loss = 0.5 * (params**2).sum(axis=-1)
    found = milestones(np.array((*params.transpose(2, 0, 1), loss)), rng.normal(size=(5, 2, 2)), SETTING)
    expected = [plain_milestones(*run) for run in zip(params, loss, strict=True)]
    assert [(run.diverged, run.reached, run.left_view) for run in found] == expected
    assert sum(rows[0] is not None for rows in expected) >= 2  # the table is not empty


def plain_milestones(params, loss):
    """DESIGN's sentences, row by row."""

    def from_here_on(holds):
        row = len(loss)
        while row > 0 and holds(row - 1):
            row -= 1
        return row if row < len(loss) else None

    def is_gone(row):
        is_finite = np.isfinite(loss[row]) and np.isfinite(params[row]).all()
        return not is_finite or np.hypot(*params[row]) > 1e3 * np.sqrt(8) or loss[row] > 1e3 * max(loss[0], 1)

    left = [row for row, (x, y) in enumerate(params) if not (-1 <= x <= 1 and -1 <= y <= 1)]
    return from_here_on(is_gone), from_here_on(lambda row: loss[row] <= 0.01 * loss[0]), left[0] if left else None


@pytest.mark.parametrize(
    ("link", "kind", "words"),
    [
        # Rates below and above 2/λ_max = 0.08 (CURRICULUM §1).
        ("surface=bowl,kappa:25&run=gd,learning_rate:0.05&steps=1000", "converged", "converges to the global minimum"),
        (
            "surface=bowl,kappa:25&run=gd,learning_rate:0.09",
            "diverged",
            # 2·1.25ᵏ passes 10, the edge of the view, at k = 8.
            "diverges: the learning rate 0.09 is above 2/λ_max = 0.08; gone from the view at step 8",
        ),
        ("surface=bowl,kappa:25&run=gd,learning_rate:0.0801&steps=50", "moving", "growing: the learning rate 0.0801"),
        ("surface=circle&run=gd,learning_rate:0.1&noise=gaussian&steps=400", "moving", "hovers"),
        ("surface=bowl,kappa:25&run=gd,learning_rate:0.001&steps=50", "moving", "on its way"),
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
        ("surface=bowl&run=gd,learning_rate:0.001,schedule:step,every:5,factor:0", "stuck", "has faded away"),
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
        ("surface=bowl,kappa:25&run=gd,learning_rate:0.05&steps=1", "moving", "still falls, "),
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
        ("surface=plateau&run=adam,learning_rate:0.5&steps=300", "stuck", "stuck a hair from the minimum, "),
        # What goes up at the end may only swing, and what is gone need not be high.
        ("surface=bowl&run=lion&start=-8,2", "moving", "swings: the loss rises again"),
        ("surface=bowl&run=gd,learning_rate:0.001&start=1000000,1000000", "diverged", "out of reach: it began 1000"),
        (
            "surface=bowl,kappa:25&run=gd,learning_rate:0.1&start=100,100&view=-1,1,-1,1",
            "diverged",
            "2/λ_max = 0.08; out of all bounds from step",  # the view never held it
        ),
    ],
)
def test_each_ending_has_its_name_and_its_sentence(programs, link, kind, words):
    run = the_run(programs, link)
    assert (run["outcome"], words in run["sentence"]) == (kind, True), run["sentence"]


@pytest.mark.parametrize(
    ("link", "words"),
    [
        # The lowest value that was found in the domain is passed on the way out, and nobody arrives there.
        ("surface=saddle&run=gd,learning_rate:0.1", "unbounded: the loss falls without end along y"),
        ("surface=saddle&run=gd,learning_rate:0.1&run=gd,learning_rate:0.2", "none arrives within 200 steps"),
        ("surface=circle&run=gd&start=0,0", "κ = 1: converges to the global minimum; settled from step 0"),
        ("surface=circle&run=gd&run=adam&start=0,0", "κ = 1: the start is as low as the goal already"),
    ],
)
def test_the_takeaway_tells_arriving_from_passing_by(programs, link, words):
    answer = compute(DescentQuery.read([tuple(pair.split("=", 1)) for pair in link.split("&")]), programs, str)
    assert answer["takeaway"].startswith(words)


def test_newton_stops_where_the_hessian_is_singular_and_says_so(programs):
    # On a row of identical features the valley is a line: one eigenvalue of the Hessian is 0.
    run = the_run(programs, "surface=regression,x1:ash,x2:ash&run=newton&steps=20")
    assert (run["outcome"], "the Hessian is singular" in run["sentence"]) == ("stuck", True), run["sentence"]


def test_steps_to_tolerance_follow_the_contraction_of_the_bowl(programs):
    # Both coordinates shrink by 1 − ηλ; the gap by its square.
    run = the_run(programs, "surface=circle&run=gd,learning_rate:0.1&tolerance=0.0001&steps=300")
    rate = 1 - 0.1 * the_curvature_of_circle(programs)
    assert run["reached_at"] == int(np.ceil(np.log(1e-4) / (2 * np.log(rate))))
    assert run["shape"] == "straight"


def the_curvature_of_circle(programs):
    return compute(DescentQuery.read([("surface", "circle")]), programs, str)["surface"]["hessian"]["eigenvalues"][0]


def test_the_bottom_of_the_opening_page_is_what_the_curriculum_says(programs):
    answers = {scaler: compute(DescentQuery.read(pairs(scaler)), programs, str) for scaler in ("none", "standardize")}
    assert answers["none"]["takeaway"].startswith("κ = 16.4")
    assert answers["none"]["takeaway"].endswith("zig-zag")
    assert answers["none"]["runs"][0]["reached_at"] == pytest.approx(60, abs=3)
    assert answers["standardize"]["takeaway"].startswith("κ = 1.05")
    assert answers["standardize"]["takeaway"].endswith("arrives at step 17, straight")


def pairs(scaler):
    return [("surface", "regression"), ("scaler", scaler), ("learning_rate", "0.337"), ("steps", "100")]


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.08, "0.08"), (16.42, "16.4"), (257123.0, "2.57·10⁵"), (1.35e-5, "1.35·10⁻⁵"), (0.0, "0"), (1000.0, "1·10³")],
)
def test_numbers_in_sentences(value, text):
    assert short(value) == text
