"""The rows behind the Scaling lab, and everything that a scaler does to them: loss surface, weights, statistics."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
from jaxtyping import Bool, Float

from app.numerics.problems.datasets import DATASETS, held_out
from app.numerics.problems.scalers import SCALERS, Affine, Scaling
from app.numerics.problems.surfaces.record import Point, Problem, Rows
from app.numerics.problems.surfaces.regression import bowl_of, fit, half_for
from app.numerics.problems.surfaces.rows import read_only, scaled_rows, weight_axes
from app.numerics.rounding import without_rounding


@dataclass(frozen=True, kw_only=True, eq=False)
class Sheet:
    """Two features and a target, some rows of which are held out; an outlier, if there is one, is the last row."""

    names: tuple[str, str, str]
    raw: Float[np.ndarray, "rows 2"]
    targets: Float[np.ndarray, " rows"]
    is_train: Bool[np.ndarray, " rows"]
    has_outlier: bool = False

    @property
    def train(self) -> Float[np.ndarray, "train 2"]:
        """The features of the rows that train."""
        return self.raw[self.is_train]


def bundled(values: Mapping[str, Any], seed: int) -> Sheet:
    """Return the rows that the regression surface is made of, for the values of its parameters."""
    dataset = DATASETS[values["data"]]
    x1, x2, y = (dataset.column(values[name], seed) for name in ("x1", "x2", "y"))
    names = (values["x1"], values["x2"], values["y"])
    return sheet_of(names, np.column_stack([x1, x2, y]), share=values["split"], seed=seed)


def sheet_of(names: tuple[str, str, str], rows: Float[np.ndarray, "rows 3"], *, share: float, seed: int) -> Sheet:
    """Return rows of two features and a target, `share` of them held out."""
    is_train = ~held_out(len(rows), share, seed)
    return Sheet(names=names, raw=rows[:, :2], targets=rows[:, 2], is_train=is_train)


def with_outlier(sheet: Sheet, point: Point) -> Sheet:
    """Add one training row, whose target is the mean of the others', so that only its features are unusual."""
    return replace(
        sheet,
        raw=np.vstack([sheet.raw, point]),
        targets=np.append(sheet.targets, sheet.targets[sheet.is_train].mean()),
        is_train=np.append(sheet.is_train, True),
        has_outlier=True,
    )


def problem_of(
    sheet: Sheet,
    scaling: Scaling,
    *,
    is_profiled: bool,
    fits_all: bool = False,
    share: float = 1.0,
    is_private: bool = False,
) -> Problem:
    """Return the loss surface of the training rows, `share` of the way from the raw features to the scaled ones.

    What is drawn changes as evenly as the features do, from the raw square to the scaled one. A problem that
    `is_private` is remembered nowhere.
    """

    def rows(share: float) -> Rows:
        names, target = sheet.names[:2], sheet.names[2]
        return scaled_rows(
            names, target, sheet.raw, sheet.targets, sheet.is_train, scaling, fits_all=fits_all, share=share
        )

    def half(rows: Rows) -> float:
        return half_for(fit(rows.scaled[rows.is_train], rows.targets[rows.is_train], is_profiled=is_profiled))

    here = rows(share)
    drawn = half(here)
    if 0 < share < 1:
        ends = half(rows(0)), half(rows(1))
        drawn = float(f"{ends[0] ** (1 - share) * ends[1] ** share:.6g}")
    axes = weight_axes(here, scaling if share else Scaling(SCALERS["none"]))
    return replace(bowl_of(here, axes, is_profiled=is_profiled, half=drawn), is_private=is_private)


def intercepts(rows: Rows, params: Float[np.ndarray, "steps 2"], *, is_profiled: bool) -> Float[np.ndarray, " steps"]:
    """Return the intercept that goes with each pair of weights: the best one, or 0."""
    if not is_profiled:
        return np.zeros(len(params))
    features, targets = rows.scaled[rows.is_train], rows.targets[rows.is_train]
    return targets.mean() - params @ features.mean(axis=0)


def mapped_back(
    affine: Affine, params: Float[np.ndarray, "steps 2"], intercept: Float[np.ndarray, " steps"]
) -> Float[np.ndarray, "steps 3"]:
    """Return w₁, w₂ and b of the same predictions from the features in their own units.

    With x' = A(x − c), w'·x' + b' is (Aᵀw')·x + b' − (Aᵀw')·c.
    """
    weights = params @ affine.matrix
    return np.column_stack([weights, intercept - weights @ affine.center])


def error(
    rows: Rows, params: Float[np.ndarray, "2"], intercept: float, which: Bool[np.ndarray, " rows"]
) -> float | None:
    """Return ½·MSE of the rows in `which`, or None if there are none."""
    if not which.any():
        return None
    return 0.5 * float(np.mean((rows.scaled[which] @ params + intercept - rows.targets[which]) ** 2))


def errors_along(
    rows: Rows,
    params: Float[np.ndarray, "steps 2"],
    intercept: Float[np.ndarray, " steps"],
    which: Bool[np.ndarray, " rows"],
) -> Float[np.ndarray, " steps"] | None:
    """Return ½·MSE of the rows in `which` for each pair of weights, or None if there are none.

    The mean square of w·x + b − y is its variance and its squared mean: two moments of the rows, however many.
    """
    if not which.any():
        return None
    table = np.column_stack([rows.scaled[which], rows.targets[which]])
    mean, covariance = table.mean(axis=0), np.atleast_2d(np.cov(table.T, bias=True))
    weights = np.column_stack([params, -np.ones(len(params))])
    with np.errstate(over="ignore", invalid="ignore"):  # along a path that diverges
        variance = np.einsum("ki,ij,kj->k", weights, covariance, weights)
        return 0.5 * (np.maximum(variance, 0.0) + (weights @ mean + intercept) ** 2)


@dataclass(frozen=True, kw_only=True)
class Summary:
    """What some rows look like, feature by feature."""

    count: int
    mean: list[float]
    deviation: list[float]  # of the population
    low: list[float]
    high: list[float]


def size_of(rows: Rows) -> Float[np.ndarray, "2"]:
    """Return how large the numbers are that centering cancels, in units of the scaled features."""
    if rows.affine is None:
        return np.abs(rows.scaled).max(axis=0)
    return np.abs(rows.affine.matrix) @ np.abs(rows.raw).max(axis=0)


def summary(rows: Float[np.ndarray, "rows 2"], size: Float[np.ndarray, "2"]) -> Summary:
    """Return mean, standard deviation and range of each column; a mean that is zero to rounding of `size` is zero."""
    return Summary(
        count=len(rows),
        mean=without_rounding(rows.mean(axis=0), size).tolist(),
        deviation=rows.std(axis=0).tolist(),
        low=rows.min(axis=0).tolist(),
        high=rows.max(axis=0).tolist(),
    )


def moments_of(
    rows: Float[np.ndarray, "rows 2"], size: Float[np.ndarray, "2"]
) -> tuple[Float[np.ndarray, "2"], Float[np.ndarray, "2 2"]]:
    """Return mean and covariance of the population; one row alone has no spread.

    A mean that is zero to rounding of `size` is zero.
    """
    covariance = np.cov(rows.T, bias=True) if len(rows) > 1 else np.zeros((2, 2))
    return without_rounding(rows.mean(axis=0), size), covariance


def mapped_to_raw(affine: Affine | None) -> tuple[Float[np.ndarray, "2 2"], Float[np.ndarray, "2"]] | None:
    """Return matrix and center of x = center + matrix · x', or None where scaled rows cannot be turned back."""
    if affine is None or not affine.factors.all():
        return None
    return np.linalg.inv(affine.matrix), affine.center


@dataclass(frozen=True, kw_only=True)
class Shape:
    """What a scaler makes of the loss: its eigenvalues, and how far the ordinary training rows then spread."""

    eigenvalues: tuple[float, float]
    spread: tuple[float, float]  # standard deviation of each scaled feature, without the outlier

    @property
    def kappa(self) -> float | None:
        """λ_max/λ_min, or None where a direction is flat."""
        low, high = self.eigenvalues
        return high / low if low > 0 else None

    @property
    def max_learning_rate(self) -> float | None:
        """2/λ_max, below which gradient descent is stable."""
        return 2 / self.eigenvalues[1] if self.eigenvalues[1] > 0 else None


def shape_of(sheet: Sheet, scaling: Scaling, *, is_profiled: bool, fits_all: bool) -> Shape:
    """Return what one scaler makes of the loss."""
    names, target = sheet.names[:2], sheet.names[2]
    rows = scaled_rows(names, target, sheet.raw, sheet.targets, sheet.is_train, scaling, fits_all=fits_all)
    found = fit(rows.scaled[rows.is_train], rows.targets[rows.is_train], is_profiled=is_profiled)
    # The reduction has set to zero what is only rounding.
    low, high = np.linalg.eigvalsh(found.hessian)
    if len(found.flat):
        low = 0.0
    ordinary = rows.scaled[sheet.is_train][: -1 if sheet.has_outlier else None]
    first, second = ordinary.std(axis=0).tolist()
    return Shape(eigenvalues=(float(low), float(high)), spread=(first, second))


@dataclass(frozen=True, kw_only=True)
class Leak:
    """What a scaler that is fitted on all rows makes of the loss and of the test, beside one that is not."""

    honest: Shape
    leaking: Shape
    honest_loss: float  # of the test rows, at the minimum of the training rows' loss
    leaking_loss: float
    count: int  # of test rows
    outside: int  # of them: those that lie outside the range of the training rows


def leak_of(sheet: Sheet, scaling: Scaling, *, is_profiled: bool) -> Leak | None:
    """Compare the two scalers; None where nothing is held out, or the scaler learns nothing from the rows."""
    if sheet.is_train.all() or scaling.scaler.name in ("none", "unit"):
        return None
    honest, leaking = (
        shape_of(sheet, scaling, is_profiled=is_profiled, fits_all=fits_all) for fits_all in (False, True)
    )
    test = sheet.raw[~sheet.is_train]
    is_outside = (test < sheet.train.min(axis=0)) | (test > sheet.train.max(axis=0))
    return Leak(
        honest=honest,
        leaking=leaking,
        honest_loss=_test_loss(sheet, scaling, is_profiled=is_profiled, fits_all=False),
        leaking_loss=_test_loss(sheet, scaling, is_profiled=is_profiled, fits_all=True),
        count=len(test),
        outside=int(is_outside.any(axis=1).sum()),
    )


def _test_loss(sheet: Sheet, scaling: Scaling, *, is_profiled: bool, fits_all: bool) -> float:
    names, target = sheet.names[:2], sheet.names[2]
    rows = scaled_rows(names, target, sheet.raw, sheet.targets, sheet.is_train, scaling, fits_all=fits_all)
    minimizer = fit(rows.scaled[rows.is_train], rows.targets[rows.is_train], is_profiled=is_profiled).minimizer
    (intercept,) = intercepts(rows, minimizer[None], is_profiled=is_profiled)
    residuals = rows.scaled[~rows.is_train] @ minimizer + intercept - rows.targets[~rows.is_train]
    return 0.5 * float(np.mean(residuals**2))


def without_outlier(sheet: Sheet) -> Sheet:
    """Return the ordinary rows."""
    return replace(
        sheet, raw=sheet.raw[:-1], targets=sheet.targets[:-1], is_train=sheet.is_train[:-1], has_outlier=False
    )


@dataclass(frozen=True, kw_only=True)
class Trouble:
    """Something about the training rows that makes a direction of the loss flat, whatever scales them."""

    kind: Literal["one row", "constant", "collinear"]
    values: Mapping[str, str]  # the names and numbers that a sentence about it needs


def troubles(sheet: Sheet, *, is_profiled: bool) -> Sequence[Trouble]:
    """Return what is wrong with the training rows: nothing, if both weights are decided."""
    train, names = sheet.train, sheet.names
    if len(train) == 1:
        return [Trouble(kind="one row", values={})]
    size = np.abs(train).max(axis=0)
    is_constant = np.ptp(train, axis=0) <= 1e-12 * size
    found = [
        Trouble(kind="constant", values={"name": name, "value": f"{value:g}"})
        for name, value, constant in zip(names[:2], train[0], is_constant, strict=True)
        if constant
    ]
    if not found and len(fit(train, sheet.targets[sheet.is_train], is_profiled=is_profiled).flat):
        return [Trouble(kind="collinear", values={"x1": names[0], "x2": names[1]})]
    return found


def read_only_sheet(sheet: Sheet) -> Sheet:
    """Return the sheet with arrays that nobody can change, since it is cached and shared."""
    return replace(
        sheet, raw=read_only(sheet.raw), targets=read_only(sheet.targets), is_train=read_only(sheet.is_train)
    )
