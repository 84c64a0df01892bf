"""The types of what Critical points answers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated

import numpy as np
from jaxtyping import Float

from app.numerics.analysis.critical_points import KINDS
from app.numerics.problems.surfaces.record import Box, Point
from app.schema.answers import ABSENT, Absent, OneOf

Matrix = Sequence[Sequence[float]]


@dataclass(frozen=True, kw_only=True)
class CriticalSurface:
    """The surface, penalty included, and where it is looked at."""

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
    """The rectangle that is searched: the ends of x, then of y."""
    lowest: float
    """The lowest known loss."""
    is_quadratic: bool
    """Whether the Hessian is the same everywhere."""


@dataclass(frozen=True, kw_only=True)
class CriticalPoint:
    """A point with zero gradient."""

    at: Point
    """x and y."""
    loss: float
    """The loss there."""
    kind: Annotated[str, OneOf(options=tuple(KINDS))]
    """What the eigenvalues say it is."""
    eigenvalues: tuple[float, float]
    """Of the Hessian, the smaller first."""


@dataclass(frozen=True, kw_only=True)
class CriticalCurve:
    """A curve of points with zero gradient."""

    points: Float[np.ndarray, "points 2"]
    """Along the curve."""
    is_closed: bool
    """Whether the last point is joined to the first."""
    loss: float
    """The loss along it."""
    kind: Annotated[str, OneOf(options=("degenerate",))]
    """An eigenvalue is zero."""
    eigenvalues: tuple[float, float]
    """Of the Hessian in the middle of it, the smaller first."""


@dataclass(frozen=True, kw_only=True)
class FlatArea:
    """A part of the view where gradient and curvature hardly change the loss."""

    at: Point
    """A point in its middle."""
    share: float
    """Of the view, from 0 to 1."""
    loss: float
    """The loss there."""
    sentence: str
    """What it is, in words."""


@dataclass(frozen=True, kw_only=True)
class Kink:
    """A lowest point without a gradient."""

    at: Point
    """x and y."""


@dataclass(frozen=True, kw_only=True)
class PointLookedAt:
    """The second-order model at one point."""

    at: Point
    """x and y."""
    loss: float
    """The loss there."""
    grads: tuple[float | None, float | None]
    """The gradient; null where it is not finite, or does not exist."""
    hessian: Sequence[Sequence[float | None]]
    """Two rows of two; null where it is not finite, or does not exist."""
    eigenvalues: tuple[float | None, float | None]
    """Of the Hessian, the smaller first."""
    eigenvectors: Matrix
    """One a row, in the order of the eigenvalues."""
    kind: Annotated[str, OneOf(options=(*KINDS, "flat", "slope", "kink"))]
    """What the derivatives say it is; `slope` where the gradient is not zero, `kink` where there is none."""
    stationary: tuple[float, float] | None
    """Where the model itself has zero gradient: the end of Newton's step; null where it has no such point."""
    sentence: str
    """What the derivatives say of the point, in words."""


@dataclass(frozen=True, kw_only=True)
class CriticalAnswer:
    """Every critical point in view, and the one looked at."""

    surface: CriticalSurface
    """What is searched."""
    takeaway: str
    """What was found, in one line."""
    notes: Sequence[str]
    """What is allowed but may surprise, a sentence each."""
    found: int
    """How many points were found, those that are not listed included."""
    counts: Mapping[str, int]
    """How many there are of each kind."""
    points: Sequence[CriticalPoint]
    """The lowest first."""
    curves: Sequence[CriticalCurve]
    """Valleys, ridges and the like along which the gradient is zero."""
    areas: Sequence[FlatArea]
    """Where gradient and curvature hardly change the loss."""
    kinks: Sequence[Kink]
    """Lowest points without a gradient."""
    point: PointLookedAt
    """The one asked for, else the lowest saddle."""


@dataclass(frozen=True, kw_only=True)
class ExpansionAnswer:
    """The second-order model at one point."""

    point: PointLookedAt
    """The one asked for."""


@dataclass(frozen=True, kw_only=True)
class CurvatureAnswer:
    """Both eigenvalues of the Hessian on a grid: `smallest[j, i]` is at `(x[i], y[j])`."""

    view: Box
    """The ends of x, then of y."""
    x: Float[np.ndarray, " columns"]
    """Evenly spaced."""
    y: Float[np.ndarray, " rows"]
    """Evenly spaced."""
    smallest: Float[np.ndarray, "rows columns"]
    """The smaller eigenvalue."""
    largest: Float[np.ndarray, "rows columns"]
    """The larger eigenvalue."""


@dataclass(frozen=True, kw_only=True)
class EscapeOrigin(CriticalPoint):
    """The saddle or maximum that the runs leave."""

    down: tuple[float, float]
    """The eigenvector of the smaller eigenvalue."""
    up: tuple[float, float]
    """The eigenvector of the larger eigenvalue."""


@dataclass(frozen=True, kw_only=True)
class EscapeRun:
    """A run that begins at or beside the critical point."""

    name: str
    """Where it begins, in a word: `exact`, `stable`, `offset` and so on."""
    title: str
    """In the language of the request."""
    params: Float[np.ndarray, "rows 2"]
    """The points that were visited."""
    distance: Float[np.ndarray, " rows"]
    """From the critical point."""
    left_at: int | None
    """The first step farther away than the radius; null if it never gets there."""
    predicted: float | None
    """That step as the second-order model predicts it; null where it predicts none."""
    formula: str
    """How that is computed, in words."""
    sentence: str
    """What became of the run, in words."""


@dataclass(frozen=True, kw_only=True)
class EscapeAnswer:
    """Runs that leave a saddle or a maximum."""

    origin: EscapeOrigin | None
    """Null where the view holds nothing to escape from."""
    radius: float | Absent = ABSENT
    """A run has left where it is farther away than this; absent without an origin, as are the next four."""
    learning_rate: float | Absent = ABSENT
    """Of all runs."""
    limit: float | Absent | None = ABSENT
    """2/λ₂, above which the larger eigenvalue makes runs unstable; null where it is not positive."""
    growth: float | Absent = ABSENT
    """The factor by which each step multiplies the distance along the direction of descent."""
    model_error: float | Absent = ABSENT
    """Of the gradient along `down` that the smaller eigenvalue predicts at the radius, relative to it."""
    sentence: str
    """What the runs show, in words."""
    runs: Sequence[EscapeRun]
    """Empty without an origin."""


@dataclass(frozen=True, kw_only=True)
class NetworkAnswer:
    """Loss, gradient and Hessian eigenvalues of a small network while it trains."""

    parameters: int
    """How many weights it has."""
    loss: Float[np.ndarray, " steps"]
    """Before each step."""
    stages: Sequence[int]
    """The steps at which the Hessian was computed."""
    slope: Float[np.ndarray, " stages"]
    """The norm of the gradient at each stage."""
    ratio: Float[np.ndarray, " stages"]
    """The share of positive eigenvalues at each stage."""
    eigenvalues: Float[np.ndarray, "stages parameters"]
    """All of them at each stage."""
    sentence: str
    """What they show, in words."""
