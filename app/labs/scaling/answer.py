"""What Scaling answers: the race on the surface, and the rows, statistics and weights behind it."""

from dataclasses import asdict
from typing import Any

import numpy as np

from app.labs.base import Translate
from app.labs.racing.answer import answer, answer_surface
from app.labs.scaling.query import ScaledSurfaceQuery, ScalingQuery
from app.numerics.analysis.scaling import (
    Sheet,
    error,
    intercepts,
    mapped_back,
    shape_of,
    summary,
    troubles,
)
from app.numerics.problems.scalers import SCALERS, Affine
from app.numerics.problems.surfaces.record import Rows
from app.numerics.runs.outcome import short
from app.numerics.runs.single import ground_of
from app.runtime.programs import Programs
from app.schema.messages import N_, Sentence


def compute(query: ScalingQuery, programs: Programs, translate: Translate) -> dict[str, Any]:
    """Run the race on the scaled rows and say what scaling has done to them."""
    found = answer(query, programs, translate)
    problem, sheet = query.problem, query.sheet
    rows = problem.rows
    assert rows is not None  # noqa: S101, this lab's surface is made of rows
    for run in found["runs"]:
        intercept = intercepts(rows, run["params"], is_profiled=query.is_profiled)
        run["weights"] = np.column_stack([run["params"], intercept])
        run["raw_weights"] = mapped_back(rows.affine, run["params"], intercept) if rows.affine else None
    found["notes"] += [trouble.render(translate) for trouble in troubles(sheet, is_profiled=query.is_profiled)]
    plain = query.ordinary_shapes if sheet.has_outlier else {}
    return found | {
        "data": _data(query, sheet, rows, translate),
        "summaries": _summaries(sheet, rows),
        "fitted": _fitted(query, rows, ground_of(programs, problem, query.conditions).minima[0]),
        "scalers": [
            {
                "name": name,
                "title": translate(SCALERS[name].title),
                "kappa": shape.kappa,
                "max_learning_rate": 2 / shape.eigenvalues[1] if shape.eigenvalues[1] > 0 else None,
                "spread": shape.spread,
                "kappa_without_outlier": plain[name].kappa if plain else None,
                "spread_without_outlier": plain[name].spread if plain else None,
            }
            for name, shape in query.shapes.items()
        ],
        "leak": _leak(query, sheet).render(translate),
    }


def _data(query: ScalingQuery, sheet: Sheet, rows: Rows, translate: Translate) -> dict[str, Any]:
    train = rows.scaled[sheet.is_train]
    return {
        "names": sheet.names,
        "axes": [axis.render(translate) for axis in _axes(query, sheet)],
        "mean": train.mean(axis=0).tolist(),
        "covariance": np.cov(train.T, bias=True).tolist() if len(train) > 1 else [[0, 0], [0, 0]],
        "rows": rows.scaled,
        "targets": sheet.targets,
        "is_test": (~sheet.is_train).astype(np.float64),
        "has_outlier": sheet.has_outlier,
        "back": _back(rows.affine),
    }


def _axes(query: ScalingQuery, sheet: Sheet) -> list[Sentence]:
    """Name the axes of the rows: features keep their names as long as each is scaled by itself."""
    if query.morph == 0 or query.scaler.name == "none":
        return [Sentence("{name}", {"name": name}) for name in sheet.names[:2]]
    if query.scaler.name == "whiten":
        return [Sentence(N_("first component")), Sentence(N_("second component"))]
    template = N_("{name}, scaled") if query.morph == 1 else N_("{name}, partly scaled")
    return [Sentence(template, {"name": name}) for name in sheet.names[:2]]


def _back(affine: Affine | None) -> dict[str, Any] | None:
    """Return how a point of the plot is turned into raw units: x = center + matrix · x'; None where it cannot be."""
    if affine is None or not affine.factors.all():
        return None
    return {"matrix": np.linalg.inv(affine.matrix).tolist(), "center": affine.center.tolist()}


def _summaries(sheet: Sheet, rows: Rows) -> list[dict[str, Any]]:
    """Return what the training and the test rows look like, raw and scaled."""
    found = []
    for name, which in (("train", sheet.is_train), ("test", ~sheet.is_train)):
        if which.any():
            both = {"raw": asdict(summary(sheet.raw[which])), "scaled": asdict(summary(rows.scaled[which]))}
            found.append({"rows": name, "count": int(which.sum()), **both})
    return found


def _fitted(query: ScalingQuery, rows: Rows, minimum: np.ndarray) -> dict[str, Any]:
    """Return the weights at the minimum in both unit systems, and the errors they make."""
    intercept = intercepts(rows, minimum[None], is_profiled=query.is_profiled)
    back = mapped_back(rows.affine, minimum[None], intercept)[0].tolist() if rows.affine else None
    return {
        "weights": [*minimum.tolist(), float(intercept[0])],
        "raw_weights": back,
        "train_loss": error(rows, minimum, float(intercept[0]), rows.is_train),
        "test_loss": error(rows, minimum, float(intercept[0]), ~rows.is_train),
    }


def _leak(query: ScalingQuery, sheet: Sheet) -> Sentence:
    """Say what fitting the scaler on all rows has changed, or would change."""
    scaling = query.scaling
    if sheet.is_train.all():
        return Sentence(N_("All rows train. Hold some out to see what a scaler must not know."))
    if scaling.scaler.name in ("none", "unit"):
        return Sentence(N_("This scaler learns nothing from the rows, so nothing can leak from the test rows."))
    by_train, by_all = (
        shape_of(sheet, scaling, is_profiled=query.is_profiled, fits_all=fits_all) for fits_all in (False, True)
    )
    values = {
        "train": short(by_train.kappa) if by_train.kappa else "∞",
        "all": short(by_all.kappa) if by_all.kappa else "∞",
        "first": short(by_all.spread[0]),
        "second": short(by_all.spread[1]),
        "right_first": short(by_train.spread[0]),
        "right_second": short(by_train.spread[1]),
    }
    if query.fits_all:
        template = N_(
            "The scaler has seen the test rows: κ is {all} instead of {train}, and σ of the scaled training features "
            "{first} and {second} instead of {right_first} and {right_second}. At the minimum a linear model predicts "
            "the same, but its test rows are no strangers any more."
        )
    else:
        template = N_(
            "The scaler knows the training rows only: κ is {train}; with the test rows, which it must not see, it "
            "would be {all}."
        )
    return Sentence(template, values)


def compute_surface(query: ScaledSurfaceQuery, programs: Programs, _translate: Translate) -> dict[str, Any]:
    """Answer the grid that contours are drawn from."""
    return answer_surface(query, programs, query.n)
