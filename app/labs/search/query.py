"""What Search is asked: every key with its words, range and default."""

import dataclasses
import math
from collections.abc import Mapping
from typing import Self

from app.labs.base import (
    COORDINATE,
    AdditionKeys,
    PageKeys,
    PathKeys,
    ProblemKeys,
    StepKeys,
    check_view,
    hideable,
)
from app.labs.maps.keys import AUTO, MAP_CELLS, MAP_VIEW, MAPS, PREFERRED, numbers_of, range_of
from app.labs.racing.keys import RUN, RunEntry
from app.numerics.analysis.search import MOST_BUDGET, STRATEGIES, Box, Span
from app.numerics.optimizers import OPTIMIZERS
from app.numerics.problems.scalers import SCALERS, Scaling
from app.numerics.problems.surfaces import SURFACES
from app.numerics.problems.surfaces.record import Surface
from app.schema.kinds import Choice, Component, Flag, Number, Picked, Points, pick
from app.schema.messages import N_, Mistake, Sentence
from app.schema.query import changed, key

MOST_OWN = 64
# Other values of these make another task, not another answer to the same one.
GIVEN = ("surface", "scaler", "penalty", "noise")


def _has_search(surface: Surface) -> bool:
    """Whether runs can be compared by how low they end, and thousands of them be made while somebody waits."""
    problem = surface.bind({}, Scaling(SCALERS["none"], {}), 0)
    return problem.minima.kind != "none" and (problem.hessian is not None or not surface.has_rows)


GROUNDS: Mapping[str, Surface] = {name: surface for name, surface in SURFACES.items() if _has_search(surface)}
# No run beside it, and so no fork of one; and no shared slider: every number is the run's own.
RUNS: Mapping[str, RunEntry] = {
    name: RunEntry(
        optimizer=each,
        name=name,
        title=each.title,
        parameters=tuple(
            dataclasses.replace(one, shared="") if isinstance(one, Number) else one for one in each.hyperparameters
        ),
    )
    for name, each in OPTIMIZERS.items()
    if any(isinstance(one, Number) for one in each.hyperparameters)
}


def _names() -> dict[str, str]:
    parts = MAPS["stability"].parameters
    across = next(part for part in parts if isinstance(part, Choice) and part.name == "x")
    return {str(name): str(title) for name, title in across.options.items() if name.partition(".")[0] not in GIVEN}


X = Choice(name="x", title=N_("x-axis"), options=_names(), default=AUTO)
Y = Choice(name="y", title=N_("y-axis"), options=_names(), default=AUTO)
STRATEGY = Component(title=N_("Strategy"), entries=STRATEGIES, help=N_("How the budget is spent."))
BUDGET = Number(
    name="budget",
    title=N_("Budget"),
    default=16,
    low=4,
    high=MOST_BUDGET,
    slider=(4, MOST_BUDGET),
    scale="log",
    is_integer=True,
    help=N_("How many runs may be made. A larger budget begins with the points of a smaller one."),
)
SEEDS = Number(
    name="seeds",
    title=N_("Repetitions"),
    default=100,
    low=1,
    high=100,
    slider=(1, 100),
    is_integer=True,
    help=N_("The same search with other random numbers: the bands show what 10, 50 and 90 of 100 would have found."),
)
OWN = Points(
    title=N_("Your own samples"),
    most=MOST_OWN,
    low=-COORDINATE,
    high=COORDINATE,
    help=N_("Click on the map, in the order in which you would try."),
)
MEASURE = Choice(
    name="measure",
    title=N_("Sought is"),
    options={"loss": N_("the lowest loss at the end"), "steps": N_("the fewest steps to tolerance")},
    default="loss",
)
HIDDEN = Flag(
    name="hidden",
    title=N_("Hide the truth"),
    default=False,
    help=N_("Hide the map and the strategy's samples until you have placed your own."),
)
RANGE = dataclasses.replace(
    MAP_VIEW,
    title=N_("Range searched"),
    help=N_("What is searched of both numbers; without one, all that their sliders cover."),
)
SHOWN = Number(
    name="at",
    title=N_("Runs shown"),
    default=None,
    low=0,
    high=MOST_BUDGET,
    slider=(0, MOST_BUDGET),
    is_integer=True,
)


class SearchQuery(ProblemKeys, AdditionKeys, PathKeys, StepKeys, PageKeys):
    """Everything that the Search lab computes and shows."""

    surface: Picked = changed(
        ProblemKeys, "surface", kind={"entries": GROUNDS}, default=pick(GROUNDS["bowl"], kappa=25.0)
    )
    run: tuple[Picked, ...] = key(
        dataclasses.replace(RUN, entries=RUNS, most=1), default=(pick(RUNS["momentum"]),), group="runs"
    )
    x: str = key(X, group="map")
    y: str = key(Y, group="map")
    map_view: tuple[float, float, float, float] | None = key(RANGE, default=None, group="map")
    strategy: Picked = key(STRATEGY, default=pick(STRATEGIES["log_uniform"]), group="search", only=("search",))
    budget: int = key(BUDGET, group="search", only=("search",))
    seeds: int = key(SEEDS, group="search", only=("search",))
    measure: str = key(MEASURE, group="search", only=("search",))
    own: tuple[tuple[float, float], ...] = key(OWN, default=(), only=("search",))
    start: tuple[float, float] | None = changed(PathKeys, "start", kind={"help": N_("Where every run begins.")})
    steps: int = changed(
        StepKeys, "steps", kind={"default": 50, "help": N_("How many updates each run makes.")}, default=50
    )
    seed: int = changed(
        ProblemKeys,
        "seed",
        kind={"help": N_("Other random numbers: another search, other noise, another split.")},
        group="search",
    )
    hidden: bool = key(HIDDEN, role="page")
    at: int | None = key(SHOWN, role="page")
    hide: tuple[str, ...] = key(hideable(lambda: SearchQuery), default=(), role="page")

    # What other labs have keys for, and this one needs none.

    @property
    def rate(self) -> str:
        """Learning rates are what they say."""
        return "absolute"

    @property
    def view(self) -> None:
        """No surface is drawn."""
        return

    @property
    def fields(self) -> tuple[str, ...]:
        """Nothing of a path is answered."""
        return ()

    # What is searched ----------------------------------------------------------------------------------------------

    @property
    def numbers(self) -> dict[str, Number]:
        """The numbers that a search may be over, by name."""
        found = numbers_of(self, self.run[0])
        return {name: number for name, number in found.items() if name.partition(".")[0] not in GIVEN}

    @property
    def names(self) -> tuple[str, str]:
        """Which two of them this one is over.

        Raises:
            Mistake: this run has no such number here, or both are the same.
        """
        numbers, chosen = self.numbers, [self.x, self.y]
        for side, name in zip("xy", chosen, strict=True):
            if name != AUTO and name not in numbers:
                template = N_("{side} {name} is no number of {run} here; expected one of {expected}")
                raise Mistake(template, side=side, name=name, run=self.run[0].name, expected=", ".join(numbers))
        free = [name for name in (*PREFERRED, *numbers) if name in numbers and name not in chosen]
        x, y = (free.pop(0) if name == AUTO else name for name in chosen)
        if x == y:
            raise Mistake(N_("both sides are {name}; expected two numbers"), name=x)
        return x, y

    @property
    def box(self) -> Box:
        """What is searched of both.

        Raises:
            Mistake: a number has no such values.
        """
        numbers, limits = self.numbers, self.map_view
        x, y = (
            _span(name, numbers[name], limits and (limits[2 * side], limits[2 * side + 1]))
            for side, name in enumerate(self.names)
        )
        return x, y

    @property
    def map(self) -> Picked:
        """The map behind the samples, as maps are asked for."""
        x, y = self.names
        return pick(MAPS["stability"], x=x, y=y)

    def check_problem(self, notes: list[Sentence] | None) -> Self:
        """Check that there is something to be found, and the numbers are there to search."""
        query = self.mended(notes, N_("the raw rows"), lambda query: query.problem, scaler=pick(SCALERS["none"]))
        default = self.ats()["surface"].default
        query = query.mended(notes, N_("the defaults"), _check_problem, surface=default)
        query = query.mended(notes, N_("numbers chosen by the lab"), lambda query: query.names, x=AUTO, y=AUTO)
        query = query.mended(notes, N_("the whole range"), _check_range, map_view=None)
        return query.mended(notes, N_("no samples of your own"), _check_own, own=())


def _span(name: str, number: Number, limits: tuple[float, float] | None) -> Span:
    low, high, scale = range_of(name, number, limits)
    return Span(low=low, high=high, scale=scale, is_integer=number.is_integer)


def _check_problem(query: SearchQuery) -> None:
    if query.problem.minima.kind == "none":
        template = N_("{surface} has no lowest point with these values; expected one that can be found")
        raise Mistake(template, surface=query.surface.name)


def _check_range(query: SearchQuery) -> None:
    check_map_view = query.map_view
    if check_map_view:
        check_view(check_map_view)
    for name, span in zip(query.names, query.box, strict=True):
        if span.is_integer and math.floor(span.high) < math.ceil(span.low):
            raise Mistake(N_("the range of {name} holds no whole number"), name=name)


def _check_own(query: SearchQuery) -> None:
    numbers = query.numbers
    for point in query.own:
        for name, value in zip(query.names, point, strict=True):
            number = numbers[name]
            if not number.low <= value <= number.high or (number.is_integer and value != int(value)):
                template = N_("own has {value} for {name}, which it cannot be")
                raise Mistake(template, value=value, name=name)


class SearchMapQuery(SearchQuery):
    """The same keys; those that say how it is searched change nothing."""

    cells: int = key(dataclasses.replace(MAP_CELLS, default=256), role="api")
