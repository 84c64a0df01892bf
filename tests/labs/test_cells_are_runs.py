"""Every cell of a map is the single run of its two numbers: for every optimizer, over random numbers of the run.

What rounding decides cannot agree between two programs. A cell that differs is forgiven only if the single run itself
goes another way once its start or its learning rate differs in the last digits; such cells are counted and printed.
"""

import zlib

import numpy as np
import pytest

from app.labs.descent import MapQuery, compute
from app.labs.maps.keys import STARTS, axis, numbers_of, run_of
from app.labs.maps.sweep import Sweep, with_value
from app.labs.racing.keys import RUNS
from app.numerics.runs.grid import run_cells
from app.numerics.runs.outcome import KINDS
from app.runtime.programs import Programs
from app.schema.page import read_page

SURFACES = ("himmelblau", "bowl,kappa:25", "rosenbrock", "styblinski_tang")  # few: they share programs
ASPECTS = {
    "schedule": ("cosine,warmup:5", "step,every:7", "exponential", "inverse_time,warmup:3"),
    "clip": ("norm,at:1", "value,at:0.5"),
    "penalty": ("l2,weight:0.1", "l1,weight:0.1", "l1,weight:0.1,method:subgradient"),
    "noise": ("gaussian,std:0.5",),
}
SIDE = 12  # values of each number
CELLS = 50  # of each of four aspects: 200 of each optimizer
MOST_CHAOTIC = 30  # of an aspect: under noise, the last digits decide how long a step of L-BFGS is
STEPS = 90
SAME = {"rtol": 1e-9, "atol": 1e-12}
# Two programs round differently at each of the steps, a nudge differs once: some are larger than one rounding.
LAST_DIGITS = (1e-14, 1e-13, 1e-12)
NUDGES = 6  # of each size


@pytest.fixture(scope="module")
def programs():
    return Programs()


def sweep_over_random_numbers(optimizer, aspect, random, programs):
    """Return a map of one number of the aspect against any other, on one of the surfaces."""
    surface = SURFACES[[*RUNS].index(optimizer) % len(SURFACES)]
    picked = random.choice(ASPECTS[aspect])
    query = read_page(MapQuery, f"surface={surface}&run={optimizer}&{aspect}={picked}&steps={STEPS}&seed=7").first
    numbers = numbers_of(query, run_of(query, 1))
    own = [name for name in numbers if name.startswith(f"{aspect}.")]
    # A side of schedules or penalties beside a number of the surface would make a surface of every pixel.
    first = str(random.choice(own or STARTS))
    others = [name for name in numbers if name != first and not (aspect == "penalty" and name.startswith("surface."))]
    second = str(random.choice([name for name in others if not name.startswith(f"{aspect}.")]))
    x, y = (axis(name, numbers[name], None, SIDE) for name in (first, second))
    return Sweep(query, 1, (x, y), programs)


def query_of(sweep, cell):
    """Return the query of one cell's own run, in the words of Descent."""
    query = sweep.query
    for side, place in zip(sweep.axes, cell, strict=True):
        query = with_value(query, 1, side.name, side.values[place].item())
    return query


def single_run(query, programs):
    return compute(query, programs, str).runs[0]


def row_of(row):
    return -1 if row is None else row


def disagreements(run, tally, at, *, settles):
    """Return which facts of a cell are not those of its single run."""
    facts = {
        "kind": (KINDS[tally.kind[at]], run.outcome),
        "reached": (tally.reached[at], row_of(run.reached_at)),
        "gone": (tally.gone[at], row_of(run.diverged_at)),
    }
    if settles:
        facts["settled"] = tally.settled[at], row_of(run.converged_at)
    found = {name: pair for name, pair in facts.items() if pair[0] != pair[1]}
    if not np.allclose(tally.gap[at], run.gap[-1], **SAME, equal_nan=True):
        found["gap"] = tally.gap[at], run.gap[-1]
    return found


def is_chaotic(query, run, programs):
    """Whether the run goes another way when its start or its learning rate differs in the last digits."""
    return any(
        not np.allclose(single_run(each, programs).gap, run.gap, **SAME, equal_nan=True)
        for each in nudged(query, run.hyperparameters.get("learning_rate"))
    )


def nudged(query, rate):
    """Yield the query with numbers that differ from its own in the last digits."""
    random = np.random.default_rng(0)
    x, y = query.start or query.problem.start
    for size in LAST_DIGITS:
        for across, along in random.normal(size=(NUDGES, 2)):
            beside = with_value(query, 1, "start.x", x + size * across * max(abs(x), 1.0))
            yield with_value(beside, 1, "start.y", y + size * along * max(abs(y), 1.0))
        if rate:
            yield with_value(query, 1, "learning_rate", rate * (1 + size))


@pytest.mark.sampled(3)
@pytest.mark.parametrize("aspect", ASPECTS)
@pytest.mark.parametrize("optimizer", RUNS)
def test_cells_are_the_single_runs_of_their_numbers(optimizer, aspect, programs, record_property):
    random = np.random.default_rng(zlib.crc32(f"{optimizer} {aspect}".encode()))
    sweep = sweep_over_random_numbers(optimizer, aspect, random, programs)
    columns, rows = (random.integers(len(side.values), size=CELLS) for side in sweep.axes)
    at = columns, rows
    cells, goal = sweep.runs(at)
    settles = aspect == "clip"  # a program of its own: once for each optimizer
    tally = run_cells(
        programs,
        sweep.query.problem.surface,
        sweep.optimizer,
        sweep.varying,
        cells,
        goal,
        checkpoint=lambda: None,
        settles=settles,
    )
    chaotic, wrong = 0, []
    for number, cell in enumerate(zip(*at, strict=True)):
        query = query_of(sweep, cell)
        run = single_run(query, programs)
        found = disagreements(run, tally, number, settles=settles)
        if found and is_chaotic(query, run, programs):
            chaotic += 1
        elif found:
            values = {side.name: side.values[place].item() for side, place in zip(sweep.axes, cell, strict=True)}
            wrong.append((values, found))
    names = " × ".join(side.name for side in sweep.axes)
    record_property("chaotic cells", chaotic)
    print(f"{optimizer}, {names}: {chaotic} of {CELLS} cells are chaotic")  # noqa: T201, what was left out is to be seen
    assert not wrong, f"{len(wrong)} of {CELLS} cells over {names} are not their single runs; the first: {wrong[:3]}"
    assert chaotic <= MOST_CHAOTIC
