"""Leaving a critical point along its downhill eigenvector: how many steps it takes, and how many it should take."""

import math
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from app.numerics.analysis.critical_points import Critical, Survey
from app.numerics.optimizers.gradient import gd
from app.numerics.optimizers.momentum import momentum
from app.numerics.optimizers.record import Optimizer
from app.numerics.problems.surfaces.record import Box, Point, Problem
from app.numerics.runs.single import Course, entrant, race
from app.numerics.runs.step import Conditions, Trajectory
from app.runtime.programs import Programs
from app.schema.messages import N_, Sentence

STABLE = 0.5  # of the radius: how far along the stable axis a run starts
TOLERANCE = 1e-6  # of the race; nothing here depends on it


@dataclass(frozen=True, kw_only=True)
class Trial:
    """What all runs of one experiment share."""

    problem: Problem
    conditions: Conditions
    view: Box
    point: Critical
    down: Float[np.ndarray, "2"]  # the unit eigenvector of the lowest eigenvalue
    up: Float[np.ndarray, "2"]  # of the highest
    radius: float  # a run has left when it is so far from the point
    learning_rate: float
    beta1: float
    epsilon: float  # distance from the point at the start, along `down`
    noise: float  # standard deviation added to each component of the gradient
    seed: int
    steps: int

    @property
    def growth(self) -> float:
        """By what an offset along `down` is multiplied in a step of gradient descent: 1 + η|λ|."""
        return 1 + self.learning_rate * -self.point.eigenvalues[0]


@dataclass(frozen=True, kw_only=True, eq=False)
class Departure:
    """One run: `left_at` is the first row at least a radius away; None where that did not happen, or never should."""

    name: str
    title: str
    path: Trajectory
    distance: Float[np.ndarray, " rows"]
    left_at: int | None
    predicted: float | None
    because: Sentence  # why this many steps are expected


def nearest_escape(survey: Survey, point: Point) -> Critical | None:
    """Return the saddle or maximum next to a point, or None where the view holds none."""
    falling = [each for each in survey.points if each.kind in ("saddle", "maximum")]
    return min(falling, key=lambda each: math.dist(each.at, point), default=None)


def radius_around(point: Critical, survey: Survey) -> float:
    """Return what counts as having left: 1 unit, or half the way to the nearest other critical point.

    Beyond that the surface is no longer what its second derivatives at the point say.
    """
    others = [np.array([other.at for other in survey.points if other is not point]).reshape(-1, 2)]
    others += [curve.points for curve in survey.curves]
    distances = np.linalg.norm(np.concatenate(others) - point.at, axis=1)
    return float(min(1.0, 0.5 * distances.min(initial=np.inf)))


def depart(programs: Programs, trial: Trial) -> list[Departure]:
    """Run gradient descent from the point, from beside it, on its stable axis and with noise; and momentum."""
    at, offset = np.array(trial.point.at), trial.epsilon * trial.down
    never = Sentence(N_("the gradient is zero: nothing moves it"))
    shrinks = Sentence(N_("along this eigenvector every step shrinks the distance"))
    plans: list[tuple[str, str, Optimizer, np.ndarray, float, float | None, Sentence]] = [
        ("exact", N_("Exactly at the point"), gd, at, 0.0, None, never),
        ("offset", N_("Offset by ε along u"), gd, at + offset, 0.0, steps_beside(trial), Sentence(BESIDE)),
        ("momentum", N_("Offset, with momentum"), momentum, at + offset, 0.0, steps_rolling(trial), Sentence(ROLLING)),
    ]
    if trial.point.eigenvalues[1] > 0:
        start = at + STABLE * trial.radius * trial.up
        plans.insert(2, ("stable", N_("On the stable axis"), gd, start, 0.0, None, shrinks))
    if trial.noise:
        plans.append(
            ("noise", N_("At the point, with noise"), gd, at, trial.noise, steps_shaken(trial), Sentence(SHAKEN))
        )
    return [
        _run(programs, trial, name, title, optimizer, start, noise, predicted, because)
        for name, title, optimizer, start, noise, predicted, because in plans
    ]


BESIDE = N_("ln(r/ε) / ln(1 + η|λ|)")
ROLLING = N_("ln(r/(cε)) / ln μ, with the larger root μ of μ² − (1 + β + η|λ|)μ + β = 0")
SHAKEN = N_("½ ln(1 + (r/ησ)²((1 + η|λ|)² − 1)) / ln(1 + η|λ|), where the spread of all such runs is r")


def steps_beside(trial: Trial) -> float:
    """Solve ε(1 + η|λ|)ᵏ = r for k."""
    return max(0.0, math.log(trial.radius / trial.epsilon) / math.log(trial.growth))


def steps_rolling(trial: Trial) -> float:
    """Solve cεμᵏ = r for k.

    Heavy-ball momentum obeys xₖ₊₁ = (1 + β + η|λ|)xₖ − βxₖ₋₁, whose solutions are powers of the two roots μ > 1 > μ'.
    From x₀ = ε and x₁ = (1 + η|λ|)ε the part that grows is c = (1 + η|λ| − μ')/(μ − μ').
    """
    total, beta = trial.growth + trial.beta1, trial.beta1
    root = math.sqrt(total**2 - 4 * beta)
    high, low = (total + root) / 2, (total - root) / 2
    share = (trial.growth - low) / (high - low)
    return max(0.0, math.log(trial.radius / (share * trial.epsilon)) / math.log(high))


def steps_shaken(trial: Trial) -> float:
    """Solve for k where the standard deviation of xₖ₊₁ = (1 + η|λ|)xₖ + ησz reaches r; it starts at 0."""
    square = trial.growth**2
    ratio = trial.radius / (trial.learning_rate * trial.noise)
    return 0.5 * math.log1p(ratio**2 * (square - 1)) / math.log(trial.growth)


def _run(
    programs: Programs,
    trial: Trial,
    name: str,
    title: str,
    optimizer: Optimizer,
    start: Float[np.ndarray, "2"],
    noise: float,
    predicted: float | None,
    because: Sentence,
) -> Departure:
    x, y = start.tolist()
    course = Course(
        problem=trial.problem,
        conditions=trial.conditions,
        start=(x, y),
        steps=trial.steps,
        noise=noise,
        seed=trial.seed,
        view=trial.view,
        tolerance=TOLERANCE,
    )
    used = {"learning_rate": trial.learning_rate, "beta1": trial.beta1}
    (result,) = race(programs, course, [entrant(optimizer, used, trial.steps)])
    with np.errstate(invalid="ignore", over="ignore"):
        distance = np.linalg.norm(result.path.params - trial.point.at, axis=1)
        # A run that has gone to infinity has left as well.
        has_left = ~(distance < trial.radius)
    return Departure(
        name=name,
        title=title,
        path=result.path,
        distance=distance,
        left_at=int(np.argmax(has_left)) if has_left.any() else None,
        predicted=predicted,
        because=because,
    )
