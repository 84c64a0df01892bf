"""Several optimizers on one problem under the same conditions: the runs, what they reached, and why."""

from collections.abc import Sequence
from dataclasses import dataclass

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float

from app.numerics import landscape
from app.numerics.optimizers.record import Optimizer
from app.numerics.outcomes import SMALL, Outcome, Run, Setting, judge, milestones
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


@dataclass(frozen=True, kw_only=True, eq=False)
class Ground:
    """What a problem with its penalty holds for every run."""

    minima: Float[np.ndarray, "points 2"]  # the known global minima, else the lowest point found in the domain
    losses: Float[np.ndarray, " points"]
    eigenvalues: tuple[float, float] | None  # of the Hessian where it is constant, ascending

    @property
    def lowest(self) -> float:
        """The loss that gaps are measured from."""
        return float(self.losses.min())

    @property
    def largest_eigenvalue(self) -> float | None:
        """λ_max of a quadratic that is not flat, else None."""
        return self.eigenvalues[1] if self.eigenvalues and self.eigenvalues[1] > 0 else None


def draws(seed: int, rows: int) -> Float[np.ndarray, "rows 2"]:
    """Standard normal draws, the same for every run of a race; a longer race begins with the same ones."""
    # NumPy promises that the legacy generator's stream never changes (NEP 19), so that an old link keeps its path.
    return np.random.RandomState(seed).standard_normal((rows, 2))


def ground_of(programs: Programs, problem: Problem, conditions: Conditions) -> Ground:
    """Return, computed once, what every run on this problem needs."""

    def find() -> Ground:
        hessian = landscape.conditioned_hessian(problem, conditions)
        if problem.minima.points and not conditions.weight:
            points = np.array(problem.minima.points)
        elif hessian is not None and np.linalg.matrix_rank(hessian) == 2 and problem.minima.kind != "none":
            _, grads, _ = landscape.derivatives(programs, problem, conditions, np.zeros((1, 2)))
            points = -np.linalg.solve(hessian, grads[0])[None]
        else:
            points = landscape.lowest(programs, problem, conditions)[None]
        losses = landscape.losses_at(programs, problem, conditions, points)
        return Ground(minima=points, losses=losses, eigenvalues=None if hessian is None else _ascending(hessian))

    return programs.remember(("ground", problem, conditions), find)


def race(programs: Programs, course: Course, entrants: Sequence[Entrant]) -> list[Result]:
    """Run every entrant from the start of the course and judge how it ended."""
    problem, conditions = course.problem, course.conditions
    ground = ground_of(programs, problem, conditions)
    setting = Setting(
        domain=problem.domain,
        view=course.view,
        lowest=ground.lowest,
        no_minimum=problem.minima.reason if problem.minima.kind == "none" else "",
        is_penalized=bool(conditions.weight),
        is_convex=ground.eigenvalues is not None and ground.eigenvalues[0] >= 0,
        tolerance=course.tolerance,
        steps=course.steps,
    )
    paths = [_path(programs, course, entrant) for entrant in entrants]
    params = np.stack([path.params for path in paths])
    grads = np.stack([path.grads[[0, -1]] for path in paths])
    grads = least_subgradient(conditions, params[:, [0, -1]], grads)
    found = milestones(params, np.stack([path.loss for path in paths]), grads, setting)
    results = []
    for index, (entrant, path) in enumerate(zip(entrants, paths, strict=True)):
        eigenvalues = ground.eigenvalues or (0.0, 0.0)
        # The curvature decides only where a run has come to rest.
        if ground.eigenvalues is None and (found.is_flat[index] or found.is_still[index]):
            _, _, hessians = landscape.derivatives(programs, problem, conditions, params[index, -1:])
            eigenvalues = _ascending(np.nan_to_num(hessians[0], nan=0.0, posinf=0.0, neginf=0.0))
        run = _run(course, entrant, eigenvalues, is_quadratic=setting.is_convex)
        results.append(Result(entrant=entrant, path=path, outcome=judge(run, found, index, setting)))
    return results


def _ascending(hessian: Float[np.ndarray, "2 2"]) -> tuple[float, float]:
    low, high = np.linalg.eigvalsh(hessian).tolist()
    return low, high


def _path(programs: Programs, course: Course, entrant: Entrant) -> Trajectory:
    bucket = next(length for length in LENGTHS if length >= course.steps)
    kept = course.steps + 1
    values = np.empty((bucket + 1, entrant.values.shape[1]))
    values[:kept] = entrant.values
    values[kept:] = entrant.values[-1:]  # rows past the asked steps are computed and cut off
    conditions = course.conditions if entrant.optimizer.has_proximal else course.conditions.without_proximal()
    program = programs.get(trajectory, course.problem.surface, entrant.optimizer)
    table = program(
        course.problem.arrays,
        np.array(course.start),
        values,
        _noise(programs, course, bucket),
        programs.remember(("conditions", conditions), lambda: jax.tree.map(jnp.asarray, conditions)),
    )
    return unpack(entrant.optimizer, np.asarray(table)[:kept])


def _noise(programs: Programs, course: Course, bucket: int) -> Float[Array, "rows 2"]:
    """Return the draws, kept on the device: every run of a race and every drag of a slider needs them again."""
    key = ("noise", bucket, course.noise, course.seed if course.noise else 0)
    return programs.remember(key, lambda: jnp.asarray(course.noise * draws(course.seed, bucket + 1)))


def _run(course: Course, entrant: Entrant, eigenvalues: tuple[float, float], *, is_quadratic: bool) -> Run:
    optimizer, rates = entrant.optimizer, entrant.learning_rates
    low, high = eigenvalues
    # A limit is quoted only where its formula holds: a bowl, with nothing else acting on the gradient.
    is_plain = not course.noise and course.conditions.clip_value == course.conditions.clip_norm == np.inf
    limit = None
    if optimizer.stability is not None and is_quadratic and is_plain and high > 0:
        names = [parameter.name for parameter in optimizer.hyperparameters]
        limit = optimizer.stability(high, dict(zip(names, entrant.values[0].tolist(), strict=True)))
    slowest, fastest = (0.0, 0.0) if rates is None else (float(rates.min()), float(rates.max()))
    return Run(
        learning_rate=fastest if rates is not None and slowest == fastest else None,
        limit=limit,
        limit_formula=optimizer.stability_formula,
        eigenvalues=eigenvalues,
        is_singular=optimizer.inverts_hessian and abs(low) <= SMALL * abs(high),
        rate_faded=rates is not None and float(rates[-1]) <= SMALL * fastest,
    )


def least_subgradient(
    conditions: Conditions, params: Float[np.ndarray, "*points 2"], grads: Float[np.ndarray, "*points 2"]
) -> Float[np.ndarray, "*points 2"]:
    """Return the shortest subgradient, which is zero at a minimum: a penalty's kink at 0 holds smaller slopes in place.

    `grads` holds the subgradient 0 of the penalty wherever a coordinate is exactly 0.
    """
    if not conditions.weight or conditions.exponent > 1:
        return grads
    holds = conditions.weight if conditions.exponent == 1 else np.inf
    shrunk = np.sign(grads) * np.maximum(np.abs(grads) - holds, 0.0)
    return np.where(params == 0, shrunk, grads)
