"""Feature scalers of the course: scikit-learn's own transformers, to be fitted on training rows only."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

import numpy as np
from jaxtyping import Float
from sklearn.decomposition import PCA
from sklearn.preprocessing import FunctionTransformer, MinMaxScaler, Normalizer, RobustScaler, StandardScaler

from app.numerics.declare import Choice, Number, Parameter
from app.numerics.words import N_, Mistake


@dataclass(frozen=True, kw_only=True, eq=False)
class Scaler:
    """A way to scale features; `make(**values)` returns an unfitted scikit-learn transformer. `formula` is LaTeX."""

    name: str
    title: str
    formula: str
    make: Callable[..., Any]
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

    def transform(self, X: Float[np.ndarray, "rows columns"]) -> Float[np.ndarray, "rows columns"]:
        """Rotate onto the principal axes and divide by the population standard deviation along each."""
        deviation = self.singular_values_ / np.sqrt(self.n_samples_)
        is_empty = deviation <= 1e-10 * max(deviation[0], np.abs(self.mean_).max())
        return super().transform(X) * np.where(is_empty, 0.0, 1.0 / np.where(is_empty, 1.0, deviation))


def _minmax(low: float, high: float) -> MinMaxScaler:
    if low >= high:
        raise Mistake(N_("low must be below high, got low {low:g} and high {high:g}"), low=low, high=high)
    return MinMaxScaler(feature_range=(low, high))


def _bound(name: str, title: str, default: float) -> Number:
    return Number(name=name, title=title, default=default, low=-100.0, high=100.0, slider=(-1.0, 1.0))


_ALL = (
    Scaler(
        name="none",
        title=N_("None"),
        formula=r"x' = x",
        make=FunctionTransformer,
        about=N_("The features as they were measured, each in its own unit."),
    ),
    Scaler(
        name="standardize",
        title=N_("Standardize (z-score)"),
        formula=r"x' = \frac{x - \mu}{\sigma}",
        make=StandardScaler,
        about=N_("Mean 0 and standard deviation 1 for each feature. One outlier moves both: it is no robust method."),
    ),
    Scaler(
        name="minmax",
        title=N_("Min–max"),
        formula=r"x' = \mathrm{low} + (\mathrm{high} - \mathrm{low})\,\frac{x - \min}{\max - \min}",
        make=_minmax,
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
        about=N_("Median 0 and interquartile range 1 for each feature: a few outliers change almost nothing."),
    ),
    Scaler(
        name="unit",
        title=N_("Unit-norm rows"),
        formula=r"x' = \frac{x}{\lVert x \rVert}",
        make=Normalizer,
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
        about=N_("Turned onto the principal axes and scaled along them: the covariance becomes the identity."),
    ),
)

SCALERS: Mapping[str, Scaler] = MappingProxyType({scaler.name: scaler for scaler in _ALL})
