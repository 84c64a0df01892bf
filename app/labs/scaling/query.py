"""What Scaling is asked: every key with its words, range and default."""

import contextlib
import dataclasses
import threading
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from typing import Any, Self, TypeVar

from cachetools import LRUCache

from app.labs.base import (
    AT,
    COORDINATE,
    DTYPE,
    GRID,
    PageKeys,
    PathKeys,
    ProblemKeys,
    StepKeys,
    ViewKeys,
    hideable,
)
from app.labs.racing.keys import FIELDS, RaceKeys, checked_forks
from app.numerics.analysis.scaling import (
    Shape,
    Sheet,
    bundled,
    problem_of,
    read_only_sheet,
    shape_of,
    sheet_of,
    with_outlier,
    without_outlier,
)
from app.numerics.noise import NOISES
from app.numerics.problems.scalers import SCALERS, Scaler, Scaling
from app.numerics.problems.surfaces import SURFACES
from app.numerics.problems.surfaces.record import Problem
from app.numerics.problems.surfaces.rows import INTERCEPT, SPLIT
from app.numerics.runs.step import Conditions
from app.numerics.schedules import SCHEDULES
from app.schema.kinds import Choice, Component, Flag, Number, Numbers, OwnRows, Parameter, Picked, pick
from app.schema.kinds.rows import SESSION
from app.schema.messages import LEFT_OPEN, N_, Mistake, Sentence
from app.schema.query import changed, key
from app.schema.table import Table, read_table

MOST_RUNS = 4

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True, eq=False)
class RowsEntry:
    """Where the rows are from that least squares are fitted to."""

    name: str
    title: str
    about: str
    parameters: tuple[Parameter, ...]
    formula: str = SURFACES["regression"].formula
    has_rows: bool = True


BUNDLED = RowsEntry(
    name="regression",
    title=N_("Bundled rows"),
    about=N_("Least squares: the Hessian of the loss is the covariance of the features."),
    parameters=SURFACES["regression"].parameters,
)
OWN = RowsEntry(
    name="own",
    title=N_("Your own rows"),
    about=N_("Two features and a target of your own, pasted or from a file; nothing is kept on the server."),
    parameters=(INTERCEPT, SPLIT),
)

DATA = Component(title=N_("Rows"), entries={entry.name: entry for entry in (BUNDLED, OWN)})
ROWS = OwnRows(
    title=N_("Your own rows"),
    example="size,age,price\n54,31,210\n38,12,190\n71,44,240\n95,8,430\n60,25,260\n120,15,500\n83,52,275\n45,3,245\n",
    help=N_(
        "CSV: a line of names, then in each row two features and the target. Small tables travel in the link; larger "
        "ones stay in this browser and go to the server with each question, which keeps nothing."
    ),
)
FIT = Choice(
    name="fit",
    title=N_("Scaler fitted on"),
    options={"train": N_("training rows only"), "all": N_("all rows (a mistake)")},
    default="train",
    help=N_("What the scaler may see. If it has seen the test rows, they are no test any more."),
)
MORPH = Number(
    name="morph",
    title=N_("From raw to scaled"),
    symbol="t",
    default=1.0,
    low=0.0,
    high=1.0,
    slider=(0.0, 1.0),
    help=N_("0 are the raw features, 1 the scaled ones; between them every unit changes by the same factor a step."),
)
STRETCH = Flag(
    name="stretch",
    title=N_("Stretch the axes of the rows"),
    default=False,
    help=N_("Each feature fills its axis; otherwise one unit of one is as long as one unit of the other."),
)
OUTLIER = Numbers(
    title=N_("Outlier"),
    parts=("x1", "x2"),
    low=-COORDINATE,
    high=COORDINATE,
    may_be_absent=True,
    help=N_(
        "One more training row, in raw units; its target is the mean of the others. Click on the plot and drag it."
    ),
)


_LOCK = threading.Lock()
_FACTS: LRUCache[Hashable, Any] = LRUCache(512)


class ScalingQuery(ProblemKeys, RaceKeys, PathKeys, StepKeys, ViewKeys, PageKeys):
    """Everything that the Scaling lab computes and shows."""

    surface: Picked = changed(ProblemKeys, "surface", kind=DATA, default=pick(BUNDLED), group="data")
    rows: Table | None = key(ROWS, default=None, group="data", shapes=True, before="scaler")
    scaler: Picked = changed(ProblemKeys, "scaler", default=pick(SCALERS["standardize"]), group="main")
    morph: float = key(MORPH, group="main", shapes=True, before="run")
    fit: str = key(FIT, group="scaling", shapes=True, before="run")
    outlier: tuple[float, float] | None = key(OUTLIER, default=None, group="scaling", shapes=True, before="run")
    run: tuple[Picked, ...] = changed(RaceKeys, "run", kind={"most": MOST_RUNS})
    seed: int = changed(ProblemKeys, "seed", kind={"help": N_("Splits the rows, and makes those that are made.")})
    stretch: bool = key(STRETCH, group="scaling", role="page")
    at: int | None = key(AT, role="page")
    hide: tuple[str, ...] = key(hideable(lambda: ScalingQuery), default=(), role="page")
    fields: tuple[str, ...] = key(FIELDS, default=(), role="api")
    dtype: str = key(DTYPE, role="api")

    # What a race has elsewhere, and this lab does not let vary.

    @property
    def schedule(self) -> Picked:
        """A constant rate."""
        return pick(SCHEDULES["constant"])

    @property
    def noise(self) -> Picked:
        """None."""
        return pick(NOISES["none"])

    @property
    def conditions(self) -> Conditions:
        """Neither penalty nor clipping."""
        return Conditions()

    @property
    def sheet(self) -> Sheet:
        """The rows, before they are scaled.

        Raises:
            Mistake: only the browser has them.
        """
        if self.rows and self.rows.is_elsewhere:
            template = N_("rows={value} stands for rows that only a browser has; expected them in the body of a POST")
            raise Mistake(template, value=self.rows.text)
        return self.remember(("sheet", self._sheet_key), self._sheet)

    @property
    def _sheet_key(self) -> Hashable:
        return tuple(self.surface.values.items()), self.outlier, self.seed

    def _sheet(self) -> Sheet:
        values = self.surface.values
        if self.rows is None:
            sheet = bundled(values, self.seed)
        else:
            sheet = sheet_of(self.rows.names, self.rows.rows, share=values[SPLIT.name], seed=self.seed)
        return read_only_sheet(with_outlier(sheet, self.outlier) if self.outlier else sheet)

    @property
    def scaling(self) -> Scaling:
        """The scaler with its values."""
        return Scaling(self.scaler.entry, self.scaler.values)

    @property
    def is_profiled(self) -> bool:
        """Whether the intercept is at its best for every pair of weights."""
        return self.surface.values[INTERCEPT.name] == "profiled"

    @property
    def fits_all(self) -> bool:
        """Whether the scaler sees the test rows, too."""
        return self.fit == "all"

    @property
    def problem(self) -> Problem:
        """The loss surface of the training rows, scaled as far as `morph` says."""
        scaler = self.scaler.name, tuple(self.scaler.values.items())
        return self.remember(("problem", self._sheet_key, scaler, self.fit, self.morph), self._problem)

    def _problem(self) -> Problem:
        return problem_of(
            self.sheet,
            self.scaling,
            is_profiled=self.is_profiled,
            fits_all=self.fits_all,
            share=self.morph,
            is_private=self.rows is not None,
        )

    @property
    def shapes(self) -> Mapping[str, Shape]:
        """What every scaler, with its default values, makes of the rows."""
        return self.remember(("shapes", self._sheet_key, self.fit), lambda: self._shapes(self.sheet))

    @property
    def ordinary_shapes(self) -> Mapping[str, Shape]:
        """The same without the outlier."""
        key = tuple(self.surface.values.items()), self.seed
        return self.remember(("ordinary", key, self.fit), lambda: self._shapes(without_outlier(self.sheet)))

    def _shapes(self, sheet: Sheet) -> Mapping[str, Shape]:
        def shape(scaler: Scaler) -> Shape:
            return shape_of(sheet, Scaling(scaler), is_profiled=self.is_profiled, fits_all=self.fits_all)

        return {name: shape(scaler) for name, scaler in SCALERS.items()}

    def remember(self, key: Hashable, make: Callable[[], T]) -> T:
        """Return what is remembered under `key`; what was made of a visitor's own rows goes with the request."""
        facts, lock = (_FACTS, _LOCK) if self.rows is None else (self.rows.facts, contextlib.nullcontext())
        with lock:
            if key in facts:
                return facts[key]
        fact = make()
        with lock:
            facts[key] = fact
        return fact

    def with_rows(self, content: bytes) -> Self:
        """Return the query with the CSV of a request's body in the place of rows that only a browser has.

        Raises:
            Mistake: no rows were announced, or they cannot be read.
        """
        if self.rows is None or not self.rows.is_elsewhere:
            template = N_("a body holds rows that the query does not ask for; expected surface=own and rows={value}")
            raise Mistake(template, value=SESSION)
        return dataclasses.replace(self, rows=read_table(content, SESSION))

    def check(self, notes: list[Sentence] | None) -> Self:
        """Check what concerns several keys at once."""
        default = self.ats()["surface"].default
        query = super().check(notes).mended(notes, N_("the bundled rows"), _check_own, surface=default)
        query = query.mended(notes, N_("the bundled rows"), _check_used, rows=None)
        runs = checked_forks(query.run, query.steps, notes)
        return query if runs is query.run else dataclasses.replace(query, run=runs)

    def check_problem(self, notes: list[Sentence] | None) -> Self:
        """Check that the rows can be read and scaled."""
        query = self.mended(notes, LEFT_OPEN, _check_rows, rows=None)
        query = query.mended(notes, N_("the bundled rows"), _check_own, surface=self.ats()["surface"].default)
        return query.mended(notes, N_("the raw rows"), _check_problem, scaler=pick(SCALERS["none"]))


def _check_own(query: ScalingQuery) -> None:
    if query.surface.name == OWN.name and query.rows is None:
        raise Mistake(N_("surface=own needs rows; expected a pasted table or a file"))


def _check_used(query: ScalingQuery) -> None:
    if query.surface.name != OWN.name and query.rows is not None:
        raise Mistake(N_("rows are given, but not used by surface={surface}"), surface=query.surface.name)


def _check_rows(query: ScalingQuery) -> None:
    if query.rows and not query.rows.is_elsewhere:
        _ = query.rows.rows


def _check_problem(query: ScalingQuery) -> None:
    if not (query.rows and query.rows.is_elsewhere):
        _ = query.problem


class ScaledSurfaceQuery(ScalingQuery):
    """The same keys; those that do not shape the surface change nothing."""

    n: int = key(GRID, role="api")
