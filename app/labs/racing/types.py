"""The types of a race's answer: the surface, and each run with its path and what became of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated

import numpy as np
from jaxtyping import Float

from app.numerics.problems.surfaces.record import Box, Point
from app.numerics.runs.outcome import KINDS as OUTCOMES
from app.schema.answers import ABSENT, Absent, OneOf

Used = Mapping[str, float | int | bool | str]


@dataclass(frozen=True, kw_only=True)
class Minimum:
    """A lowest point of the surface."""

    at: Point
    """x and y."""
    loss: float
    """The loss there."""


@dataclass(frozen=True, kw_only=True)
class HessianFacts:
    """The curvature of a quadratic surface, which is the same everywhere."""

    kappa: float | None
    """The condition number λ_max/λ_min; null where a direction is flat."""
    eigenvalues: tuple[float, float]
    """λ_min and λ_max."""
    max_learning_rate: float | None
    """Gradient descent is stable below this learning rate, 2/λ_max; null where λ_max is not positive."""


@dataclass(frozen=True, kw_only=True)
class SurfaceFacts:
    """What is descended, penalty included, and where it is drawn."""

    name: str
    """As links name it."""
    title: str
    """In the language of the request."""
    formula: str
    """The loss, in LaTeX."""
    axes: tuple[str, str]
    """The names of x and y."""
    domain: Box
    """The usual rectangle: the ends of x, then of y."""
    view: Box
    """The plotted rectangle: the ends of x, then of y."""
    start: Point
    """Where the runs begin."""
    lowest: float
    """The lowest known loss; `gap` is measured from it."""
    minima: Sequence[Minimum]
    """Where that is; empty on a surface without a minimum."""
    hessian: HessianFacts | None
    """Null where the surface is not quadratic."""
    hessian_matrix: Sequence[Sequence[float]] | None
    """The Hessian, two rows of two; null where the surface is not quadratic."""
    no_minimum: str
    """Why there is no minimum, in a sentence; empty where there is one."""


@dataclass(frozen=True, kw_only=True)
class ForkFacts:
    """Where a fork leaves another run."""

    run: int
    """The number of that run, from 1."""
    step: int
    """The first step that is the fork's own."""


@dataclass(frozen=True, kw_only=True)
class RunFacts:
    """A run without its path: its optimizer, the values in force, and what became of it."""

    optimizer: str
    """As links name it."""
    title: str
    """In the language of the request."""
    hyperparameters: Used
    """The values in force: the run's own, those of the shared sliders, or the optimizer's defaults."""
    fork: ForkFacts | None
    """Null for a run that begins at the start."""
    outcome: Annotated[str, OneOf(options=OUTCOMES)]
    """What became of it."""
    sentence: str
    """Why, in words."""
    shape: Annotated[str, OneOf(options=("zig-zag", "straight", "curved"))]
    """The shape of the path."""
    converged_at: int | None
    """The first row from which the loss stays at its last value, to a millionth; null unless it converged."""
    diverged_at: int | None
    """The first row that is beyond all bounds; null unless it diverged."""
    reached_at: int | None
    """The first row from which the run stays within the tolerance; null if it never does."""
    left_view_at: int | None
    """The first row outside the view; null if all lie inside."""


@dataclass(frozen=True, kw_only=True)
class RunAnswer(RunFacts):
    """A run: row k is the state before update k."""

    params: Float[np.ndarray, "rows 2"]
    """The points that were visited."""
    loss: Float[np.ndarray, " rows"]
    """The loss at each of them."""
    gap: Float[np.ndarray, " rows"]
    """The loss minus the lowest, computed in 64 bits."""
    grads: Float[np.ndarray, "rows 2"] | Absent = ABSENT
    """The gradient at each point; with `fields=grads`."""
    updates: Float[np.ndarray, "rows 2"] | Absent = ABSENT
    """What each update adds to the point; with `fields=updates`."""
    learning_rate: Float[np.ndarray, " rows"] | Absent | None = ABSENT
    """The learning rate of each update, null for an optimizer without one; with `fields=learning_rate`."""
    state: Mapping[str, Float[np.ndarray, "rows 2"]] | Absent = ABSENT
    """What the optimizer keeps and shows, by name, at each update; with `fields=state`."""


@dataclass(frozen=True, kw_only=True)
class RaceAnswer:
    """What every race answers."""

    surface: SurfaceFacts
    """What is descended."""
    takeaway: str
    """What the figure shows, in one line."""
    notes: Sequence[str]
    """What is allowed but may surprise, a sentence each."""
    runs: Sequence[RunAnswer]
    """In the order of the link."""


@dataclass(frozen=True, kw_only=True)
class GridAnswer:
    """A loss on a grid: `loss[j, i]` is at `(x[i], y[j])`."""

    view: Box
    """The ends of x, then of y."""
    x: Float[np.ndarray, " columns"]
    """Evenly spaced."""
    y: Float[np.ndarray, " rows"]
    """Evenly spaced."""
    loss: Float[np.ndarray, "rows columns"]
    """Penalty included."""
    gap: Float[np.ndarray, "rows columns"]
    """The loss minus the lowest."""
    lowest: float
    """The lowest known loss."""


@dataclass(frozen=True, kw_only=True)
class Rung:
    """The race of one value, without its paths."""

    query: str
    """The link of that race."""
    surface: SurfaceFacts | None
    """Null where it is that of the first rung."""
    takeaway: str
    """What the figure shows, in one line."""
    notes: Sequence[str]
    """What is allowed but may surprise, a sentence each."""
    runs: Sequence[RunFacts]
    """In the order of the link."""


@dataclass(frozen=True, kw_only=True)
class LadderAnswer:
    """The same race for many values of one number."""

    vary: str
    """The number that varies."""
    values: Sequence[float]
    """Its values, one a rung."""
    ladder: int
    """How many values may be asked for at once."""
    params: Float[np.ndarray, "rungs runs rows 2"]
    """`params[i, j, k]` is row k of run j for value i."""
    gap: Float[np.ndarray, "rungs runs rows"]
    """The loss minus the rung's own lowest."""
    rungs: Sequence[Rung]
    """What else each race answers."""
