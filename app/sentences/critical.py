"""What is said of critical points, flat ground, escapes from saddles and the small network."""

import math
from collections.abc import Mapping

from app.numerics.analysis.critical_points import KINDS, Area, Spot, Survey
from app.numerics.analysis.network import Training
from app.numerics.analysis.saddle_escape import FAIR, Departure, Exit, Trial
from app.numerics.problems.surfaces.record import Point, Surface
from app.schema.messages import N_, Sentence
from app.sentences.numbers import short

HIGH, LOW = 0.9, 0.1  # of the range of the loss in view: flat ground above is a plateau, below a floor
VERDICTS = {
    "minimum": N_("A local minimum: both eigenvalues are positive, the surface rises in every direction."),
    "maximum": N_("A local maximum: both eigenvalues are negative, the surface falls in every direction."),
    "saddle": N_("A saddle point: the surface falls along u₁, where λ₁ is negative, and rises along u₂."),
}
COUNTS = {
    "minimum": N_("minima: {count}"),
    "maximum": N_("maxima: {count}"),
    "saddle": N_("saddles: {count}"),
    "degenerate": N_("degenerate points: {count}"),
}
ESCAPES = {
    "exact": N_("Exactly at the point"),
    "offset": N_("Offset by ε along u₁"),
    "stable": N_("On the stable axis"),
    "momentum": N_("Offset, with momentum"),
    "noise": N_("At the point, with noise"),
}
FORMULAS = {
    "exact": N_("the gradient is zero: nothing moves it"),
    "offset": N_("ln(r/ε) / ln(1 + η|λ₁|)"),
    "stable": N_("along this eigenvector every step shrinks the distance, if η is below 2/λ₂"),
    "momentum": N_("ln(r/(cε)) / ln μ, with the larger root μ of μ² − (1 + β + η|λ₁|)μ + β = 0"),
    "noise": N_("½ ln(1 + (r/ησ)²((1 + η|λ₁|)² − 1)) / ln(1 + η|λ₁|), where the spread of all such runs is r"),
}
SHAPES = {
    (True, True): N_("a bowl"),
    (False, False): N_("a dome"),
    (False, True): N_("a saddle"),
}


def pair(point: Point | list[float]) -> str:
    """Print a point to three digits."""
    return f"({', '.join(map(short, point))})"


def verdict(spot: Spot, survey: Survey, surface: Surface) -> Sentence:
    """Say what a point is, and how its derivatives show it."""
    if not spot.has_derivatives:
        text = N_("There is no derivative here, and so no verdict from one: the penalty has a crease at 0.")
        if not surface.smooth:
            text = N_("There is no derivative here, and so no verdict from one: this surface is not smooth {where}.")
        return Sentence(text, {"where": Sentence(surface.rough)})
    if not (math.isfinite(spot.loss) and all(map(math.isfinite, [*spot.grads, *spot.eigenvalues]))):
        return Sentence(N_("The loss or its derivatives are not finite here: nothing can be said of this point."))
    if spot.is_flat:
        return _flat(spot, survey)
    if spot.kind is None:
        shape = Sentence(SHAPES[spot.eigenvalues[0] > 0, spot.eigenvalues[1] > 0])
        text = N_("Not a critical point: the slope is {slope}. The second-order model here is {shape}.")
        if any(spot.is_zero):
            text = N_("Not a critical point: the slope is {slope}. In one direction there is no curvature.")
        return Sentence(text, {"slope": short(math.hypot(*spot.grads.tolist())), "shape": shape})
    if spot.kind != "degenerate":
        return Sentence(VERDICTS[spot.kind])
    if all(spot.is_zero):
        text = N_(
            "Degenerate: gradient and Hessian are both zero. Second derivatives do not decide what this point is."
        )
        return Sentence(text)
    if survey.is_on_curve(spot.at):
        text = N_("Degenerate: one eigenvalue is zero, since the point is one of a whole curve of critical points.")
        return Sentence(text)
    return Sentence(N_("Degenerate: one eigenvalue is zero. Second derivatives do not decide what this point is."))


def _flat(spot: Spot, survey: Survey) -> Sentence:
    if spot.neighbors:
        text = N_(
            "Flat ground: in this view gradient and curvature are next to nothing. "
            "Critical points in this area: {count}; zoom in to tell them apart."
        )
        return Sentence(text, {"count": spot.neighbors})
    return Sentence(
        N_("Flat ground: in this view gradient and curvature are next to nothing, and no point here stands out.")
    )


def counted(survey: Survey) -> Sentence:
    """Say in one line what the view holds."""
    parts = [Sentence(COUNTS[kind], {"count": survey.counts[kind]}) for kind in KINDS if survey.counts[kind]]
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
        text = N_("{found} critical points were found and counted; the lowest {listed} are listed and drawn")
        found.append(Sentence(text, values))
    if len(survey.doubtful):
        text = N_("the search was coarse in part of this view, around {at} for one: there may be more points; zoom in")
        found.append(Sentence(text, {"at": pair(survey.doubtful[len(survey.doubtful) // 2].tolist())}))
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


def no_escape() -> Sentence:
    """Say that there is nothing to leave."""
    return Sentence(
        N_("There is nothing to escape from: this view holds no saddle and no maximum that second derivatives show.")
    )


def escape(trial: Trial, runs: list[Departure]) -> Sentence:
    """Say how long the run beside the point took, how long it should have taken, and why that may differ."""
    beside = next(run for run in runs if run.name == "offset")
    values: dict[str, object] = {
        "growth": short(trial.growth),
        "predicted": short(beside.predicted or 0),
        "radius": short(trial.radius),
        "left": beside.left_at,
        "steps": trial.steps,
        "kind": Sentence(KINDS[trial.point.kind]),
        "at": pair(trial.point.at),
    }
    text = N_(
        "From the {kind} at {at}, along u₁, each step multiplies the distance by {growth}: "
        "{left} steps to {radius}, predicted {predicted}."
    )
    if beside.left_at is None:
        text = N_(
            "From the {kind} at {at}, along u₁, each step multiplies the distance by {growth}: "
            "predicted {predicted} steps to {radius}; after {steps} it is not there."
        )
    said = Sentence(text, values)
    for more in (_limit(trial, beside), _model(trial)):
        if more:
            said = Sentence("{first} {second}", {"first": said, "second": more})
    return said


def _limit(trial: Trial, beside: Departure) -> Sentence | None:
    """Say what happens along u₂ where the learning rate is above 2/λ₂."""
    if not trial.is_unstable:
        return None
    values = {"rate": short(trial.learning_rate), "limit": short(trial.limit or 0), "factor": short(trial.swing)}
    text = N_(
        "The learning rate {rate} is above 2/λ₂ = {limit}: along u₂ each step multiplies the distance by {factor}, "
        "from one side to the other."
    )
    if beside.exit == Exit.UP:
        text = N_("It leaves along u₂, oscillating ever wider: the learning rate {rate} is above 2/λ₂ = {limit}.")
    return Sentence(text, values)


def _model(trial: Trial) -> Sentence | None:
    """Say that the second-order model, from which the steps are predicted, is wrong before the radius is reached."""
    if trial.model_error <= FAIR:
        return None
    values = {"radius": short(trial.radius), "share": f"{100 * trial.model_error:.2g}", "holds": short(trial.holds_to)}
    text = N_(
        "The prediction is rough: at {radius} from the point the gradient along u₁ differs by {share}% from what λ₁ "
        "says; only up to {holds} is the difference below 20%."
    )
    return Sentence(text, values)


def departure(run: Departure, trial: Trial) -> Sentence:
    """Say how one run fared."""
    if run.left_at is not None:
        return _left(run, trial, {"left": run.left_at})
    distance = short(float(run.distance[-1]))
    if run.name == "exact" and run.distance[-1] == 0:
        if not run.path.grads[0].any():
            return Sentence(N_("never moves: the gradient is exactly zero"))
        return Sentence(N_("never moves: what rounding leaves of the gradient is too little for a step"))
    if run.name == "stable" and run.distance[-1] < run.distance[0]:
        return Sentence(N_("approaches the saddle: still {distance} away"), {"distance": distance})
    return Sentence(
        N_("has not left after {steps} steps: {distance} away"), {"steps": trial.steps, "distance": distance}
    )


def _left(run: Departure, trial: Trial, values: dict[str, object]) -> Sentence:
    if run.name == "exact":
        slope = short(math.hypot(*run.path.grads[0].tolist()))
        text = N_("leaves at step {left}: rounding left a slope of {slope} where it should be zero")
        return Sentence(text, {**values, "slope": slope})
    if run.exit == Exit.UP and trial.is_unstable and run.name != "momentum":
        text = N_("leaves at step {left} along u₂, oscillating ever wider: η is above 2/λ₂ = {limit}")
        return Sentence(text, {**values, "limit": short(trial.limit or 0)})
    if run.name == "stable" and run.exit == Exit.DOWN and run.is_bent:
        return Sentence(
            N_("leaves at step {left} along u₁: away from the point the stable path bends off the axis"), values
        )
    if run.name == "stable" and run.exit == Exit.DOWN:
        return Sentence(N_("leaves at step {left} along u₁: rounding moved it off the stable axis"), values)
    if run.exit == Exit.DOWN:
        return Sentence(N_("leaves at step {left} along u₁"), values)
    if run.exit == Exit.UP:
        return Sentence(N_("leaves at step {left} along u₂"), values)
    return Sentence(N_("leaves at step {left}"), values)


def network(found: Training) -> Sentence:
    """Say how many eigenvalues are positive at the end of the training."""
    ratio = found.ratio
    values = {"count": found.parameters, "ratio": short(float(ratio[-1])), "best": short(float(ratio.max()))}
    text = N_("{count} weights: at the end {ratio} of the eigenvalues are positive, at most {best} on the way.")
    if ratio[-1] == 1:
        text = N_("{count} weights: at the end all eigenvalues are positive. So few weights can manage that; try more.")
    return Sentence(text, values)
