"""Descent: optimizers race over a loss surface, and every number of every step can be looked at."""

import functools

from app.labs.base import Computation, Lab, Picture, Preset, Stream
from app.labs.descent.compute import DescentAnswer, compute, compute_ladder, compute_surface
from app.labs.descent.presets import DESCENT_PRESETS
from app.labs.descent.query import DescentQuery, LadderQuery, MapQuery, SurfaceQuery
from app.labs.maps.answer import plan
from app.labs.maps.types import MapBlock, MapHead
from app.labs.racing.types import GridAnswer, LadderAnswer
from app.numerics.problems import evaluate
from app.numerics.problems.scalers import SCALERS, Scaling
from app.numerics.problems.surfaces import SURFACES
from app.numerics.problems.surfaces.record import Surface
from app.runtime.programs import Programs
from app.schema.messages import N_
from app.schema.page import read_page


def _warm(surface: Surface, programs: Programs) -> None:
    evaluate.warm(programs, surface.bind({}, Scaling(SCALERS["none"], {}), 0))


def _warm_map(preset: Preset, programs: Programs) -> None:
    blocks = plan(read_page(MapQuery, preset.query).first, programs, str)
    blocks.compute(blocks.blocks[0], lambda: None)


DESCENT = Lab(
    slug="descent",
    place=10,
    title=N_("Descent"),
    about=N_("Race optimizers over a loss surface and look into every step."),
    computations=(
        Computation(
            name="descent",
            title="Trajectories of up to eight optimizers",
            about=(
                "Row k of `params`, `loss`, `gap` and `grads` is the state before update k; row k of `updates`, "
                "`learning_rate` and `state` belongs to update k, so that the numbers of one row satisfy the "
                "optimizer's formula. `ladder` is how many values `/api/ladder` would answer of this race."
            ),
            query=DescentQuery,
            compute=compute,
            answer=DescentAnswer,
        ),
        Computation(
            name="surface",
            title="The loss on a grid",
            about="`loss[j, i]` is at `(x[i], y[j])`; penalty included.",
            query=SurfaceQuery,
            compute=compute_surface,
            answer=GridAnswer,
            is_compressible=True,
        ),
        Computation(
            name="ladder",
            title="The same race for up to 64 values of one number",
            about=(
                "`params[i, j, k]` and `gap[i, j, k]` are row k of run j for value i; the loss is `gap` + `lowest`. "
                "`rungs[i]` has what `/api/descent` answers besides; its `surface` is null where it is the first one's."
            ),
            query=LadderQuery,
            compute=compute_ladder,
            answer=LadderAnswer,
        ),
    ),
    streams=(
        Stream(
            name="map",
            title="What becomes of a run over two of its numbers",
            about=(
                "Lines of JSON: the first says what the map is over; each of the others holds some of its cells, every "
                "n-th of each side first: `at` is row × columns + column; each stands for `stride` × `stride` of "
                "them. `kind` is an index into `kinds`. Over start points `end` is the index of the point where a run "
                "came to rest, or `elsewhere`; `unfinished` is 1 where it still moves after all steps: it has no end "
                "yet, and belongs neither to a basin nor to a difference."
            ),
            query=MapQuery,
            plan=plan,
            head=MapHead,
            block=MapBlock,
        ),
    ),
    presets=DESCENT_PRESETS,
    picture=Picture(
        kind="paths",
        query="surface=himmelblau&run=gd,learning_rate:0.012&run=momentum,learning_rate:0.004&run=adam,learning_rate:0.25"
        "&start=0.2,-0.6&steps=120",
    ),
    warmers=(
        *(functools.partial(_warm_map, preset) for preset in DESCENT_PRESETS if "map=" in preset.query),
        *(functools.partial(_warm, surface) for surface in SURFACES.values()),
    ),
)

__all__ = [
    "DESCENT",
    "DescentQuery",
    "LadderQuery",
    "MapQuery",
    "SurfaceQuery",
    "compute",
    "compute_ladder",
    "compute_surface",
]
