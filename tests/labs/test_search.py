"""Search: every sample is the single run of its numbers, and links hold what a visitor has placed."""

import math

import numpy as np
import pytest

from app.labs.descent import DescentQuery
from app.labs.descent import compute as descend
from app.labs.maps.sweep import with_value
from app.labs.search import SEARCH, SearchMapQuery, SearchQuery, compute
from app.labs.search.compute import found_at
from app.numerics.analysis.search import STRATEGIES, Span, best_so_far, decades_of, stream
from app.numerics.runs.outcome import KINDS
from app.runtime.programs import Programs
from app.schema.messages import Mistake
from app.schema.page import read_page
from tests.answers import plain

PLAIN = "steps=40&budget=9&seeds=4"


@pytest.fixture(scope="module")
def programs():
    return Programs()


def read(link):
    return read_page(SearchQuery, link).check_problem(None).first


def alone(link, names, point, programs):
    """Return the run at a point as Descent makes it."""
    query = read_page(DescentQuery, link).first
    for name, value in zip(names, point, strict=True):
        query = with_value(query, 1, name, value)
    return plain(descend(query, programs, str))["runs"][0]


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("shared", "own"),
    [
        ("surface=bowl,kappa:25&run=momentum&steps=40", ""),
        pytest.param("surface=beale&run=adam,eps:0.001&steps=40", "x=eps&y=beta2", marks=pytest.mark.thorough),
        pytest.param(
            "surface=himmelblau&run=gd&schedule=cosine&clip=norm&steps=40",
            "x=schedule.warmup&y=clip.at",
            marks=pytest.mark.thorough,
        ),
        pytest.param(
            "surface=himmelblau&run=gd&noise=gaussian,std:2&seed=5&steps=40",
            "x=learning_rate&y=start.y",
            marks=pytest.mark.thorough,
        ),
    ],
)
def test_best_so_far_is_that_of_a_loop_over_single_runs(shared, own, programs):
    answer = compute(read(f"{shared}&{own}&budget=9&seeds=4"), programs, str)
    names = answer.x.name, answer.y.name
    samples = answer.samples
    best = math.inf
    for number, point in enumerate(zip(samples.x, samples.y, strict=True)):
        run = alone(shared, names, point, programs)
        assert KINDS[samples.kind[number]] == run["outcome"]
        assert samples.reached[number] == (-1 if run["reached_at"] is None else run["reached_at"])
        gap = float(run["gap"][-1])
        assert samples.gap[number] == pytest.approx(gap, rel=1e-6, abs=1e-12, nan_ok=True)
        if run["outcome"] not in ("diverged", "unbounded"):
            best = min(best, max(gap, 0.0))
        assert samples.best[number] == pytest.approx(best, rel=1e-6, abs=1e-12)


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_bands_are_those_of_as_many_searches(strategy, programs):
    query = read(f"{PLAIN}&strategy={strategy}&seed=2")
    answer = compute(query, programs, str)
    entry = query.strategy.entry
    curves = []
    for repetition in range(4):
        rounds = entry.rounds(query.box, 9, stream(2, repetition), **query.strategy.values)
        points, values = next(rounds), []
        while points is not None:
            values.append(found_at(query, programs, points).value)
            try:
                points = rounds.send(values[-1])
            except StopIteration:
                points = None
        curves.append(best_so_far(np.concatenate(values), 9))
    assert answer.samples.best == curves[0].tolist()
    ranked = np.sort(np.array(curves), axis=0)
    expected = {"low": ranked[0], "middle": ranked[1], "high": ranked[3]}
    assert vars(answer.bands) == {name: curve.tolist() for name, curve in expected.items()}


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_all_strategies_have_the_same_budget(strategy, programs):
    answer = compute(read(f"steps=5&seeds=2&budget=10&strategy={strategy}"), programs, str)
    assert answer.budget == len(answer.bands.low) == len(answer.samples.best) == 10
    assert answer.tried == (9 if strategy == "grid" else 10)
    assert bool(answer.notes) == (strategy in ("grid", "one_minus_log"))


def test_own_samples_are_the_cells_of_the_map(programs):
    link = "surface=beale&run=momentum&steps=40"
    (stream_of_map,) = SEARCH.streams
    blocks = stream_of_map.plan(read_page(SearchMapQuery, f"{link}&cells=64").first, programs, str)
    cells = plain(blocks.compute(blocks.blocks[0], lambda: None))
    x, y = blocks.head.x.values, blocks.head.y.values
    chosen = [100, 700, 1500]
    points = [(x[at % 64], y[at // 64]) for at in cells["at"][chosen].tolist()]
    own = ",".join(f"{a!r}:{b!r}" for a, b in points)
    found = compute(read(f"{link}&own={own}&seeds=1"), programs, str).own
    for name in ("gap", "kind", "reached"):
        np.testing.assert_array_equal(np.array(getattr(found, name)), cells[name][chosen])


def test_the_truth_is_the_best_cell_of_the_map(programs):
    link = "surface=beale&run=momentum&steps=40"
    (stream_of_map,) = SEARCH.streams
    blocks = stream_of_map.plan(read_page(SearchMapQuery, f"{link}&cells=64").first, programs, str)
    found = [plain(blocks.compute(block, lambda: None)) for block in blocks.blocks]
    gaps, kinds = (np.concatenate([block[name] for block in found]) for name in ("gap", "kind"))
    fails = np.isin(kinds, [KINDS.index("diverged"), KINDS.index("unbounded")]) | np.isnan(gaps)
    truth = compute(read(f"{link}&seeds=1"), programs, str).truth
    assert truth.side == 64
    assert truth.value == max(gaps[~fails].min(), 0)


def test_the_fewest_steps_can_be_sought(programs):
    samples = compute(read("steps=40&budget=16&measure=steps&tolerance=0.1"), programs, str).samples
    reached = [steps if steps >= 0 else math.inf for steps in samples.reached]
    assert samples.value == reached
    assert min(reached) < math.inf


def test_more_runs_than_can_be_waited_for_make_fewer_repetitions_and_say_so(programs):
    answer = compute(read("budget=256&steps=2000&run=momentum"), programs, str)
    assert answer.seeds == 7
    assert "7 repetitions" in answer.notes[-1]


def test_decades_count_what_lies_in_them():
    rates = Span(low=3e-4, high=2.0, scale="log")
    assert [tuple(row) for row in decades_of(rates, np.array([3e-4, 0.01, 0.5, 1.0]))] == [
        (pytest.approx(3e-4), 1e-3, 1),
        (1e-3, 1e-2, 0),
        (1e-2, 1e-1, 1),
        (1e-1, 1.0, 1),
        (1.0, pytest.approx(2.0), 1),
    ]
    betas = Span(low=0.0, high=0.999, scale="one_minus_log")
    assert [row[2] for row in decades_of(betas, np.array([0.0, 0.5, 0.95, 0.98, 0.995]))] == [2, 2, 1]
    assert decades_of(Span(low=0, high=1), rates.at(np.array([0.5]), "log")) == []


@pytest.mark.parametrize(
    ("link", "words"),
    [
        ("x=beta2", "x beta2 is no number of momentum here; expected one of learning_rate, beta1"),
        ("x=beta1&y=beta1", "both sides are beta1"),
        ("x=surface.kappa", "unknown x 'surface.kappa'"),
        ("surface=saddle", "unknown surface 'saddle'"),
        ("map_view=-5,-4,0,1", "the range of learning_rate is empty"),
        ("map_view=1,0,0,1", "x0 < x1"),
        ("own=0.1", "own must be points x:y, such as 0.1:0.9, got '0.1'"),
        ("own=0.1:2", "own has 2.0 for beta1, which it cannot be"),
        ("own=" + ",".join(["0.1:0.9"] * 65), "own holds at most 64 points, got 65"),
        ("run=newton", "unknown run 'newton'"),
    ],
)
def test_a_search_that_cannot_be_is_refused_in_a_sentence(link, words):
    with pytest.raises(Mistake) as refusal:
        read(link)
    assert words in refusal.value.sentence.render(str)


def test_own_samples_are_in_the_link():
    query = read("own=0.001:0.5,1e-7:0.25")
    assert query.own == ((0.001, 0.5), (1e-7, 0.25))
    assert query.link() == "own=0.001:0.5,1e-7:0.25"
    assert read("own=").own == ()
