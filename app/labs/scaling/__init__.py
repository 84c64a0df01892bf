"""Scaling: what the units of the features make of the loss, and what scalers make of it."""

from app.labs.base import Computation, Lab, Picture
from app.labs.racing.types import GridAnswer
from app.labs.scaling.compute import ScalingAnswer, compute, compute_surface
from app.labs.scaling.presets import SCALING_PRESETS
from app.labs.scaling.query import ScaledSurfaceQuery, ScalingQuery
from app.schema.messages import N_

SCALING = Lab(
    slug="scaling",
    place=20,
    title=N_("Scaling"),
    about=N_("Rows on the left, the loss they make on the right: scale the features, and an ellipse becomes a circle."),
    computations=(
        Computation(
            name="scaling",
            title="A race on the surface that scaled rows make, and those rows",
            about=(
                "Everything that `/api/descent` answers, and: `data.rows` (rows, 2) as far scaled as `morph` says, the "
                "outlier last; `weights` and `raw_weights` (steps+1, 3) of each run, w₁, w₂, b for scaled and for raw "
                "features, null where rows have factors of their own; what every scaler makes of κ; what leaks. POST "
                "takes CSV of two features and a target as its body, with `surface=own&rows=session`; nothing is kept."
            ),
            query=ScalingQuery,
            compute=compute,
            answer=ScalingAnswer,
        ),
        Computation(
            name="scaled_surface",
            title="The loss of scaled rows on a grid",
            about="`loss[j, i]` is at `(x[i], y[j])`.",
            query=ScaledSurfaceQuery,
            compute=compute_surface,
            answer=GridAnswer,
            is_compressible=True,
        ),
    ),
    presets=SCALING_PRESETS,
    picture=Picture(kind="paths", query="learning_rate=0.337&steps=80&morph=0"),
    surface="scaled_surface",
)

__all__ = ["SCALING", "ScaledSurfaceQuery", "ScalingQuery", "compute", "compute_surface"]
