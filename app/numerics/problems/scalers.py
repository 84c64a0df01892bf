"""Feature scalers of the course: scikit-learn's own transformers, to be fitted on training rows only."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from importlib import import_module
from types import MappingProxyType
from typing import Any

import numpy as np
from jaxtyping import Float

from app.schema.kinds import Choice, Number, Parameter
from app.schema.messages import N_, Mistake


@dataclass(frozen=True, eq=False)
class Affine:
    """x' = turn · axes · diag(factors) · axesᵀ · (x − center): what a fitted scaler does to each row, and its parts.

    `axes` has the directions that are stretched as columns; `turn` is an angle in radians. Taken apart like this, it
    can be gone part of the way, and every part of the way is invertible where the whole is.
    """

    center: Float[np.ndarray, "2"]
    factors: Float[np.ndarray, "2"]
    axes: Float[np.ndarray, "2 2"] = field(default_factory=lambda: np.eye(2))
    turn: float = 0.0

    def partway(self, share: float) -> "Affine":
        """Go only `share` of the way from x itself, at 0, to x', at 1: factorᵗ, so that each unit shrinks evenly."""
        # A direction without variance stays at 0 all the way, but for the very beginning.
        factors = self.factors**share
        return Affine(share * self.center, factors, self.axes, share * self.turn)

    @property
    def matrix(self) -> Float[np.ndarray, "2 2"]:
        """The linear part."""
        cosine, sine = np.cos(self.turn), np.sin(self.turn)
        return np.array([[cosine, -sine], [sine, cosine]]) @ (self.axes * self.factors) @ self.axes.T

    def __call__(self, rows: Float[np.ndarray, "rows 2"]) -> Float[np.ndarray, "rows 2"]:
        """Scale the rows."""
        return (rows - self.center) @ self.matrix.T


@dataclass(frozen=True, kw_only=True, eq=False)
class Scaler:
    """A way to scale features; `make(**values)` returns an unfitted scikit-learn transformer. `formula` is LaTeX.

    `affine(fitted)` says what it does to each row, where it does the same to all; None for one that does not.
    """

    name: str
    title: str
    formula: str
    make: Callable[..., Any]
    affine: Callable[[Any], Affine] | None
    parameters: tuple[Parameter, ...] = ()
    about: str = ""


@dataclass(frozen=True)
class Scaling:
    """A scaler with the values of its parameters; what is left out takes its default."""

    scaler: Scaler
    values: Mapping[str, Any] = field(default_factory=dict)


class Unscaled:
    """A transformer that leaves rows as they are."""

    def fit(self, _rows: Float[np.ndarray, "rows columns"]) -> "Unscaled":
        """Learn nothing."""
        return self

    def transform(self, rows: Float[np.ndarray, "rows columns"]) -> Float[np.ndarray, "rows columns"]:
        """Return the rows themselves."""
        return rows


def _transformer(name: str, **values: Any) -> Any:
    """Make an unfitted transformer. Its library is imported for the first one: that takes a second, and 80 MB."""
    return getattr(import_module("app.numerics.problems.transformers"), name)(**values)


def _affine_pca(fitted: Any) -> Affine:
    (cosine, sine), _ = fitted.components_
    return Affine(fitted.mean_, fitted.factors, fitted.components_.T, -float(np.arctan2(sine, cosine)))


NARROWEST = 1e-9  # range of a min–max scaler: the squares of features in 5·10⁻³²⁴ would all be zero


def _minmax(low: float, high: float) -> Any:
    if low >= high:
        raise Mistake(N_("low must be below high, got low {low:g} and high {high:g}"), low=low, high=high)
    if high - low < NARROWEST:
        template = N_("low must be at least {least:g} below high, got low {low:g} and high {high:g}")
        raise Mistake(template, least=NARROWEST, low=low, high=high)
    return _transformer("MinMaxScaler", feature_range=(low, high))


def _bound(name: str, title: str, default: float) -> Number:
    return Number(name=name, title=title, default=default, low=-100.0, high=100.0, slider=(-1.0, 1.0))


_ALL = (
    Scaler(
        name="none",
        title=N_("None"),
        formula=r"x' = x",
        make=Unscaled,
        affine=lambda _fitted: Affine(np.zeros(2), np.ones(2)),
        about=N_("The features as they were measured, each in its own unit."),
    ),
    Scaler(
        name="standardize",
        title=N_("Standardize (z-score)"),
        formula=r"x' = \frac{x - \mu}{\sigma}",
        make=partial(_transformer, "StandardScaler"),
        affine=lambda fitted: Affine(fitted.mean_, 1 / fitted.scale_),
        about=N_("Mean 0 and standard deviation 1 for each feature. One outlier moves both: it is no robust method."),
    ),
    Scaler(
        name="minmax",
        title=N_("Min–max"),
        formula=r"x' = \mathrm{low} + (\mathrm{high} - \mathrm{low})\,\frac{x - \min}{\max - \min}",
        make=_minmax,
        affine=lambda fitted: Affine(-fitted.min_ / fitted.scale_, fitted.scale_),
        parameters=(_bound("low", N_("Lower end"), 0.0), _bound("high", N_("Upper end"), 1.0)),
        about=N_(
            "The smallest training value goes to the lower end, the largest to the upper; some say normalization."
        ),
    ),
    Scaler(
        name="robust",
        title=N_("Robust"),
        formula=r"x' = \frac{x - \mathrm{median}}{\mathrm{IQR}}",
        make=partial(_transformer, "RobustScaler"),
        affine=lambda fitted: Affine(fitted.center_, 1 / fitted.scale_),
        about=N_("Median 0 and interquartile range 1 for each feature: a few outliers change almost nothing."),
    ),
    Scaler(
        name="unit",
        title=N_("Unit-norm rows"),
        formula=r"x' = \frac{x}{\lVert x \rVert}",
        make=partial(_transformer, "Normalizer"),
        affine=None,
        parameters=(
            Choice(
                name="norm",
                title=N_("Norm"),
                options={
                    "l1": N_("sum of magnitudes (L1)"),
                    "l2": N_("length (L2)"),
                    "max": N_("largest magnitude"),
                },
                default="l2",
            ),
        ),
        about=N_("Each row, not each feature, is divided by its own norm; some books call this normalization."),
    ),
    Scaler(
        name="whiten",
        title=N_("Whiten (PCA)"),
        formula=r"x' = \Lambda^{-1/2}\, V^{\top} (x - \mu),\quad \Sigma = V \Lambda V^{\top}",
        make=partial(_transformer, "PopulationPCA"),
        affine=_affine_pca,
        about=N_("Turned onto the principal axes and scaled along them: the covariance becomes the identity."),
    ),
)

SCALERS: Mapping[str, Scaler] = MappingProxyType({scaler.name: scaler for scaler in _ALL})
