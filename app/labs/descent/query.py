"""What Descent is asked: every key with its words, range and default."""

import dataclasses
from typing import Self

from app.labs.base import (
    AT,
    DTYPE,
    GRID,
    AdditionKeys,
    PageKeys,
    PathKeys,
    ProblemKeys,
    StepKeys,
    ViewKeys,
    check_view,
    hideable,
)
from app.labs.maps.keys import MAP, MAP_CELLS, MAP_VIEW, MAPS, axes_of, numbers_of, range_of, run_of
from app.labs.racing.keys import FAN, FIELDS, RATE, RaceKeys, check_rate, checked_forks
from app.labs.racing.ladder import VALUES, VARY
from app.numerics.problems.scalers import SCALERS
from app.schema.kinds import Picked, pick
from app.schema.messages import N_, Mistake, Sentence
from app.schema.query import LabQuery, changed, key


class MapKeys(LabQuery, last=True):
    """Which map is shown, and what part of it."""

    map: Picked = key(MAP, default=pick(MAPS["none"]), group="map", role="page", before="at")
    map_view: tuple[float, float, float, float] | None = key(MAP_VIEW, default=None, role="page", before="at")


class DescentQuery(ProblemKeys, RaceKeys, AdditionKeys, PathKeys, StepKeys, ViewKeys, MapKeys, PageKeys):
    """Everything that the Descent lab computes and shows."""

    scaler: Picked = changed(ProblemKeys, "scaler", group="main")
    beta1: float | None = changed(RaceKeys, "beta1", group="main")
    beta2: float | None = changed(RaceKeys, "beta2", group="main")
    at: int | None = key(AT, role="page")
    fan: str = key(FAN, role="page")
    hide: tuple[str, ...] = key(hideable(lambda: DescentQuery), default=(), role="page")
    fields: tuple[str, ...] = key(FIELDS, default=(), role="api")
    dtype: str = key(DTYPE, role="api")

    def check(self, notes: list[Sentence] | None) -> Self:
        """Check what concerns several keys at once."""
        query = super().check(notes)
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
