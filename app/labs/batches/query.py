"""What Batches is asked: every key with its words, range and default."""

import dataclasses
from collections.abc import Mapping
from typing import Self

from app.labs.base import (
    DTYPE,
    GRID,
    PageKeys,
    PathKeys,
    ProblemKeys,
    ViewKeys,
    hideable,
    view_of,
)
from app.labs.racing.keys import RATE, RUNS, RaceKeys, RunEntry, check_rate
from app.labs.racing.specs import value_of
from app.numerics.optimizers import OPTIMIZERS
from app.numerics.problems.scalers import SCALERS, Scaling
from app.numerics.problems.surfaces import SURFACES
from app.numerics.problems.surfaces.record import Problem, Surface
from app.numerics.problems.surfaces.rows import INTERCEPT
from app.numerics.runs.batches import (
    FREE,
    MOST_UPDATES,
    ROW_LOSSES,
    Lesson,
    check_updates,
    lesson_of,
    updates_per_epoch,
)
from app.numerics.runs.step import Conditions
from app.schema.kinds import Flag, Number, Picked, pick
from app.schema.messages import N_, Mistake, Sentence
from app.schema.query import changed, key

MOST_RUNS = 4

# The best b for every w depends on all rows at every update, so that no batch alone could say its slope. Least squares
# can have it all the same: there it is the same as centering the rows once.
LOGISTIC = dataclasses.replace(
    SURFACES["logistic"],
    formula=r"L = \frac{1}{n}\sum_{i=1}^{n}\ln\left(1 + e^{-t_i\left(w_1 x_{i1} + w_2 x_{i2}\right)}\right),"
    r"\quad t_i = \pm 1",
    parameters=tuple(each for each in SURFACES["logistic"].parameters if each.name != INTERCEPT.name),
)
GROUNDS: Mapping[str, Surface] = {name: LOGISTIC if name == LOGISTIC.name else SURFACES[name] for name in ROW_LOSSES}

BATCH = Number(
    name="batch",
    title=N_("Batch size"),
    symbol="B",
    default=16,
    low=1,
    high=100_000,
    slider=(1, 569),
    scale="log",
    is_integer=True,
    shared="batch",
    help=N_("How many rows each update looks at. 1 is stochastic gradient descent; all rows are full batches."),
)
EPOCHS = Number(
    name="epochs",
    title=N_("Epochs"),
    default=10,
    low=1,
    high=200,
    slider=(1, 200),
    scale="log",
    is_integer=True,
    help=N_("How often every row is seen. Each epoch shuffles the rows anew."),
)
PARALLEL = Number(
    name="parallel",
    title=N_("Rows computed at once"),
    symbol="P",
    default=64,
    low=1,
    high=4096,
    slider=(1, 1024),
    scale="log",
    is_integer=True,
    help=N_("Of a parallel machine: up to so many rows of a batch take one unit of time, each so many more another."),
)
CONTOURS = Flag(
    name="contours",
    title=N_("The batch's own contours"),
    default=True,
    help=N_("What the rows of the current batch alone say, over the contours of all rows."),
)
AT = Number(
    name="at", title=N_("Update shown"), default=None, low=0, high=MOST_UPDATES, slider=(0, 2000), is_integer=True
)
UPDATE = Number(
    name="update", title=N_("Update"), default=0, low=0, high=MOST_UPDATES, slider=(0, 2000), is_integer=True
)
WHICH = Number(name="which", title=N_("Run"), default=1, low=1, high=MOST_RUNS, slider=(1, MOST_RUNS), is_integer=True)
SIDE = dataclasses.replace(GRID, default=48, high=64, slider=(16, 64))


def _learner_entry(name: str) -> RunEntry:
    optimizer = OPTIMIZERS[name]
    names = {each.name for each in optimizer.hyperparameters}
    own = tuple(each for each in RUNS[name].parameters if each.name in names)
    return dataclasses.replace(RUNS[name], parameters=(*own, dataclasses.replace(BATCH, default=None)))


# A batch knows no Hessian of all rows, and no line search along their loss.
LEARNERS: Mapping[str, RunEntry] = {
    name: _learner_entry(name) for name, each in OPTIMIZERS.items() if not each.evaluates_loss
}


class BatchesQuery(ProblemKeys, RaceKeys, PathKeys, ViewKeys, PageKeys):
    """Everything that the Batches lab computes and shows."""

    surface: Picked = changed(ProblemKeys, "surface", kind={"entries": GROUNDS}, default=pick(GROUNDS["regression"]))
    scaler: Picked = changed(ProblemKeys, "scaler", default=pick(SCALERS["standardize"]))
    run: tuple[Picked, ...] = changed(
        RaceKeys, "run", kind={"entries": LEARNERS, "most": MOST_RUNS}, default=(pick(LEARNERS["gd"]),)
    )
    batch: int = key(dataclasses.replace(BATCH, shared=""), group="main", before="learning_rate")
    epochs: int = key(EPOCHS, group="main", before="beta1")
    rate: str = changed(RaceKeys, "rate", group="runs")
    parallel: int = key(PARALLEL, group="path")
    seed: int = changed(
        ProblemKeys, "seed", kind={"help": N_("Shuffles the rows, splits them, and makes those that are made.")}
    )
    contours: bool = key(CONTOURS, group="path", role="page")
    at: int | None = key(AT, role="page")
    hide: tuple[str, ...] = key(hideable(lambda: BatchesQuery), default=(), role="page")
    dtype: str = key(DTYPE, role="api")

    @property
    def values(self) -> Mapping:
        """The values of the surface's parameters, with the one that is no choice here."""
        return (
            {**self.surface.values, INTERCEPT.name: "fixed"} if self.surface.entry is LOGISTIC else self.surface.values
        )

    @property
    def problem(self) -> Problem:
        """The loss of all training rows."""
        return SURFACES[self.surface.name].bind(self.values, Scaling(self.scaler.entry, self.scaler.values), self.seed)

    @property
    def conditions(self) -> Conditions:
        """Neither penalty nor clipping."""
        return FREE

    @property
    def lesson(self) -> Lesson:
        """What all runs share."""
        problem = self.problem
        start = self.start or problem.start
        return lesson_of(
            problem,
            self.values,
            start=start,
            epochs=self.epochs,
            seed=self.seed,
            view=view_of(self.view, problem, start),
            tolerance=self.tolerance,
        )

    def batch_of(self, run: Picked) -> int:
        """Return the batch size that a run asks for: its own, or that of the slider."""
        return int(value_of(self, run, BATCH, None))

    def check_problem(self, notes: list[Sentence] | None) -> Self:
        """Check that the rows can be scaled, and the updates are not too many."""
        default = self.ats()["surface"].default
        query = self.mended(notes, N_("the raw rows"), lambda query: query.problem, scaler=pick(SCALERS["none"]))
        # If it was not the scaler: rows of one class only, say.
        query = query.mended(notes, N_("the defaults"), lambda query: query.problem, surface=default)
        n = query.lesson.n
        smallest = min(min(query.batch_of(run) for run in query.run), n)
        fitting = MOST_UPDATES // updates_per_epoch(n, smallest)
        used = N_("as many epochs as can be")
        query = query.mended(notes, used, lambda query: check_updates(n, smallest, query.epochs), epochs=fitting)
        return query.mended(notes, N_("absolute rates"), check_rate, rate=RATE.default)


class BatchQuery(BatchesQuery):
    """The same keys, and which batch of which run."""

    update: int = key(UPDATE, role="api")
    which: int = key(WHICH, role="api")
    n: int = key(SIDE, role="api")

    def check(self, notes: list[Sentence] | None) -> Self:
        """Check that there is such a run."""
        return super().check(notes).mended(notes, N_("the first run"), _check_which, which=1)

    def check_problem(self, notes: list[Sentence] | None) -> Self:
        """Check that the run makes so many updates."""
        query = super().check_problem(notes)
        n = query.lesson.n
        last = updates_per_epoch(n, min(query.batch_of(query.run[query.which - 1]), n)) * query.epochs - 1
        return query.mended(notes, N_("the last update"), lambda query: _check_update(query.update, last), update=last)


def _check_which(query: BatchQuery) -> None:
    if query.which > len(query.run):
        template = N_("which must be between 1 and {count}, the number of runs, got {which}")
        raise Mistake(template, count=len(query.run), which=query.which)


def _check_update(update: int, last: int) -> None:
    if update > last:
        raise Mistake(N_("update must be at most {last}, the last one, got {update}"), last=last, update=update)


class BatchSurfaceQuery(BatchesQuery):
    """The same keys; those that do not shape the surface change nothing."""

    n: int = key(GRID, role="api")
