"""What Critical points is asked: every key with its words, range and default."""

import dataclasses
from typing import Self

from app.labs.base import (
    AT,
    COORDINATE,
    DTYPE,
    NOISE,
    PENALTY,
    STEPS,
    PageKeys,
    ProblemKeys,
    ViewKeys,
    hideable,
)
from app.numerics.analysis.network import MOST_HIDDEN
from app.numerics.clipping import CLIPS
from app.numerics.conditions import conditions_of
from app.numerics.noise import NOISES
from app.numerics.optimizers.hyperparameters import BETA1, LEARNING_RATE
from app.numerics.penalties import PENALTIES
from app.numerics.problems.scalers import SCALERS
from app.numerics.problems.surfaces import SURFACES
from app.numerics.runs.step import Conditions
from app.schema.kinds import Flag, Number, Numbers, Picked, pick
from app.schema.messages import N_, Sentence
from app.schema.query import changed, key

POINT = Numbers(
    title=N_("Point"),
    symbol="θ",
    parts=("x", "y"),
    low=-COORDINATE,
    high=COORDINATE,
    help=N_("Where gradient and Hessian are taken. Drag it on the plot, click there, or type."),
)
EPSILON = Number(
    name="epsilon",
    title=N_("Offset"),
    symbol="ε",
    default=1e-3,
    low=1e-12,
    high=1e3,
    slider=(1e-9, 0.1),
    scale="log",
    help=N_("How far from the critical point a run starts, along the downhill eigenvector u."),
)
HIDDEN = Number(
    name="hidden",
    title=N_("Hidden units"),
    default=4,
    low=1,
    high=MOST_HIDDEN,
    slider=(1, MOST_HIDDEN),
    is_integer=True,
    help=N_("How many units the small network has; each brings four weights."),
)
# What is drawn above the contours, in the order of the page's buttons.
MODEL = Flag(name="model", title=N_("Model"), default=True, help=N_("The second-order model's contours."))
VECTORS = Flag(name="vectors", title=N_("Eigenvectors"), default=True)
SIGNS = Flag(
    name="signs", title=N_("Bowls, domes"), default=False, help=N_("The sign of both eigenvalues all over the view.")
)
ESCAPES = Flag(name="escapes", title=N_("Escapes"), default=False, help=N_("The paths of the escape experiment."))


OF_SURFACE = ("critical", "expansion", "curvature", "escape")  # all but the network


class CriticalQuery(ProblemKeys, ViewKeys, PageKeys):
    """Everything that the lab of critical points computes and shows."""

    surface: Picked = changed(ProblemKeys, "surface", default=pick(SURFACES["himmelblau"]), only=OF_SURFACE)
    scaler: Picked = changed(ProblemKeys, "scaler", only=OF_SURFACE)
    penalty: Picked = key(PENALTY, default=pick(PENALTIES["none"]), group="additions", shapes=True, only=OF_SURFACE)
    epsilon: float = key(EPSILON, group="escape", only=("escape",))
    learning_rate: float | None = key(
        dataclasses.replace(LEARNING_RATE, default=None, shared=""), group="escape", only=("escape",)
    )
    beta1: float = key(dataclasses.replace(BETA1, title=N_("Momentum"), shared=""), group="escape", only=("escape",))
    noise: Picked = key(NOISE, default=pick(NOISES["gaussian"], std=0.01), group="escape", only=("escape",))
    point: tuple[float, float] | None = key(POINT, default=None, group="problem", only=("expansion", "escape"))
    steps: int = key(STEPS, group="escape", only=("escape",))
    seed: int = changed(ProblemKeys, "seed", group="escape", before="hidden")
    hidden: int = key(HIDDEN, group="network", only=("network",))
    view: tuple[float, float, float, float] | None = changed(ViewKeys, "view", only=OF_SURFACE)
    at: int | None = key(AT, role="page")
    model: bool = key(MODEL, role="page")
    vectors: bool = key(VECTORS, role="page")
    signs: bool = key(SIGNS, role="page")
    escapes: bool = key(ESCAPES, role="page")
    hide: tuple[str, ...] = key(hideable(lambda: CriticalQuery), default=(), role="page")
    dtype: str = key(DTYPE, role="api")

    @property
    def conditions(self) -> Conditions:
        """The penalty, as the loss takes it."""
        return conditions_of(self.penalty.entry, self.penalty.values, CLIPS["none"], {})

    def check_problem(self, notes: list[Sentence] | None) -> Self:
        """Check that the rows can be scaled."""
        query = self.mended(notes, N_("the raw rows"), lambda query: query.problem, scaler=pick(SCALERS["none"]))
        default = self.ats()["surface"].default
        return query.mended(notes, N_("the defaults"), lambda query: query.problem, surface=default)
