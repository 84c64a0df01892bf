"""One batch beside all rows: its loss, its gradient and its surface, and how noisy batches of each size are."""

from typing import NamedTuple

import numpy as np
from jaxtyping import Float, Int

from app.numerics.runs.batches import (
    Learner,
    Lesson,
    Noise,
    batch_grid,
    batch_rows,
    descend,
    gradients_at,
    noise_of,
)
from app.runtime.programs import Programs


class BatchFacts(NamedTuple):
    """A batch at the point before its update; `grid[j, i]` is its loss at (x[i], y[j])."""

    rows: Int[np.ndarray, " batch"]
    at: Float[np.ndarray, "2"]
    batch_loss: float
    loss: float  # of all rows
    batch_gradient: Float[np.ndarray, "2"]
    gradient: Float[np.ndarray, "2"]  # of all rows
    x: Float[np.ndarray, " n"]
    y: Float[np.ndarray, " n"]
    grid: Float[np.ndarray, "n n"]


def batch_facts(programs: Programs, lesson: Lesson, learner: Learner, update: int, n: int) -> BatchFacts:
    """Return what the batch of one update says of the loss, on a grid of n × n points, too."""
    at = descend(programs, lesson, learner).params[update]
    chosen = batch_rows(lesson, learner.batch, update)
    losses, grads = gradients_at(programs, lesson, at)
    x, y, grid = batch_grid(programs, lesson, chosen, n)
    return BatchFacts(
        rows=chosen,
        at=at,
        batch_loss=float(losses[chosen].mean()),
        loss=float(losses.mean()),
        batch_gradient=grads[chosen].mean(axis=0),
        gradient=grads.mean(axis=0),
        x=x,
        y=y,
        grid=grid,
    )


def noise_at_start(programs: Programs, lesson: Lesson) -> Noise:
    """Return how far the gradients of batches at the start are from that of all rows."""
    _, grads = gradients_at(programs, lesson, np.array(lesson.start))
    return noise_of(grads, lesson.seed)
