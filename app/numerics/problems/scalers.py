"""Feature scalers of the course: scikit-learn's own transformers, to be fitted on training rows only."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

import numpy as np
from jaxtyping import Float
from sklearn.decomposition import PCA
from sklearn.preprocessing import FunctionTransformer, MinMaxScaler, Normalizer, RobustScaler, StandardScaler

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


class PopulationPCA(PCA):
    """PCA whose result has the population covariance I, and 0 in directions without variance.

    scikit-learn's `whiten=True` divides by n − 1 rows and multiplies the rounding errors of an empty direction up to
    variance 1, so the scaling is done here.
    """

    def __init__(self) -> None:
        # The default solver works on the covariance matrix, where half of the digits of a small direction are gone.
        super().__init__(n_components=None, svd_solver="full")

    def fit(self, X: Float[np.ndarray, "rows columns"], y: None = None) -> "PopulationPCA":
        """Find the principal axes; the signs, which are free, make them a rotation: none of the axes is mirrored."""
        if not np.ptp(X, axis=0).any():  # of one row, say: scikit-learn would divide by zero
            self.mean_, self.components_, self.n_samples_ = X[0], np.eye(X.shape[1]), len(X)
            self.singular_values_ = np.zeros(X.shape[1])
            return self
        super().fit(X)
        if np.linalg.det(self.components_) < 0:
            self.components_[-1] *= -1
        return self

    @property
    def factors(self) -> Float[np.ndarray, " columns"]:
        """What each principal coordinate is multiplied by: 1/σ, or 0 where nothing varies."""
        deviation = self.singular_values_ / np.sqrt(self.n_samples_)
        is_empty = deviation <= 1e-10 * max(deviation[0], np.abs(self.mean_).max())
        return np.where(is_empty, 0.0, 1.0 / np.where(is_empty, 1.0, deviation))

    def transform(self, X: Float[np.ndarray, "rows columns"]) -> Float[np.ndarray, "rows columns"]:
        """Rotate onto the principal axes and divide by the population standard deviation along each."""
        return (X - self.mean_) @ self.components_.T * self.factors


def _affine_pca(fitted: PopulationPCA) -> Affine:
    (cosine, sine), _ = fitted.components_
    return Affine(fitted.mean_, fitted.factors, fitted.components_.T, -float(np.arctan2(sine, cosine)))


NARROWEST = 1e-9  # range of a min–max scaler: the squares of features in 5·10⁻³²⁴ would all be zero


def _minmax(low: float, high: float) -> MinMaxScaler:
    if low >= high:
        raise Mistake(N_("low must be below high, got low {low:g} and high {high:g}"), low=low, high=high)
    if high - low < NARROWEST:
        template = N_("low must be at least {least:g} below high, got low {low:g} and high {high:g}")
        raise Mistake(template, least=NARROWEST, low=low, high=high)
    return MinMaxScaler(feature_range=(low, high))


def _bound(name: str, title: str, default: float) -> Number:
    return Number(name=name, title=title, default=default, low=-100.0, high=100.0, slider=(-1.0, 1.0))


_ALL = (
    Scaler(
        name="none",
        title=N_("None"),
        formula=r"x' = x",
        make=FunctionTransformer,
        affine=lambda _fitted: Affine(np.zeros(2), np.ones(2)),
        about=N_("The features as they were measured, each in its own unit."),
    ),
    Scaler(
        name="standardize",
        title=N_("Standardize (z-score)"),
        formula=r"x' = \frac{x - \mu}{\sigma}",
        make=StandardScaler,
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
        make=RobustScaler,
        affine=lambda fitted: Affine(fitted.center_, 1 / fitted.scale_),
        about=N_("Median 0 and interquartile range 1 for each feature: a few outliers change almost nothing."),
    ),
    Scaler(
        name="unit",
        title=N_("Unit-norm rows"),
        formula=r"x' = \frac{x}{\lVert x \rVert}",
        make=Normalizer,
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
        make=PopulationPCA,
        affine=_affine_pca,
        about=N_("Turned onto the principal axes and scaled along them: the covariance becomes the identity."),
    ),
)

SCALERS: Mapping[str, Scaler] = MappingProxyType({scaler.name: scaler for scaler in _ALL})
