"""What Batches answers: runs that see a few rows at a time, one batch of them, and the surface of all rows."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from app.labs.base import Translate, view_of
from app.labs.batches.query import BatchesQuery, BatchQuery, BatchSurfaceQuery
from app.labs.racing.answer import start_notes, surface_facts
from app.labs.racing.entrants import value_of
from app.numerics.problems import evaluate
from app.numerics.runs.batches import (
    FREE,
    Learned,
    Learner,
    Lesson,
    batch_grid,
    batch_rows,
    descend,
    gradients_at,
    noise_of,
    study,
    time_per_epoch,
    updates_per_epoch,
)
from app.numerics.runs.single import ground_of
from app.runtime.programs import Programs
from app.schema.kinds import Picked
from app.schema.messages import N_, Sentence


def compute(query: BatchesQuery, programs: Programs, translate: Translate) -> dict[str, Any]:
    """Run every optimizer through all epochs; the answer has the shape of `/api/descent`, and what batches add."""
    lesson = query.lesson
    ground = ground_of(programs, lesson.problem, FREE)
    learners = [learner_of(query, run, lesson, ground.largest_eigenvalue) for run in query.run]
    runs = [study(programs, lesson, learner) for learner in learners]
    _, grads = gradients_at(programs, lesson, np.array(lesson.start))
    noise = noise_of(grads, lesson.seed)
    notes = start_notes(lesson.problem, lesson.start) + _whole_notes(query, lesson.n)
    return {
        "surface": surface_facts(query.surface, lesson.problem, ground, lesson.view, lesson.start, translate),
        "takeaway": _takeaway(lesson, runs).render(translate),
        "notes": [note.render(translate) for note in notes],
        "n": lesson.n,
        "n_test": len(lesson.held_out),
        "epochs": lesson.epochs,
        "parallel": query.parallel,
        "time_formula": "⌈n/B⌉ · ⌈B/P⌉",
        "noise": {**noise._asdict(), "at": lesson.start},
        "runs": [_run_facts(query, lesson, run, ground.lowest, translate) for run in runs],
    }


def learner_of(query: BatchesQuery, run: Picked, lesson: Lesson, largest: float | None) -> Learner:
    """Return a run's optimizer with the values in force, and batches no larger than there are rows."""
    optimizer = run.entry.optimizer
    values = {each.name: value_of(query, run, each, largest) for each in optimizer.hyperparameters}
    return Learner(optimizer=optimizer, values=values, batch=min(query.batch_of(run), lesson.n))


def _run_facts(
    query: BatchesQuery, lesson: Lesson, run: Learned, lowest: float, translate: Translate
) -> dict[str, Any]:
    learner, outcome = run.learner, run.outcome
    return {
        "optimizer": learner.optimizer.name,
        "title": translate(learner.optimizer.title),
        "hyperparameters": {**learner.values, "batch": learner.batch},
        "fork": None,
        "params": run.params,
        "loss": run.loss,
        "gap": run.loss - lowest,
        "outcome": outcome.kind,
        "sentence": outcome.sentence.render(translate),
        "shape": outcome.shape,
        "converged_at": outcome.converged_at,
        "diverged_at": outcome.diverged_at,
        "reached_at": outcome.reached_at,
        "left_view_at": outcome.left_view_at,
        "batch": learner.batch,
        "update_count": len(run.batch_loss),
        "updates_per_epoch": updates_per_epoch(lesson.n, learner.batch),
        "time_per_epoch": time_per_epoch(lesson.n, learner.batch, query.parallel),
        "batch_loss": run.batch_loss,
        "epoch_loss": run.epoch_loss,
        "test_loss": run.test_loss,
    }


def _whole_notes(query: BatchesQuery, n: int) -> list[Sentence]:
    """Say where a batch was to be larger than there are rows."""
    text = N_("run {number} asks for batches of {batch} rows, and only {n} train: each batch is all of them")
    asked = [query.batch_of(run) for run in query.run]
    return [
        Sentence(text, {"number": number, "batch": batch, "n": n})
        for number, batch in enumerate(asked, start=1)
        if batch > n
    ]


def _takeaway(lesson: Lesson, runs: Sequence[Learned]) -> Sentence:
    """Say in one line what an epoch was, and how the first run fared."""
    first = runs[0]
    each = updates_per_epoch(lesson.n, first.learner.batch)
    ending = first.outcome.sentence
    if each == 1:
        template = N_("all {n} rows, one update an epoch: {ending}")
    else:
        template = N_("{each} updates an epoch: {ending}")
    return Sentence(template, {"n": lesson.n, "batch": first.learner.batch, "each": each, "ending": ending})


def compute_batch(query: BatchQuery, programs: Programs, _translate: Translate) -> dict[str, Any]:
    """Answer what one batch alone looks like from the point before its update, beside all rows."""
    lesson = query.lesson
    ground = ground_of(programs, lesson.problem, FREE)
    learner = learner_of(query, query.run[query.which - 1], lesson, ground.largest_eigenvalue)
    steps = descend(programs, lesson, learner)
    point = steps.params[query.update]
    chosen = batch_rows(lesson, learner.batch, query.update)
    losses, grads = gradients_at(programs, lesson, point)
    x, y, loss = batch_grid(programs, lesson, chosen, query.n)
    return {
        "update": query.update,
        "epoch": query.update // updates_per_epoch(lesson.n, learner.batch),
        "which": query.which,
        "batch": learner.batch,
        "rows": chosen,
        "at": point,
        "batch_loss": losses[chosen].mean(),
        "loss": losses.mean(),
        "batch_gradient": grads[chosen].mean(axis=0),
        "gradient": grads.mean(axis=0),
        "grid": {"view": lesson.view, "x": x, "y": y, "loss": loss},
    }


def compute_surface(query: BatchSurfaceQuery, programs: Programs, _translate: Translate) -> dict[str, Any]:
    """Answer the grid of all rows that contours are drawn from."""
    problem = query.problem
    view = view_of(query.view, problem, query.start or problem.start)
    x, y, loss = evaluate.grid(programs, problem, FREE, view, query.n)
    lowest = ground_of(programs, problem, FREE).lowest
    return {"view": view, "x": x, "y": y, "loss": loss, "gap": loss - lowest, "lowest": lowest}
