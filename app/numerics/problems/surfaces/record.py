"""What a surface is: facts and a formula, together."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from jaxtyping import Array, Bool, Float

from app.numerics.problems.scalers import Affine, Scaling
from app.schema.kinds import Choice, Parameter

Values = Mapping[str, Any]  # what a visitor chose, by parameter name
Arrays = Mapping[str, Array]  # the same, as a compiled program takes it
Box = tuple[tuple[float, float], tuple[float, float]]  # (x0, x1), (y0, y1)
Point = tuple[float, float]


@dataclass(frozen=True, kw_only=True)
class Minima:
    """The known global minima: isolated `points`, points on the domain's `boundary`, points of a `curve`, or `none`.

    Points on the boundary are the lowest of the domain; the function itself falls on outside.
    """

    kind: Literal["points", "boundary", "curve", "none"]
    points: tuple[Point, ...] = ()
    reason: str = ""  # for `none` (why there is none), `curve` and `boundary` (which one): a translatable phrase


@dataclass(frozen=True, kw_only=True, eq=False)
class Roughness:
    """Where a function has no gradient or no Hessian."""

    where: str  # a translatable phrase
    distance: Callable[[np.ndarray, np.ndarray], np.ndarray]  # of points (x, y) from the nearest such place, near it


@dataclass(frozen=True, kw_only=True, eq=False)
class Rows:
    """The data behind a surface of weights: features before and after scaling, targets, and which rows train.

    `affine` is what turned raw into scaled rows, unless each row had a factor of its own.
    """

    features: tuple[str, str]
    target: str
    raw: Float[np.ndarray, "rows 2"]
    scaled: Float[np.ndarray, "rows 2"]
    targets: Float[np.ndarray, " rows"]
    is_train: Bool[np.ndarray, " rows"]
    affine: Affine | None = None


@dataclass(frozen=True, kw_only=True, eq=False)
class Problem:
    """A surface with its parameters bound: everything that is known before the first step.

    `arrays` are the traced arguments of `surface.loss`; `hessian` is the constant Hessian of a quadratic surface that
    has a minimum (no eigenvalue is negative). Arrays are read-only: a problem is cached and shared, unless it
    `is_private`: made of rows that nobody may remember.
    """

    surface: "Surface"
    arrays: Arrays
    domain: Box
    start: Point
    minima: Minima
    hessian: Float[np.ndarray, "2 2"] | None = None
    axes: tuple[str, str] = ("x", "y")
    rows: Rows | None = None
    is_private: bool = False


@dataclass(frozen=True, kw_only=True, eq=False)
class Surface:
    """A loss over two parameters.

    `loss(params, arrays)` is pure JAX: one point of shape (2,) in, one scalar out, finite with a finite gradient and
    Hessian everywhere in the domain. `bind(values, scaling, seed)` computes the rest on the host; what `values` leaves
    out takes its default. `formula` is LaTeX. `family` is a translatable heading. Where the function is rough, its
    subgradient is 0.
    """

    name: str
    title: str
    family: str
    formula: str
    about: str
    source: str
    loss: Callable[[Float[Array, "2"], Arrays], Float[Array, ""]]
    bind: Callable[[Values, Scaling, int], Problem]
    parameters: tuple[Parameter, ...] = ()
    roughness: Roughness | None = None
    has_rows: bool = False  # made of data: takes a scaler

    @property
    def rough(self) -> str:
        """Where gradient or Hessian do not exist, in words; "" if they exist everywhere."""
        return self.roughness.where if self.roughness else ""

    @property
    def smooth(self) -> bool:
        """Whether gradient and Hessian exist everywhere."""
        return self.roughness is None


def complete(parameters: tuple[Parameter, ...], values: Values) -> dict[str, Any]:
    """Return the value of every parameter, in order of declaration: the given one, or its default."""
    chosen: dict[str, Any] = {}
    for parameter in parameters:
        default = parameter.default
        if isinstance(parameter, Choice) and isinstance(default, Mapping):
            default = default[chosen[parameter.depends_on]]
        chosen[parameter.name] = values.get(parameter.name, default)
    return chosen
