"""The types of a map's lines: what the map is over, then block by block what became of its runs."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

import numpy as np
from jaxtyping import Float, Int, UInt

from app.numerics.analysis.critical_points import KINDS
from app.schema.answers import ABSENT, Absent, OneOf
from app.schema.scales import SCALES


@dataclass(frozen=True, kw_only=True)
class MapAxis:
    """A side of a map."""

    name: str
    """The number that varies along it, as the key `map` names it."""
    title: str
    """In the language of the request."""
    symbol: str
    """Its symbol, or nothing."""
    scale: Annotated[str, OneOf(options=tuple(SCALES))]
    """The scale on which the values are even."""
    values: Sequence[float]
    """One a column, or a row."""


@dataclass(frozen=True, kw_only=True)
class MapPoint:
    """A critical point in which runs may end."""

    at: tuple[float, float]
    """x and y."""
    loss: float
    """The loss there."""
    kind: Annotated[str, OneOf(options=tuple(KINDS))]
    """What the eigenvalues say it is."""
    eigenvalues: tuple[float, float]
    """Of the Hessian, the smaller first."""


@dataclass(frozen=True, kw_only=True)
class MapHead:
    """The first line: what the map is over."""

    x: MapAxis
    """The x-axis."""
    y: MapAxis
    """The y-axis."""
    run: int
    """The number of the run that is repeated, from 1."""
    title: str
    """Its optimizer, in the language of the request."""
    kinds: Sequence[str]
    """The outcomes; `kind` of a cell is an index into them."""
    points: Sequence[MapPoint]
    """Of a map of basins: the critical points in view; `end` of a cell is an index into them."""
    elsewhere: int
    """What `end` says of a run that rests at none of them."""
    edge: Sequence[Sequence[float]] | None
    """x and y of the points where theory says that runs become unstable; null where it does not say."""
    side: int
    """How many cells a side has at most."""
    steps: int
    """Of each run."""
    notes: Sequence[str]
    """What is allowed but may surprise, a sentence each."""


@dataclass(frozen=True, kw_only=True)
class MapBlock:
    """Each line after the first: some of the cells, every n-th of each side first."""

    stride: int
    """Each cell stands for so many a side until those between them come."""
    at: UInt[np.ndarray, " cells"]
    """Row × columns + column of each cell."""
    kind: UInt[np.ndarray, " cells"]
    """What became of each run, an index into `kinds`."""
    gap: Float[np.ndarray, " cells"]
    """Its loss at the end minus the lowest."""
    reached: Int[np.ndarray, " cells"]
    """The step from which it stays within the tolerance; −1 if it never does."""
    gone: Int[np.ndarray, " cells"]
    """The step at which it diverged; −1 if it did not."""
    end: UInt[np.ndarray, " cells"] | Absent = ABSENT
    """Of a map of basins: the point at which each run has come to rest, an index into `points`."""
    unfinished: UInt[np.ndarray, " cells"] | Absent = ABSENT
    """Of a map of basins: 1 where the run still moves after all steps, and so has no end yet, else 0."""
    settled: Int[np.ndarray, " cells"] | Absent = ABSENT
    """Of a map of basins: the step from which it stays there."""
