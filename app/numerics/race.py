"""Several optimizers on one problem under the same conditions: the runs, what they reached, and why."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from app.numerics import landscape
from app.numerics.optimizers.record import Optimizer
from app.numerics.outcomes import SMALL, Outcome, Run, Setting, judge, milestones, shape_of
from app.numerics.programs import Programs
from app.numerics.surfaces.record import Box, Point, Problem
from app.numerics.trajectory import LENGTHS, Conditions, Trajectory, trajectory, unpack

MOST_STEPS = LENGTHS[-1] - 48  # 2,000: a round limit inside the largest bucket


@dataclass(frozen=True, kw_only=True, eq=False)
class Course:
    """What all runs of a race share."""

    problem: Problem
    conditions: Conditions
    start: Point
    steps: int
    noise: float  # standard deviation added to each gradient component
    seed: int
    view: Box
    tolerance: float


@dataclass(frozen=True, kw_only=True, eq=False)
class Entrant:
    """One optimizer with the value of each hyperparameter at each update."""

    optimizer: Optimizer
    values: Float[np.ndarray, "rows values"]  # in the order of the optimizer's record, one row per row of the path

    @property
    def learning_rates(self) -> Float[np.ndarray, " rows"] | None:
        """η of each update, or None for an optimizer without one."""
        names = [parameter.name for parameter in self.optimizer.hyperparameters]
        return self.values[:, names.index("learning_rate")] if "learning_rate" in names else None


@dataclass(frozen=True, kw_only=True, eq=False)
class Result:
    """One run and what became of it; `path` has the rows that were asked: steps + 1."""

    entrant: Entrant
    path: Trajectory
    outcome: Outcome

    @property
    def shape(self) -> str:
        """How the path looks until it reaches the tolerance: "straight", "zig-zag" or "curved"."""
        return shape_of(self.path.params[: (self.outcome.reached_at or len(self.path.params)) + 1])


def draws(seed: int, steps: int) -> Float[np.ndarray, "rows 2"]:
    """Standard normal draws, the same for every run of a race; a longer race begins with the same ones."""
    # NumPy promises that the legacy generator's stream never changes (NEP 19), so that an old link keeps its path.
    return np.random.RandomState(seed).standard_normal((steps, 2))


def lowest_points(
    programs: Programs, problem: Problem, conditions: Conditions
) -> tuple[Float[np.ndarray, "points 2"], Float[np.ndarray, " points"]]:
    """Return the known minima and their losses, else the lowest point found in the domain."""

    def find() -> tuple[np.ndarray, np.ndarray]:
        hessian = landscape.conditioned_hessian(problem, conditions)
        if problem.minima.points and not conditions.weight:
            points = np.array(problem.minima.points)
        elif hessian is not None and np.linalg.matrix_rank(hessian) == 2 and problem.minima.kind != "none":
            _, grads, _ = landscape.derivatives(programs, problem, conditions, np.zeros((1, 2)))
            points = -np.linalg.solve(hessian, grads[0])[None]
        else:
            points = landscape.lowest(programs, problem, conditions)[None]
        return points, landscape.derivatives(programs, problem, conditions, points)[0]

    return programs.remember(("lowest", problem, conditions), find)


def setting_of(programs: Programs, course: Course) -> Setting:
    """Return what the rules of outcomes need to know of the course."""
    _, losses = lowest_points(programs, course.problem, course.conditions)
    hessian = landscape.conditioned_hessian(course.problem, course.conditions)
    minima = course.problem.minima
    return Setting(
        domain=course.problem.domain,
        view=course.view,
        lowest=float(losses.min()),
        no_minimum=minima.reason if minima.kind == "none" else "",
        is_penalized=bool(course.conditions.weight),
        is_convex=hessian is not None and bool(np.linalg.eigvalsh(hessian)[0] >= 0),
        tolerance=course.tolerance,
    )


def race(programs: Programs, course: Course, entrants: Sequence[Entrant]) -> tuple[list[Result], Setting]:
    """Run every entrant from the start of the course and judge how it ended."""
    setting = setting_of(programs, course)
    bucket = next(length for length in LENGTHS if length >= course.steps)
    noise = course.noise * draws(course.seed, bucket + 1) if course.noise else np.zeros((bucket + 1, 2))
    paths = [_path(programs, course, entrant, bucket, noise) for entrant in entrants]
    found = milestones(np.stack([path.params for path in paths]), np.stack([path.loss for path in paths]), setting)
    eigenvalues = _end_eigenvalues(programs, course, paths)
    results = []
    for index, (entrant, path) in enumerate(zip(entrants, paths, strict=True)):
        run = _run(course, entrant, path, setting, eigenvalues[index])
        results.append(Result(entrant=entrant, path=path, outcome=judge(run, found, index, setting)))
    return results, setting


def _path(
    programs: Programs, course: Course, entrant: Entrant, bucket: int, noise: Float[np.ndarray, "rows 2"]
) -> Trajectory:
    program = programs.get(trajectory, course.problem.surface, entrant.optimizer)
    conditions = course.conditions if entrant.optimizer.has_proximal else course.conditions.without_proximal()
    kept = course.steps + 1
    values = np.empty((bucket + 1, entrant.values.shape[1]))
    values[:kept] = entrant.values
    values[kept:] = entrant.values[-1:]  # rows past the asked steps are computed and cut off
    table = program(course.problem.arrays, np.array(course.start), values, noise, conditions)
    return unpack(entrant.optimizer, np.asarray(table)[:kept])


def _end_eigenvalues(programs: Programs, course: Course, paths: Sequence[Trajectory]) -> Float[np.ndarray, "runs 2"]:
    hessian = landscape.conditioned_hessian(course.problem, course.conditions)
    if hessian is not None:
        return np.broadcast_to(np.linalg.eigvalsh(hessian), (len(paths), 2))
    ends = np.stack([path.params[-1] for path in paths])
    _, _, hessians = landscape.derivatives(programs, course.problem, course.conditions, ends)
    # LAPACK refuses nan; a diverged run's curvature is not looked at.
    return np.linalg.eigvalsh(np.nan_to_num(hessians, nan=0.0, posinf=0.0, neginf=0.0))


def _run(
    course: Course, entrant: Entrant, path: Trajectory, setting: Setting, eigenvalues: Float[np.ndarray, "2"]
) -> Run:
    optimizer, rates = entrant.optimizer, entrant.learning_rates
    is_constant = rates is not None and rates.min() == rates.max()
    is_plain = not course.noise and course.conditions.clip_value == course.conditions.clip_norm == np.inf
    limit = None
    if optimizer.stability is not None and setting.is_convex and is_plain and eigenvalues[1] > 0:
        names = [parameter.name for parameter in optimizer.hyperparameters]
        limit = optimizer.stability(float(eigenvalues[1]), dict(zip(names, entrant.values[0].tolist(), strict=True)))
    ends = path.params[[0, -1]], path.grads[[0, -1]]
    return Run(
        steps=course.steps,
        gap=float(path.loss[-1]) - setting.lowest,
        first_gap=float(path.loss[0]) - setting.lowest,
        learning_rate=float(rates[0]) if rates is not None and is_constant else None,
        limit=limit,
        limit_formula=optimizer.stability_formula,
        grads=tuple(least_subgradient(course.conditions, *ends)),
        eigenvalues=eigenvalues,
        is_singular=optimizer.inverts_hessian and abs(eigenvalues[0]) <= SMALL * abs(eigenvalues[1]),
        rate_faded=rates is not None and rates[-1] <= SMALL * rates.max(),
    )


def least_subgradient(
    conditions: Conditions, params: Float[np.ndarray, "points 2"], grads: Float[np.ndarray, "points 2"]
) -> Float[np.ndarray, "points 2"]:
    """Return the shortest subgradient, which is zero at a minimum: a penalty's kink at 0 holds smaller slopes in place.

    `grads` holds the subgradient 0 of the penalty wherever a coordinate is exactly 0.
    """
    if not conditions.weight or conditions.exponent > 1:
        return grads
    holds = conditions.weight if conditions.exponent == 1 else np.inf
    shrunk = np.sign(grads) * np.maximum(np.abs(grads) - holds, 0.0)
    return np.where(params == 0, shrunk, grads)
