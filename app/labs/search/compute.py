"""What Search answers: the runs of one search, what many repetitions of it find, and the best of the whole map."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

import numpy as np
from jaxtyping import Float, Int

from app.labs.base import Translate
from app.labs.maps.answer import plan
from app.labs.maps.keys import Axis
from app.labs.maps.sweep import Sweep, sweep_of
from app.labs.racing.answer import start_notes
from app.labs.search.query import MEASURE, SearchMapQuery, SearchQuery
from app.numerics.analysis.search import (
    Box,
    Decade,
    Found,
    Truth,
    bands,
    best_of,
    best_of_map,
    best_so_far,
    decades_of,
    fine_box,
    measured,
    search,
    stream,
)
from app.numerics.runs.grid import LANES, LANES_OF_ROWS, Tally, run_cells
from app.numerics.runs.outcome import KINDS
from app.runtime.blocks import Blocks
from app.runtime.programs import Programs
from app.schema.answers import OneOf
from app.schema.messages import Sentence
from app.schema.scales import SCALES
from app.sentences.search import search_notes, takeaway

# So many take a third of a second.
MOST_RUN_STEPS, MOST_OF_ROWS = 4_000_000, 1_500_000
TRUTH_SIDES = (64, 32, 16)
# What no strategy changes.
OF_SEARCH = ("strategy", "budget", "seeds", "own")


@dataclass(frozen=True, kw_only=True)
class SearchSide:
    """One of the two numbers that are searched."""

    name: str
    """As the keys `x` and `y` name it."""
    title: str
    """In the language of the request."""
    symbol: str
    """Its symbol, or nothing."""
    low: float
    """The lower end of its range."""
    high: float
    """The upper end of its range."""
    scale: Annotated[str, OneOf(options=tuple(SCALES))]
    """The scale on which its slider is even."""
    is_integer: bool
    """Whether it is a whole number."""
    values: int
    """How many different values the shown search has tried."""
    decades: Sequence[Decade]
    """First and last value of every decade of the range, and how many of the values tried lie in it."""


@dataclass(frozen=True, kw_only=True)
class Samples:
    """Runs in the order in which they are made; null is infinite: the run failed."""

    x: Sequence[float]
    """The first number of each."""
    y: Sequence[float]
    """The second number of each."""
    value: Sequence[float | None]
    """What is sought, the lower the better."""
    gap: Sequence[float | None]
    """The loss at the end minus the lowest."""
    kind: Sequence[int]
    """The outcome, an index into `kinds`."""
    reached: Sequence[int]
    """The step from which the run stays within the tolerance; −1 if it never does."""
    best: Sequence[float | None]
    """The lowest value after each run."""


@dataclass(frozen=True, kw_only=True)
class Bands:
    """Quantiles of `best` over all repetitions, after each run; null is infinite."""

    low: Sequence[float | None]
    """10 %."""
    middle: Sequence[float | None]
    """The median."""
    high: Sequence[float | None]
    """90 %."""


@dataclass(frozen=True, kw_only=True)
class StrategyFacts:
    """How the budget is spent."""

    name: str
    """As links name it."""
    title: str
    """In the language of the request."""
    source: str
    """The paper that it is from."""


@dataclass(frozen=True, kw_only=True)
class TruthFacts:
    """The best run of the whole map."""

    side: int
    """The map has so many runs a side."""
    x: float
    """The first number of the best."""
    y: float
    """The second number of the best."""
    value: float | None
    """What is sought; null if every run failed."""
    gap: float | None
    """The loss at the end minus the lowest."""


@dataclass(frozen=True, kw_only=True)
class SearchRun:
    """The run that is repeated."""

    hyperparameters: Mapping[str, float | bool | str | None]
    """Its values but for those searched; null where it follows a shared slider or a default."""


@dataclass(frozen=True, kw_only=True)
class SearchAnswer:
    """A search for the best two numbers of a run, and what many repetitions of it find."""

    takeaway: str
    """What was tried and found, in one line."""
    notes: Sequence[str]
    """What is allowed but may surprise, a sentence each."""
    x: SearchSide
    """The first number."""
    y: SearchSide
    """The second number."""
    choices: Mapping[str, str]
    """The numbers that this run has, and their titles."""
    kinds: Sequence[str]
    """The outcomes; `kind` of a sample is an index into them."""
    measure: Annotated[str, OneOf(options=tuple(MEASURE.options))]
    """What is sought: the lowest loss at the end, or the fewest steps to the tolerance."""
    steps: int
    """Of each run."""
    tolerance: float
    """A run has got there within this."""
    strategy: StrategyFacts
    """How the budget is spent."""
    budget: int
    """How many runs may be made."""
    tried: int
    """How many are made."""
    seeds: int
    """How many repetitions there are."""
    rounds: Sequence[int]
    """How many runs each round has: one round, or a coarse and a fine one."""
    fine_box: Sequence[float] | None
    """x0, x1, y0, y1 of the box of the fine round; null without one."""
    samples: Samples
    """The runs of the search that is shown."""
    bands: Bands
    """What all repetitions find."""
    own: Samples
    """The runs at the points of the key `own`."""
    truth: TruthFacts
    """The best run of the whole map."""
    runs: Sequence[SearchRun]
    """The one run that is repeated."""


def compute(query: SearchQuery, programs: Programs, translate: Translate) -> SearchAnswer:
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
    x, y = (_side_facts(query, side, points[0], translate) for side in (0, 1))
    return SearchAnswer(
        takeaway=takeaway(
            symbols=(x.symbol or x.name, y.symbol or y.name),
            distinct=(x.values, y.values),
            best=float(shown.value.min()),
            middle=float(middle[-1]),
            seeds=seeds,
            measure=query.measure,
        ).render(translate),
        notes=[note.render(translate) for note in _notes(query, box, seeds)],
        x=x,
        y=y,
        choices={name: translate(number.title) for name, number in query.numbers.items()},
        kinds=[*KINDS],
        measure=query.measure,
        steps=query.steps,
        tolerance=query.tolerance,
        strategy=StrategyFacts(name=strategy.name, title=translate(strategy.title), source=strategy.source),
        budget=budget,
        tried=len(points[0]),
        seeds=seeds,
        rounds=list(sizes),
        fine_box=_fine_box(query, box, points[0], values[0], sizes),
        samples=_samples(points[0], shown, best_so_far(values[0], budget)),
        bands=Bands(low=low.tolist(), middle=middle.tolist(), high=high.tolist()),
        own=_own(query, programs),
        truth=TruthFacts(**truth_of(query, programs)._asdict()),
        runs=[_run(query)],
    )


def _run(query: SearchQuery) -> SearchRun:
    """Return the run's values but for the numbers searched, which have no one value."""
    values = query.run[0].values
    return SearchRun(hyperparameters={name: value for name, value in values.items() if name not in query.names})


def _notes(query: SearchQuery, box: Box, seeds: int) -> list[Sentence]:
    about_search = search_notes(
        query.strategy.name, box, budget=query.budget, steps=query.steps, seeds=seeds, asked_seeds=query.seeds
    )
    return [*start_notes(query.problem, query.start or query.problem.start), *about_search]


def most_run_steps(query: SearchQuery) -> int:
    """Return how many steps all runs of a question may make, and all those of the map behind it."""
    return MOST_OF_ROWS if query.problem.surface.has_rows else MOST_RUN_STEPS


def plan_map(query: SearchMapQuery, programs: Programs, translate: Translate) -> Blocks:
    """Plan the map behind the samples."""
    return plan(query, programs, translate)


def found_at(query: SearchQuery, programs: Programs, points: Float[np.ndarray, "points 2"]) -> Found:
    """Make a run at each point."""
    numbers = query.numbers

    def run(which: Int[np.ndarray, " lanes"]) -> Tally:
        # Always so many columns: a table of schedules has one for each, and its shape is part of its program.
        x, y = (
            Axis(name=name, number=numbers[name], values=points[which, side], scale=numbers[name].scale)
            for side, name in enumerate(query.names)
        )
        sweep, at = Sweep(query, 1, (x, y), programs), np.arange(len(which))
        return run_sweep(query, programs, sweep, sweep.runs((at, at)))

    return measured(run, len(points), lanes_of(query), query.measure)


def lanes_of(query: SearchQuery) -> int:
    """Return how many runs a program takes at once."""
    return LANES_OF_ROWS if query.problem.surface.has_rows else LANES


def run_sweep(query: SearchQuery, programs: Programs, sweep: Sweep, runs: Any) -> Tally:
    """Run a block to its end."""
    surface = query.problem.surface
    return run_cells(programs, surface, sweep.optimizer, sweep.varying, *runs, checkpoint=lambda: None)


def truth_of(query: SearchQuery, programs: Programs) -> Truth:
    """Return the best run of the map, which is made once for all who search it."""

    def find() -> Truth:
        side = next((each for each in TRUTH_SIDES if each**2 * query.steps <= most_run_steps(query)), TRUTH_SIDES[-1])
        sweep = sweep_of(query, query.map, query.map_view, side, programs)

        def run(numbers: Int[np.ndarray, " lanes"]) -> Tally:
            return run_sweep(query, programs, sweep, sweep.cells(numbers))

        found = measured(run, sweep.size, lanes_of(query), query.measure)
        return best_of_map(found, sweep.axes[0].values, sweep.axes[1].values, side)

    names = [name for name in query.keys("query") if name not in OF_SEARCH]
    key = tuple((name, *query.texts(name)) for name in names)
    return programs.remember(("truth of a search", key), find)


def _samples(points: Float[np.ndarray, "points 2"], found: Found, best: Float[np.ndarray, " budget"]) -> Samples:
    x, y = points.T.tolist()
    return Samples(x=x, y=y, best=best.tolist(), **{name: part.tolist() for name, part in found._asdict().items()})


def _own(query: SearchQuery, programs: Programs) -> Samples:
    points = np.array(query.own, dtype=float).reshape(-1, 2)
    if not len(points):
        return Samples(x=[], y=[], value=[], gap=[], kind=[], reached=[], best=[])
    found = found_at(query, programs, points)
    return _samples(points, found, best_so_far(found.value, len(points)))


def _fine_box(query: SearchQuery, box: Box, points: np.ndarray, values: np.ndarray, sizes: Any) -> list[float] | None:
    """Return x0, x1, y0, y1 of the box that the later half was drawn from, where there is one."""
    if len(sizes) < 2:
        return None
    best = points[best_of(values[: sizes[0]])]
    shares = fine_box(box, best, float(query.strategy.values["size"]))
    return [value for span, sides in zip(box, shares, strict=True) for value in span.at(sides, span.scale).tolist()]


def _side_facts(query: SearchQuery, side: int, points: np.ndarray, translate: Translate) -> SearchSide:
    name, span = query.names[side], query.box[side]
    number, values = query.numbers[name], points[:, side]
    return SearchSide(
        name=name,
        title=translate(number.title),
        symbol=number.symbol,
        low=span.low,
        high=span.high,
        scale=span.scale,
        is_integer=number.is_integer,
        values=len(np.unique(values)),
        decades=decades_of(span, values),
    )
