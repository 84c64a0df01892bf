"""What Descent is asked: every key with its words, range and default."""

import dataclasses
from typing import Self

from app.labs.base import (
    AT,
    DTYPE,
    GRID,
    SCALER,
    START,
    STEPS,
    TOLERANCE,
    VIEW,
    AdditionKeys,
    PageKeys,
    ProblemKeys,
    check_view,
    hideable,
)
from app.labs.maps.keys import MAP, MAP_CELLS, MAP_VIEW, MAPS, axes_of, numbers_of, range_of, run_of
from app.labs.racing.keys import FAN, FIELDS, RATE, RUN, RUNS, check_rate, checked_forks
from app.labs.racing.ladder import VALUES, VARY
from app.numerics.optimizers.hyperparameters import BETA1, BETA2, LEARNING_RATE
from app.numerics.problems.scalers import SCALERS
from app.schema.kinds import Picked, pick
from app.schema.messages import N_, Mistake, Sentence
from app.schema.query import key


class DescentQuery(ProblemKeys, AdditionKeys, PageKeys):
    """Everything that the Descent lab computes and shows."""

    scaler: Picked = key(SCALER, default=pick(SCALERS["none"]), group="main", shapes=True, shown_with="rows")
    run: tuple[Picked, ...] = key(RUN, default=(pick(RUNS["gd"]),), group="runs")
    learning_rate: float | None = key(dataclasses.replace(LEARNING_RATE, default=None), group="main")
    beta1: float | None = key(dataclasses.replace(BETA1, default=None), group="main")
    beta2: float | None = key(dataclasses.replace(BETA2, default=None), group="main")
    rate: str = key(RATE, group="main", shown_with="quadratic")
    start: tuple[float, float] | None = key(START, default=None, group="path")
    steps: int = key(STEPS, group="path")
    tolerance: float = key(TOLERANCE, group="path")
    view: tuple[float, float, float, float] | None = key(VIEW, default=None)
    map: Picked = key(MAP, default=pick(MAPS["none"]), group="map", role="page")
    map_view: tuple[float, float, float, float] | None = key(MAP_VIEW, default=None, role="page")
    at: int | None = key(AT, role="page")
    fan: str = key(FAN, role="page")
    hide: tuple[str, ...] = key(hideable(lambda: DescentQuery), default=(), role="page")
    fields: tuple[str, ...] = key(FIELDS, default=(), role="api")
    dtype: str = key(DTYPE, role="api")

    def check(self, notes: list[Sentence] | None) -> Self:
        """Check what concerns several keys at once."""
        query = self.mended(notes, N_("the whole domain"), lambda query: check_view(query.view), view=None)
        runs = checked_forks(query.run, query.steps, notes)
        if runs is not query.run:
            query = dataclasses.replace(query, run=runs)
        return query.mended(notes, N_("the whole range"), lambda query: check_view(query.map_view), map_view=None)

    def check_problem(self, notes: list[Sentence] | None) -> Self:
        """Check that the rows can be scaled, relative rates have a λ_max, and the map is of numbers that there are."""
        query = self.mended(notes, N_("the raw rows"), lambda query: query.problem, scaler=pick(SCALERS["none"]))
        # If it was not the scaler: rows of one class only, say.
        default = self.ats()["surface"].default
        query = query.mended(notes, N_("the defaults"), lambda query: query.problem, surface=default)
        query = query.mended(notes, N_("absolute rates"), check_rate, rate=RATE.default)
        return query.mended(notes, N_("no map"), check_map, map=pick(MAPS["none"]), map_view=None)


def check_map(query: DescentQuery) -> None:
    """Refuse a map of a run or over numbers that are not there, or of a range that holds none.

    Raises:
        Mistake: says which are.
    """
    if query.map.name == "none":
        return
    run = run_of(query, int(query.map.values["run"]))
    names, numbers, limits = axes_of(query, run, query.map), numbers_of(query, run), query.map_view
    if limits and query.map.name == "stability":
        for name, ends in zip(names, (limits[:2], limits[2:]), strict=True):
            range_of(name, numbers[name], ends)


class SurfaceQuery(DescentQuery):
    """The same keys; those that do not shape the surface change nothing."""

    n: int = key(GRID, role="api")


class MapQuery(DescentQuery):
    """The same keys; of the page's own the map's shape the answer."""

    map: Picked = key(MAP, default=pick(MAPS["stability"]))
    map_view: tuple[float, float, float, float] | None = key(MAP_VIEW, default=None)
    cells: int = key(MAP_CELLS, role="api")

    def check(self, notes: list[Sentence] | None) -> Self:
        """Check what concerns several keys at once; an address without a map has none."""
        query = super().check(notes)
        if query.map.name == "none":
            raise Mistake(N_("map is none; expected a kind of map"))
        return query


class LadderQuery(DescentQuery):
    """The same keys and the values of one number; `fields` changes nothing."""

    vary: str = key(VARY, role="api")
    values: tuple[float, ...] = key(VALUES, default=(), role="api")
