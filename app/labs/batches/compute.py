"""What Batches answers: runs that see a few rows at a time, one batch of them, and the surface of all rows."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int

from app.labs.base import Translate, view_of
from app.labs.batches.query import BatchesQuery, BatchQuery, BatchSurfaceQuery
from app.labs.racing.answer import start_notes, surface_facts
from app.labs.racing.specs import value_of
from app.labs.racing.types import GridAnswer, RunAnswer, SurfaceFacts
from app.numerics.analysis.batches import batch_facts, noise_at_start
from app.numerics.problems import evaluate
from app.numerics.problems.surfaces.record import Box, Point
from app.numerics.runs.batches import (
    FREE,
    Learned,
    Learner,
    Lesson,
    study,
    time_per_epoch,
    updates_per_epoch,
)
from app.numerics.runs.single import ground_of
from app.runtime.programs import Programs
from app.schema.kinds import Picked
from app.sentences.batches import batch_notes, takeaway
from app.sentences.outcomes import sentence_of


@dataclass(frozen=True, kw_only=True)
class BatchNoise:
    """How far the gradient of a batch is from that of all rows, root mean square, by the size of the batch."""

    batch_sizes: Int[np.ndarray, " sizes"]
    """Rows of a batch."""
    predicted: Float[np.ndarray, " sizes"]
    """σ/√B · √((n − B)/(n − 1)), from the spread of the rows' gradients."""
    measured: Float[np.ndarray, " sizes"]
    """Over batches that were drawn."""
    at: Point
    """The point where the gradients were taken."""


@dataclass(frozen=True, kw_only=True)
class BatchRun(RunAnswer):
    """A run: row k is the state before update k, `loss` and `gap` are of all training rows."""

    batch: int
    """Rows of a batch."""
    update_count: int
    """How many updates were made."""
    updates_per_epoch: int
    """⌈n/B⌉."""
    time_per_epoch: int
    """⌈n/B⌉ · ⌈B/P⌉, in passes of a machine that takes P rows at once."""
    batch_loss: Float[np.ndarray, " updates"]
    """What the batch of each update said of the loss."""
    epoch_loss: Float[np.ndarray, " epochs"]
    """The loss of all training rows before the first epoch and after each."""
    test_loss: Float[np.ndarray, " epochs"] | None
    """That of the rows held out; null if there are none."""


@dataclass(frozen=True, kw_only=True)
class BatchesAnswer:
    """Runs that see a few rows an update."""

    surface: SurfaceFacts
    """The loss of all training rows."""
    takeaway: str
    """What the figure shows, in one line."""
    notes: Sequence[str]
    """What is allowed but may surprise, a sentence each."""
    n: int
    """How many rows train."""
    n_test: int
    """How many are held out."""
    epochs: int
    """How often all rows are seen."""
    parallel: int
    """P, the rows that the machine takes at once."""
    time_formula: str
    """The time of an epoch."""
    noise: BatchNoise
    """How noisy gradients are at the start."""
    runs: Sequence[BatchRun]
    """In the order of the link."""


@dataclass(frozen=True, kw_only=True)
class BatchGrid:
    """The loss of one batch on a grid: `loss[j, i]` is at `(x[i], y[j])`."""

    view: Box
    """The ends of x, then of y."""
    x: Float[np.ndarray, " columns"]
    """Evenly spaced."""
    y: Float[np.ndarray, " rows"]
    """Evenly spaced."""
    loss: Float[np.ndarray, "rows columns"]
    """Of the batch's rows."""


@dataclass(frozen=True, kw_only=True)
class BatchAnswer:
    """One batch beside all rows, at the point before its update."""

    update: int
    """Which update, from 0."""
    epoch: int
    """The epoch that it belongs to, from 0."""
    which: int
    """Which run, from 1."""
    batch: int
    """Rows of a batch, unless fewer are left."""
    rows: Int[np.ndarray, " rows"]
    """Which training rows are in it."""
    at: Float[np.ndarray, "2"]
    """The point before the update."""
    batch_loss: float
    """The loss of the batch there."""
    loss: float
    """The loss of all training rows there."""
    batch_gradient: Float[np.ndarray, "2"]
    """The gradient of the batch there."""
    gradient: Float[np.ndarray, "2"]
    """The gradient of all training rows there."""
    grid: BatchGrid
    """The surface of this batch alone."""


def compute(query: BatchesQuery, programs: Programs, translate: Translate) -> BatchesAnswer:
    """Run every optimizer through all epochs; the answer has the shape of `/api/descent`, and what batches add."""
    lesson = query.lesson
    ground = ground_of(programs, lesson.problem, FREE)
    learners = [learner_of(query, run, lesson, ground.largest_eigenvalue) for run in query.run]
    runs = [study(programs, lesson, learner) for learner in learners]
    asked = [query.batch_of(run) for run in query.run]
    notes = [*start_notes(lesson.problem, lesson.start), *batch_notes(asked, lesson.n)]
    return BatchesAnswer(
        surface=surface_facts(query.surface, lesson.problem, ground, lesson.view, lesson.start, translate),
        takeaway=takeaway(lesson, runs).render(translate),
        notes=[note.render(translate) for note in notes],
        n=lesson.n,
        n_test=len(lesson.held_out),
        epochs=lesson.epochs,
        parallel=query.parallel,
        time_formula="⌈n/B⌉ · ⌈B/P⌉",
        noise=BatchNoise(**noise_at_start(programs, lesson)._asdict(), at=lesson.start),
        runs=[_run(query, lesson, run, ground.lowest, translate) for run in runs],
    )


def learner_of(query: BatchesQuery, run: Picked, lesson: Lesson, largest: float | None) -> Learner:
    """Return a run's optimizer with the values in force, and batches no larger than there are rows."""
    optimizer = run.entry.optimizer
    values = {each.name: value_of(query, run, each, largest) for each in optimizer.hyperparameters}
    return Learner(optimizer=optimizer, values=values, batch=min(query.batch_of(run), lesson.n))


def _run(query: BatchesQuery, lesson: Lesson, run: Learned, lowest: float, translate: Translate) -> BatchRun:
    learner, outcome = run.learner, run.outcome
    return BatchRun(
        optimizer=learner.optimizer.name,
        title=translate(learner.optimizer.title),
        hyperparameters={**learner.values, "batch": learner.batch},
        fork=None,
        params=run.params,
        loss=run.loss,
        gap=run.loss - lowest,
        outcome=outcome.kind,
        sentence=sentence_of(outcome, lesson.problem).render(translate),
        shape=outcome.shape,
        converged_at=outcome.converged_at,
        diverged_at=outcome.diverged_at,
        reached_at=outcome.reached_at,
        left_view_at=outcome.left_view_at,
        batch=learner.batch,
        update_count=len(run.batch_loss),
        updates_per_epoch=updates_per_epoch(lesson.n, learner.batch),
        time_per_epoch=time_per_epoch(lesson.n, learner.batch, query.parallel),
        batch_loss=run.batch_loss,
        epoch_loss=run.epoch_loss,
        test_loss=run.test_loss,
    )


def compute_batch(query: BatchQuery, programs: Programs, _translate: Translate) -> BatchAnswer:
    """Answer what one batch alone looks like from the point before its update, beside all rows."""
    lesson = query.lesson
    ground = ground_of(programs, lesson.problem, FREE)
    learner = learner_of(query, query.run[query.which - 1], lesson, ground.largest_eigenvalue)
    found = batch_facts(programs, lesson, learner, query.update, query.n)
    return BatchAnswer(
        update=query.update,
        epoch=query.update // updates_per_epoch(lesson.n, learner.batch),
        which=query.which,
        batch=learner.batch,
        rows=found.rows,
        at=found.at,
        batch_loss=found.batch_loss,
        loss=found.loss,
        batch_gradient=found.batch_gradient,
        gradient=found.gradient,
        grid=BatchGrid(view=lesson.view, x=found.x, y=found.y, loss=found.grid),
    )


def compute_surface(query: BatchSurfaceQuery, programs: Programs, _translate: Translate) -> GridAnswer:
    """Answer the grid of all rows that contours are drawn from."""
    problem = query.problem
    view = view_of(query.view, problem, query.start or problem.start)
    x, y, loss = evaluate.grid(programs, problem, FREE, view, query.n)
    lowest = ground_of(programs, problem, FREE).lowest
    return GridAnswer(view=view, x=x, y=y, loss=loss, gap=loss - lowest, lowest=lowest)
