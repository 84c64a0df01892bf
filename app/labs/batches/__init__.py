"""Batches: what an update that sees only a few rows does, and how often it can be made."""

from app.labs.base import Computation, Lab, Picture
from app.labs.batches.compute import BatchAnswer, BatchesAnswer, compute, compute_batch, compute_surface
from app.labs.batches.presets import BATCHES_PRESETS
from app.labs.batches.query import BatchesQuery, BatchQuery, BatchSurfaceQuery
from app.labs.racing.types import GridAnswer
from app.schema.messages import N_

BATCHES = Lab(
    slug="batches",
    place=40,
    title=N_("Batches"),
    about=N_("Descend with a few rows at a time: more updates, more noise, and when that helps."),
    computations=(
        Computation(
            name="batches",
            title="Trajectories that see one batch of rows an update",
            about=(
                "As /api/descent, with `loss` and `gap` of all training rows; row k of `params` is the state before "
                "update k, row k of `batch_loss` what its batch said there. `epoch_loss` and `test_loss` are taken "
                "before the first epoch and after each."
            ),
            query=BatchesQuery,
            compute=compute,
            answer=BatchesAnswer,
        ),
        Computation(
            name="batch",
            title="One batch: its loss on a grid and its gradient",
            about="`grid.loss[j, i]` is at `(x[i], y[j])`; both gradients are at `at`, the point before the update.",
            query=BatchQuery,
            compute=compute_batch,
            answer=BatchAnswer,
            is_compressible=True,
        ),
        Computation(
            name="batch_surface",
            title="The loss of all training rows on a grid",
            about="`loss[j, i]` is at `(x[i], y[j])`.",
            query=BatchSurfaceQuery,
            compute=compute_surface,
            answer=GridAnswer,
            is_compressible=True,
        ),
    ),
    presets=BATCHES_PRESETS,
    picture=Picture(
        kind="paths", query="surface=two_valleys&learning_rate=0.09&epochs=40&run=gd,batch:1&run=gd,batch:64"
    ),
    surface="batch_surface",
)

__all__ = ["BATCHES", "BatchQuery", "BatchesQuery", "compute", "compute_batch", "compute_surface"]
