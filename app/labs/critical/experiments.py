"""What Critical points answers of its two experiments: leaving a saddle, and the curvature of a small network."""

from typing import Any

import numpy as np

from app.labs.base import Translate
from app.labs.critical.answer import box_of, point_facts, point_of, survey_of
from app.labs.critical.query import CriticalQuery
from app.labs.critical.words import pair
from app.numerics.analysis.critical_points import KINDS, eigenvectors_of
from app.numerics.analysis.network import training
from app.numerics.analysis.saddle_escape import Departure, Trial, depart, nearest_escape, radius_around
from app.numerics.optimizers.gradient import gd
from app.numerics.problems.evaluate import derivatives
from app.numerics.runs.outcome import short
from app.runtime.programs import Programs
from app.schema.messages import N_, Sentence


def compute_escape(query: CriticalQuery, programs: Programs, translate: Translate) -> dict[str, Any]:
    """Answer `/api/escape`: runs that begin at or beside the saddle or maximum next to the point looked at."""
    found, view = survey_of(query, programs), box_of(query)
    origin = nearest_escape(found, point_of(query, found))
    if origin is None:
        text = N_(
            "There is nothing to escape from: this view holds no saddle and no maximum that second derivatives show."
        )
        return {"origin": None, "sentence": Sentence(text).render(translate), "runs": []}
    _, hessian = derivatives(programs, query.problem, query.conditions, np.array(origin.at))
    down, up = eigenvectors_of(hessian)
    largest = max(map(abs, origin.eigenvalues))
    rate = query.learning_rate or (gd.quadratic_default or 1.0) / largest
    trial = Trial(
        problem=query.problem,
        conditions=query.conditions,
        view=view,
        point=origin,
        down=down,
        up=up,
        radius=radius_around(origin, found),
        learning_rate=rate,
        beta1=query.beta1,
        epsilon=query.epsilon,
        noise=float(query.noise.values.get("std") or 0.0),
        seed=query.seed,
        steps=query.steps,
    )
    runs = depart(programs, trial)
    return {
        "origin": {**point_facts(origin), "down": down.tolist(), "up": up.tolist()},
        "radius": trial.radius,
        "learning_rate": rate,
        "limit": 2 / origin.eigenvalues[1] if origin.eigenvalues[1] > 0 else None,
        "growth": trial.growth,
        "sentence": _summary(trial, runs).render(translate),
        "runs": [
            {
                "name": run.name,
                "title": translate(run.title),
                "params": run.path.params,
                "distance": run.distance,
                "left_at": run.left_at,
                "predicted": run.predicted,
                "formula": run.because.render(translate),
                "sentence": _ending(run, trial).render(translate),
            }
            for run in runs
        ],
    }


def _summary(trial: Trial, runs: list[Departure]) -> Sentence:
    beside = next(run for run in runs if run.name == "offset")
    values = {
        "rate": short(trial.learning_rate),
        "growth": short(trial.growth),
        "predicted": short(beside.predicted or 0),
        "radius": short(trial.radius),
        "left": beside.left_at,
        "kind": Sentence(KINDS[trial.point.kind]),
        "at": pair(trial.point.at),
    }
    high = trial.point.eigenvalues[1]
    if high > 0 and trial.learning_rate > 2 / high:
        values["limit"] = short(2 / high)
        text = N_(
            "The learning rate {rate} is above 2/λ₂ = {limit}: runs leave by swinging ever wider along u₂ instead."
        )
        return Sentence(text, values)
    if beside.left_at is None:
        text = N_(
            "From the {kind} at {at}, along u, each step multiplies the distance by {growth}: "
            "{predicted} steps to {radius}, more than were run."
        )
        return Sentence(text, values)
    text = N_(
        "From the {kind} at {at}, along u, each step multiplies the distance by {growth}: "
        "{left} steps to {radius}, predicted {predicted}."
    )
    return Sentence(text, values)


def _ending(run: Departure, trial: Trial) -> Sentence:
    """Say how one run fared."""
    last = run.distance[-1]
    if run.left_at is not None:
        if run.name == "exact":
            text = N_("leaves at step {left}: rounding left a slope of {slope} where it should be zero")
            return Sentence(text, {"left": run.left_at, "slope": short(float(np.linalg.norm(run.path.grads[0])))})
        if run.name == "stable":
            text = N_("leaves at step {left}: away from the point the stable path bends off the axis")
            return Sentence(text, {"left": run.left_at})
        return Sentence(N_("leaves at step {left}"), {"left": run.left_at})
    if run.name == "exact" and last == 0:
        if not run.path.grads[0].any():
            return Sentence(N_("never moves: the gradient is exactly zero"))
        return Sentence(N_("never moves: what rounding leaves of the gradient is too little for a step"))
    if run.name == "stable" and last < run.distance[0]:
        return Sentence(N_("goes to the saddle: still {distance} away"), {"distance": short(float(last))})
    text = N_("has not left after {steps} steps: {distance} away")
    return Sentence(text, {"steps": trial.steps, "distance": short(float(last))})


def compute_network(query: CriticalQuery, programs: Programs, translate: Translate) -> dict[str, Any]:
    """Answer `/api/network`: loss, slope and Hessian eigenvalues of a small network while it trains."""
    found = training(programs, query.hidden, query.seed)
    ratio = found.ratio
    values = {"count": found.parameters, "ratio": short(float(ratio[-1])), "best": short(float(ratio.max()))}
    text = N_("{count} weights: at the end {ratio} of the eigenvalues are positive, at most {best} on the way.")
    if ratio[-1] == 1:
        text = N_("{count} weights: at the end all eigenvalues are positive. So few weights can manage that; try more.")
    return {
        "parameters": found.parameters,
        "loss": found.loss,
        "stages": found.stages.tolist(),
        "slope": found.slope,
        "ratio": ratio,
        "eigenvalues": found.eigenvalues,
        "sentence": Sentence(text, values).render(translate),
    }
