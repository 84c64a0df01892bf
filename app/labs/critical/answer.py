"""What Critical points answers: the points in view, one point looked at, the map of curvature."""

import math
from typing import Any

import numpy as np

from app.labs.base import Translate, view_of
from app.labs.critical import words
from app.labs.critical.query import CriticalQuery
from app.numerics.analysis.critical_points import KINDS, Critical, Spot, Survey, look_at, survey
from app.numerics.problems.surfaces.record import Box, Point
from app.numerics.runs.single import ground_of
from app.runtime.programs import Programs

CREASE = 2  # a penalty with a smaller exponent has no second derivative where a coordinate is 0
NEAR = 1e-6  # of the view's diagonal: a known minimum so near to a critical point is that point


def box_of(query: CriticalQuery) -> Box:
    """Return the view: as asked, else the domain, widened if it does not hold the point."""
    problem, point = query.problem, query.point
    (x0, x1), (y0, y1) = problem.domain
    is_inside = point is None or (x0 <= point[0] <= x1 and y0 <= point[1] <= y1)
    middle = ((x0 + x1) / 2, (y0 + y1) / 2)
    return view_of(query.view, problem, middle if is_inside or point is None else point)


def survey_of(query: CriticalQuery, programs: Programs) -> Survey:
    """Return everything critical in the query's view."""
    return survey(programs, query.problem, query.conditions, box_of(query))


def point_of(query: CriticalQuery, found: Survey) -> Point:
    """Return the point looked at: as asked, else the lowest saddle in view, else any critical point."""
    if query.point:
        return query.point
    order = ("saddle", "degenerate", "minimum", "maximum")
    first = min(found.points, key=lambda point: order.index(point.kind), default=None)
    if first is not None:
        return first.at
    if found.curves:
        x, y = found.curves[0].points[len(found.curves[0].points) // 2].tolist()
        return x, y
    return query.problem.start


def compute(query: CriticalQuery, programs: Programs, translate: Translate) -> dict[str, Any]:
    """Answer `/api/critical`: every critical point in view, and the one looked at."""
    problem, conditions = query.problem, query.conditions
    found, view = survey_of(query, programs), box_of(query)
    lowest = ground_of(programs, problem, conditions)
    kinks = [] if conditions.weight or problem.minima.kind == "none" else _kinks(lowest.minima, found, view)
    has_crease = bool(conditions.weight) and float(conditions.exponent) < CREASE
    notes = words.notes(found, problem.surface, len(kinks), has_crease=has_crease)
    counts = {kind: sum(point.kind == kind for point in found.points) for kind in KINDS}
    return {
        "surface": {
            "name": query.surface.name,
            "title": translate(query.surface.entry.title),
            "formula": query.surface.entry.formula,
            "axes": problem.axes,
            "domain": problem.domain,
            "view": view,
            "lowest": lowest.lowest,
            "is_quadratic": lowest.eigenvalues is not None,
        },
        "takeaway": words.counted(found).render(translate),
        "notes": [note.render(translate) for note in notes],
        "found": found.found,
        "counts": counts,
        "points": [point_facts(point) for point in found.points],
        "curves": [
            {
                "points": curve.points,
                "is_closed": curve.is_closed,
                "loss": curve.loss,
                "kind": "degenerate",
                "eigenvalues": curve.eigenvalues,
            }
            for curve in found.curves
        ],
        "areas": [
            {
                "at": area.at,
                "share": area.share,
                "loss": area.loss,
                "sentence": words.area(area).render(translate),
            }
            for area in found.areas
        ],
        "kinks": kinks,
        "point": _look(query, programs, found, translate),
    }


def point_facts(point: Critical) -> dict[str, Any]:
    """Return what the API says of a critical point."""
    return {"at": point.at, "loss": point.loss, "kind": point.kind, "eigenvalues": point.eigenvalues}


def _kinks(minima: np.ndarray, found: Survey, view: Box) -> list[dict[str, Any]]:
    """Return the known lowest points in view that are no critical points, for want of a gradient."""
    (x0, x1), (y0, y1) = view
    reach = NEAR * math.hypot(x1 - x0, y1 - y0)
    critical = [point.at for point in found.points]
    if found.curves or found.areas:
        return []
    return [
        {"at": at}
        for at in minima.tolist()
        if x0 < at[0] < x1 and y0 < at[1] < y1 and all(math.dist(at, other) > reach for other in critical)
    ]


def compute_expansion(query: CriticalQuery, programs: Programs, translate: Translate) -> dict[str, Any]:
    """Answer `/api/expansion`: the second-order model at one point."""
    return {"point": _look(query, programs, survey_of(query, programs), translate)}


def _look(query: CriticalQuery, programs: Programs, found: Survey, translate: Translate) -> dict[str, Any]:
    at = point_of(query, found)
    spot = look_at(programs, query.problem, query.conditions, box_of(query), at)
    return {
        "at": at,
        "loss": spot.loss,
        "grads": spot.grads.tolist(),
        "hessian": spot.hessian.tolist(),
        "eigenvalues": spot.eigenvalues,
        "eigenvectors": spot.eigenvectors.tolist(),
        "kind": spot.kind or ("flat" if spot.is_flat else "slope"),
        "stationary": _stationary(spot),
        "sentence": words.verdict(spot, found, query.problem.surface).render(translate),
    }


def _stationary(spot: Spot) -> list[float] | None:
    """Return where the second-order model itself has no slope: the end of Newton's step."""
    if any(spot.is_zero) or spot.is_flat or not np.isfinite(spot.hessian).all():
        return None
    return (spot.at - np.linalg.solve(spot.hessian, spot.grads)).tolist()


def compute_curvature(query: CriticalQuery, programs: Programs, _translate: Translate) -> dict[str, Any]:
    """Answer `/api/curvature`: both eigenvalues of the Hessian on a grid."""
    found = survey_of(query, programs)
    return {
        "view": box_of(query),
        "x": found.x,
        "y": found.y,
        "smallest": found.eigenvalues[..., 0],
        "largest": found.eigenvalues[..., 1],
    }
