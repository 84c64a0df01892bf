"""What Critical points answers: the points in view, one point looked at, the map of curvature."""

import numpy as np

from app.labs.base import Translate, view_of
from app.labs.critical.query import CriticalQuery
from app.labs.critical.types import (
    CriticalAnswer,
    CriticalCurve,
    CriticalPoint,
    CriticalSurface,
    CurvatureAnswer,
    ExpansionAnswer,
    FlatArea,
    Kink,
    PointLookedAt,
)
from app.numerics.analysis.critical_points import Critical, Survey, curvature, look_at, survey
from app.numerics.problems.roughness import is_rough_at
from app.numerics.problems.surfaces.record import Box, Point
from app.numerics.runs.single import ground_of
from app.runtime.programs import Programs
from app.sentences import critical as words

CREASE = 2  # a penalty with a smaller exponent has no second derivative where a coordinate is 0


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


def compute(query: CriticalQuery, programs: Programs, translate: Translate) -> CriticalAnswer:
    """Answer `/api/critical`: every critical point in view, and the one looked at."""
    problem, conditions = query.problem, query.conditions
    found, view = survey_of(query, programs), box_of(query)
    lowest = ground_of(programs, problem, conditions)
    kinks = _kinks(query, lowest.minima, view)
    has_crease = bool(conditions.weight) and float(conditions.exponent) < CREASE
    notes = words.notes(found, problem.surface, len(kinks), has_crease=has_crease)
    return CriticalAnswer(
        surface=CriticalSurface(
            name=query.surface.name,
            title=translate(query.surface.entry.title),
            formula=query.surface.entry.formula,
            axes=problem.axes,
            domain=problem.domain,
            view=view,
            lowest=lowest.lowest,
            is_quadratic=lowest.eigenvalues is not None,
        ),
        takeaway=words.counted(found).render(translate),
        notes=[note.render(translate) for note in notes],
        found=found.found,
        counts={str(kind): count for kind, count in found.counts.items()},
        points=[point_facts(point) for point in found.points],
        curves=[
            CriticalCurve(
                points=curve.points,
                is_closed=curve.is_closed,
                loss=curve.loss,
                kind="degenerate",
                eigenvalues=curve.eigenvalues,
            )
            for curve in found.curves
        ],
        areas=[
            FlatArea(
                at=area.at,
                share=area.share,
                loss=area.loss,
                sentence=words.area(area).render(translate),
            )
            for area in found.areas
        ],
        kinks=kinks,
        point=_look(query, programs, found, translate),
    )


def point_facts(point: Critical) -> CriticalPoint:
    """Return what the API says of a critical point."""
    return CriticalPoint(at=point.at, loss=point.loss, kind=point.kind, eigenvalues=point.eigenvalues)


def _kinks(query: CriticalQuery, minima: np.ndarray, view: Box) -> list[Kink]:
    """Return the known lowest points in view at which the surface has no gradient that could be zero."""
    (x0, x1), (y0, y1) = view
    rough = minima[is_rough_at(query.problem, minima)]
    return [Kink(at=at) for at in rough.tolist() if x0 < at[0] < x1 and y0 < at[1] < y1]


def compute_expansion(query: CriticalQuery, programs: Programs, translate: Translate) -> ExpansionAnswer:
    """Answer `/api/expansion`: the second-order model at one point."""
    return ExpansionAnswer(point=_look(query, programs, survey_of(query, programs), translate))


def _look(query: CriticalQuery, programs: Programs, found: Survey, translate: Translate) -> PointLookedAt:
    at = point_of(query, found)
    spot = look_at(programs, query.problem, query.conditions, box_of(query), at)
    return PointLookedAt(
        at=at,
        loss=spot.loss,
        grads=spot.grads.tolist(),
        hessian=spot.hessian.tolist(),
        eigenvalues=spot.eigenvalues,
        eigenvectors=spot.eigenvectors.tolist(),
        kind=spot.kind or ("flat" if spot.is_flat else "slope" if spot.has_derivatives else "kink"),
        stationary=spot.stationary,
        sentence=words.verdict(spot, found, query.problem.surface).render(translate),
    )


def compute_curvature(query: CriticalQuery, programs: Programs, _translate: Translate) -> CurvatureAnswer:
    """Answer `/api/curvature`: both eigenvalues of the Hessian on a grid."""
    view = box_of(query)
    x, y, eigenvalues = curvature(programs, query.problem, query.conditions, view)
    return CurvatureAnswer(view=view, x=x, y=y, smallest=eigenvalues[..., 0], largest=eigenvalues[..., 1])
