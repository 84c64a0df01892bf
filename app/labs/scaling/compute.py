"""What Scaling answers: the race on the surface, and the rows, statistics and weights behind it."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Annotated

import numpy as np
from jaxtyping import Float

from app.labs.base import Translate
from app.labs.racing.answer import answer, answer_surface
from app.labs.racing.types import GridAnswer, RaceAnswer, RunAnswer
from app.labs.scaling.query import ScaledSurfaceQuery, ScalingQuery
from app.numerics.analysis.scaling import (
    Sheet,
    error,
    errors_along,
    intercepts,
    leak_of,
    mapped_back,
    mapped_to_raw,
    moments_of,
    size_of,
    summary,
    troubles,
)
from app.numerics.problems.scalers import SCALERS, Affine
from app.numerics.problems.surfaces.record import Rows
from app.numerics.runs.single import ground_of
from app.runtime.programs import Programs
from app.schema.answers import OneOf
from app.sentences.scaling import about_leak, about_troubles, axis_names

Pair = tuple[float, float]
Matrix = tuple[Pair, Pair]


@dataclass(frozen=True, kw_only=True)
class ScalingRun(RunAnswer):
    """A run: row k is the state before update k."""

    weights: Float[np.ndarray, "rows 3"]
    """w₁, w₂ and b for the scaled features."""
    raw_weights: Float[np.ndarray, "rows 3"] | None
    """w₁, w₂ and b of the same predictions from the raw features; null where rows have factors of their own."""
    test_loss: Float[np.ndarray, " rows"] | None
    """½ of the mean squared error of the test rows; null if there are none."""


@dataclass(frozen=True, kw_only=True)
class RawMap:
    """How a point of the plot is turned into raw units: x = center + matrix · x'."""

    matrix: Matrix
    """Two rows of two."""
    center: Pair
    """In raw units."""


@dataclass(frozen=True, kw_only=True)
class RowsAnswer:
    """The rows, as far scaled as `morph` says; the outlier, if there is one, is the last."""

    names: tuple[str, str, str]
    """Two features and the target."""
    axes: tuple[str, str]
    """What the scaled features are called."""
    mean: Pair
    """Of the scaled training rows."""
    covariance: Matrix
    """Of the scaled training rows, divided by their number."""
    rows: Float[np.ndarray, "rows 2"]
    """The scaled features."""
    targets: Float[np.ndarray, " rows"]
    """The target of each row."""
    is_test: Float[np.ndarray, " rows"]
    """1 for a row that is held out, else 0."""
    has_outlier: bool
    """Whether the last row is the outlier."""
    back: RawMap | None
    """Null where scaled rows cannot be turned back."""


@dataclass(frozen=True, kw_only=True)
class FeatureSummary:
    """What some rows look like, feature by feature."""

    count: int
    """How many rows there are."""
    mean: Pair
    """Of each feature."""
    deviation: Pair
    """The standard deviation of each feature, of the population."""
    low: Pair
    """The lowest value of each feature."""
    high: Pair
    """The highest value of each feature."""


@dataclass(frozen=True, kw_only=True)
class RowsSummary:
    """The training rows or the test rows, raw and scaled."""

    rows: Annotated[str, OneOf(options=("train", "test"))]
    """Which rows."""
    count: int
    """How many there are."""
    raw: FeatureSummary
    """In their own units."""
    scaled: FeatureSummary
    """As far scaled as `morph` says."""


@dataclass(frozen=True, kw_only=True)
class FittedModel:
    """The weights at the minimum, and the errors that they make."""

    weights: tuple[float, float, float]
    """w₁, w₂ and b for the scaled features."""
    raw_weights: tuple[float, float, float] | None
    """w₁, w₂ and b for the raw features; null where rows have factors of their own."""
    train_loss: float
    """½ of the mean squared error of the training rows."""
    test_loss: float | None
    """½ of the mean squared error of the test rows; null if there are none."""


@dataclass(frozen=True, kw_only=True)
class HeldOut:
    """What becomes of the test if the scaler sees the test rows."""

    honest_loss: float
    """The test loss at the minimum with a scaler fitted on the training rows."""
    leaking_loss: float
    """The same with a scaler fitted on all rows."""
    count: int
    """How many rows are held out."""
    outside: int
    """How many of them lie outside the range of the training rows."""


@dataclass(frozen=True, kw_only=True)
class ScalerRow:
    """What one scaler, with its default values, makes of the loss."""

    name: str
    """As links name it."""
    title: str
    """In the language of the request."""
    kappa: float | None
    """The condition number; null where a direction is flat."""
    max_learning_rate: float | None
    """2/λ_max; null where the loss is flat."""
    spread: Pair
    """The standard deviation of each scaled feature over the training rows, without the outlier."""
    kappa_without_outlier: float | None
    """The condition number of the ordinary rows; null without an outlier."""
    spread_without_outlier: Pair | None
    """Their spread; null without an outlier."""


@dataclass(frozen=True, kw_only=True)
class ScalingAnswer(RaceAnswer):
    """A race on the surface that scaled rows make, and those rows."""

    runs: Sequence[ScalingRun]
    """In the order of the link."""
    data: RowsAnswer
    """The rows."""
    summaries: Sequence[RowsSummary]
    """The training rows, and the test rows if there are any."""
    fitted: FittedModel
    """The best model."""
    scalers: Sequence[ScalerRow]
    """What every scaler makes of the same rows."""
    held_out: HeldOut | None
    """Null where no rows are held out, or the scaler learns nothing from rows."""
    leak: str
    """What fitting the scaler on all rows has changed, or would change, in words."""


def compute(query: ScalingQuery, programs: Programs, translate: Translate) -> ScalingAnswer:
    """Run the race on the scaled rows and say what scaling has done to them."""
    found = answer(query, programs, translate)
    problem, sheet = query.problem, query.sheet
    rows = problem.rows
    assert rows is not None  # noqa: S101, this lab's surface is made of rows
    leak = leak_of(sheet, query.scaling, is_profiled=query.is_profiled)
    notes = about_troubles(troubles(sheet, is_profiled=query.is_profiled), is_profiled=query.is_profiled)
    return ScalingAnswer(
        surface=found.surface,
        takeaway=found.takeaway,
        notes=[*found.notes, *(note.render(translate) for note in notes)],
        runs=[_run(query, rows, run) for run in found.runs],
        data=_data(query, sheet, rows, translate),
        summaries=_summaries(sheet, rows),
        fitted=_fitted(query, rows, ground_of(programs, problem, query.conditions).minima[0]),
        scalers=_scalers(query, sheet, translate),
        held_out=leak
        and HeldOut(
            honest_loss=leak.honest_loss, leaking_loss=leak.leaking_loss, count=leak.count, outside=leak.outside
        ),
        leak=about_leak(leak, holds_out=not sheet.is_train.all(), has_leaked=query.fits_all).render(translate),
    )


def _run(query: ScalingQuery, rows: Rows, run: RunAnswer) -> ScalingRun:
    intercept = intercepts(rows, run.params, is_profiled=query.is_profiled)
    return ScalingRun(
        **vars(run),
        weights=np.column_stack([run.params, intercept]),
        raw_weights=mapped_back(rows.affine, run.params, intercept) if rows.affine else None,
        test_loss=errors_along(rows, run.params, intercept, ~rows.is_train),
    )


def _data(query: ScalingQuery, sheet: Sheet, rows: Rows, translate: Translate) -> RowsAnswer:
    mean, covariance = moments_of(rows.scaled[sheet.is_train], size_of(rows))
    first, second = axis_names(sheet.names[:2], query.scaler.name, query.morph)
    return RowsAnswer(
        names=sheet.names,
        axes=(first.render(translate), second.render(translate)),
        mean=mean.tolist(),
        covariance=covariance.tolist(),
        rows=rows.scaled,
        targets=sheet.targets,
        is_test=(~sheet.is_train).astype(np.float64),
        has_outlier=sheet.has_outlier,
        back=_back(rows.affine),
    )


def _back(affine: Affine | None) -> RawMap | None:
    found = mapped_to_raw(affine)
    return found and RawMap(matrix=found[0].tolist(), center=found[1].tolist())


def _summaries(sheet: Sheet, rows: Rows) -> list[RowsSummary]:
    return [
        RowsSummary(
            rows=name,
            count=int(which.sum()),
            raw=FeatureSummary(**asdict(summary(sheet.raw[which], np.abs(sheet.raw).max(axis=0)))),
            scaled=FeatureSummary(**asdict(summary(rows.scaled[which], size_of(rows)))),
        )
        for name, which in (("train", sheet.is_train), ("test", ~sheet.is_train))
        if which.any()
    ]


def _fitted(query: ScalingQuery, rows: Rows, minimum: Float[np.ndarray, "2"]) -> FittedModel:
    (intercept,) = intercepts(rows, minimum[None], is_profiled=query.is_profiled).tolist()
    back = mapped_back(rows.affine, minimum[None], np.array([intercept]))[0].tolist() if rows.affine else None
    train_loss = error(rows, minimum, intercept, rows.is_train)
    assert train_loss is not None  # noqa: S101, some row trains
    return FittedModel(
        weights=(*minimum.tolist(), intercept),
        raw_weights=back,
        train_loss=train_loss,
        test_loss=error(rows, minimum, intercept, ~rows.is_train),
    )


def _scalers(query: ScalingQuery, sheet: Sheet, translate: Translate) -> list[ScalerRow]:
    ordinary = query.ordinary_shapes if sheet.has_outlier else {}
    return [
        ScalerRow(
            name=name,
            title=translate(SCALERS[name].title),
            kappa=shape.kappa,
            max_learning_rate=shape.max_learning_rate,
            spread=shape.spread,
            kappa_without_outlier=ordinary[name].kappa if ordinary else None,
            spread_without_outlier=ordinary[name].spread if ordinary else None,
        )
        for name, shape in query.shapes.items()
    ]


def compute_surface(query: ScaledSurfaceQuery, programs: Programs, _translate: Translate) -> GridAnswer:
    """Answer the grid that contours are drawn from."""
    return answer_surface(query, programs, query.n)
