"""Critical points: where the gradient is zero, what the second derivatives say there, and how a run gets away."""

from app.labs.base import Computation, Lab, Picture
from app.labs.critical.compute import compute, compute_curvature, compute_expansion
from app.labs.critical.experiments import compute_escape, compute_network
from app.labs.critical.presets import CRITICAL_PRESETS
from app.labs.critical.query import CriticalQuery
from app.labs.critical.types import CriticalAnswer, CurvatureAnswer, EscapeAnswer, ExpansionAnswer, NetworkAnswer
from app.schema.messages import N_

CRITICAL = Lab(
    slug="critical",
    place=50,
    title=N_("Critical points"),
    about=N_("Find every point with zero gradient, and see what curvature says there."),
    computations=(
        Computation(
            name="critical",
            title="Every critical point in view, and one point looked at",
            about=(
                "`points` are isolated, `curves` connected; `areas` are flat ground, `kinks` lowest points without a "
                "gradient. `point` is the one that `point=x,y` asks for, else a saddle."
            ),
            query=CriticalQuery,
            compute=compute,
            answer=CriticalAnswer,
        ),
        Computation(
            name="expansion",
            title="Gradient, Hessian and verdict at one point",
            about="The same `point` as `/api/critical` answers, without the rest: for who moves it.",
            query=CriticalQuery,
            compute=compute_expansion,
            answer=ExpansionAnswer,
        ),
        Computation(
            name="curvature",
            title="The Hessian's eigenvalues on a grid",
            about="`smallest[j, i]` and `largest[j, i]` are at `(x[i], y[j])`; penalty included.",
            query=CriticalQuery,
            compute=compute_curvature,
            answer=CurvatureAnswer,
            is_compressible=True,
        ),
        Computation(
            name="escape",
            title="Runs that leave a saddle",
            about=(
                "From the saddle or maximum next to the point. `left_at` is the first step at a distance of `radius` "
                "or more, `predicted` what the eigenvalue promises; null is never."
            ),
            query=CriticalQuery,
            compute=compute_escape,
            answer=EscapeAnswer,
        ),
        Computation(
            name="network",
            title="The Hessian of a small network in training",
            about="Row k of `eigenvalues`, `slope` and `ratio` is after `stages[k]` updates; `loss` is at each.",
            query=CriticalQuery,
            compute=compute_network,
            answer=NetworkAnswer,
        ),
    ),
    presets=CRITICAL_PRESETS,
    picture=Picture(kind="points", query="surface=himmelblau"),
)

__all__ = ["CRITICAL", "CriticalQuery", "compute"]
