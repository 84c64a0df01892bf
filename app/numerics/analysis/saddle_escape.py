"""Leaving a critical point along its downhill eigenvector: how many steps it takes, and how many it should take."""

import enum
import math
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from app.numerics.analysis.critical_points import Critical, Survey
from app.numerics.conditions import Conditions
from app.numerics.optimizers.gradient import gd
from app.numerics.optimizers.momentum import momentum
from app.numerics.optimizers.record import Optimizer
from app.numerics.problems.curvature import eigenvectors_of
from app.numerics.problems.evaluate import derivatives
from app.numerics.problems.surfaces.record import Box, Point, Problem
from app.numerics.runs.single import race
from app.numerics.runs.spec import RunSpec, values_of
from app.numerics.runs.step import Trajectory
from app.runtime.programs import Programs

STABLE = 0.5  # of the radius: how far along the stable axis a run starts
TOLERANCE = 1e-6  # of the race; nothing here depends on it
FAIR = 0.2  # the relative error up to which the second-order model counts as good
HALVINGS = 12  # of the radius, in search of the distance at which the model is good
STRAIGHT = 1e-9  # of the gradient on the stable axis: a smaller part of it across the axis is rounding


class Exit(enum.Enum):
    """Along which eigenvector a run left."""

    DOWN = "u₁"
    UP = "u₂"


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
    model_error: float = 0.0  # of the gradient along `down` at the radius, relative to λ₁·radius
    holds_to: float = 0.0  # the largest of radius/2, radius/4 … at which that error is at most FAIR

    @property
    def rise(self) -> float:
        """η|λ₁|: the share by which a step of gradient descent lengthens an offset along `down`."""
        return self.learning_rate * -self.point.eigenvalues[0]

    @property
    def growth(self) -> float:
        """By what an offset along `down` is multiplied in a step of gradient descent."""
        return 1 + self.rise

    @property
    def limit(self) -> float | None:
        """2/λ₂, above which gradient descent oscillates ever wider along `up`; None where it falls there too."""
        high = self.point.eigenvalues[1]
        return 2 / high if high > 0 else None

    @property
    def is_unstable(self) -> bool:
        """Whether the learning rate is above the limit."""
        return self.limit is not None and self.learning_rate > self.limit

    @property
    def swing(self) -> float:
        """By what an offset along `up` is multiplied in a step, its sign aside: |1 − ηλ₂|."""
        return abs(1 - self.learning_rate * self.point.eigenvalues[1])


@dataclass(frozen=True, kw_only=True, eq=False)
class Departure:
    """One run: `left_at` is the first row at least a radius away; None where that did not happen, or never should."""

    name: str  # exact, offset, stable, momentum, noise
    path: Trajectory
    distance: Float[np.ndarray, " rows"]
    left_at: int | None
    predicted: float | None
    exit: Exit | None  # None where it did not leave, or left for infinity
    is_bent: bool  # the gradient at the start points away from the line through the point


def nearest_escape(survey: Survey, point: Point) -> Critical | None:
    """Return the saddle or maximum next to a point, or None where the view holds none."""
    falling = [each for each in survey.points if each.kind in ("saddle", "maximum")]
    return min(falling, key=lambda each: math.dist(each.at, point), default=None)


def radius_around(point: Critical, survey: Survey) -> float:
    """Return what counts as having left: 1 unit, or half the way to the nearest other critical point."""
    others = [np.array([other.at for other in survey.points if other is not point]).reshape(-1, 2)]
    others += [curve.points for curve in survey.curves]
    distances = np.linalg.norm(np.concatenate(others) - point.at, axis=1)
    return float(min(1.0, 0.5 * distances.min(initial=np.inf)))


@np.errstate(invalid="ignore", over="ignore", divide="ignore")  # what is not finite is data
def trial_at(
    programs: Programs,
    problem: Problem,
    conditions: Conditions,
    view: Box,
    point: Critical,
    *,
    radius: float,
    learning_rate: float | None,
    beta1: float,
    epsilon: float,
    noise: float,
    seed: int,
    steps: int,
) -> Trial:
    """Return the experiment at a point, and how far the second-order model there holds.

    Args:
        learning_rate: left out, the default of gradient descent on a quadratic with these eigenvalues.
    """
    _, hessian = derivatives(programs, problem, conditions, np.array(point.at))
    down, up = eigenvectors_of(hessian)
    error, holds_to = _model(programs, problem, conditions, point, down, radius)
    return Trial(
        problem=problem,
        conditions=conditions,
        view=view,
        point=point,
        down=down,
        up=up,
        radius=radius,
        learning_rate=learning_rate or (gd.quadratic_default or 1.0) / max(map(abs, point.eigenvalues)),
        beta1=beta1,
        epsilon=epsilon,
        noise=noise,
        seed=seed,
        steps=steps,
        model_error=error,
        holds_to=holds_to,
    )


def _model(
    programs: Programs,
    problem: Problem,
    conditions: Conditions,
    point: Critical,
    down: Float[np.ndarray, "2"],
    radius: float,
) -> tuple[float, float]:
    """Return the error of the gradient that λ₁ predicts at the radius, and up to which distance it is FAIR."""

    def error(distance: float) -> float:
        grads, _ = derivatives(programs, problem, conditions, np.array(point.at) + distance * down)
        expected = point.eigenvalues[0] * distance
        return abs(float(grads @ down) - expected) / max(abs(expected), np.finfo(float).tiny)

    first, distance = error(radius), radius
    found = first
    for _ in range(HALVINGS):
        if found <= FAIR:
            break
        distance /= 2
        found = error(distance)
    return first, distance


@np.errstate(invalid="ignore", over="ignore", divide="ignore")  # what is not finite is data
def depart(programs: Programs, trial: Trial) -> list[Departure]:
    """Run gradient descent from the point, from beside it, on its stable axis and with noise; and momentum."""
    at, offset = np.array(trial.point.at), trial.epsilon * trial.down
    plans: list[tuple[str, Optimizer, np.ndarray, float, float | None]] = [
        ("exact", gd, at, 0.0, None),
        ("offset", gd, at + offset, 0.0, steps_beside(trial)),
        ("momentum", momentum, at + offset, 0.0, steps_rolling(trial)),
    ]
    if trial.point.eigenvalues[1] > 0:
        plans.insert(2, ("stable", gd, at + STABLE * trial.radius * trial.up, 0.0, None))
    if trial.noise:
        plans.append(("noise", gd, at, trial.noise, steps_shaken(trial)))
    return [
        _run(programs, trial, name, optimizer, start, noise, predicted)
        for name, optimizer, start, noise, predicted in plans
    ]


# Rates, offsets and noise may be as small as floats get: everything is computed in logarithms.


def steps_beside(trial: Trial) -> float | None:
    """Solve ε(1 + η|λ|)ᵏ = r for k; None if no step is long enough to count."""
    return _quotient(math.log(trial.radius) - math.log(trial.epsilon), math.log1p(trial.rise))


def steps_rolling(trial: Trial) -> float | None:
    """Solve cεμᵏ = r for k.

    Heavy-ball momentum obeys xₖ₊₁ = (1 + β + η|λ|)xₖ − βxₖ₋₁, whose solutions are powers of the two roots μ > 1 > μ'.
    From x₀ = ε and x₁ = (1 + η|λ|)ε the part that grows is c = (1 + η|λ| − μ')/(μ − μ').
    """
    rise, beta = trial.rise, trial.beta1
    # The roots' difference, and μ − 1 without the cancellation that a tiny rise would suffer.
    root = math.hypot(1 - beta + rise, 2 * math.sqrt(beta * rise))
    if not root:
        return None
    excess = (rise + rise * ((2 * (1 + beta) + rise) / (root + 1 - beta))) / 2
    high = 1 + excess
    share = (1 + rise - beta / high) / root
    return _quotient(math.log(trial.radius) - math.log(share) - math.log(trial.epsilon), math.log1p(excess))


def steps_shaken(trial: Trial) -> float | None:
    """Solve for k where the standard deviation of xₖ₊₁ = (1 + η|λ|)xₖ + ησz reaches r; it starts at 0."""
    rate = math.log1p(trial.rise)
    if not rate:
        return None
    growing = 2 * rate + math.log(-math.expm1(-2 * rate))  # ln((1 + η|λ|)² − 1)
    ratio = 2 * (math.log(trial.radius) - math.log(trial.learning_rate) - math.log(trial.noise)) + growing
    return 0.5 * float(np.logaddexp(0.0, ratio)) / rate


def _quotient(distance: float, rate: float) -> float | None:
    """Return how many steps of `rate` a way takes; None where it never ends."""
    steps = max(0.0, distance) / rate if rate else math.inf
    return steps if math.isfinite(steps) else None


def _run(
    programs: Programs,
    trial: Trial,
    name: str,
    optimizer: Optimizer,
    start: Float[np.ndarray, "2"],
    noise: float,
    predicted: float | None,
) -> Departure:
    x, y = start.tolist()
    used = {"learning_rate": trial.learning_rate, "beta1": trial.beta1}
    spec = RunSpec(
        problem=trial.problem,
        optimizer=optimizer,
        values=values_of(optimizer, used, trial.steps),
        start=(x, y),
        steps=trial.steps,
        conditions=trial.conditions,
        noise=noise,
        seed=trial.seed,
    )
    (result,) = race(programs, [spec], view=trial.view, tolerance=TOLERANCE)
    with np.errstate(invalid="ignore", over="ignore"):
        offsets = result.path.params - trial.point.at
        distance = np.linalg.norm(offsets, axis=1)
        # A run that has gone to infinity has left as well.
        has_left = ~(distance < trial.radius)
        left_at = int(np.argmax(has_left)) if has_left.any() else None
        along = None if left_at is None else np.abs(offsets[left_at] @ np.array([trial.down, trial.up]).T)
        grads = result.path.grads[0]
        is_bent = bool(abs(grads @ trial.down) > STRAIGHT * np.linalg.norm(grads))
    return Departure(
        name=name,
        path=result.path,
        distance=distance,
        left_at=left_at,
        predicted=predicted,
        exit=None if along is None or not np.isfinite(along).all() else Exit.DOWN if along[0] >= along[1] else Exit.UP,
        is_bent=is_bent,
    )
