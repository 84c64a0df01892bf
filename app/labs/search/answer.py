"""What Search answers: the runs of one search, what many repetitions of it find, and the best of the whole map."""

import math
from typing import Any, NamedTuple

import numpy as np
from jaxtyping import Float

from app.labs.base import Blocks, Translate
from app.labs.maps.answer import plan
from app.labs.maps.keys import Axis
from app.labs.maps.sweep import Sweep, sweep_of
from app.labs.racing.answer import start_notes
from app.labs.search.query import SearchMapQuery, SearchQuery
from app.numerics.analysis.search import Box, Span, bands, best_of, best_so_far, columns_of, fine_box, search, stream
from app.numerics.runs.grid import KINDS, LANES, LANES_OF_ROWS, Tally, run_cells
from app.numerics.runs.outcome import short
from app.runtime.programs import Programs
from app.schema.messages import N_, Sentence

# So many take a third of a second.
MOST_RUN_STEPS, MOST_OF_ROWS = 4_000_000, 1_500_000
TRUTH_SIDES = (64, 32, 16)
FAILED = [KINDS.index(kind) for kind in ("unbounded", "diverged")]
# What no strategy changes.
OF_SEARCH = ("strategy", "budget", "seeds", "own")


class Found(NamedTuple):
    """What became of runs; the last axis is the run."""

    value: Float[np.ndarray, " runs"]  # what is sought, the lower the better; infinite where the run failed
    gap: Float[np.ndarray, " runs"]
    kind: Float[np.ndarray, " runs"]
    reached: Float[np.ndarray, " runs"]


class Truth(NamedTuple):
    """The best run of a map of `side` × `side` runs."""

    side: int
    x: float
    y: float
    value: float
    gap: float


def compute(query: SearchQuery, programs: Programs, translate: Translate) -> dict[str, Any]:
    """Search once to be shown, and often to be counted on; every run is made."""
    strategy, budget = query.strategy.entry, query.budget
    seeds = max(1, min(query.seeds, most_run_steps(query) // (budget * query.steps)))
    box = query.box
    streams = [stream(query.seed, repetition) for repetition in range(seeds)]

    def measure(points: Float[np.ndarray, "points 2"]) -> tuple[np.ndarray, Found]:
        found = found_at(query, programs, points)
        return found.value, found

    points, values, rounds, sizes = search(strategy, query.strategy.values, box, budget, streams, measure)
    # In every round the first repetition comes first: it is the one that is shown.
    firsts = [[each[:size] for each in found] for found, size in zip(rounds, sizes, strict=True)]
    shown = Found(*map(np.concatenate, zip(*firsts, strict=True)))
    low, middle, high = bands(best_so_far(values, budget))
    curve = best_so_far(values[0], budget)
    truth = truth_of(query, programs)
    return {
        "takeaway": _takeaway(query, points[0], shown, middle[-1], seeds).render(translate),
        "notes": [note.render(translate) for note in _notes(query, box, seeds)],
        "x": _side_facts(query, 0, points[0], translate),
        "y": _side_facts(query, 1, points[0], translate),
        "choices": {name: translate(number.title) for name, number in query.numbers.items()},
        "kinds": [*KINDS],
        "measure": query.measure,
        "steps": query.steps,
        "tolerance": query.tolerance,
        "strategy": {"name": strategy.name, "title": translate(strategy.title), "source": strategy.source},
        "budget": budget,
        "tried": len(points[0]),
        "seeds": seeds,
        "rounds": list(sizes),
        "fine_box": _fine_box(query, box, points[0], values[0], sizes),
        "samples": {**_runs(points[0], shown), "best": curve.tolist()},
        "bands": {"low": low.tolist(), "middle": middle.tolist(), "high": high.tolist()},
        "own": _own(query, programs),
        "truth": truth._asdict(),
        # The numbers searched have no one value.
        "runs": [
            {"hyperparameters": {name: value for name, value in query.run[0].values.items() if name not in query.names}}
        ],
    }


def most_run_steps(query: SearchQuery) -> int:
    """Return how many steps all runs of a question may make, and all those of the map behind it."""
    return MOST_OF_ROWS if query.problem.surface.has_rows else MOST_RUN_STEPS


def plan_map(query: SearchMapQuery, programs: Programs, translate: Translate) -> Blocks:
    """Plan the map behind the samples."""
    return plan(query, programs, translate)


def found_at(query: SearchQuery, programs: Programs, points: Float[np.ndarray, "points 2"]) -> Found:
    """Make a run at each point."""
    lanes = LANES_OF_ROWS if query.problem.surface.has_rows else LANES
    parts = [_tally(query, programs, points[at : at + lanes], lanes) for at in range(0, len(points), lanes)]
    return Found(*map(np.concatenate, zip(*parts, strict=True)))


def _tally(query: SearchQuery, programs: Programs, points: Float[np.ndarray, "points 2"], lanes: int) -> Found:
    """Make the runs of one block, which has as many as a program takes."""
    numbers = query.numbers
    # Always so many columns: a table of schedules has one for each, and its shape is part of its program.
    padded = np.resize(points, (lanes, 2))
    x, y = (
        Axis(name=name, number=numbers[name], values=padded[:, side], scale=numbers[name].scale)
        for side, name in enumerate(query.names)
    )
    sweep = Sweep(query, 1, (x, y), programs)
    at = np.arange(lanes)
    return _judged(query, run_sweep(query, programs, sweep, sweep.runs((at, at))), len(points))


def run_sweep(query: SearchQuery, programs: Programs, sweep: Sweep, runs: Any) -> Tally:
    """Run a block to its end."""
    surface = query.problem.surface
    return run_cells(programs, surface, sweep.optimizer, sweep.varying, *runs, checkpoint=lambda: None)


def _judged(query: SearchQuery, tally: Tally, count: int) -> Found:
    gap, kind, reached = tally.gap[:count], tally.kind[:count], tally.reached[:count]
    if query.measure == "steps":
        value = np.where(reached < 0, np.inf, reached)
    else:
        # The lowest point is known to rounding, and a run may end below it.
        value = np.where(np.isnan(gap), np.inf, np.maximum(gap, 0.0))
    return Found(np.where(np.isin(kind, FAILED), np.inf, value), gap, kind, reached)


def truth_of(query: SearchQuery, programs: Programs) -> Truth:
    """Return the best run of the map, which is made once for all who search it."""

    def find() -> Truth:
        side = next((each for each in TRUTH_SIDES if each**2 * query.steps <= most_run_steps(query)), TRUTH_SIDES[-1])
        sweep = sweep_of(query, query.map, query.map_view, side, programs)
        lanes = LANES_OF_ROWS if query.problem.surface.has_rows else LANES
        parts = []
        for first in range(0, sweep.size, lanes):
            numbers = np.arange(first, min(first + lanes, sweep.size))
            runs = sweep.cells(np.resize(numbers, lanes))
            parts.append(_judged(query, run_sweep(query, programs, sweep, runs), len(numbers)))
        found = Found(*map(np.concatenate, zip(*parts, strict=True)))
        at = best_of(found.value)
        row, column = divmod(at, len(sweep.axes[0].values))
        x, y = sweep.axes[0].values[column], sweep.axes[1].values[row]
        return Truth(side, float(x), float(y), float(found.value[at]), float(found.gap[at]))

    names = [name for name in query.keys("query") if name not in OF_SEARCH]
    key = tuple((name, *query.texts(name)) for name in names)
    return programs.remember(("truth of a search", key), find)


def _runs(points: Float[np.ndarray, "points 2"], found: Found) -> dict[str, list]:
    return {
        "x": points[:, 0].tolist(),
        "y": points[:, 1].tolist(),
        **{name: values.tolist() for name, values in found._asdict().items()},
    }


def _own(query: SearchQuery, programs: Programs) -> dict[str, list]:
    points = np.array(query.own, dtype=float).reshape(-1, 2)
    if not len(points):
        return {name: [] for name in ("x", "y", *Found._fields, "best")}
    found = found_at(query, programs, points)
    return {**_runs(points, found), "best": best_so_far(found.value, len(points)).tolist()}


def _fine_box(query: SearchQuery, box: Box, points: np.ndarray, values: np.ndarray, sizes: Any) -> list[float] | None:
    """Return x0, x1, y0, y1 of the box that the later half was drawn from, where there is one."""
    if len(sizes) < 2:
        return None
    best = points[best_of(values[: sizes[0]])]
    shares = fine_box(box, best, float(query.strategy.values["size"]))
    return [value for span, sides in zip(box, shares, strict=True) for value in span.at(sides, span.scale).tolist()]


def _side_facts(query: SearchQuery, side: int, points: np.ndarray, translate: Translate) -> dict[str, Any]:
    name, span = query.names[side], query.box[side]
    number = query.numbers[name]
    values = points[:, side]
    return {
        "name": name,
        "title": translate(number.title),
        "symbol": number.symbol,
        "low": span.low,
        "high": span.high,
        "scale": span.scale,
        "is_integer": number.is_integer,
        "values": len(np.unique(values)),
        "decades": decades_of(span, values),
    }


def decades_of(span: Span, values: Float[np.ndarray, " points"]) -> list[list[float]]:
    """Return first and last value of every decade of the range, and how many of the values lie in it.

    Decades are those of 1 − β where that is the scale; on a linear scale there are none.
    """
    if span.scale == "linear":
        return []
    sizes, ends = (
        (values, (span.low, span.high)) if span.scale == "log" else (1 - values, (1 - span.high, 1 - span.low))
    )
    # A whole power of ten is the end of one decade and the beginning of the next.
    first, last = (round(math.log10(end), 9) for end in ends)
    powers = [first, *range(math.floor(first) + 1, math.ceil(last)), last]
    edges = [10.0**power for power in powers]
    places = np.clip(np.searchsorted(edges, sizes, side="right") - 1, 0, len(edges) - 2)
    counts = np.bincount(places, minlength=len(edges) - 1).tolist()
    if span.scale == "one_minus_log":
        edges, counts = [1 - edge for edge in reversed(edges)], counts[::-1]
    return [[low, high, count] for low, high, count in zip(edges, edges[1:], counts, strict=False)]


def _takeaway(query: SearchQuery, points: np.ndarray, shown: Found, middle: float, seeds: int) -> Sentence:
    """Say in one line what was tried and what it has found."""
    values = {
        "columns": len(np.unique(points[:, 0])),
        "rows": len(np.unique(points[:, 1])),
        "x": query.numbers[query.names[0]].symbol or query.names[0],
        "y": query.numbers[query.names[1]].symbol or query.names[1],
        "best": said(query, float(shown.value.min())),
        "middle": said(query, float(middle)),
        "seeds": seeds,
    }
    template = N_("{columns} values of {x}, {rows} of {y}: best {best}")
    if seeds > 1:
        template = N_("{columns} values of {x}, {rows} of {y}: best {best}, median of {seeds}: {middle}")
    return Sentence(template, values)


def said(query: SearchQuery, value: float) -> Sentence:
    """Say what was found."""
    if value == math.inf:
        return Sentence(N_("nothing"))
    if query.measure == "steps":
        return Sentence(N_("{value} steps"), {"value": round(value)})
    return Sentence("{value}", {"value": short(value)})


def _notes(query: SearchQuery, box: Box, seeds: int) -> list[Sentence]:
    notes = start_notes(query.problem, query.start or query.problem.start)
    k = columns_of(query.budget)
    if query.strategy.name == "grid" and k * k < query.budget:
        text = N_("the grid has {k} · {k} points: the largest square that {budget} runs pay; {rest} are not spent")
        notes.append(Sentence(text, {"k": k, "budget": query.budget, "rest": query.budget - k * k}))
    if query.strategy.name == "one_minus_log" and all(span.scale != "one_minus_log" for span in box):
        notes.append(Sentence(N_("neither number is searched by 1 − β here: the points are those of log-uniform")))
    if query.strategy.name == "log_uniform" and all(span.scale != "log" for span in box):
        notes.append(Sentence(N_("neither number has a logarithmic scale here: the points are those of uniform")))
    if seeds < query.seeds:
        text = N_("{seeds} repetitions: {asked} of {budget} runs with {steps} steps would take too long")
        values = {"seeds": seeds, "asked": query.seeds, "budget": query.budget, "steps": query.steps}
        notes.append(Sentence(text, values))
    return notes
