"""What is said of points, curves and flat ground, in whole sentences."""

import math
from collections.abc import Mapping

from app.numerics.analysis.critical_points import KINDS, Area, Spot, Survey
from app.numerics.problems.surfaces.record import Surface
from app.numerics.runs.outcome import short
from app.schema.messages import N_, Sentence

HIGH, LOW = 0.9, 0.1  # of the range of the loss in view: where flat ground is a plateau, and where a floor
VERDICTS = {
    "minimum": N_("A local minimum: both eigenvalues are positive, the surface rises in every direction."),
    "maximum": N_("A local maximum: both eigenvalues are negative, the surface falls in every direction."),
    "saddle": N_("A saddle: the surface falls along u₁, where λ₁ is negative, and rises along u₂."),
}
COUNTS = {
    "minimum": N_("minima: {count}"),
    "maximum": N_("maxima: {count}"),
    "saddle": N_("saddles: {count}"),
    "degenerate": N_("degenerate points: {count}"),
}
SHAPES = {
    (True, True): N_("a bowl"),
    (False, False): N_("a dome"),
    (False, True): N_("a saddle"),
}


def pair(point: tuple[float, float] | list[float]) -> str:
    """Print a point to three digits."""
    return f"({', '.join(map(short, point))})"


def verdict(spot: Spot, survey: Survey, surface: Surface) -> Sentence:
    """Say what a point is, and how its derivatives show it."""
    if not (math.isfinite(spot.loss) and all(map(math.isfinite, [*spot.grads, *spot.eigenvalues]))):
        return Sentence(N_("The loss or its derivatives are not finite here: nothing can be said of this point."))
    if spot.is_flat:
        text = N_("Flat ground: in this view slope and curvature are next to nothing, and no point here stands out.")
        return Sentence(text)
    if spot.kind is None:
        shape = Sentence(SHAPES[spot.eigenvalues[0] > 0, spot.eigenvalues[1] > 0])
        text = N_("Not a critical point: the slope is {slope}. The second-order model here is {shape}.")
        if any(spot.is_zero):
            text = N_("Not a critical point: the slope is {slope}. In one direction there is no curvature.")
        return Sentence(text, {"slope": short(math.hypot(*spot.grads.tolist())), "shape": shape})
    if spot.kind != "degenerate":
        return Sentence(VERDICTS[spot.kind])
    if all(spot.is_zero):
        return Sentence(
            N_("Degenerate: the slope is zero, and the whole Hessian too. Second derivatives do not decide what it is.")
        )
    is_on_curve = any(
        math.dist(point, spot.at.tolist()) < 0.1 * _spacing(survey) for curve in survey.curves for point in curve.points
    )
    if is_on_curve:
        text = N_("Degenerate: one eigenvalue is zero, since the point is one of a whole curve of critical points.")
        return Sentence(text)
    return Sentence(N_("Degenerate: one eigenvalue is zero. Second derivatives do not decide what this point is."))


def _spacing(survey: Survey) -> float:
    return math.hypot(survey.x[1] - survey.x[0], survey.y[1] - survey.y[0])


def counted(survey: Survey) -> Sentence:
    """Say in one line what the view holds."""
    counts: dict[str, int] = {}
    for point in survey.points:
        counts[point.kind] = counts.get(point.kind, 0) + 1
    parts = [Sentence(COUNTS[kind], {"count": counts[kind]}) for kind in KINDS if kind in counts]
    if survey.curves:
        parts.append(Sentence(N_("curves of critical points: {count}"), {"count": len(survey.curves)}))
    if survey.areas:
        parts.append(Sentence(N_("flat areas: {count}"), {"count": len(survey.areas)}))
    if not parts:
        return Sentence(N_("No critical point in view."))
    said = parts[0]
    for part in parts[1:]:
        said = Sentence("{first} · {second}", {"first": said, "second": part})
    if survey.found > 1:
        return Sentence(N_("{count} critical points in view. {parts}"), {"count": survey.found, "parts": said})
    return Sentence(N_("In view: {parts}"), {"parts": said})


def area(found: Area) -> Sentence:
    """Name flat ground by its height."""
    values = {"share": f"{100 * found.share:.3g}", "loss": short(found.loss), "at": pair(found.at)}
    if found.level >= HIGH:
        return Sentence(N_("a plateau around {at}, {share}% of the view, at a loss of {loss}"), values)
    if found.level <= LOW:
        return Sentence(N_("a flat floor around {at}, {share}% of the view, at a loss of {loss}"), values)
    return Sentence(N_("a terrace around {at}, {share}% of the view, at a loss of {loss}"), values)


def notes(survey: Survey, surface: Surface, kinks: int, *, has_crease: bool) -> list[Sentence]:
    """Say what the list of points leaves out."""
    found = []
    if survey.found > len(survey.points):
        values: Mapping[str, object] = {"found": survey.found, "listed": len(survey.points)}
        found.append(Sentence(N_("{found} critical points were found; the lowest {listed} are listed"), values))
    if surface.rough:
        text = N_("this surface is not smooth {where}: points there are not counted")
        found.append(Sentence(text, {"where": Sentence(surface.rough)}))
    if kinks:
        text = N_("its lowest point is such a kink: there is no gradient there that could be zero")
        found.append(Sentence(text))
    if has_crease:
        text = N_("the penalty has a crease where a coordinate is 0: points on it are not counted")
        found.append(Sentence(text))
    return found
